#pragma once

// Work beside the GUI thread whose result comes back to it.

#include <memory>
#include <utility>

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include "ui/base/hand_over.h"

namespace z2::ui {

// Calls `work` on a thread of `pool` and `then` with its result in the GUI thread; not when
// `context` is gone by then. What `work` captures must not live in the GUI thread.
template <typename Work, typename Then>
void inBackground(QThreadPool& pool, QObject* context, Work work, Then then) {
  const QPointer<QObject> guard(context);
  handOver(pool, [guard, work = std::move(work), then = std::move(then)]() mutable {
    auto result = std::make_shared<decltype(work())>(work());
    handOver(QCoreApplication::instance(),
             [guard, result = std::move(result), then = std::move(then)]() mutable {
               if (guard != nullptr) then(std::move(*result));
             });
  });
}

template <typename Work, typename Then>
void inBackground(QObject* context, Work work, Then then) {
  inBackground(*QThreadPool::globalInstance(), context, std::move(work), std::move(then));
}

}  // namespace z2::ui
