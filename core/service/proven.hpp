// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/crypto/hashes.hpp"
#include "core/home/root.hpp"

namespace hearth::service {

/// What was found to be signed by this machine's key alone, remembered by content over restarts: a
/// signature is verified once.
///
/// Each is the hash of key and text together, so that neither another text nor another key finds
/// the answer of this one. It is believed only if nobody but the owner of this process could have
/// written the file. Losing it costs time, nothing else.
class Proven {
  public:
    /// Reads what an earlier run has left. What cannot be read or believed is empty.
    explicit Proven(home::Root root);

    /// `key`: the raw public key.
    [[nodiscard]] bool contains(std::string_view key, std::string_view text);
    void add(std::string_view key, std::string_view text);
    /// Is there anything that the file does not have?
    [[nodiscard]] bool is_new() const { return is_new_; }
    /// Keeps it, without waiting for the disk. Errors: file-*, store-unreadable.
    Result<void> save();

  private:
    home::Root root_;
    std::set<crypto::Sha256> found_;  // by the earlier run
    std::set<crypto::Sha256> used_;   // asked for in this one: what is kept when there is too much
    bool is_new_ = false;
};

}  // namespace hearth::service
