// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/paths.hpp"

#include <systemd/sd-bus.h>

#include <cstdlib>
#include <memory>
#include <new>

namespace hearth::homed {

namespace {

struct Free {
    void operator()(char* text) const { std::free(text); }
};
using Text = std::unique_ptr<char, Free>;

}  // namespace

std::string path_of_home(const std::string& user) {
    char* path = nullptr;
    if (sd_bus_path_encode(kHomesPath, user.c_str(), &path) < 0) throw std::bad_alloc();
    return Text(path).get();
}

std::optional<std::string> name_in_path(const char* path) {
    char* name = nullptr;
    if (sd_bus_path_decode(path, kHomesPath, &name) <= 0) return std::nullopt;
    return std::string(Text(name).get());
}

}  // namespace hearth::homed
