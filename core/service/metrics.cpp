// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/metrics.hpp"

#include <algorithm>
#include <cstdio>

namespace hearth::service {

namespace {

void begin_family(std::string& out, std::string_view name, std::string_view type,
                  std::string_view help, std::string_view unit = {}) {
    out += "# TYPE " + std::string(name) + " " + std::string(type) + "\n";
    if (!unit.empty()) out += "# UNIT " + std::string(name) + " " + std::string(unit) + "\n";
    out += "# HELP " + std::string(name) + " " + std::string(help) + "\n";
}

std::string label(std::string_view name, std::string_view value) {
    return std::string(name) + "=\"" + std::string(value) + "\"";
}

void append(std::string& out, const std::string& name, const std::string& labels,
            const std::string& value) {
    out += name + (labels.empty() ? "" : "{" + labels + "}") + " " + value + "\n";
}

void append(std::string& out, const std::string& name, const std::string& labels,
            std::uint64_t value) {
    append(out, name, labels, std::to_string(value));
}

/// Exact, and without the locale's idea of a number.
std::string seconds(std::uint64_t usec) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%llu.%06llu",
                  static_cast<unsigned long long>(usec / 1'000'000),
                  static_cast<unsigned long long>(usec % 1'000'000));
    return text.data();
}

void append_gauges(std::string& out, const Gauges& now) {
    begin_family(out, "hearth_homes", "gauge", "Homes by state.");
    for (const auto& [state, count] : now.homes)
        append(out, "hearth_homes", label("state", state), count);
    begin_family(out, "hearth_homes_referenced", "gauge", "Homes that somebody uses.");
    append(out, "hearth_homes_referenced", "", now.referenced);
    begin_family(out, "hearth_workers", "gauge", "Workers that run.");
    append(out, "hearth_workers", "", now.workers);
    begin_family(out, "hearth_workers_max", "gauge", "Workers that may run at a time.");
    append(out, "hearth_workers_max", "", now.most_workers);
    begin_family(out, "hearth_operations_waiting", "gauge", "Operations that wait for a worker.");
    append(out, "hearth_operations_waiting", "", now.waiting);
}

}  // namespace

void Metrics::count_operation(std::string_view verb, std::string_view result) {
    ++operations_[{std::string(verb), std::string(result)}];
}

void Metrics::count_duration(std::string_view verb, std::uint64_t usec) {
    Durations& of_verb = durations_[std::string(verb)];
    const auto* const bound = std::find_if(kBounds.begin(), kBounds.end(),
                                           [&](const auto& one) { return usec <= one.first; });
    ++of_verb.buckets[static_cast<std::size_t>(bound - kBounds.begin())];
    of_verb.sum_usec += usec;
}

void Metrics::count_varlink(std::string_view method) {
    ++varlink_[std::string(method)];
}

void Metrics::append_durations(std::string& out) const {
    const std::string name = "hearth_operation_duration_seconds";
    begin_family(out, name, "histogram", "How long workers took, by verb.", "seconds");
    for (const auto& [verb, durations] : durations_) {
        std::uint64_t count = 0;
        for (std::size_t i = 0; i < durations.buckets.size(); ++i) {
            count += durations.buckets[i];
            const char* const bound = i < kBounds.size() ? kBounds[i].second : "+Inf";
            append(out, name + "_bucket", label("verb", verb) + "," + label("le", bound), count);
        }
        append(out, name + "_count", label("verb", verb), count);
        append(out, name + "_sum", label("verb", verb), seconds(durations.sum_usec));
    }
}

std::string Metrics::text(const Gauges& now, std::string_view version) const {
    std::string out;
    begin_family(out, "hearth_build", "info", "The version of the service.");
    append(out, "hearth_build_info", label("version", version), 1);
    begin_family(out, "hearth_start_time_seconds", "gauge", "When the service started, since 1970.",
                 "seconds");
    append(out, "hearth_start_time_seconds", "", seconds(begin_usec_));
    begin_family(out, "hearth_operations", "counter", "Operations by verb and result.");
    for (const auto& [key, count] : operations_)
        append(out, "hearth_operations_total",
               label("verb", key.first) + "," + label("result", key.second), count);
    append_durations(out);
    begin_family(out, "hearth_authentications", "counter", "Secrets that were good or bad.");
    append(out, "hearth_authentications_total", label("result", "bad"), bad_);
    append(out, "hearth_authentications_total", label("result", "good"), good_);
    begin_family(out, "hearth_rate_limited", "counter", "Attempts that came too soon.");
    append(out, "hearth_rate_limited_total", "", limited_);
    begin_family(out, "hearth_varlink_requests", "counter", "Questions about users, by method.");
    for (const auto& [method, count] : varlink_)
        append(out, "hearth_varlink_requests_total", label("method", method), count);
    append_gauges(out, now);
    return out + "# EOF\n";
}

}  // namespace hearth::service
