// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "hosts/homectl/many/password_list.hpp"
#include "hosts/homectl/many/record_stream.hpp"

namespace {

/// What a text is cut into, when it comes in parts of so many bytes.
std::string cut(std::string_view text, std::size_t step) {
    hearth::homectl::RecordStream stream;
    for (std::size_t at = 0; at < text.size(); at += step) stream.add(text.substr(at, step));
    stream.end();
    std::string out;
    while (auto piece = stream.take())
        out += std::to_string(piece->line) + ":" +
               (piece->text ? *piece->text : piece->text.error().id()) + "\n";
    return out;
}

}  // namespace

/// However the bytes come, they are cut in the same places.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string whole = cut(text, size + 1);
    if (cut(text, 1) != whole || cut(text, 7) != whole) std::abort();
    const auto passwords = hearth::homectl::PasswordList::parse(text);
    if (!passwords && passwords.error().id().empty()) std::abort();
    return 0;
}
