// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/record/value.hpp"

// Private to manifest.cpp and its helpers.

namespace hearth::plugin {

Error manifest_error(std::string_view id, const std::string& where, std::string why);

/// Reads the members of one object of the manifest and remembers which ones it was asked for, so
/// that done() can refuse the rest. The first failure is kept and returned by done(); after one,
/// every member reads as its default. Borrows the object.
class ManifestFields {
  public:
    ManifestFields(const record::Object& object, std::string where)
        : object_(object), where_(std::move(where)) {}

    enum class Need { required, optional };

    std::string text(const std::string& key, Need need);
    std::uint32_t number(const std::string& key, Need need, std::uint32_t highest);
    bool flag(const std::string& key);
    std::vector<std::string> texts(const std::string& key);
    const record::Object& object(const std::string& key, Need need);
    /// Never null.
    std::vector<const record::Object*> objects(const std::string& key);

    /// The index of the text in `words`; a missing member is the first of them if it is optional.
    std::size_t word(const std::string& key, Need need, std::span<const std::string_view> words);

    /// Refuses a value for a reason of the caller's.
    void refuse(const std::string& key, std::string why);
    /// Takes over the failure of a part.
    void absorb(Result<void> part);
    [[nodiscard]] const std::string& where() const { return where_; }
    Result<void> done();

  private:
    const record::Value* take(const std::string& key, Need need);
    const record::Array* list(const std::string& key, std::string_view expected);
    void wrong_type(const std::string& key, std::string_view expected);
    [[nodiscard]] std::string path(const std::string& key) const;

    const record::Object& object_;
    std::string where_;
    std::set<std::string> known_;
    std::optional<Error> failure_;
};

}  // namespace hearth::plugin
