// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/opening.hpp"

#include "core/record/json.hpp"
#include "core/secret/codec.hpp"
#include "core/worker/message.hpp"
#include "core/worker/operation_id.hpp"

namespace hearth::worker {

namespace {

/// A record is at most 1 MiB; the rest of a request is small: a few hundred numbers and names.
constexpr std::size_t kMaxRequest = (std::size_t{1} << 20) + (std::size_t{64} << 10);

/// What comes beside each request.
constexpr std::size_t kParts = 3;

std::string greeting() {
    return "hearth-worker " + std::to_string(kProtocol);
}

Error malformed(const std::string& detail) {
    return Error(Code::internal, "worker-protocol", "The request to the worker makes no sense.")
        .why(detail);
}

Result<std::string> text_member(const record::Object& object, const char* key) {
    if (auto text = object.get(key).text()) return *std::move(text);
    return malformed(std::string("It has no ") + key + ".");
}

Result<std::uint64_t> number_member(const record::Object& object, const char* key) {
    if (const auto number = object.get(key).natural()) return *number;
    return malformed(std::string("It has no ") + key + ".");
}

/// What is new: the passwords, and the keys in the place of secrets of tokens.
Result<secret::Secrets> fresh_secrets(const Request& request) {
    secret::Secrets out;
    for (const auto& password : request.new_passwords) {
        HEARTH_TRY(copy, password.clone());
        out.passwords.push_back(std::move(copy));
    }
    for (const auto& key : request.new_keys) {
        HEARTH_TRY(copy, key.clone());
        out.token_secrets.push_back(std::move(copy));
    }
    return out;
}

/// Their files come beside the text, in the order of the names.
Result<void> read_blob_names(const record::Object& object, Request& request) {
    const auto& value = object.get("blobs");
    if (value.is_null()) return ok();
    const auto* names = value.array();
    if (!names || names->size() > home::kMostBlobs) return malformed("Its files are no list.");
    request.blobs.emplace();
    for (const auto& name : *names) {
        const auto* text = name.string();
        const bool in_order =
            text && (request.blobs->empty() || request.blobs->rbegin()->first < *text);
        if (!in_order) return malformed("The names of its files are in disorder.");
        request.blobs->emplace(*text, UniqueFd());
    }
    return ok();
}

record::Object encode_neighbours(const home::Neighbours& neighbours) {
    record::Array uids;
    for (const uid_t uid : neighbours.uids) uids.emplace_back(std::uint64_t{uid});
    record::Array names;
    for (const auto& name : neighbours.names) names.emplace_back(name);
    record::Object paths;
    for (const auto& [path, user] : neighbours.paths) paths.set(path, user);
    record::Object out;
    out.set("uids", std::move(uids));
    out.set("names", std::move(names));
    out.set("paths", std::move(paths));
    return out;
}

Result<void> read_uids(const record::Object& object, home::Neighbours& out) {
    const auto* const uids = object.get("uids").array();
    if (!uids) return malformed("It has no list of UIDs.");
    for (const auto& one : *uids) {
        const auto uid = one.natural();
        if (!uid || *uid > UINT32_MAX) return malformed("One of its UIDs is none.");
        out.uids.insert(static_cast<uid_t>(*uid));
    }
    return ok();
}

Result<home::Neighbours> decode_neighbours(const record::Object& object) {
    home::Neighbours out;
    HEARTH_CHECK(read_uids(object, out));
    const auto names = object.get("names").strings();
    const auto* const paths = object.get("paths").object();
    if (!names || !paths) return malformed("It does not say what other homes have.");
    out.names.insert(names->begin(), names->end());
    for (const auto& [path, user] : *paths) {
        if (user.string() == nullptr) return malformed("A path is nobody's.");
        out.paths.emplace(path, *user.string());
    }
    return out;
}

}  // namespace

std::string encode_request(const Opening& opening) {
    record::Object object;
    object.set("verb", opening.request.verb);
    object.set("subject", opening.request.subject);
    object.set("operation", opening.request.operation);
    object.set("root", opening.root.prefix());
    object.set("skipQuality", opening.request.skip_quality);
    object.set("size", opening.request.size);
    if (opening.request.size_share) object.set("sizeShare", *opening.request.size_share);
    object.set("keepSize", opening.request.keep_size);
    object.set("forced", opening.request.forced);
    object.set("realize", opening.request.realize);
    object.set("offline", opening.request.offline);
    object.set("counted", opening.request.counted);
    object.set("pleaseSuspend", opening.request.please_suspend);
    object.set("silent", opening.request.silent);
    if (opening.request.blobs) {
        record::Array names;
        for (const auto& [name, fd] : *opening.request.blobs) names.emplace_back(name);
        object.set("blobs", std::move(names));
    }
    if (opening.request.neighbours)
        object.set("neighbours", encode_neighbours(*opening.request.neighbours));
    if (opening.request.record) object.set("record", opening.request.record->json());
    return record::to_canonical(object);
}

Result<Opening> decode_request(std::string_view text) {
    record::JsonLimits limits;
    limits.bytes = kMaxRequest;
    HEARTH_TRY(object, record::parse_json_object(text, limits));
    HEARTH_TRY(root, text_member(object, "root"));
    Opening opening{home::Root(root), {}};
    HEARTH_TRY(verb, text_member(object, "verb"));
    HEARTH_TRY(subject, text_member(object, "subject"));
    HEARTH_TRY(size, number_member(object, "size"));
    std::string operation = object.get("operation").text().value_or("");
    if (!operation.empty() && !is_operation_id(operation))
        return malformed("What names the operation is no name of one.");
    opening.request.operation = std::move(operation);
    opening.request.size = size;
    opening.request.size_share = object.get("sizeShare").natural();
    opening.request.keep_size = object.get("keepSize").flag().value_or(false);
    opening.request.forced = object.get("forced").flag().value_or(false);
    opening.request.realize = object.get("realize").flag().value_or(false);
    opening.request.offline = object.get("offline").flag().value_or(false);
    opening.request.counted = object.get("counted").flag().value_or(true);
    opening.request.silent = object.get("silent").flag().value_or(false);
    opening.request.please_suspend = object.get("pleaseSuspend").flag().value_or(false);
    opening.request.verb = std::move(verb);
    opening.request.subject = std::move(subject);
    opening.request.skip_quality = object.get("skipQuality").flag().value_or(false);
    HEARTH_CHECK(read_blob_names(object, opening.request));
    if (const auto& neighbours = object.get("neighbours"); !neighbours.is_null()) {
        if (neighbours.object() == nullptr) return malformed("Its neighbours are nobody.");
        HEARTH_TRY(decoded, decode_neighbours(*neighbours.object()));
        opening.request.neighbours = std::move(decoded);
    }
    if (auto* document = object.find_object("record")) {
        HEARTH_TRY(record, record::UserRecord::from_json(std::move(*document)));
        opening.request.record = std::move(record);
    }
    return opening;
}

Result<void> send_opening(int socket, const Opening& opening) {
    HEARTH_TRY(request, to_memfd(encode_request(opening)));
    HEARTH_TRY(secrets, secret::to_sealed_memfd(opening.request.secrets));
    HEARTH_TRY(fresh, fresh_secrets(opening.request));
    HEARTH_TRY(new_passwords, secret::to_sealed_memfd(fresh));
    std::vector<int> fds{request.get(), secrets.get(), new_passwords.get()};
    if (opening.request.blobs)
        for (const auto& [name, fd] : *opening.request.blobs) fds.push_back(fd.get());
    return send_datagram(socket, greeting(), fds);
}

Result<Opening> receive_opening(int socket) {
    HEARTH_TRY(datagram, receive_datagram(socket));
    return read_opening(std::move(datagram));
}

Result<Opening> read_opening(Datagram datagram) {
    if (datagram.text != greeting()) {
        return Error(Code::internal, "worker-version",
                     "The program that started this worker is of another release.")
            .hint(
                "Run the command again; if the message stays, reinstall Hearth so that all of it "
                "is of one release.");
    }
    if (datagram.fds.size() < kParts) return malformed("It came without its parts.");
    HEARTH_TRY(text, from_memfd(datagram.fds[0].get(), kMaxRequest));
    HEARTH_TRY(opening, decode_request(text));
    HEARTH_TRY(secrets, secret::from_memfd(datagram.fds[1].get()));
    HEARTH_TRY(fresh, secret::from_memfd(datagram.fds[2].get()));
    opening.request.secrets = std::move(secrets);
    opening.request.new_passwords = std::move(fresh.passwords);
    opening.request.new_keys = std::move(fresh.token_secrets);
    auto next = datagram.fds.begin() + kParts;
    const auto files = opening.request.blobs ? opening.request.blobs->size() : 0;
    if (datagram.fds.size() != kParts + files) return malformed("It came without its files.");
    if (opening.request.blobs)
        for (auto& [name, fd] : *opening.request.blobs) fd = std::move(*next++);
    return opening;
}

}  // namespace hearth::worker
