// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/effective.hpp"

#include <algorithm>
#include <charconv>

#include "core/record/layers.hpp"
#include "core/record/pointer.hpp"

namespace hearth::record {

struct Effective::Layers {
    Layers(UserRecord owned, const Machine& machine)
        : record(std::move(owned)), layered(record.json(), machine) {}
    UserRecord record;
    LayeredRecord layered;
};

Effective::Effective(const UserRecord& record, const Machine& machine)
    : layers_(std::make_unique<Layers>(record.with_sections(Sections::stored), machine)) {}
Effective::Effective(Effective&&) noexcept = default;
Effective& Effective::operator=(Effective&&) noexcept = default;
Effective::~Effective() = default;

namespace {

/// Switches that older records wrote as true or false.
Value modernize(std::string_view field, Value value) {
    const auto flag = value.flag();
    if (!flag) return value;
    if (field == "rebalanceWeight") return Value(*flag ? 100U : 0U);
    if (field == "autoResizeMode") return Value(*flag ? "shrink-and-grow" : "off");
    return value;
}

std::optional<std::uint64_t> parse_octal(const std::string& text) {
    std::uint64_t mode = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, mode, 8);
    if (text.empty() || result.ec != std::errc() || result.ptr != end) return {};
    return mode;
}

std::string_view bare(std::string_view field) {
    return field.starts_with('/') ? field.substr(1) : field;
}

}  // namespace

std::optional<Value> Effective::value(std::string_view field) const {
    const auto path = parse_pointer(field);
    if (!path) return {};
    auto found = layers_->layered.find(*path);
    if (!found) return path->size() == 1 ? managed_default(*this, path->front()) : std::nullopt;
    return modernize(path->front(), *std::move(found));
}

std::optional<std::string> Effective::text(std::string_view field) const {
    const auto found = value(field);
    return found ? found->text() : std::nullopt;
}

std::optional<std::uint64_t> Effective::number(std::string_view field) const {
    const auto found = value(field);
    if (!found) return {};
    const auto name = bare(field);
    if (name == "umask" || name == "accessMode")
        if (const auto text = found->text()) return parse_octal(*text);
    return found->number();
}

std::optional<std::int64_t> Effective::integer(std::string_view field) const {
    const auto found = value(field);
    return found ? found->integer() : std::nullopt;
}

std::optional<bool> Effective::flag(std::string_view field) const {
    const auto found = value(field);
    return found ? found->flag() : std::nullopt;
}

std::vector<std::string> Effective::strings(std::string_view field) const {
    const auto found = value(field);
    return found ? found->strings().value_or(std::vector<std::string>())
                 : std::vector<std::string>();
}

const std::string& Effective::user_name() const {
    return layers_->record.user_name();
}
std::string Effective::home_directory() const {
    return text("homeDirectory").value_or("/home/" + user_name());
}
std::string Effective::shell() const {
    return text("shell").value_or("/bin/bash");
}
std::uint32_t Effective::access_mode() const {
    return static_cast<std::uint32_t>(number("accessMode").value_or(0700) & 07777U);
}

}  // namespace hearth::record
