// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "runner.hpp"

namespace hearth::check {

/// One line on standard output.
void print_result(const Result& result);
/// The closing line. True: no rule failed.
bool print_summary(const std::vector<Result>& results);
/// False: the file cannot be written.
bool write_junit(const std::string& file, const std::string& plugin,
                 const std::vector<Result>& results);

}  // namespace hearth::check
