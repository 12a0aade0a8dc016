// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/journal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/record/json.hpp"
#include "core/system/files.hpp"

namespace hearth::operation {

namespace {

constexpr const char* kSuffix = ".journal";
constexpr std::uint64_t kFormat = 1;
/// The member of the journal's own level, which nothing inside the record can look like.
constexpr std::string_view kPhaseMember = "\n\t\"phase\" : ";
/// Room for a record of the largest size and what stands around it.
constexpr std::size_t kMaxJournal = (std::size_t{1} << 20) + (std::size_t{64} << 10);

Error damaged(const std::string& detail) {
    return Error(Code::corrupt, "journal-damaged",
                 "The journal of an unfinished operation cannot be read.")
        .why(detail)
        .hint(
            "Nothing was changed. Look at the home by hand; then remove its file in "
            "hearth/journal/ of the state folder.");
}

Result<void> not_written() {
    return Error(Code::io, "file-write", "The journal of the operation cannot be written.")
        .sys(errno);
}

std::string to_hex(const std::string& bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += kDigits[static_cast<unsigned char>(c) >> 4U];
        out += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return out;
}

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    return std::nullopt;
}

std::optional<std::string> from_hex(const std::string& text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = hex_digit(text[i]);
        const auto low = hex_digit(text[i + 1]);
        if (!high || !low) return std::nullopt;
        out += static_cast<char>(*high * 16 + *low);
    }
    return out;
}

Result<void> read_record(record::Object& object, Intent& intent) {
    record::Object* document = object.find_object("record");
    if (!document) return ok();
    auto record = record::UserRecord::from_json(std::move(*document));
    if (!record) return damaged(record.error().one_line());
    intent.record = std::move(record).value();
    return ok();
}

}  // namespace

std::string to_text(const Intent& intent) {
    record::Object object;
    object.set("format", kFormat);
    object.set("operation", intent.op_id);
    object.set("verb", to_text(intent.verb));
    object.set("user", intent.user);
    object.set("storage", intent.storage);
    object.set("phase", static_cast<std::uint64_t>(intent.phase));
    object.set("change", intent.change_usec);
    object.set("note", to_hex(intent.note));
    if (intent.record) object.set("record", intent.record->json());
    return record::to_pretty(object);
}

Result<Intent> parse_intent(const std::string& content) {
    record::JsonLimits limits;
    limits.bytes = kMaxJournal;
    auto object = record::parse_json_object(content, limits);
    if (!object) return damaged(object.error().one_line());
    if (object->get("format").natural() != kFormat) return damaged("It is of another release.");
    const auto verb = parse_verb(object->get("verb").text().value_or(""));
    const auto phase = object->get("phase").natural();
    const auto note = from_hex(object->get("note").text().value_or("?"));
    const auto op_id = object->get("operation").natural();
    if (!verb || !phase || *phase > 2 || !note || !op_id)
        return damaged("A member is missing or out of range.");
    Intent intent;
    intent.op_id = *op_id;
    intent.verb = *verb;
    intent.user = object->get("user").text().value_or("");
    intent.storage = object->get("storage").text().value_or("");
    intent.phase = static_cast<Phase>(*phase);
    intent.change_usec = object->get("change").natural().value_or(0);
    intent.note = *note;
    HEARTH_CHECK(read_record(*object, intent));
    return intent;
}

Result<void> Journal::write(system::Durability durability) {
    HEARTH_TRY(dir, system::open_dir(root_.journal_dir()));
    return system::write_file_atomic_at(dir.get(), user_ + kSuffix, to_text(intent_),
                                        system::FileMode{0600, 0, 0}, durability);
}

Result<void> Journal::begin(Intent intent, system::Durability durability) {
    HEARTH_CHECK(home::make_private_dir(root_, root_.journal_dir()));
    intent_ = std::move(intent);
    HEARTH_CHECK(write(durability));
    open_ = true;
    return ok();
}

/// In place: one digit is never half written.
Result<void> Journal::set_phase(Phase phase) {
    const auto offset =
        static_cast<off_t>(to_text(intent_).find(kPhaseMember) + kPhaseMember.size());
    intent_.phase = phase;
    const char digit = static_cast<char>('0' + static_cast<unsigned>(phase));
    HEARTH_TRY(dir, system::open_dir(root_.journal_dir()));
    HEARTH_TRY(file, system::open_file_at(dir.get(), user_ + kSuffix, O_WRONLY));
    return ::pwrite(file.get(), &digit, 1, offset) == 1 ? ok() : not_written();
}

Result<void> Journal::set_record(const record::UserRecord& record) {
    intent_.record = record.clone();
    return write(system::Durability::atomic);
}

Result<void> Journal::sync() {
    HEARTH_TRY(dir, system::open_dir(root_.journal_dir()));
    HEARTH_TRY(file, system::open_file_at(dir.get(), user_ + kSuffix, O_WRONLY));
    if (::fsync(file.get()) != 0) return not_written();
    return system::fsync_dir(dir.get());
}

Result<void> Journal::set_note(std::string note) {
    intent_.note = std::move(note);
    return write(system::Durability::synced);
}

Result<void> Journal::clear() {
    open_ = false;
    HEARTH_TRY(dir, system::open_dir(root_.journal_dir()));
    return system::remove_file_at(dir.get(), user_ + kSuffix).and_then([](bool) { return ok(); });
}

Result<std::optional<Intent>> Journal::left_behind(const home::Root& root,
                                                   const std::string& user) {
    auto content = system::open_dir(root.journal_dir()).and_then([&](UniqueFd&& dir) {
        return system::read_file_at(dir.get(), user + kSuffix, kMaxJournal);
    });
    if (!content && content.error().id() == "file-absent") return std::optional<Intent>();
    if (!content) return std::move(content).error();
    // A power cut took the content of one that was not synced, because nothing else is left either.
    if (content->empty()) return std::optional<Intent>();
    auto parsed = parse_intent(*content);
    if (!parsed) {
        return std::move(parsed).error().context("An unfinished operation on the home of " + user +
                                                 " cannot be recovered.");
    }
    Intent intent = std::move(parsed).value();
    if (intent.user != user) return damaged("It speaks of another user than its name.");
    return std::optional<Intent>(std::move(intent));
}

}  // namespace hearth::operation
