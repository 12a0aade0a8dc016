// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/tokens/qr_code.hpp"

#include <dlfcn.h>
#include <string.h>

#include <cstddef>
#include <string_view>

namespace hearth::homectl {

namespace {

// The part of libqrencode's interface that is used here. The library is loaded for the one run in a
// home's life that shows a key.
struct Code {
    int version;
    int width;
    unsigned char* data;  // a byte per module, row by row; bit 0: dark
};
using Encode = Code* (*)(int size, const unsigned char* data, int version, int level);
using Release = void (*)(Code* code);

constexpr int kAnyVersion = 0;
constexpr int kLowLevel = 0;
constexpr int kBorder = 2;  // modules; two text rows' worth of light around
constexpr std::string_view kColours = "\033[40;37;1m";
constexpr std::string_view kReset = "\033[0m\n";
constexpr std::size_t kCell = 3;  // bytes of the longest character

struct Library {
    Encode encode = nullptr;
    Release release = nullptr;
};

Library load() {
    void* const handle = dlopen("libqrencode.so.4", RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return {};
    return {reinterpret_cast<Encode>(dlsym(handle, "QRcode_encodeData")),
            reinterpret_cast<Release>(dlsym(handle, "QRcode_free"))};
}

bool is_light(const Code& code, int x, int y) {
    if (x < 0 || y < 0 || x >= code.width || y >= code.width) return true;
    return (code.data[y * code.width + x] & 1U) == 0;
}

/// Two rows of modules in one of characters.
std::string_view character(bool upper, bool lower) {
    if (upper && lower) return "\u2588";
    if (upper) return "\u2580";
    return lower ? "\u2584" : " ";
}

class Pen {
  public:
    explicit Pen(secret::Secret& paper) : paper_(paper) {}
    void write(std::string_view text) {
        memcpy(paper_.expose().data() + length_, text.data(), text.size());
        length_ += text.size();
    }
    void finish() { paper_.shrink(length_); }

  private:
    secret::Secret& paper_;
    std::size_t length_ = 0;
};

std::optional<secret::Secret> draw(const Code& code) {
    const auto cells = static_cast<std::size_t>(code.width + 2 * kBorder);
    const std::size_t line = kColours.size() + cells * kCell + kReset.size();
    auto paper = secret::Secret::with_size(line * (cells / 2 + 1));
    if (!paper) return std::nullopt;
    Pen pen(*paper);
    for (int y = -kBorder; y < code.width + kBorder; y += 2) {
        pen.write(kColours);
        for (int x = -kBorder; x < code.width + kBorder; ++x)
            pen.write(character(is_light(code, x, y), is_light(code, x, y + 1)));
        pen.write(kReset);
    }
    pen.finish();
    return std::move(*paper);
}

}  // namespace

std::optional<secret::Secret> qr_code_of(const secret::Secret& text) {
    const Library library = load();
    if (library.encode == nullptr || library.release == nullptr) return std::nullopt;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.c_str());
    Code* const code = library.encode(static_cast<int>(text.size()), bytes, kAnyVersion, kLowLevel);
    if (code == nullptr) return std::nullopt;
    auto drawn = draw(*code);
    explicit_bzero(code->data, static_cast<std::size_t>(code->width * code->width));
    library.release(code);
    return drawn;
}

}  // namespace hearth::homectl
