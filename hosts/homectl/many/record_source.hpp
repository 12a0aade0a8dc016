// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "hosts/homectl/many/record_stream.hpp"

namespace hearth::homectl {

/// The records of --many's file or of standard input, as they come.
class RecordSource {
  public:
    /// "-" is standard input. Errors: option-file-unreadable.
    static Result<RecordSource> open(const std::string& path);

    /// The next piece, or nothing: there is none yet, or none any more. Never waits.
    std::optional<RecordStream::Piece> take();
    /// Readable when there may be more; -1: it is the end.
    [[nodiscard]] int fd() const { return ended_ ? -1 : fd_; }
    /// Why reading stopped before the end; told once.
    std::optional<Error> take_problem() { return std::exchange(problem_, std::nullopt); }

  private:
    RecordSource(std::string path, UniqueFd owned, int fd)
        : path_(std::move(path)), owned_(std::move(owned)), fd_(fd) {}
    /// False: nothing is there at the moment.
    bool read_some();
    void end(int sys_errno);

    std::string path_;
    UniqueFd owned_;
    int fd_;
    bool ended_ = false;
    std::optional<Error> problem_;
    RecordStream stream_;
};

}  // namespace hearth::homectl
