// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/over_bus.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "core/client/bus_strand.hpp"
#include "core/client/logged.hpp"
#include "core/client/side_by_side.hpp"
#include "core/client/talk.hpp"
#include "core/client/text_agent.hpp"
#include "core/home/uid.hpp"

namespace hearth::client {

namespace {

constexpr std::uint64_t kForever = UINT64_MAX;
/// Asked for beyond what the processors do, so that a worker that ends is followed by one at once.
constexpr std::size_t kInStock = 4;

constexpr BusMethod manager(const char* name, bool sensitive = false,
                            std::uint64_t patience = 120'000'000) {
    return {"/org/freedesktop/home1", "org.freedesktop.home1.Manager", name, sensitive, patience};
}

constexpr BusMethod kRun{"/dev/hearth/Home1", "dev.hearth.Home1", "Run"};
constexpr BusMethod kMetrics{"/dev/hearth/Home1", "dev.hearth.Home1", "Metrics"};
constexpr BusMethod kList = manager("ListHomes");
constexpr BusMethod kRecordByName = manager("GetUserRecordByName", true);
constexpr BusMethod kRecordByUid = manager("GetUserRecordByUID", true);
constexpr BusMethod kReference = manager("RefHome");
constexpr BusMethod kRelease = manager("ReleaseHome", false, kForever);
constexpr BusMethod kLockAll = manager("LockAllHomes", false, kForever);
constexpr BusMethod kDeactivateAll = manager("DeactivateAllHomes", false, kForever);
constexpr BusMethod kRebalance = manager("Rebalance", false, kForever);
constexpr BusMethod kListKeys = manager("ListSigningKeys");
constexpr BusMethod kAddKey = manager("AddSigningKey");
constexpr BusMethod kRemoveKey = manager("RemoveSigningKey");

struct Ends {
    UniqueFd ours;
    UniqueFd theirs;
};

Result<Ends> make_socket() {
    std::array<int, 2> fds{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds.data()) != 0)
        return Error(Code::internal, "service-refused", "A socket cannot be made.").sys(errno);
    return Ends{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Error nobody_to_ask() {
    return Error(Code::permission, "polkit-interaction",
                 "This is allowed only after somebody has been asked.")
        .why("polkit has nobody here whom it could ask.")
        .hint(
            "Run it as root, or where polkit can ask: on a desktop, or on a terminal with its "
            "pkttyagent.");
}

Error unreadable() {
    return Error(Code::internal, "service-refused",
                 "The service answered with something that cannot be read.");
}

}  // namespace

Result<Answer> OverBus::ask(worker::Request request, worker::Observer& observer) {
    name_operation(request, observer);
    request.silent = !observer.is_listening();
    const worker::Opening opening{home::Root(), std::move(request)};
    auto answer = ask_once(opening, observer);
    if (answer || answer.error().id() != "polkit-interaction") return answer;
    // Nobody's desktop asked them: perhaps their terminal can.
    const auto agent = may_ask_ ? TextAgent::start() : std::nullopt;
    if (agent) answer = ask_once(opening, observer);
    if (answer || answer.error().id() != "polkit-interaction") return answer;
    return nobody_to_ask();
}

Result<UniqueFd> OverBus::place(const worker::Opening& opening) {
    HEARTH_TRY(ends, make_socket());
    HEARTH_CHECK(worker::send_opening(ends.ours.get(), opening));
    HEARTH_TRY(accepted, bus_.call(kRun, "h", ends.theirs.get()));
    (void)accepted;
    // If it were still open here, the end of the service would go unnoticed.
    ends.theirs.reset();
    return std::move(ends.ours);
}

Result<Answer> OverBus::ask_once(const worker::Opening& opening, worker::Observer& observer) {
    HEARTH_TRY(socket, place(opening));
    return talk(socket.get(), observer);
}

Result<worker::Reply> OverBus::run(worker::Request request, worker::Observer& observer) {
    HEARTH_TRY(answer, ask(std::move(request), observer));
    return std::move(answer.reply);
}

/// Somebody who may have to be asked is asked about the first one: polkit remembers the answer.
void OverBus::run_first(Batch& batch, worker::Observer& observer) {
    auto item = batch.next();
    while (!item && batch.source_fd() >= 0) {
        std::array<pollfd, 2> watched = {
            {{observer.cancel_fd(), POLLIN, 0}, {batch.source_fd(), POLLIN, 0}}};
        ::poll(watched.data(), watched.size(), -1);
        if (watched[0].revents != 0) return;  // run_batch() sees it, too
        item = batch.next();
    }
    if (item) batch.on_done(item->number, run(std::move(item->request), observer));
}

Result<void> OverBus::run_batch(Batch& batch, worker::Observer& observer) {
    if (::geteuid() != 0) run_first(batch, observer);
    const auto begin = [&](worker::Request request) -> Result<std::unique_ptr<Strand>> {
        name_operation(request, observer);
        request.silent = !observer.is_listening();
        HEARTH_TRY(socket, place(worker::Opening{home::Root(), std::move(request)}));
        return std::unique_ptr<Strand>(std::make_unique<BusStrand>(std::move(socket)));
    };
    return SideBySide(batch, observer, processors() + kInStock, begin).run();
}

Result<Listing> OverBus::list() {
    HEARTH_TRY(reply, bus_.call(kList, ""));
    if (!bus_.enter_array(reply, "(susussso)")) return unreadable();
    Listing out;
    for (;;) {
        std::uint32_t uid = 0;
        std::uint32_t gid = 0;
        std::array<const char*, 6> text{};
        if (!bus_.read(reply, "(susussso)", &text[0], &uid, &text[1], &gid, &text[2], &text[3],
                       &text[4], &text[5]))
            return out;
        Listing::Row row{.name = text[0],
                         .uid = {},
                         .gid = {},
                         .state = text[1],
                         .real_name = text[2],
                         .home_directory = text[3],
                         .shell = text[4]};
        constexpr std::uint32_t kNone = UINT32_MAX;
        if (uid != kNone) row.uid = uid;
        if (gid != kNone) row.gid = gid;
        // Where a record has no real name, the user name stands for it on the bus.
        if (row.real_name == row.name) row.real_name.clear();
        out.rows.push_back(std::move(row));
    }
}

record::Object OverBus::status_of(const record::UserRecord& record) const {
    const auto all = record.get("status");
    const auto* const machines = all ? all->object() : nullptr;
    const auto* const ours = machines ? machines->get(machine_.id).object() : nullptr;
    return ours ? *ours : record::Object();
}

Result<Known> OverBus::find(const std::string& name) {
    const auto uid = home::parse_uid(name);
    HEARTH_TRY(reply, uid ? bus_.call(kRecordByUid, "u", *uid)
                          : bus_.call(kRecordByName, "s", name.c_str()));
    const char* text = nullptr;
    int incomplete = 0;
    if (!bus_.read(reply, "sb", &text, &incomplete)) return unreadable();
    HEARTH_TRY(record, record::UserRecord::parse(text));
    std::string state = status_of(record).get("state").text().value_or("");
    return Known{std::move(record), std::move(state), incomplete != 0};
}

std::optional<bool> OverBus::is_signed_here(const Known& home) {
    return status_of(home.record).get("signedLocally").flag();
}

/// Root need not prove that it may use a home that is open.
bool OverBus::opens_without_secret(const Known& home) const {
    return ::geteuid() == 0 && home.state == "active";
}

Result<Use> OverBus::acquire(worker::Request request, worker::Observer& observer) {
    HEARTH_TRY(known, find(request.subject));
    if (opens_without_secret(known)) {
        const int please_suspend = request.please_suspend ? 1 : 0;
        HEARTH_TRY(reply,
                   bus_.call(kReference, "sb", known.record.user_name().c_str(), please_suspend));
        int fd = -1;
        if (!bus_.read(reply, "h", &fd)) return unreadable();
        // The message closes its own.
        return Use{std::move(known.record), UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 3)), false};
    }
    request.verb = "acquire";
    HEARTH_TRY(answer, ask(std::move(request), observer));
    if (!answer.reference) return unreadable();
    auto& record = answer.reply.record ? *answer.reply.record : known.record;
    return Use{std::move(record), std::move(answer.reference), false};
}

