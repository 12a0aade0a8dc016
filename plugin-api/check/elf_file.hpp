// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace hearth::check {

/// What the static rules want to know of a shared object; nothing of it is executed.
struct ElfFile {
    std::vector<std::string> exported;
    std::vector<std::string> imported;
    std::vector<std::string> libraries;
    bool has_relro = false;
    bool binds_now = false;
    bool has_stack_header = false;
    bool has_executable_stack = false;
    /// DT_RPATH or DT_RUNPATH; empty: neither.
    std::string search_path;

    /// Every offset in the bytes is checked. Error: plugin-not-elf.
    static Result<ElfFile> parse(std::string_view bytes);
};

}  // namespace hearth::check
