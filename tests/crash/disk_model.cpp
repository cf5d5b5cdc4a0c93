#include "tests/crash/disk_model.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "core/base/check.h"

namespace z2 {

namespace fs = std::filesystem;
using Mode = CrashMode::Kind;
using Operation = FileOperation::Kind;

DiskModel::DiskModel() : root_(std::make_shared<Node>()) { root_->isFolder = true; }

std::shared_ptr<DiskModel::Node> DiskModel::find(const fs::path& path) const {
  std::shared_ptr<Node> node = root_;
  for (const fs::path& part : path) {
    if (part.empty() || part == ".") continue;
    const auto found = node->names.find(part.native());
    Z2_CHECK(found != node->names.end(), path.native());
    node = found->second;
  }
  return node;
}

void DiskModel::addDurable(const fs::path& path, std::shared_ptr<Node> node) {
  const auto parent = find(path.parent_path());
  parent->durableNames[path.filename().native()] = node;
  parent->names[path.filename().native()] = std::move(node);
}

void DiskModel::addDurableFolder(const fs::path& path) {
  auto node = std::make_shared<Node>();
  node->isFolder = true;
  addDurable(path, std::move(node));
}

void DiskModel::addDurableFile(const fs::path& path, std::string bytes) {
  auto node = std::make_shared<Node>();
  node->durable = std::move(bytes);
  addDurable(path, std::move(node));
}

void DiskModel::perform(const NameChange& change,
                        std::map<std::string, std::shared_ptr<Node>>& on) {
  if (!change.removed.empty()) on.erase(change.removed);
  if (!change.added.empty()) on[change.added] = change.node;
}

void DiskModel::change(const fs::path& parent, std::string removed, std::string added,
                       std::shared_ptr<Node> node) {
  NameChange made{find(parent), std::move(removed), std::move(added), std::move(node)};
  perform(made, made.folder->names);
  unsyncedNames_.push_back(std::move(made));
}

void DiskModel::apply(const FileOperation& operation) {
  const fs::path parent = operation.path.parent_path();
  const std::string name = operation.path.filename().native();
  switch (operation.kind) {
    case Operation::kCreate:
    case Operation::kMakeFolder: {
      auto node = std::make_shared<Node>();
      node->isFolder = operation.kind == Operation::kMakeFolder;
      change(parent, "", name, std::move(node));
      break;
    }
    case Operation::kWrite: {
      const auto node = find(operation.path);
      node->pending.push_back(operation.bytes);
      lastWritten_ = node.get();
      break;
    }
    case Operation::kSync: {
      const auto node = find(operation.path);
      for (const std::string& bytes : node->pending) node->durable += bytes;
      node->pending.clear();
      break;
    }
    case Operation::kRename:
      Z2_CHECK(operation.to.parent_path() == parent, "the model renames within one folder");
      change(parent, name, operation.to.filename().native(), find(operation.path));
      break;
    case Operation::kRemoveFile:
    case Operation::kRemoveFolder:
      change(parent, name, "", nullptr);
      break;
    case Operation::kSyncFolder: {
      const auto folder = find(operation.path);
      folder->durableNames = folder->names;
      std::erase_if(unsyncedNames_, [&](const NameChange& c) { return c.folder == folder; });
      break;
    }
  }
}

std::string DiskModel::bytesOf(const Node& node, const CrashMode& mode,
                               std::mt19937_64& random) const {
  std::string bytes = node.durable;
  if (mode.kind == Mode::kDropAll || mode.kind == Mode::kDropBytes) return bytes;
  for (size_t i = 0; i < node.pending.size(); ++i) {
    std::string piece = node.pending[i];
    const bool isLast = &node == lastWritten_ && i + 1 == node.pending.size();
    if (isLast && mode.kind == Mode::kTornWrite) {
      const double keep = mode.keep < 1 ? mode.keep * static_cast<double>(piece.size()) : mode.keep;
      piece.resize(std::min(piece.size(), static_cast<size_t>(keep)));
    }
    if (isLast && mode.kind == Mode::kGarbageWrite)
      for (char& byte : piece) byte = static_cast<char>(random());
    // A lost write before one that arrived leaves a hole of zeros.
    if (mode.kind == Mode::kSubset && random() % 2 == 0) piece.assign(piece.size(), '\0');
    bytes += piece;
  }
  if (mode.kind == Mode::kSubset && random() % 2 == 0)
    while (bytes.size() > node.durable.size() && bytes.back() == '\0') bytes.pop_back();
  return bytes;
}

void DiskModel::writeFolder(const Node& node, const CrashMode& mode, std::mt19937_64& random,
                            const fs::path& target) const {
  fs::create_directory(target);
  auto names = node.durableNames;
  for (const NameChange& change : unsyncedNames_) {
    if (change.folder.get() != &node) continue;
    const bool isKept = mode.kind == Mode::kSubset
                            ? random() % 2 == 0
                            : mode.kind != Mode::kDropAll && mode.kind != Mode::kDropNames;
    if (isKept) perform(change, names);
  }
  for (const auto& [name, child] : names) {
    if (child->isFolder) {
      writeFolder(*child, mode, random, target / name);
    } else {
      std::ofstream(target / name, std::ios::binary) << bytesOf(*child, mode, random);
    }
  }
}

void DiskModel::write(const CrashMode& mode, const fs::path& target) const {
  std::mt19937_64 random(mode.seed);
  writeFolder(*root_, mode, random, target);
}

}  // namespace z2
