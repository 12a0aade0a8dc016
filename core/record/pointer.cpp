// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/pointer.hpp"

#include <charconv>

#include "core/record/poco_value.hpp"

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

std::optional<Poco::Dynamic::Var> step(const Poco::Dynamic::Var& from, const std::string& part) {
    if (const auto object = as_object(from)) {
        if (!object->has(part)) return {};
        return std::make_optional<Poco::Dynamic::Var>(object->get(part));
    }
    const auto array = as_array(from);
    if (!array || part.empty() || (part.size() > 1 && part.front() == '0')) return {};
    unsigned index = 0;
    const char* end = part.data() + part.size();
    const auto result = std::from_chars(part.data(), end, index);
    if (result.ec != std::errc() || result.ptr != end || index >= array->size()) return {};
    return std::make_optional<Poco::Dynamic::Var>(array->get(index));
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

std::optional<Poco::Dynamic::Var> follow(const Poco::Dynamic::Var& start,
                                         const std::vector<std::string>& path, std::size_t from) {
    Poco::Dynamic::Var here = start;
    for (std::size_t i = from; i < path.size(); ++i) {
        const auto next = step(here, path[i]);
        if (!next) return {};
        here = *next;
    }
    return std::make_optional<Poco::Dynamic::Var>(here);
}

}  // namespace hearth::record
