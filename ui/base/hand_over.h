#pragma once

// A call handed from one thread to another.

#include <utility>

#include <QMetaObject>
#include <QObject>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace z2::ui {

namespace detail {

// Qt's queues order the two threads. Debian's Qt is built without ThreadSanitizer, which therefore
// does not see it and has to be told; in other builds there is nothing to do.
inline constexpr char kQueue = 0;
inline void tellBeforeHandingOver() {
#if defined(__SANITIZE_THREAD__)
  __tsan_release(const_cast<char*>(&kQueue));
#endif
}
inline void tellAfterHandingOver() {
#if defined(__SANITIZE_THREAD__)
  __tsan_acquire(const_cast<char*>(&kQueue));
#endif
}

}  // namespace detail

// `call` as it is to be given to another thread by Qt, which runs it once.
template <typename Call>
auto handedOver(Call call) {
  detail::tellBeforeHandingOver();
  return [call = std::move(call)]() mutable {
    detail::tellAfterHandingOver();
    call();
  };
}

// Runs `call` in the thread of `receiver`, later, in the order of handing over; not when `receiver`
// is gone by then. From any thread.
template <typename Call>
void handOver(QObject* receiver, Call call) {
  QMetaObject::invokeMethod(receiver, handedOver(std::move(call)), Qt::QueuedConnection);
}

}  // namespace z2::ui
