// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>
#include <string>

namespace hearth::check {

/// The files that a program which is started now would get.
std::set<int> inheritable_files();

/// What a plugin must leave alone in its process and around it: open files, threads, children,
/// environment, current folder, umask, signals, locale, limits, mounts, and loop devices on files
/// below `folder`.
class ProcessState {
  public:
    static ProcessState take(const std::string& folder = "");
    /// Without open files and threads, of which a library that is used for the first time may keep
    /// some.
    [[nodiscard]] ProcessState without_caches() const;
    /// The first thing that is another one in `later`, in words; empty: none.
    [[nodiscard]] std::string difference(const ProcessState& later) const;

  private:
    std::map<std::string, std::string> facts_;
};

}  // namespace hearth::check
