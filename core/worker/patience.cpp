// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/patience.hpp"

#include <algorithm>

namespace hearth::worker {

namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
/// A plugin's entry function has no business to take long; a key derivation has.
constexpr std::int64_t kLoading = 10 * kSecond;
constexpr std::int64_t kSilence = 2 * kMinute;
constexpr std::int64_t kCritical = 30 * kMinute;
/// Undoing takes its time, too, and tells about it. What is not undone by then is left to recovery.
constexpr std::int64_t kAsked = 20 * kSecond;
constexpr std::int64_t kUndoing = 30 * kSecond;
/// Exit handlers of libraries.
constexpr std::int64_t kFarewell = 2 * kSecond;
/// The kernel takes back memory, and ends all that the worker had started.
constexpr std::int64_t kKilled = 15 * kSecond;
/// Of an operation with progress all the way: a disk of many terabytes is copied.
constexpr std::int64_t kOperation = 24 * 60 * kMinute;

constexpr const char* kLoadingStep = "loading the plugin";

}  // namespace

bool Patience::is_loading() const {
    return step_.starts_with(kLoadingStep);
}

void Patience::on_progress(const std::string& step, std::uint64_t done, std::int64_t now) {
    if (step == step_ && done <= done_) return;
    step_ = step;
    done_ = done;
    heard_ = now;
}

void Patience::on_critical(bool on, std::int64_t now) {
    if (on == critical_) return;
    critical_ = on;
    if (on) {
        critical_since_ = now;
        return;
    }
    begun_ += now - critical_since_;
    heard_ += now - critical_since_;
    asked_since_ += now - critical_since_;
}

void Patience::on_cancel(std::int64_t now) {
    if (asked_) return;
    asked_ = true;
    asked_since_ = now;
    heard_ = now;
}

void Patience::on_farewell(std::int64_t now) {
    if (leaving_) return;
    leaving_ = true;
    critical_ = false;
    heard_ = now;
}

void Patience::on_killed(std::int64_t now) {
    on_farewell(now);
    killed_ = true;
    heard_ = now;
}

std::int64_t Patience::limit() const {
    if (leaving_) return killed_ ? kKilled : kFarewell;
    if (is_loading()) return kLoading;
    return asked_ ? kAsked : kSilence;
}

/// Critical sections come first: who was asked to stop heeds that when it has left one. Having been
/// asked late in a long operation leaves as much time as early in it.
int Patience::left(std::int64_t now) const {
    std::int64_t due = heard_ + limit();
    if (critical_) {
        due = critical_since_ + kCritical;
    } else if (!leaving_) {
        due = std::min(due, asked_ ? asked_since_ + kUndoing : begun_ + kOperation);
    }
    return static_cast<int>(std::max<std::int64_t>(due - now, 0));
}

}  // namespace hearth::worker
