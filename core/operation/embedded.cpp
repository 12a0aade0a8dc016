// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/embedded.hpp"

#include <sys/stat.h>

#include "core/operation/leftovers.hpp"
#include "core/record/validate.hpp"
#include "core/system/files.hpp"

namespace hearth::operation {

namespace {

constexpr const char* kName = ".identity";
constexpr std::size_t kMaxRecord = std::size_t{1} << 20;

Error in_the_home(Error error, const Operation& op) {
    return std::move(error).context("The record inside the home of " + op.user() +
                                    " cannot be used.");
}

Result<record::UserRecord> parse_embedded(const std::string& text) {
    HEARTH_TRY(record, record::UserRecord::parse(text));
    HEARTH_CHECK(record::validate(record));
    return record;
}

}  // namespace

Result<std::optional<record::UserRecord>> load_embedded(Operation& op, int root_fd) {
    auto text = system::read_file_at(root_fd, kName, kMaxRecord);
    if (!text && text.error().id() == "file-absent") return std::optional<record::UserRecord>();
    if (!text) return in_the_home(std::move(text).error(), op);
    auto record = parse_embedded(*text);
    if (!record) return in_the_home(std::move(record).error(), op);
    HEARTH_TRY(keys, op.keys());
    if (auto trusted = keys->require_trusted(*record); !trusted) {
        return in_the_home(std::move(trusted).error(), op);
    }
    return std::optional<record::UserRecord>(std::move(record).value());
}

Result<record::UserRecord> read_sealed(Operation& op, const record::UserRecord& host,
                                       const std::string& text) {
    auto record = parse_embedded(text);
    if (!record) return in_the_home(std::move(record).error(), op);
    if (record->identity() != host.identity()) {
        return Error(Code::corrupt, "header-other-user",
                     "The medium of " + op.user() + " belongs to somebody else.")
            .why("The record in its header is of " + record->identity() + ".")
            .hint("Take it in under that name with: homectl adopt PATH");
    }
    HEARTH_TRY(keys, op.keys());
    if (auto trusted = keys->require_trusted(*record); !trusted) {
        return in_the_home(std::move(trusted).error(), op);
    }
    return record;
}

Result<void> store_embedded(int root_fd, const record::UserRecord& record,
                            system::Durability durability) {
    struct stat top {};
    if (::fstat(root_fd, &top) != 0) {
        return Error(Code::io, "file-write", "The top folder of the home cannot be looked at.")
            .sys(errno);
    }
    const record::UserRecord travelling = record.with_sections(record::Sections::embedded);
    return system::write_file_atomic_at(root_fd, kName, travelling.pretty(),
                                        system::FileMode{0600, top.st_uid, top.st_gid}, durability);
}

void sweep_embedded(int root_fd) {
    sweep_temporaries(root_fd, kName);
}

}  // namespace hearth::operation
