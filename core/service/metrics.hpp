// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace hearth::service {

/// How things stand at this moment.
struct Gauges {
    /// State of rest or activity, in the words of the bus, and how many homes have it.
    std::map<std::string, std::size_t> homes;
    std::size_t referenced = 0;
    std::size_t workers = 0;
    std::size_t most_workers = 0;
    std::size_t waiting = 0;
};

/// What the service has counted since its start. In what it tells there are no names of users, and
/// labels come from lists that the program has: nobody outside can make them grow.
class Metrics {
  public:
    /// `begin_usec`: since 1970.
    explicit Metrics(std::uint64_t begin_usec) : begin_usec_(begin_usec) {}

    /// `verb` and `result` are words of ours.
    void count_operation(std::string_view verb, std::string_view result);
    /// One that a worker did, and how long that took.
    void count_duration(std::string_view verb, std::uint64_t usec);
    void count_authentication(bool good) { ++(good ? good_ : bad_); }
    void count_rate_limited() { ++limited_; }
    /// `method` is one of those that the service has, or "other".
    void count_varlink(std::string_view method);

    /// In the text form of OpenMetrics 1.0, with its end.
    [[nodiscard]] std::string text(const Gauges& now, std::string_view version) const;

  private:
    void append_durations(std::string& out) const;

    // In seconds; a derivation of keys lies in the middle.
    static constexpr std::array<std::pair<std::uint64_t, const char*>, 12> kBounds = {
        {{5'000, "0.005"},
         {10'000, "0.01"},
         {25'000, "0.025"},
         {50'000, "0.05"},
         {100'000, "0.1"},
         {250'000, "0.25"},
         {500'000, "0.5"},
         {1'000'000, "1.0"},
         {2'500'000, "2.5"},
         {5'000'000, "5.0"},
         {10'000'000, "10.0"},
         {60'000'000, "60.0"}}};
    struct Durations {
        /// How many were in each bucket alone; the last is for those beyond all bounds.
        std::array<std::uint64_t, kBounds.size() + 1> buckets{};
        std::uint64_t sum_usec = 0;
    };

    std::uint64_t begin_usec_;
    std::map<std::pair<std::string, std::string>, std::uint64_t> operations_;
    std::map<std::string, Durations, std::less<>> durations_;
    std::map<std::string, std::uint64_t, std::less<>> varlink_;
    std::uint64_t good_ = 0, bad_ = 0, limited_ = 0;
};

}  // namespace hearth::service