/// The home is closed when the last reference is gone. Only root may ask to be told what came of
/// that.
Result<void> OverBus::release(Use use, worker::Observer& /*observer*/) {
    use.reference.reset();
    if (::geteuid() != 0) return ok();
    auto released = bus_.call(kRelease, "s", use.record.user_name().c_str());
    // Nobody was left who used it, and the service was faster.
    if (!released && released.error().code() != Code::home_not_active)
        return std::move(released).error();
    return ok();
}

Result<void> OverBus::lock_all(worker::Observer& /*observer*/, const Each& /*each*/) {
    HEARTH_TRY(reply, bus_.call(kLockAll, ""));
    (void)reply;
    return ok();
}

Result<void> OverBus::deactivate_all(worker::Observer& /*observer*/, const Each& /*each*/) {
    HEARTH_TRY(reply, bus_.call(kDeactivateAll, ""));
    (void)reply;
    return ok();
}

Result<void> OverBus::rebalance() {
    HEARTH_TRY(reply, bus_.call(kRebalance, ""));
    (void)reply;
    return ok();
}

Result<std::string> OverBus::metrics() {
    HEARTH_TRY(reply, bus_.call(kMetrics, ""));
    const char* text = nullptr;
    if (!bus_.read(reply, "s", &text)) return unreadable();
    return std::string(text);
}

Result<std::vector<PublicKey>> OverBus::keys() {
    HEARTH_TRY(reply, bus_.call(kListKeys, ""));
    if (!bus_.enter_array(reply, "(sst)")) return unreadable();
    std::vector<PublicKey> out;
    const char* name = nullptr;
    const char* pem = nullptr;
    std::uint64_t flags = 0;
    while (bus_.read(reply, "(sst)", &name, &pem, &flags)) out.push_back({name, pem});
    return out;
}

Result<void> OverBus::add_key(const PublicKey& key) {
    HEARTH_TRY(reply,
               bus_.call(kAddKey, "sst", key.name.c_str(), key.pem.c_str(), std::uint64_t{0}));
    (void)reply;
    return ok();
}

Result<void> OverBus::remove_key(const std::string& name) {
    HEARTH_TRY(reply, bus_.call(kRemoveKey, "st", name.c_str(), std::uint64_t{0}));
    (void)reply;
    return ok();
}

}  // namespace hearth::client
