// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/record_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/home/store.hpp"

namespace hearth::homed {

namespace {

constexpr std::string_view kSuffix = ".identity";
constexpr std::uint32_t kEvents =
    IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_ONLYDIR;

Error no_watch() {
    return Error(Code::io, "record-watch",
                 "Changes that others make to the records of homes cannot be noticed.")
        .sys(errno)
        .hint("They count when the service is started again.");
}

/// The users whose files one reading of the events names; "": some were lost.
void collect(const char* begin, const char* end, std::set<std::string>& users) {
    while (begin < end) {
        inotify_event event{};
        std::memcpy(&event, begin, sizeof event);
        const std::string_view name(begin + sizeof event, event.len);
        const std::string file(name.substr(0, name.find('\0')));
        if ((event.mask & IN_Q_OVERFLOW) != 0) users.insert("");
        if (file.size() > kSuffix.size() && file.ends_with(kSuffix) && file.front() != '.')
            users.insert(file.substr(0, file.size() - kSuffix.size()));
        begin += sizeof event + event.len;
    }
}

}  // namespace

Result<std::unique_ptr<RecordWatch>> RecordWatch::start(service::Service& service) {
    HEARTH_TRY(store, home::Store::open(service.root()));
    HEARTH_CHECK(store.ensure_dir());
    UniqueFd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!fd || ::inotify_add_watch(fd.get(), service.root().state_dir().c_str(), kEvents) < 0)
        return no_watch();
    std::unique_ptr<RecordWatch> watch(new RecordWatch(service, std::move(fd)));
    RecordWatch& started = *watch;
    started.watch_ = service.loop().watch(started.fd_.get(), [&started] { started.on_readable(); });
    return watch;
}

void RecordWatch::on_readable() {
    alignas(inotify_event) std::array<char, 16384> buffer{};
    std::set<std::string> users;
    for (;;) {
        const ssize_t n = ::read(fd_.get(), buffer.data(), buffer.size());
        if (n <= 0) break;
        collect(buffer.data(), buffer.data() + n, users);
    }
    if (users.erase("") != 0) add_everybody(users);
    for (const std::string& user : users) service_.record_changed(user);
}

/// Some events were lost: any record may have changed, or come, or gone.
void RecordWatch::add_everybody(std::set<std::string>& users) const {
    for (const auto& entry : service_.homes().homes()) users.insert(entry.first);
    const auto store = home::Store::open(service_.root());
    auto names = store ? store->names() : Result<std::vector<std::string>>(store.error());
    if (names) users.insert(names->begin(), names->end());
}

}  // namespace hearth::homed
