// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/secret/secret.hpp"

// Private to core/record.

namespace hearth::record {

/// Walks over JSON text that the gate has let in, and over no other. For texts with secrets in
/// them: unlike JsonEvents it never puts a value into ordinary memory.
class JsonCursor {
  public:
    /// Borrows the text.
    explicit JsonCursor(std::string_view checked) : text_(checked) { skip_space(); }

    /// How the value begins that comes next: one of {["tfn- or a digit.
    [[nodiscard]] char kind() const { return text_[at_]; }
    [[nodiscard]] std::size_t offset() const { return at_; }

    /// Goes into the object or array that comes next.
    void enter();
    /// In an array: is there another element? Otherwise the array is left.
    bool next_element();
    /// In an object: the name of the member whose value comes next. Nothing: the object is left.
    std::optional<std::string> next_member();

    /// Goes behind the value that comes next, whatever it is, and gives its text as it stands.
    std::string_view skip();
    /// The same for a text, and gives what it says. Error: secret-memory.
    Result<secret::Secret> take_text();
    /// The same for true (then that) and any other value.
    bool take_flag();

  private:
    void skip_space();
    /// What stands between the quotes.
    std::string_view take_quoted();
    bool at_end_of(char bracket);

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace hearth::record
