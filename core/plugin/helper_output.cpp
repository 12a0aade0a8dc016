// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/helper_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace hearth::plugin {
namespace {

constexpr std::size_t kMaxLine = 1024;
constexpr std::size_t kMaxLines = 200;

}  // namespace

HelperOutput::HelperOutput(UniqueFd pipe, std::function<void(std::string_view)> on_line)
    : pipe_(std::move(pipe)), on_line_(std::move(on_line)) {
    ::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);
}

void HelperOutput::line(std::string_view text) {
    if (text.empty()) return;
    if (++lines_ <= kMaxLines) on_line_(text.substr(0, kMaxLine));
}

void HelperOutput::read_some() {
    std::array<char, 4096> buffer{};
    const ssize_t got = ::read(pipe_.get(), buffer.data(), buffer.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
        pipe_.reset();
        return;
    }
    partial_.append(buffer.data(), static_cast<std::size_t>(got));
    for (auto end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n')) {
        line(std::string_view(partial_).substr(0, end));
        partial_.erase(0, end + 1);
    }
    if (partial_.size() > kMaxLine) {
        line(partial_);
        partial_.clear();
    }
}

void HelperOutput::drain() {
    // At most what a pipe holds: a process that the program left behind could write for ever.
    for (int i = 0; i < 16 && pipe_; ++i) read_some();
    line(partial_);
    partial_.clear();
    if (lines_ > kMaxLines)
        on_line_("(" + std::to_string(lines_ - kMaxLines) + " more lines are left out)");
    pipe_.reset();
}

}  // namespace hearth::plugin
