// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/home/root.hpp"

namespace hearth::home {

/// A throw-away --root with a machine ID in it.
class TempRoot {
  public:
    TempRoot() {
        std::string name = std::filesystem::temp_directory_path() / "hearth-test-XXXXXX";
        path_ = ::mkdtemp(name.data());
        std::filesystem::create_directories(path_ + "/etc");
        write("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
    }
    TempRoot(const TempRoot&) = delete;
    TempRoot& operator=(const TempRoot&) = delete;
    ~TempRoot() { std::filesystem::remove_all(path_); }

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] Root root() const { return Root(path_); }
    void write(const std::string& file, const std::string& text) const {
        std::ofstream(path_ + file) << text;
    }

  private:
    std::string path_;
};

}  // namespace hearth::home
