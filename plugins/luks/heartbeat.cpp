// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heartbeat.hpp"

#include <chrono>

namespace hearth::luks {

namespace {

constexpr std::chrono::seconds kPace{10};

}  // namespace

Heartbeat::Heartbeat(sdk::Op op, const char* step) : thread_([=, this] { beat(op, step); }) {}

Heartbeat::~Heartbeat() {
    {
        const std::lock_guard guard(mutex_);
        is_over_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Heartbeat::beat(sdk::Op op, const char* step) {
    std::unique_lock lock(mutex_);
    do {
        op.progress(0, 0, step);
    } while (!changed_.wait_for(lock, kPace, [this] { return is_over_; }));
}

}  // namespace hearth::luks
