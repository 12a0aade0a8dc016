// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/machine.hpp"
#include "core/record/user_record.hpp"
#include "core/record/value.hpp"

namespace hearth::record {

/// What holds on one machine: status over binding over the perMachine entries that match (the last
/// one wins) over the top level, and then the default of a managed home.
///
/// A view of the record as it was when the view was made: make a new one after a change. It need
/// not be outlived by the record. `field` is a name ("uid") or a JSON pointer
/// ("/privileged/fido2HmacSalt/0/credential"); "/binding/uid" and
/// "/status/state" read this machine's part of these sections. The secret section is never visible.
/// A missing value and one of another type both read as nothing; value() tells them apart.
class Effective {
  public:
    Effective(const UserRecord& record, const Machine& machine);
    Effective(Effective&&) noexcept;
    Effective& operator=(Effective&&) noexcept;
    ~Effective();

    [[nodiscard]] std::optional<Value> value(std::string_view field) const;
    [[nodiscard]] std::optional<std::string> text(std::string_view field) const;
    [[nodiscard]] std::optional<std::uint64_t> number(
        std::string_view field) const;  ///< also reads "0700" modes
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view field) const;
    [[nodiscard]] std::optional<bool> flag(std::string_view field) const;
    [[nodiscard]] std::vector<std::string> strings(
        std::string_view field) const;  ///< empty if missing

    /// Shorthands for fields that always have a value on a managed home.
    [[nodiscard]] const std::string& user_name() const;
    [[nodiscard]] std::string home_directory() const;
    [[nodiscard]] std::string shell() const;
    [[nodiscard]] std::uint32_t access_mode() const;

  private:
    struct Layers;
    std::unique_ptr<Layers> layers_;
};

}  // namespace hearth::record
