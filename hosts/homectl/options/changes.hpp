// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/record/value.hpp"
#include "hosts/homectl/options/blob_changes.hpp"
#include "hosts/homectl/options/token_changes.hpp"

namespace hearth::homectl {

/// The part of a record that a value goes to.
enum class Section { regular, privileged, this_machine, other_machines };

/// A resource limit; an empty bound is infinity.
struct Limit {
    std::optional<std::uint64_t> current;
    std::optional<std::uint64_t> maximum;
    bool operator==(const Limit&) const = default;
};

using Texts = std::vector<std::string>;
using Fields = std::map<std::string, record::Value>;

/// What one command line wants to change in a record, in the order in which it said so.
///
/// Pure data: nothing here has looked at a record yet, so everything can be refused before anything
/// is done.
class Changes {
  public:
    /// Puts a value into a section; a later one for the same field there replaces it.
    void set(Section section, const std::string& field, record::Value value);
    /// Takes the field out of every section, and out of what was set so far.
    void drop(const std::string& field);
    /// The list that the options so far gave for `field`; empty if none did.
    [[nodiscard]] Texts list(Section section, const std::string& field) const;

    /// Resource limits are merged one by one; they always belong to this machine. `name` is
    /// "RLIMIT_NOFILE".
    void set_limit(const std::string& name, const Limit& limit);
    void drop_limit(const std::string& name);
    void drop_all_limits();

    /// The files that belong to the record.
    BlobChanges& blobs() { return blobs_; }
    [[nodiscard]] const BlobChanges& blobs() const { return blobs_; }

    TokenChanges& tokens() { return tokens_; }
    [[nodiscard]] const TokenChanges& tokens() const { return tokens_; }

    [[nodiscard]] bool empty() const;
    [[nodiscard]] const Fields& in(Section section) const;
    /// What `section` gets for `field`, or nothing.
    [[nodiscard]] const record::Value* find(Section section, const std::string& field) const;
    [[nodiscard]] bool has_any(Section section) const;
    [[nodiscard]] const std::set<std::string>& dropped() const { return dropped_; }
    [[nodiscard]] const std::map<std::string, Limit>& limits() const { return limits_; }
    [[nodiscard]] const std::set<std::string>& dropped_limits() const { return dropped_limits_; }
    /// Is the field set in any section?
    [[nodiscard]] bool sets(const std::string& field) const;

  private:
    std::map<Section, Fields> set_;
    std::set<std::string> dropped_;
    std::map<std::string, Limit> limits_;
    std::set<std::string> dropped_limits_;
    BlobChanges blobs_;
    TokenChanges tokens_;
};

/// The field that holds the resource limits of a record.
inline constexpr const char* kLimitsField = "resourceLimits";

}  // namespace hearth::homectl
