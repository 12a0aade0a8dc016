// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/base/error.hpp"

#include <cstring>
#include <utility>

namespace hearth {

Error::Error(Code code, std::string_view id, std::string what, const char* file, int line)
    : code_(code), id_(id), what_(std::move(what)), file_(file), line_(line) {}

Error&& Error::why(std::string sentence) && {
    why_ = std::move(sentence);
    return std::move(*this);
}

Error&& Error::hint(std::string sentence) && {
    hint_ = std::move(sentence);
    return std::move(*this);
}

Error&& Error::sys(int sys_errno) && {
    sys_errno_ = sys_errno;
    if (why_.empty()) why_ = "The system says: " + std::string(strerrordesc_np(sys_errno)) + ".";
    return std::move(*this);
}

Error&& Error::context(std::string sentence) && {
    why_ = why_.empty() ? std::move(what_) : what_ + " " + why_;
    what_ = std::move(sentence);
    return std::move(*this);
}

std::string Error::one_line() const {
    return why_.empty() ? what_ : what_ + " " + why_;
}

}  // namespace hearth
