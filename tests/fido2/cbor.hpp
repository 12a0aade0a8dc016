// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

// As much of CBOR (RFC 8949) as CTAP uses: no tags, no fractions, nothing of unknown length.

namespace hearth::fido2::test {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

class Cbor {
  public:
    enum class Kind { number, bytes, text, list, map, boolean };
    using Member = std::pair<Cbor, Cbor>;

    Cbor(std::int64_t number) : kind_(Kind::number), number_(number) {}
    Cbor(int number) : Cbor(std::int64_t{number}) {}
    Cbor(bool value) : kind_(Kind::boolean), number_(value ? 1 : 0) {}
    Cbor(Bytes bytes) : kind_(Kind::bytes), bytes_(std::move(bytes)) {}
    Cbor(const std::string& text) : kind_(Kind::text), bytes_(text.begin(), text.end()) {}
    Cbor(const char* text) : Cbor(std::string(text)) {}
    static Cbor list(std::vector<Cbor> items);
    /// The members as they will be written: the order is the caller's.
    static Cbor map(std::vector<Member> members);

    /// Nothing, unless all of it is one item. Throws nothing.
    static std::optional<Cbor> parse(View bytes);
    [[nodiscard]] Bytes encode() const;

    // Throws std::runtime_error where it is of another kind, or has no such member.
    [[nodiscard]] std::int64_t number() const;
    [[nodiscard]] bool boolean() const;
    [[nodiscard]] const Bytes& bytes() const;
    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::vector<Cbor>& items() const;
    [[nodiscard]] const Cbor& at(const Cbor& key) const;
    [[nodiscard]] const Cbor* find(const Cbor& key) const;
    bool operator==(const Cbor& other) const;

  private:
    explicit Cbor(Kind kind) : kind_(kind) {}
    friend class CborReader;
    void need(Kind kind) const;

    Kind kind_;
    std::int64_t number_ = 0;
    Bytes bytes_ = {};
    std::vector<Cbor> items_ = {};  // of a map: key, value, key, value
};

}  // namespace hearth::fido2::test
