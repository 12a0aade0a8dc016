// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace hearth::check {

/// Ways to break the contract that are seen in passing, whatever a rule is about.
enum class Breach {
    result,     // success without its result, or failure with one
    code,       // a number that is no code, state, kind or certainty
    exception,  // a C++ exception left the plugin
    silent,     // a failure that fail() did not explain
    patch,      // a change of the record outside /binding
    secret,     // a secret in a text
    cancelled,  // a service said CANCELLED, and the plugin something else
    inherited,  // a file that a helper program would inherit
};

/// What was seen so far, in order.
class Breaches {
  public:
    void add(Breach kind, std::string text) { list_.emplace_back(kind, std::move(text)); }
    [[nodiscard]] const std::string* first(Breach kind) const {
        for (const auto& [found, text] : list_)
            if (found == kind) return &text;
        return nullptr;
    }

  private:
    std::vector<std::pair<Breach, std::string>> list_;
};

}  // namespace hearth::check
