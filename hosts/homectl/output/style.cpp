// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/style.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace hearth::homectl {

namespace {

bool has_colours(int fd) {
    const char* const no_color = std::getenv("NO_COLOR");
    if (no_color != nullptr && *no_color != '\0') return false;
    const char* const terminal = std::getenv("TERM");
    return isatty(fd) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

std::string_view code_of(Colour colour) {
    switch (colour) {
        case Colour::green:
            return "\033[32m";
        case Colour::yellow:
            return "\033[33m";
        case Colour::red:
            return "\033[31m";
        case Colour::grey:
            return "\033[90m";
        case Colour::bold:
            return "\033[1m";
        case Colour::none:
            break;
    }
    return "";
}

}  // namespace

bool stdout_has_colours() {
    return has_colours(STDOUT_FILENO);
}
bool stderr_has_colours() {
    return has_colours(STDERR_FILENO);
}

std::string paint(std::string_view text, Colour colour, bool colours) {
    if (!colours || colour == Colour::none) return std::string(text);
    return std::string(code_of(colour)) + std::string(text) + "\033[0m";
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_error_line(std::string_view text) {
    std::fflush(stdout);
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fputc('\n', stderr);
}

}  // namespace hearth::homectl
