// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cbor.hpp"

#include <stdexcept>

namespace hearth::fido2::test {

namespace {

enum Major : std::uint8_t { kUnsigned, kNegative, kBytes, kText, kList, kMap, kTag, kSimple };
constexpr std::uint8_t kFalse = 20;
constexpr std::uint8_t kTrue = 21;
constexpr int kDeepest = 8;

void put_head(Bytes& out, Major major, std::uint64_t value) {
    const auto top = static_cast<std::uint8_t>(major << 5U);
    int size = 0;
    std::uint8_t low = static_cast<std::uint8_t>(value);
    if (value > 0xffffffffU)
        size = 8, low = 27;
    else if (value > 0xffffU)
        size = 4, low = 26;
    else if (value > 0xffU)
        size = 2, low = 25;
    else if (value > 23)
        size = 1, low = 24;
    out.push_back(static_cast<std::uint8_t>(top | low));
    for (int i = size - 1; i >= 0; --i)
        out.push_back(static_cast<std::uint8_t>(value >> static_cast<unsigned>(8 * i)));
}

void append(Bytes& out, const Bytes& more) {
    out.insert(out.end(), more.begin(), more.end());
}

}  // namespace

/// Takes items off the front of bytes, and throws where there are none.
class CborReader {
  public:
    explicit CborReader(View bytes) : rest_(bytes) {}
    [[nodiscard]] bool is_empty() const { return rest_.empty(); }

    Cbor item(int depth = 0) {
        if (depth > kDeepest) throw std::runtime_error("too deep");
        const std::uint8_t first = take(1)[0];
        const auto major = static_cast<Major>(first >> 5U);
        if (major == kSimple) return simple(first & 31U);
        const std::uint64_t value = argument(first & 31U);
        if (value > INT64_MAX) throw std::runtime_error("too large");
        const auto number = static_cast<std::int64_t>(value);
        if (major == kUnsigned) return number;
        if (major == kNegative) return -1 - number;
        return inner(major, value, depth);
    }

  private:
    View take(std::uint64_t size) {
        if (size > rest_.size()) throw std::runtime_error("too short");
        const View out = rest_.first(size);
        rest_ = rest_.subspan(size);
        return out;
    }
    std::uint64_t argument(unsigned low) {
        if (low < 24) return low;
        if (low > 27) throw std::runtime_error("of unknown length");
        std::uint64_t out = 0;
        for (const auto byte : take(1U << (low - 24))) out = out << 8U | byte;
        return out;
    }
    static Cbor simple(unsigned low) {
        if (low != kFalse && low != kTrue) throw std::runtime_error("neither true nor false");
        return low == kTrue;
    }
    Cbor inner(Major major, std::uint64_t size, int depth) {
        if (major == kBytes || major == kText) {
            Cbor out(major == kBytes ? Cbor::Kind::bytes : Cbor::Kind::text);
            const auto bytes = take(size);
            out.bytes_.assign(bytes.begin(), bytes.end());
            return out;
        }
        if (major != kList && major != kMap) throw std::runtime_error("a tag");
        Cbor out(major == kList ? Cbor::Kind::list : Cbor::Kind::map);
        for (std::uint64_t i = 0; i < (major == kMap ? 2 * size : size); ++i)
            out.items_.push_back(item(depth + 1));
        return out;
    }

    View rest_;
};

Cbor Cbor::list(std::vector<Cbor> items) {
    Cbor out(Kind::list);
    out.items_ = std::move(items);
    return out;
}

Cbor Cbor::map(std::vector<Member> members) {
    Cbor out(Kind::map);
    for (auto& [key, value] : members) {
        out.items_.push_back(std::move(key));
        out.items_.push_back(std::move(value));
    }
    return out;
}

std::optional<Cbor> Cbor::parse(View bytes) try {
    CborReader reader(bytes);
    Cbor out = reader.item();
    return reader.is_empty() ? std::optional(std::move(out)) : std::nullopt;
} catch (const std::runtime_error&) {
    return std::nullopt;
}

Bytes Cbor::encode() const {
    Bytes out;
    switch (kind_) {
        case Kind::number:
            if (number_ < 0)
                put_head(out, kNegative, static_cast<std::uint64_t>(-1 - number_));
            else
                put_head(out, kUnsigned, static_cast<std::uint64_t>(number_));
            break;
        case Kind::boolean:
            put_head(out, kSimple, number_ != 0 ? kTrue : kFalse);
            break;
        case Kind::bytes:
        case Kind::text:
            put_head(out, kind_ == Kind::bytes ? kBytes : kText, bytes_.size());
            append(out, bytes_);
            break;
        default:
            put_head(out, kind_ == Kind::list ? kList : kMap,
                     kind_ == Kind::list ? items_.size() : items_.size() / 2);
            for (const auto& item : items_) append(out, item.encode());
    }
    return out;
}

void Cbor::need(Kind kind) const {
    if (kind_ != kind) throw std::runtime_error("another kind of item is expected");
}

std::int64_t Cbor::number() const {
    need(Kind::number);
    return number_;
}
bool Cbor::boolean() const {
    need(Kind::boolean);
    return number_ != 0;
}
const Bytes& Cbor::bytes() const {
    need(Kind::bytes);
    return bytes_;
}
std::string Cbor::text() const {
    need(Kind::text);
    return {bytes_.begin(), bytes_.end()};
}
const std::vector<Cbor>& Cbor::items() const {
    need(Kind::list);
    return items_;
}

const Cbor* Cbor::find(const Cbor& key) const {
    need(Kind::map);
    for (std::size_t i = 0; i + 1 < items_.size(); i += 2)
        if (items_[i] == key) return &items_[i + 1];
    return nullptr;
}

const Cbor& Cbor::at(const Cbor& key) const {
    if (const auto* found = find(key)) return *found;
    throw std::runtime_error("a member is missing");
}

bool Cbor::operator==(const Cbor& other) const {
    return kind_ == other.kind_ && number_ == other.number_ && bytes_ == other.bytes_ &&
           items_ == other.items_;
}

}  // namespace hearth::fido2::test
