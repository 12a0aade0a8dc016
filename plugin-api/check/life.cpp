// SPDX-License-Identifier: MIT
#include "life.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "core/base/unique_fd.hpp"

namespace hearth::check {
namespace {

struct SizeWish {
    std::uint64_t bytes;
    hearth_flags flags;
};

void begin(Bench& bench, std::uint32_t verb) {
    bench.ledger().verb = verb;
    bench.ledger().phase = HEARTH_PHASE_BEGUN;
    bench.ledger().note_size = 0;
}

/// Ends the session as core does after a failure, which is what counts.
Did give_up(Bench& bench, OpenHome& home, Did why) {
    static_cast<void>(end_session(bench, home, HEARTH_CLOSE_ROLLBACK));
    return why;
}

Did fill(Bench& bench, OpenHome& home) {
    DID_STEP(mount_folder(bench, home));
    return write_marker(bench, home);
}

Did unlock_and_read(Bench& bench, OpenHome& home) {
    DID_STEP(unlock_only(bench, home));
    Did did = mount_folder(bench, home);
    if (did.ok()) did = read_marker(bench, home);
    return did.ok() ? did : give_up(bench, home, std::move(did));
}

/// As core does it: what is mounted is out of the way while it changes its size offline.
Did change_size(Bench& bench, OpenHome& home, bool online, const SizeWish& wish,
                std::uint64_t& actual) {
    const bool leaves = !online && home.detached;
    if (leaves) {
        ::close(std::exchange(home.folder, -1));
        DID_STEP(bench.call("unmount", &hearth_storage::unmount, home.session));
    }
    auto did = bench.call("resize", &hearth_storage::resize, home.session,
                          online ? home.folder : -1, wish.bytes, wish.flags, &actual);
    if (did.ok() && actual == 0)
        did = bench.broke(Breach::result, "resize succeeds without a size");
    if (did.ok() && leaves) did = mount_folder(bench, home);
    return did;
}

}  // namespace

Did create_home(Bench& bench) {
    begin(bench, HEARTH_VERB_CREATE);
    OpenHome home;
    DID_STEP(begin_create(bench, home));
    if (auto did = fill(bench, home); !did.ok()) return give_up(bench, home, std::move(did));
    if (bench.settings().halfway) bench.settings().halfway();
    bench.ledger().phase = HEARTH_PHASE_COMMITTING;
    DID_STEP(end_session(bench, home, HEARTH_CLOSE_COMMIT));
    bench.ledger().phase = HEARTH_PHASE_RECORDED;
    return {};
}

Did open_home(Bench& bench) {
    begin(bench, HEARTH_VERB_UPDATE);
    OpenHome home;
    DID_STEP(unlock_and_read(bench, home));
    return end_session(bench, home, HEARTH_CLOSE_COMMIT);
}

Did use_home(Bench& bench, const std::function<Did(const OpenHome&)>& use) {
    begin(bench, HEARTH_VERB_ACTIVATE);
    OpenHome home;
    DID_STEP(unlock_and_read(bench, home));
    if (use)
        if (auto did = use(home); !did.ok()) return give_up(bench, home, std::move(did));
    DID_STEP(end_session(bench, home, HEARTH_CLOSE_KEEP_ACTIVE));
    bench.ledger().verb = HEARTH_VERB_DEACTIVATE;
    return bench.call("deactivate", &hearth_storage::deactivate, bench.record(), -1,
                      hearth_flags{0});
}

Did lock_home(Bench& bench, const std::function<Did()>& while_locked) {
    begin(bench, HEARTH_VERB_LOCK);
    OpenHome home;
    DID_STEP(unlock_and_read(bench, home));
    // In place of the mount that core leaves at the home directory.
    UniqueFd in_use(::fcntl(home.folder, F_DUPFD_CLOEXEC, 0));
    DID_STEP(end_session(bench, home, HEARTH_CLOSE_KEEP_ACTIVE));
    DID_STEP(bench.call("lock", &hearth_storage::lock, bench.record()));
    DID_STEP(while_locked());
    DID_STEP(bench.call("unlock", &hearth_storage::unlock, bench.record()));
    in_use.reset();
    return bench.call("deactivate", &hearth_storage::deactivate, bench.record(), -1,
                      hearth_flags{0});
}

Did rekey_home(Bench& bench, unsigned new_mask, bool commit) {
    begin(bench, HEARTH_VERB_PASSWD);
    OpenHome home;
    DID_STEP(unlock_and_read(bench, home));
    const auto list = bench.credentials(new_mask);
    auto did = bench.call("rekey_prepare", &hearth_storage::rekey_prepare, home.session,
                          list.data(), list.size());
    if (!did.ok()) return give_up(bench, home, std::move(did));
    // Here core writes the host's record: from now on the change holds.
    if (commit) bench.ledger().phase = HEARTH_PHASE_RECORDED;
    did = bench.call("rekey_finish", &hearth_storage::rekey_finish, home.session,
                     std::uint32_t{commit ? 1U : 0U});
    if (!did.ok()) return give_up(bench, home, std::move(did));
    return end_session(bench, home, HEARTH_CLOSE_COMMIT);
}

Did resize_home(Bench& bench, bool online, std::uint64_t bytes, hearth_flags flags,
                std::uint64_t& actual) {
    begin(bench, HEARTH_VERB_RESIZE);
    OpenHome home;
    DID_STEP(unlock_and_read(bench, home));
    actual = 0;
    auto did = change_size(bench, home, online, {bytes, flags}, actual);
    if (!did.ok()) return give_up(bench, home, std::move(did));
    return end_session(bench, home, HEARTH_CLOSE_COMMIT);
}

Did remove_home(Bench& bench) {
    begin(bench, HEARTH_VERB_REMOVE);
    return bench.call("remove", &hearth_storage::remove, bench.record());
}

Did recover_home(Bench& bench, const Ledger& left) {
    const hearth_intent intent{sizeof intent, left.verb, left.op_id,
                               left.phase,    0,         {left.note, left.note_size}};
    if (left.verb == HEARTH_VERB_DEACTIVATE)
        DID_STEP(bench.call("deactivate", &hearth_storage::deactivate, bench.record(), -1,
                            hearth_flags{0}));
    return bench.call("recover", &hearth_storage::recover, bench.record(), &intent,
                      static_cast<hearth_session*>(nullptr));
}

}  // namespace hearth::check
