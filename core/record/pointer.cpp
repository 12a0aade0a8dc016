// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/pointer.hpp"

#include <charconv>

namespace hearth::record {

namespace {

std::optional<std::string> unescape(std::string_view part) {
    std::string out;
    for (std::size_t at = 0; at < part.size(); ++at) {
        if (part[at] != '~') {
            out += part[at];
            continue;
        }
        if (++at == part.size() || (part[at] != '0' && part[at] != '1')) return {};
        out += part[at] == '0' ? '~' : '/';
    }
    return out;
}

const Value* step(const Value& from, const std::string& part) {
    if (const auto* object = from.object()) return object->find(part);
    const auto* array = from.array();
    if (!array || part.empty() || (part.size() > 1 && part.front() == '0')) return nullptr;
    std::size_t index = 0;
    const char* end = part.data() + part.size();
    const auto result = std::from_chars(part.data(), end, index);
    if (result.ec != std::errc() || result.ptr != end || index >= array->size()) return nullptr;
    return &(*array)[index];
}

}  // namespace

std::optional<std::vector<std::string>> parse_pointer(std::string_view text) {
    if (text.empty()) return {};
    if (text.front() != '/') return std::vector{std::string(text)};
    std::vector<std::string> path;
    while (!text.empty()) {
        const std::size_t end = text.find('/', 1);
        auto part = unescape(text.substr(1, end == std::string_view::npos ? end : end - 1));
        if (!part) return {};
        path.push_back(*std::move(part));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end);
    }
    return path;
}

const Value* follow(const Value* start, const std::vector<std::string>& path, std::size_t from) {
    const Value* here = start;
    for (std::size_t i = from; here && i < path.size(); ++i) here = step(*here, path[i]);
    return here;
}

}  // namespace hearth::record
