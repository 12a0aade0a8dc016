// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/progress.hpp"

#include <unistd.h>

#include <cstdio>

#include "hosts/homectl/output/style.hpp"
#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

// Longer lines would wrap, and only their last row could be erased.
constexpr std::size_t kCells = 76;

std::string shortened(const std::string& line) {
    std::size_t at = 0;
    std::size_t width = 0;
    while (at < line.size()) {
        const std::size_t start = at;
        next_character(line, at);
        width += cell_width(std::string_view(line).substr(start, at - start));
        if (width > kCells) return line.substr(0, start);
    }
    return line;
}

}  // namespace

Progress::Progress(int cancel_fd, bool verbose)
    : cancel_fd_(cancel_fd), verbose_(verbose), terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
    erase();
}

void Progress::on_progress(const std::string& step, std::uint64_t done, std::uint64_t total) {
    if (verbose_) {
        if (step != step_) print_error_line("  " + clean(step));
        step_ = step;
        return;
    }
    if (!terminal_) return;
    std::string line = clean(step);
    if (total > 0) line += " " + std::to_string(done >= total ? 100 : done * 100 / total) + "%";
    std::fputs(("\r\033[K" + shortened(line)).c_str(), stderr);
    std::fflush(stderr);
    shown_ = true;
}

/// The log is for whoever looks for a fault: what people have to know comes with the result.
void Progress::on_log(unsigned /*priority*/, const std::string& line) {
    if (!verbose_) return;
    erase();
    print_error_line("  " + clean(line));
}

void Progress::erase() {
    if (!shown_) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    shown_ = false;
}

}  // namespace hearth::homectl
