// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/plugin/registry.hpp"
#include "core/plugin/services.hpp"

namespace hearth::test {

/// A folder that only root can write, on a way that only root can write; gone afterwards. Tests
/// that need one call HEARTH_NEED_ROOT() first.
class TrustedFolder {
  public:
    TrustedFolder();
    ~TrustedFolder();
    TrustedFolder(const TrustedFolder&) = delete;
    TrustedFolder& operator=(const TrustedFolder&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string operator/(const std::string& name) const {
        return path_ + "/" + name;
    }
    /// Writes a file of mode 0644 and returns its path.
    std::string write(const std::string& name, std::string_view bytes) const;
    /// Copies one of the plugins built for tests, "good" or "bad-...".
    std::string copy_plugin(const std::string& name) const;

  private:
    std::string path_;
};

std::string read_file(const std::string& path);

/// The smallest ELF file that has one note segment with these notes in it.
struct Note {
    std::string owner{"HEARTH\0", 7};
    std::uint32_t type = 0x48580000;
    std::string text;
};
std::string make_elf(const std::vector<Note>& notes);

/// A valid manifest with one storage. `extra` is put in front of the other members:
/// "\"fieldPrefix\":\"x\",".
std::string make_manifest(const std::string& id, const std::string& storage,
                          const std::string& extra = "");
/// A file of a plugin that can be scanned, but not loaded.
std::string make_plugin(const std::string& manifest);

/// A record of the user anna.
record::UserRecord make_record();
inline const record::Machine kMachine{"0123456789abcdef0123456789abcdef", "testhost"};

}  // namespace hearth::test

#define HEARTH_NEED_ROOT() \
    if (::geteuid() != 0) GTEST_SKIP() << "only root can make folders that are trusted"
