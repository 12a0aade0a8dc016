// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/token_entries.hpp"

#include <optional>

namespace hearth::operation {

namespace {

constexpr const char* kHash = "hashedPassword";

std::optional<TokenEntry> entry_of(const record::Value& value) {
    const auto* object = value.object();
    const auto* hash = object ? object->get(kHash).string() : nullptr;
    if (!hash) return std::nullopt;
    record::Object bare = *object;
    bare.remove(kHash);
    return TokenEntry{record::Value(std::move(bare)).json(), *hash};
}

}  // namespace

std::vector<TokenArray> token_arrays(const record::UserRecord& record) {
    std::vector<TokenArray> out;
    const auto* section = record.json().get("privileged").object();
    if (!section) return out;
    for (const auto& [name, value] : *section) {
        const auto* elements = name == "recoveryKey" ? nullptr : value.array();
        if (!elements) continue;
        TokenArray array{"/privileged/" + name, {}};
        for (const auto& element : *elements)
            if (auto entry = entry_of(element)) array.entries.push_back(*std::move(entry));
        if (!array.entries.empty()) out.push_back(std::move(array));
    }
    return out;
}

std::vector<std::string> token_hashes(const record::UserRecord& record) {
    std::vector<std::string> out;
    for (const auto& array : token_arrays(record))
        for (const auto& entry : array.entries) out.push_back(entry.hash);
    return out;
}

}  // namespace hearth::operation
