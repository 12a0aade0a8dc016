// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "bench.hpp"

namespace hearth::check {

/// A session that is still open, with the home in it.
struct OpenHome {
    hearth_session* session = nullptr;
    int folder = -1;  // the home's top folder; owned
    // As the plugin gave them.
    int root_fd = -1;
    bool detached = false;  // a mount that is attached nowhere
    std::string subdir = {};
    bool idmap = false;
    std::uint32_t owner = 0;
};
// Core's verbs, as the calls that they make: in its order, with its journal, and undone as it would
// undo them. Each sets verb and phase of the bench's ledger.

/// Makes a home with a file in it.
Did create_home(Bench& bench);
/// Opens it, looks at the file, and closes it again.
Did open_home(Bench& bench);
/// Opens it for use and closes it after use. `use` gets the way into it, and is over before the
/// home is closed.
Did use_home(Bench& bench, const std::function<Did(const OpenHome&)>& use = {});
/// Replaces the keys by those for `new_mask`; with `commit` 0 takes that back.
Did rekey_home(Bench& bench, unsigned new_mask, bool commit);
/// Changes the size and says which one came out. `online`: with the way into the home.
Did resize_home(Bench& bench, bool online, std::uint64_t bytes, hearth_flags flags,
                std::uint64_t& actual);
Did remove_home(Bench& bench);
/// What core asks for in a fresh process after the death of the one that wrote `left`.
Did recover_home(Bench& bench, const Ledger& left);

/// The same with the keys out of the kernel in between, for media that can lock().
Did lock_home(Bench& bench, const std::function<Did()>& while_locked);

/// One question each.
Did state_of(Bench& bench, std::uint32_t& out);
Did usage_of(Bench& bench, hearth_usage& out);
Did probe_of(Bench& bench, int fd, hearth_probe& out);

// The parts of the above.
Did unlock_only(Bench& bench, OpenHome& out);
Did begin_create(Bench& bench, OpenHome& out);
Did mount_folder(Bench& bench, OpenHome& home);
Did end_session(Bench& bench, OpenHome& home, std::uint32_t disposition);
/// The file that shows whether a home is the one that was made.
Did write_marker(Bench& bench, const OpenHome& home);
Did read_marker(Bench& bench, const OpenHome& home);

}  // namespace hearth::check

/// Leaves the function with what was done, unless it went well.
#define DID_STEP(expr)                                   \
    do {                                                 \
        if (auto did_ = (expr); !did_.ok()) return did_; \
    } while (false)
