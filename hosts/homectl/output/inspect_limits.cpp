// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include "hosts/homectl/output/fields.hpp"
#include "hosts/homectl/output/format.hpp"
#include "hosts/homectl/output/inspect.hpp"

namespace hearth::homectl {

namespace {

// getrlimit(2), in the order in which people read them.
constexpr std::array kLimitNames = {"AS",      "CORE",     "CPU",        "DATA",   "FSIZE", "LOCKS",
                                    "MEMLOCK", "MSGQUEUE", "NICE",       "NOFILE", "NPROC", "RSS",
                                    "RTPRIO",  "RTTIME",   "SIGPENDING", "STACK"};

std::string bound_text(const record::Effective& record, const std::string& field) {
    const auto number = record.number(field);
    return number ? std::to_string(*number) : "infinity";
}

std::vector<std::string> limit_lines(const record::Effective& record) {
    std::vector<std::string> lines;
    for (const char* name : kLimitNames) {
        const std::string field = "/resourceLimits/RLIMIT_" + std::string(name);
        if (!record.value(field)) continue;
        lines.push_back("RLIMIT_" + std::string(name) + "=" + bound_text(record, field + "/cur") +
                        ":" + bound_text(record, field + "/max"));
    }
    return lines;
}

std::optional<std::string> show_cpu_weight(const record::Effective& record,
                                           std::string_view field) {
    if (record.number(field) == 0U) return "idle";
    return show_number(record, field);
}

/// A limit that is a size, a share, or both.
std::optional<std::string> show_memory_limit(const record::Effective& record,
                                             std::string_view field) {
    std::string text = show_size(record, field).value_or("");
    if (const auto share = record.number(std::string(field) + "Scale"))
        text += (text.empty() ? "" : " or ") + format_share(*share);
    if (text.empty()) return std::nullopt;
    return text;
}

constexpr std::array kBefore = {
    FieldLine{"UMask", "umask", show_mode},
    FieldLine{"Nice", "niceLevel", show_integer},
};

constexpr std::array kAfter = {
    FieldLine{"Tasks Max", "tasksMax", show_number},
    FieldLine{"Memory High", "memoryHigh", show_size},
    FieldLine{"Memory Max", "memoryMax", show_size},
    FieldLine{"CPU Weight", "cpuWeight", show_cpu_weight},
    FieldLine{"IO Weight", "ioWeight", show_number},
    FieldLine{"TMP Limit", "tmpLimit", show_memory_limit},
    FieldLine{"SHM Limit", "devShmLimit", show_memory_limit},
    FieldLine{"Access Mode", "accessMode", show_mode},
};

}  // namespace

void show_limits(Page& page, const Home& home) {
    show_fields(page, home.effective, kBefore);
    page.lines("Limit", limit_lines(home.effective));
    show_fields(page, home.effective, kAfter);
    page.lines("Bound. Caps", home.effective.strings("capabilityBoundingSet"));
    page.lines("Ambient Caps", home.effective.strings("capabilityAmbientSet"));
}

}  // namespace hearth::homectl
