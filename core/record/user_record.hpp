// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/record/sections.hpp"
#include "core/record/value.hpp"

namespace hearth::record {

/// One user record: a JSON object whose sections have the right shape and whose userName is a text.
///
/// Whatever it does not know it keeps unchanged. It owns its document; nothing inside is shared
/// with another record. parse() does not judge the fields (see validate.hpp) nor the signature (see
/// key_store.hpp). A moved-from record may only be destroyed or assigned to. Not for use by two
/// threads at once.
class UserRecord {
  public:
    /// Reads JSON text from anywhere, through the strict gate of json.hpp.
    static Result<UserRecord> parse(std::string_view text);
    /// Takes over a document that came through the gate.
    static Result<UserRecord> from_json(Object document);

    UserRecord(UserRecord&&) noexcept;
    UserRecord& operator=(UserRecord&&) noexcept;
    UserRecord(const UserRecord&) = delete;
    UserRecord& operator=(const UserRecord&) = delete;
    ~UserRecord();

    [[nodiscard]] UserRecord clone() const;
    /// A copy of the chosen sections only. userName stays in any case: without it there is no
    /// record.
    [[nodiscard]] UserRecord with_sections(Sections keep) const;

    [[nodiscard]] const std::string& user_name() const;
    [[nodiscard]] const std::string& realm() const;  ///< empty if there is none
    [[nodiscard]] std::string identity() const;      ///< "user", or "user@realm"
    [[nodiscard]] std::optional<std::uint64_t> last_change_usec() const;
    [[nodiscard]] std::vector<std::string> hashed_passwords() const;
    /// The sections that are present (and not empty).
    [[nodiscard]] Sections sections() const;

    /// Reading one field exactly where it is named. For "what holds on this machine" use Effective.
    [[nodiscard]] std::optional<Value> get(std::string_view field) const;
    [[nodiscard]] std::optional<Value> privileged(std::string_view field) const;
    [[nodiscard]] std::optional<Value> binding(std::string_view machine_id,
                                               std::string_view field) const;
    [[nodiscard]] std::optional<Value> status(std::string_view machine_id,
                                              std::string_view field) const;

    /// Top-level fields; also whole sections, whose shape is checked. userName must stay a text.
    Result<void> set(std::string_view field, Value value);
    void remove(std::string_view field);  ///< nothing happens to userName
    void set_privileged(std::string_view field, Value value);
    void remove_privileged(std::string_view field);
    void set_binding(std::string_view machine_id, std::string_view field, Value value);
    void remove_binding(std::string_view machine_id, std::string_view field);
    /// Replaces the whole binding section by that of another record (or removes it).
    void take_binding_of(const UserRecord& other);
    void set_status(std::string_view machine_id, std::string_view field, Value value);
    void remove_status(std::string_view machine_id, std::string_view field);
    void remove_sections(Sections drop);

    /// Compact, keys sorted at every depth: the form that travels.
    [[nodiscard]] std::string canonical() const;
    /// The same, one member per line: the form of files.
    [[nodiscard]] std::string pretty() const;
    /// What a signature covers: canonical() of the regular, privileged and perMachine parts.
    [[nodiscard]] std::string signable() const;

    /// The document itself, for what the calls above do not reach. Keep the shapes, and leave
    /// userName and realm to set().
    [[nodiscard]] const Object& json() const;
    [[nodiscard]] Object& json();

  private:
    struct Body;
    explicit UserRecord(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

}  // namespace hearth::record
