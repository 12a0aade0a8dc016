// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/many_records.hpp"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

namespace hearth::home {

namespace {

/// More only wait for the disk.
constexpr std::size_t kMostThreads = 4;
/// How many records a thread takes at a time.
constexpr std::size_t kBatch = 32;

/// What the threads share: each takes the next batch.
class Reading {
  public:
    Reading(const Store& store, const std::vector<std::string>& users, const TakeRecord& take)
        : store_(store), users_(users), take_(take) {}

    void work() {
        for (;;) {
            const std::size_t begin = next_.fetch_add(kBatch);
            if (begin >= users_.size()) return;
            const std::size_t end = std::min(begin + kBatch, users_.size());
            for (std::size_t i = begin; i < end; ++i) take_(i, store_.load(users_[i]));
        }
    }

  private:
    const Store& store_;
    const std::vector<std::string>& users_;
    const TakeRecord& take_;
    std::atomic<std::size_t> next_ = 0;
};

/// A thread costs as much as some of these records.
std::size_t helpers_for(std::size_t count) {
    const std::size_t cpus = std::max(1U, std::thread::hardware_concurrency());
    return std::min({count / kManyRecords, cpus, kMostThreads}) - (count >= kManyRecords ? 1 : 0);
}

}  // namespace

void read_records(const Store& store, const std::vector<std::string>& users,
                  const TakeRecord& take) {
    Reading reading(store, users, take);
    std::vector<std::jthread> helpers;
    for (std::size_t i = helpers_for(users.size()); i > 0; --i) {
        try {
            helpers.emplace_back([&reading] { reading.work(); });
        } catch (const std::system_error&) {
            break;  // no more threads for us: those that there are do it
        }
    }
    reading.work();
}

}  // namespace hearth::home
