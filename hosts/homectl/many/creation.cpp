// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/many/creation.hpp"

#include <cstring>
#include <utility>

#include "hosts/homectl/options/units.hpp"
#include "hosts/homectl/passwords/source.hpp"
#include "hosts/homectl/records/blob_files.hpp"

namespace hearth::homectl {

namespace {

Error seen_before(const std::string& user) {
    return Error(Code::home_exists, "many-repeated", "There was a record of " + user + " before.")
        .hint("Leave one of the two out.");
}

Error no_password(const std::string& user) {
    return Error(Code::not_supported, "no-password", "No password of " + user + " is given.")
        .hint(
            "Put it into the record's secret section, into the file of --passwords, or for all of "
            "them into the variable NEWPASSWORD.");
}

}  // namespace

std::optional<client::Batch::Item> Creation::next() {
    while (auto piece = source_.take()) {
        RecordPlace place{piece->number, piece->line, ""};
        outcomes_.begun();
        auto request = request_for(*std::move(piece), place);
        if (!request) {
            outcomes_.failed(place, request.error());
            continue;
        }
        const std::size_t number = place.number;
        under_way_[number] = std::move(place);
        return Item{number, *std::move(request)};
    }
    return std::nullopt;
}

Result<worker::Request> Creation::request_for(RecordStream::Piece piece, RecordPlace& place) {
    HEARTH_TRY(text, std::move(piece.text));
    auto built = build_new_record(context_.invocation, text, machine_, now_usec());
    ::explicit_bzero(text.data(), text.size());
    if (!built) return std::move(built).error();
    place.user = built->record.user_name();
    if (!seen_.insert(place.user).second) return seen_before(place.user);
    worker::Request request;
    request.verb = "create";
    request.subject = place.user;
    HEARTH_CHECK(put_passwords(request, *built));
    request.record = std::move(built->record);
    HEARTH_TRY(copies, copy_blob_files(files_));
    request.blobs = std::move(copies);
    return request;
}

/// Those that came with the record, or in the list of passwords, or the one for all. If the record
/// says what they have to match, they have to.
Result<void> Creation::put_passwords(worker::Request& request, NewRecord& fresh) const {
    const bool hashed = !fresh.record.hashed_passwords().empty();
    auto given = std::move(fresh.passwords);
    if (given.empty()) {
        const auto* listed = passwords_.find(request.subject);
        const PasswordSource& all = context_.passwords;
        const auto& chosen = listed ? *listed : hashed ? all.existing() : all.fresh();
        if (chosen.empty()) return no_password(request.subject);
        HEARTH_TRY(copy, chosen.clone());
        given.push_back(std::move(copy));
    }
    if (hashed)
        request.secrets.passwords = std::move(given);
    else
        request.new_passwords.push_back(std::move(given.back()));
    return ok();
}

void Creation::on_done(std::size_t number, Result<worker::Reply> result) {
    const auto place = std::move(under_way_.extract(number).mapped());
    if (result)
        outcomes_.created(place, *result);
    else
        outcomes_.failed(place, result.error());
}

}  // namespace hearth::homectl
