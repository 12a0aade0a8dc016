// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/home/root.hpp"
#include "core/service/registry.hpp"
#include "tests/unit/home/temp_root.hpp"

namespace hearth::homed::varlink {

inline constexpr char kMachineId[] = "0123456789abcdef0123456789abcdef";
inline constexpr char kService[] = "io.systemd.Home";

/// A machine with a few homes.
class Homes {
  public:
    Homes()
        : surroundings_{root_.root(),
                        {kMachineId, "test"},
                        [](const record::CompactRecord&) { return true; }},
          registry_(surroundings_) {
        std::filesystem::create_directories(root_.path() + "/var/lib/systemd/home");
    }

    /// A record with more members, as text that begins with a comma.
    void add(const std::string& name, uid_t uid, const std::string& more = "") {
        const std::string number = std::to_string(uid);
        root_.write("/var/lib/systemd/home/" + name + ".identity",
                    R"({"userName":")" + name + R"(","binding":{")" + kMachineId + R"(":{"uid":)" +
                        number + R"(,"gid":)" + number +
                        R"(}},"privileged":{"hashedPassword":["$y$secret"]})" + more + "}");
        reload(name);
    }
    void remove(const std::string& name) {
        std::filesystem::remove(root_.path() + "/var/lib/systemd/home/" + name + ".identity");
        reload(name);
    }

    service::Registry& registry() { return registry_; }
    [[nodiscard]] const std::string& path() const { return root_.path(); }

  private:
    void reload(const std::string& name) {
        const auto change = registry_.reload(name);
        if (change) return;
        std::fprintf(stderr, "%s\n", change.error().one_line().c_str());
        std::abort();
    }

    home::TempRoot root_;
    service::Surroundings surroundings_;
    service::Registry registry_;
};

}  // namespace hearth::homed::varlink
