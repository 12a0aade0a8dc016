// SPDX-License-Identifier: MIT
// P: the life of a home as root, with mounts, as core would have it.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <future>

#include "child.hpp"
#include "core/base/unique_fd.hpp"
#include "core/system/files.hpp"
#include "core/system/idmap.hpp"
#include "core/system/mounts.hpp"
#include "core/system/scratch_mount.hpp"
#include "workshop.hpp"

namespace hearth::check {
namespace {

constexpr const char* kPoint = "mounted-here";

/// What core does with a root: a private clone, restricted, its owner mapped, put at its place.
Result<void> attach(const OpenHome& home, const Home& whose, int folder) {
    HEARTH_TRY(mount, home.subdir.empty() ? system::clone_tree(home.root_fd)
                                          : system::clone_subfolder(home.root_fd, home.subdir));
    HEARTH_CHECK(system::set_mount_flags(mount.get(), {}));
    struct stat top {};
    ::fstat(home.folder, &top);
    if (home.idmap && top.st_uid != whose.uid) {
        HEARTH_TRY(users, system::make_home_idmap(top.st_uid, whose.uid));
        HEARTH_TRY(mapped, system::set_idmap(mount.get(), users.get()));
        if (mapped == system::Idmap::unsupported &&
            ::fchown(home.folder, whose.uid, whose.uid) != 0)
            return Error(Code::io, "check-owner", "The home cannot be given to its owner.");
    }
    ::mkdirat(folder, kPoint, 0700);
    return system::move_mount_to(mount.get(), folder, kPoint);
}

/// Writes and reads as the owner, in a process that is nobody else.
Outcome work_as_owner(const Home& home) {
    // Opened before: the way to it is root's alone.
    const std::string point = home.folder + "/" + kPoint;
    const UniqueFd top(::open(point.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    return in_child([&]() -> Outcome {
               if (::syscall(SYS_setgroups, 0, nullptr) != 0 ||
                   ::syscall(SYS_setresgid, home.uid, home.uid, home.uid) != 0 ||
                   ::syscall(SYS_setresuid, home.uid, home.uid, home.uid) != 0)
                   return failed("the owner cannot be played");
               const UniqueFd file(
                   ::openat(top.get(), "owners-letter", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
               struct stat info {};
               if (!file || ::write(file.get(), "x", 1) != 1)
                   return failed(std::string("the owner cannot write in the home: ") +
                                 std::strerror(errno));
               if (::fstat(file.get(), &info) != 0 || info.st_uid != home.uid)
                   return failed("what the owner writes belongs to somebody else");
               return passed();
           })
        .outcome;
}

Did as_did(const Outcome& outcome) {
    return outcome ? Did{} : Did{Did::kLost, outcome.text};
}

Did use_as_owner(const Home& home, const OpenHome& open) {
    const UniqueFd folder(::open(home.folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (auto attached = attach(open, home, folder.get()); !attached)
        return {Did::kLost, "the home cannot be mounted: " + attached.error().one_line()};
    const Outcome worked = work_as_owner(home);
    if (auto gone = system::unmount_at(folder.get(), kPoint); !gone)
        return {Did::kLost, "the home cannot be unmounted: " + gone.error().one_line()};
    ::unlinkat(folder.get(), kPoint, AT_REMOVEDIR);
    return as_did(worked);
}

/// The home's top folder belongs to its owner, as core sees to.
Did make_owned(Workshop& shop) {
    DID_STEP(shop.operate(create_home));
    return shop.operate([&](Bench& bench) {
        OpenHome home;
        DID_STEP(unlock_only(bench, home));
        Did made = mount_folder(bench, home);
        const uid_t owner = home.owner == HEARTH_OWNER_USER ? shop.home().uid : home.owner;
        if (made.ok() && ::fchown(home.folder, owner, owner) != 0)
            made = {Did::kLost, "the home cannot be given to its owner"};
        DID_STEP(end_session(bench, home, HEARTH_CLOSE_COMMIT));
        return made;
    });
}

Outcome needs_root(const Context& context) {
    return context.is_root ? passed() : skipped("needs root");
}

Outcome is_used(const Context& context) {
    CHECK_STEP(needs_root(context));
    Workshop shop(context);
    CHECK_STEP(shop.load());
    CHECK_STEP(to_outcome(make_owned(shop), "making a home"));
    for (int times = 0; times < 2; ++times) {
        CHECK_STEP(to_outcome(shop.operate([&](Bench& bench) {
            return use_home(bench,
                            [&](const OpenHome& open) { return use_as_owner(shop.home(), open); });
        }),
                              times == 0 ? "using the home" : "using the home again"));
        std::uint32_t state = 0;
        CHECK_STEP(to_outcome(shop.state(state), "asking for the state"));
        if (state != HEARTH_STATE_INACTIVE)
            return failed("deactivated, its state is " + std::to_string(state) +
                          " and not INACTIVE");
    }
    CHECK_STEP(to_outcome(shop.operate(remove_home), "removing the home"));
    return is_tidy(shop.home(), false);
}

bool can(const Context& context, std::string_view how, bool online) {
    const std::string end = online ? "-online" : "-offline";
    return context.manifest().has(std::string(how) + end) || context.manifest().has("resize" + end);
}

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;

Outcome to_size(Workshop& shop, bool online, std::uint64_t bytes, const std::string& when) {
    BenchSettings settings;
    settings.disk_size = bytes;
    std::uint64_t actual = 0;
    const Did did = shop.operate(
        [&](Bench& bench) { return resize_home(bench, online, bytes, 0, actual); }, settings);
    if (did.status == HEARTH_E_NOT_SUPPORTED)
        return skipped("needs another file system, see --place: " + did.text);
    // Which file system is in the medium the manifest cannot know.
    if (did.status == HEARTH_E_SHRINK_OFFLINE_ONLY && online) return is_whole(shop);
    if (did.status == HEARTH_E_CANNOT_SHRINK) return is_whole(shop);
    CHECK_STEP(to_outcome(did, when));
    const std::uint64_t off = actual > bytes ? actual - bytes : bytes - actual;
    if (off > bytes / 8)
        return failed(when + " to " + std::to_string(bytes) + " bytes gives " +
                      std::to_string(actual));
    Outcome whole = is_whole(shop);
    if (!whole) whole.text = when + ": " + whole.text;
    return whole;
}

Outcome resizes(const Context& context) {
    const bool any = can(context, "grow", true) || can(context, "grow", false) ||
                     can(context, "shrink", true) || can(context, "shrink", false);
    if (!any) return skipped("its medium cannot be resized");
    CHECK_STEP(needs_root(context));
    Workshop shop(context);
    CHECK_STEP(shop.load());
    BenchSettings settings;
    settings.disk_size = 256 * kMiB;
    CHECK_STEP(to_outcome(shop.operate(create_home, settings), "making a home"));
    for (const bool online : {false, true}) {
        if (can(context, "grow", online)) CHECK_STEP(to_size(shop, online, 320 * kMiB, "growing"));
        if (can(context, "shrink", online))
            CHECK_STEP(to_size(shop, online, 256 * kMiB, "shrinking"));
    }
    return passed();
}

Outcome locks(const Context& context) {
    if (!context.manifest().has("lock")) return skipped("its medium cannot be locked");
    CHECK_STEP(needs_root(context));
    Workshop shop(context);
    CHECK_STEP(shop.load());
    CHECK_STEP(to_outcome(shop.operate(create_home), "making a home"));
    const auto while_locked = [&]() -> Did {
        std::uint32_t state = 0;
        DID_STEP(shop.state(state));
        if (state != HEARTH_STATE_LOCKED)
            return {Did::kLost, "locked, its state is " + std::to_string(state)};
        BenchSettings wrong;
        wrong.known_passwords = 2;
        const Did opened = shop.operate(
            [](Bench& bench) {
                return bench.call("unlock", &hearth_storage::unlock, bench.record());
            },
            wrong);
        return opened.ok() ? Did{Did::kLost, "a wrong password unlocks it"} : Did{};
    };
    CHECK_STEP(
        to_outcome(shop.operate([&](Bench& bench) { return lock_home(bench, while_locked); }),
                   "locking and unlocking"));
    return is_whole(shop);
}

/// Both are there, or ten seconds are over.
void meet(std::atomic<int>& arrived) {
    ++arrived;
    for (int i = 0; i < 1000 && arrived < 2; ++i) ::usleep(10000);
}

Outcome live_beside(const Context& context, const std::string& user, std::atomic<int>& arrived) {
    Workshop shop(context, user);
    CHECK_STEP(shop.load());
    BenchSettings settings;
    settings.halfway = [&] { meet(arrived); };
    CHECK_STEP(to_outcome(shop.operate(create_home, settings), "making the home of " + user));
    CHECK_STEP(is_whole(shop));
    return to_outcome(shop.operate(remove_home), "removing the home of " + user);
}

Outcome serves_two(const Context& context) {
    CHECK_STEP(needs_root(context));
    void* memory = ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return failed("there is no memory");
    auto& arrived = *new (memory) std::atomic<int>(0);
    const auto pair = in_child([&]() -> Outcome {
        auto ann = std::async(std::launch::async, [&] {
            return in_child([&] { return live_beside(context, "ann", arrived); }).outcome;
        });
        const Outcome bob = in_child([&] { return live_beside(context, "bob", arrived); }).outcome;
        const Outcome other = ann.get();
        return bob ? other : bob;
    });
    ::munmap(memory, sizeof(std::atomic<int>));
    return pair.outcome;
}

constexpr auto kStorage = Rule::About::storage;
constexpr const char* kFirm = "L01! L06 C01! C02 C03 C04";
constexpr std::array kRules = {
    Rule{"P01", "keeps a home that its owner uses", kFirm, kStorage, is_used},
    Rule{"P02", "becomes as large as it is told", kFirm, kStorage, resizes},
    Rule{"P03", "locks and unlocks", kFirm, kStorage, locks},
    Rule{"P04", "serves two users at the same time", kFirm, kStorage, serves_two},
};

}  // namespace

std::span<const Rule> life_rules() {
    return kRules;
}

}  // namespace hearth::check
