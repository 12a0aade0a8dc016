// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/log_control.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "hosts/homed/bus/log_settings.hpp"
#include "hosts/homed/bus/trampoline.hpp"

namespace hearth::homed {

namespace {

// By their numbers in syslog.h.
constexpr std::array<std::string_view, 8> kLevels = {"emerg",   "alert",  "crit", "err",
                                                     "warning", "notice", "info", "debug"};
// Lines go to standard error, and whoever starts the service decides where that leads.
constexpr std::array<std::string_view, 1> kTargets = {"auto"};

LogSettings& settings(void* userdata) {
    return *static_cast<LogSettings*>(userdata);
}

int get_level(sd_bus* /*bus*/, const char* /*path*/, const char* /*interface*/,
              const char* /*property*/, sd_bus_message* reply, void* userdata,
              sd_bus_error* /*error*/) noexcept {
    const auto level = static_cast<std::size_t>(settings(userdata).level);
    return sd_bus_message_append(reply, "s", kLevels[std::min(level, kLevels.size() - 1)].data());
}

int get_target(sd_bus* /*bus*/, const char* /*path*/, const char* /*interface*/,
               const char* /*property*/, sd_bus_message* reply, void* /*userdata*/,
               sd_bus_error* /*error*/) noexcept {
    return sd_bus_message_append(reply, "s", kTargets.front().data());
}

int get_identifier(sd_bus* /*bus*/, const char* /*path*/, const char* /*interface*/,
                   const char* /*property*/, sd_bus_message* reply, void* /*userdata*/,
                   sd_bus_error* /*error*/) noexcept {
    return sd_bus_message_append(reply, "s", "hearthd");
}

/// The place of the word in the list, or a negative errno.
template <std::size_t kSize>
int read_word(const std::array<std::string_view, kSize>& list, sd_bus_message* value,
              sd_bus_error* error) {
    const char* word = nullptr;
    if (const int r = sd_bus_message_read(value, "s", &word); r < 0) return r;
    const auto* const found = std::find(list.begin(), list.end(), word);
    if (found == list.end())
        return sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS,
                                 "\"%s\" is not among what can be chosen here.", word);
    return static_cast<int>(found - list.begin());
}

int set_level(sd_bus* /*bus*/, const char* /*path*/, const char* /*interface*/,
              const char* /*property*/, sd_bus_message* value, void* userdata,
              sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        const int level = read_word(kLevels, value, error);
        if (level < 0) return level;
        settings(userdata).level = level;
        if (settings(userdata).on_level) settings(userdata).on_level(level);
        return 0;
    });
}

int set_target(sd_bus* /*bus*/, const char* /*path*/, const char* /*interface*/,
               const char* /*property*/, sd_bus_message* value, void* /*userdata*/,
               sd_bus_error* error) noexcept {
    return std::min(read_word(kTargets, value, error), 0);
}

constexpr sd_bus_vtable kTable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_WRITABLE_PROPERTY("LogLevel", "s", get_level, set_level, 0, 0),
    SD_BUS_WRITABLE_PROPERTY("LogTarget", "s", get_target, set_target, 0, 0),
    SD_BUS_PROPERTY("SyslogIdentifier", "s", get_identifier, 0, 0),
    SD_BUS_VTABLE_END,
};

}  // namespace

const sd_bus_vtable* log_control_table() {
    return kTable;
}

}  // namespace hearth::homed
