# Sourced by the scripts beside it: where things are, and how they speak.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${Z2_CACHE:-${HOME:-/root}/.cache/zero2all}
newest_glibc=2.35  # of Ubuntu 22.04, the oldest node that is served

say() { printf '%s\n' "$*" >&2; }
fail() { printf 'zero2all: %s\n' "$*" >&2; exit 4; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "installing packages needs root: run this as root, or install sudo"
  fi
}

# A compiler takes up to 2 GB: as many at once as cores and memory allow.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/MemAvailable/ {print int($2 / 2000000)}' /proc/meminfo)
  [ "$memory" -ge 1 ] || memory=1
  [ "$cores" -le "$memory" ] && echo "$cores" || echo "$memory"
}

# build PRESET: configures it and builds the targets it names; prints compiler output only when something is wrong.
build() {
  local preset=$1 started=$SECONDS
  mkdir -p "$root/build"
  : >"$root/build/$preset.log"
  # An existing build directory configures itself anew when a CMakeLists.txt has changed.
  if [ ! -e "$root/build/$preset/build.ninja" ]; then
    say "Building ($preset): a quarter of an hour on two cores; build/$preset.log says how far it is"
    (cd "$root" && cmake --preset "$preset") >"$root/build/$preset.log" 2>&1 ||
      { cat "$root/build/$preset.log" >&2; fail "configuring failed; the text above says why"; }
  fi
  (cd "$root" && exec cmake --build --preset "$preset" -j "$(jobs)") >>"$root/build/$preset.log" 2>&1 &
  local worker=$!
  trap 'kill "$worker" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$worker" 2>/dev/null; do
    [ -t 2 ] && printf '\r\033[KBuilding %s' "$(tail -c 4096 "$root/build/$preset.log" | grep -o '^\[[0-9]*/[0-9]*\]' | tail -1)" >&2
    sleep 0.5
  done
  trap - INT TERM
  [ -t 2 ] && printf '\r\033[K' >&2
  wait "$worker" || { grep -v '^\[' "$root/build/$preset.log" | tail -40 >&2; fail "the build failed; the whole log is build/$preset.log"; }
  [ $((SECONDS - started)) -lt 5 ] || say "Built ($preset) in $((SECONDS - started)) s."
}

# link_programs PRESET: build/bin/ holds what people call.
link_programs() {
  mkdir -p "$root/build/bin"
  local program
  for program in z2all z2all-train zero2all; do
    [ -e "$root/build/$1/bin/$program" ] && ln -sfn "../$1/bin/$program" "$root/build/bin/$program"
  done
  return 0
}
