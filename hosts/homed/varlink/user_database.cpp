// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/user_database.hpp"

#include <utility>

#include "hosts/homed/varlink/enumeration.hpp"
#include "hosts/homed/varlink/group_record.hpp"
#include "hosts/homed/varlink/memberships.hpp"
#include "hosts/homed/varlink/parameters.hpp"
#include "hosts/homed/varlink/reply.hpp"
#include "hosts/homed/varlink/uuid_filter.hpp"

namespace hearth::homed::varlink {

namespace {

using service::Home;

/// So that most grow only once.
constexpr std::size_t kUsualReply = 8192;

void fail(std::string& out, std::string_view name) {
    append_error(out, std::string("io.systemd.UserDatabase.").append(name));
}

std::string user_reply(const Home& home, const Peer& peer) {
    const bool trusted = peer.uid == 0 || (peer.uid == home.uid() && peer.uid != service::kNoUid);
    std::string reply;
    reply.reserve(kUsualReply);
    reply.append("{\"record\":");
    const bool incomplete = home.append_shown(reply, trusted);
    return reply.append(incomplete ? ",\"incomplete\":true}" : ",\"incomplete\":false}");
}

std::unique_ptr<Stream> all_users(const service::Registry& homes, const Peer& peer,
                                  const UuidFilter& filter) {
    return Enumeration::of_all(homes,
                               [peer, filter](const Home& home, std::deque<std::string>& replies) {
                                   if (filter.passes(home))
                                       replies.push_back(user_reply(home, peer));
                               });
}

/// A stream, if there is anything in it and the client can take it.
std::unique_ptr<Stream> several(const Call& call, std::unique_ptr<Stream> stream,
                                std::string& out) {
    if (!call.more) return append_expected_more(out), nullptr;
    if (!stream) fail(out, "NoRecordFound");
    return stream;
}

}  // namespace

std::string_view UserDatabase::description() const {
    return R"(# Users and groups, and who is in which
interface io.systemd.UserDatabase

# One user, or with neither a number nor a name all of them
method GetUserRecord(
  uid: ?int,
  userName: ?string,
  uuid: ?string,
  service: string
) -> (record: object, incomplete: ?bool)

# One group, or with neither a number nor a name all of them
method GetGroupRecord(
  gid: ?int,
  groupName: ?string,
  uuid: ?string,
  service: string
) -> (record: object, incomplete: ?bool)

# The groups of a user, the users of a group, all pairs, or whether a pair exists
method GetMemberships(
  userName: ?string,
  groupName: ?string,
  service: string
) -> (userName: string, groupName: string)

error NoRecordFound()
error BadService()
error ServiceNotAvailable()
error ConflictingRecordFound()
error EnumerationNotSupported()
error NonMatchingRecordFound()
)";
}

UserDatabase::UserDatabase(const service::Registry& homes, std::string machine_id,
                           std::string service)
    : homes_(homes), machine_id_(std::move(machine_id)), service_(std::move(service)) {}

std::unique_ptr<Stream> UserDatabase::call(const Call& call, const Peer& peer, std::string& out) {
    const std::string_view method = std::string_view(call.method).substr(name().size() + 1);
    if (method == "GetUserRecord") return get_user(call, peer, out);
    if (method == "GetGroupRecord") return get_group(call, out);
    if (method == "GetMemberships") return get_memberships(call, out);
    append_method_not_found(out, call.method);
    return nullptr;
}

bool UserDatabase::is_for_us(const std::optional<std::string_view>& service,
                             std::string& out) const {
    if (service == service_) return true;
    fail(out, "BadService");
    return false;
}

/// The number comes first: a name that belongs to somebody else is a conflict, and no name makes up
/// for a number that nobody has.
const Home* UserDatabase::find(const Key& key, std::string& out) const {
    const Home* const named = key.name ? homes_.find(*key.name) : nullptr;
    const Home* const found = key.id ? homes_.find_uid(*key.id) : named;
    if (found == nullptr)
        fail(out, "NoRecordFound");
    else if (key.name && named != found)
        fail(out, "ConflictingRecordFound");
    else
        return found;
    return nullptr;
}

std::unique_ptr<Stream> UserDatabase::get_user(const Call& call, const Peer& peer,
                                               std::string& out) const {
    Key key;
    std::optional<std::string_view> service;
    std::optional<std::string_view> uuid;
    if (const auto bad = read_parameters(
            call.parameters,
            {{"uid", &key.id}, {"userName", &key.name}, {"uuid", &uuid}, {"service", &service}}))
        return append_invalid_parameter(out, *bad), nullptr;
    const auto filter = UuidFilter::make(uuid);
    if (!filter) return append_invalid_parameter(out, "uuid"), nullptr;
    if (!is_for_us(service, out)) return nullptr;
    if (key.is_anybody()) return several(call, all_users(homes_, peer, *filter), out);
    const Home* const home = find(key, out);
    if (home == nullptr) return nullptr;
    if (filter->passes(*home))
        append_reply(out, user_reply(*home, peer));
    else
        fail(out, "NonMatchingRecordFound");
    return nullptr;
}

/// No group has a UUID: who asks for one finds none.
std::unique_ptr<Stream> UserDatabase::get_group(const Call& call, std::string& out) const {
    Key key;
    std::optional<std::string_view> service;
    std::optional<std::string_view> uuid;
    if (const auto bad = read_parameters(
            call.parameters,
            {{"gid", &key.id}, {"groupName", &key.name}, {"uuid", &uuid}, {"service", &service}}))
        return append_invalid_parameter(out, *bad), nullptr;
    if (!UuidFilter::make(uuid)) return append_invalid_parameter(out, "uuid"), nullptr;
    if (!is_for_us(service, out)) return nullptr;
    if (key.is_anybody()) return several(call, uuid ? nullptr : all_groups(), out);
    const Home* const home = find(key, out);
    if (home == nullptr) return nullptr;
    const std::string reply = group_reply(*home, key.name.value_or(""));
    if (reply.empty() || uuid)
        fail(out, uuid ? "NonMatchingRecordFound" : "NoRecordFound");
    else
        append_reply(out, reply);
    return nullptr;
}

std::string UserDatabase::group_reply(const Home& home, std::string_view asked) const {
    const std::string record = group_record(home, asked, machine_id_, service_);
    return record.empty() ? "" : "{\"record\":" + record + "}";
}

std::unique_ptr<Stream> UserDatabase::all_groups() const {
    return Enumeration::of_all(homes_, [this](const Home& home, std::deque<std::string>& replies) {
        std::string reply = group_reply(home, "");
        if (!reply.empty()) replies.push_back(std::move(reply));
    });
}

std::unique_ptr<Stream> UserDatabase::get_memberships(const Call& call, std::string& out) const {
    std::optional<std::string_view> user;
    std::optional<std::string_view> group;
    std::optional<std::string_view> service;
    if (const auto bad = read_parameters(
            call.parameters, {{"userName", &user}, {"groupName", &group}, {"service", &service}}))
        return append_invalid_parameter(out, *bad), nullptr;
    if (!is_for_us(service, out)) return nullptr;
    const Memberships memberships(homes_);
    if (!user || !group) return several(call, memberships.of(user, group), out);
    const std::string reply = memberships.test(*user, *group);
    if (reply.empty())
        fail(out, "NoRecordFound");
    else
        append_reply(out, reply);
    return nullptr;
}

}  // namespace hearth::homed::varlink
