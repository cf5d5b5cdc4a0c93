#pragma once

// A call handed from one thread to another by Qt.

#include <utility>

#include <QMetaObject>
#include <QObject>
#include <QThreadPool>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
extern "C" void AnnotateIgnoreWritesBegin(const char* file, int line);
extern "C" void AnnotateIgnoreWritesEnd(const char* file, int line);
#endif

namespace z2::ui {

namespace detail {

// Qt's queues order the two threads. Debian's Qt is built without ThreadSanitizer, which therefore
// does not see that and has to be told; in other builds this does nothing.
class HandingOver {
 public:
#if defined(__SANITIZE_THREAD__)
  // What the thread wrote so far is handed over with the call; the call itself is stored while this
  // lives.
  HandingOver() {
    __tsan_release(key());
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  }
  ~HandingOver() { AnnotateIgnoreWritesEnd(__FILE__, __LINE__); }
  static void isDone() { __tsan_acquire(key()); }

 private:
  static void* key() {
    static constexpr char kQueue = 0;
    return const_cast<char*>(&kQueue);
  }
#else
  HandingOver() {}
  static void isDone() {}
#endif
};

// The call at its receiver. Qt may take it down without having called it, when it is closing.
template <typename Call>
class Received {
 public:
  explicit Received(Call call) : call_(std::move(call)) {}
  void operator()() {
    HandingOver::isDone();
    call_();
  }

 private:
  struct Arrival {
    Arrival() = default;
    Arrival(const Arrival&) = default;
    Arrival(Arrival&&) noexcept = default;
    ~Arrival() { HandingOver::isDone(); }
  };

  Call call_;
  [[no_unique_address]] Arrival arrival_ = {};  // taken down before the call
};

}  // namespace detail

// Runs `call` in the thread of `receiver`, later, in the order of handing over; not when `receiver`
// is gone by then. From any thread.
template <typename Call>
void handOver(QObject* receiver, Call&& call) {
  const detail::HandingOver handing;
  QMetaObject::invokeMethod(receiver, detail::Received(std::forward<Call>(call)),
                            Qt::QueuedConnection);
}

// Runs `call` on a thread of `pool`.
template <typename Call>
void handOver(QThreadPool& pool, Call&& call) {
  const detail::HandingOver handing;
  pool.start(detail::Received(std::forward<Call>(call)));
}

}  // namespace z2::ui
