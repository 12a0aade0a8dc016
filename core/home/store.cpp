// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "core/home/uid.hpp"
#include "core/record/effective.hpp"
#include "core/record/validate.hpp"
#include "core/system/files.hpp"

namespace hearth::home {

namespace {

constexpr std::string_view kSuffix = ".identity";
constexpr std::size_t kMaxRecord = std::size_t{1} << 20;

std::string file_name(const std::string& user) {
    return user + std::string(kSuffix);
}

/// A name in the store is a file name: what could lead elsewhere is no name.
bool could_be_user(const std::string& name) {
    return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos &&
           name.size() < 200;
}

}  // namespace

Error unknown_home(const std::string& name) {
    return Error(Code::home_absent, "home-unknown",
                 "There is no home of a user named " + name + " on this machine.")
        .hint("See the homes that there are with: homectl list");
}

Result<Store> Store::open(const Root& root) {
    UniqueFd dir(::open(root.state_dir().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir && errno != ENOENT) {
        return Error(Code::io, "store-unreadable",
                     "Cannot open the folder of user records, " + root.state_dir() + ".")
            .sys(errno);
    }
    return Store(root, std::move(dir));
}

Result<void> Store::ensure_dir() {
    if (dir_) return ok();
    std::error_code error;
    std::filesystem::create_directories(root_.state_dir(), error);
    dir_.reset(::open(root_.state_dir().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir_) {
        return Error(Code::io, "store-unreadable",
                     "Cannot make the folder of user records, " + root_.state_dir() + ".")
            .sys(errno);
    }
    return ok();
}

Result<std::vector<std::string>> Store::names() const {
    std::vector<std::string> out;
    if (!dir_) return out;
    std::error_code error;
    for (const auto& entry :
         std::filesystem::directory_iterator(system::fd_path(dir_.get()), error)) {
        const std::string name = entry.path().filename().string();
        if (name.size() > kSuffix.size() && name.ends_with(kSuffix) && name.front() != '.') {
            out.push_back(name.substr(0, name.size() - kSuffix.size()));
        }
    }
    if (error)
        return Error(Code::io, "store-unreadable", "Cannot list the user records.")
            .sys(error.value());
    std::sort(out.begin(), out.end());
    return out;
}

Result<record::UserRecord> Store::load(const std::string& user) const {
    if (!dir_ || !could_be_user(user)) return unknown_home(user);
    auto text = system::read_file_at(dir_.get(), file_name(user), kMaxRecord);
    if (!text) {
        if (text.error().id() == "file-absent") return unknown_home(user);
        return std::move(text).error().context("The record of " + user + " cannot be read.");
    }
    auto record = record::UserRecord::parse(*text);
    if (!record) return std::move(record).error().context("The record of " + user + " is damaged.");
    if (auto valid = record::validate(*record); !valid) {
        return std::move(valid).error().context("The record of " + user + " is not valid.");
    }
    if (record->user_name() != user) {
        return Error(Code::corrupt, "record-name-mismatch",
                     "The record of " + user + " belongs to somebody else.")
            .why("It says it is of " + record->user_name() + ".");
    }
    return record;
}

Result<record::UserRecord> Store::find(const std::string& name,
                                       const record::Machine& machine) const {
    const std::string user = name.substr(0, name.find('@'));
    if (auto record = load(user); record && (user == name || record->identity() == name))
        return record;
    const auto uid = parse_uid(name);
    if (!uid) return user == name ? load(user) : Result<record::UserRecord>(unknown_home(name));
    HEARTH_TRY(users, names());
    for (const auto& candidate : users) {
        auto record = load(candidate);
        if (record && record::Effective(*record, machine).number("uid") == uid) return record;
    }
    return unknown_home(name);
}

Result<void> Store::save(const record::UserRecord& record, system::Durability durability) {
    HEARTH_CHECK(ensure_dir());
    const record::UserRecord stored = record.with_sections(record::Sections::stored);
    return system::write_file_atomic_at(dir_.get(), file_name(record.user_name()), stored.pretty(),
                                        system::FileMode{0600, 0, 0}, durability);
}

Result<system::PreparedFile> Store::prepare(const record::UserRecord& record) {
    HEARTH_CHECK(ensure_dir());
    const record::UserRecord stored = record.with_sections(record::Sections::stored);
    return system::PreparedFile::write_at(dir_.get(), file_name(record.user_name()),
                                          stored.pretty(), system::FileMode{0600, 0, 0});
}

Result<void> Store::remove(const std::string& user, system::Durability durability) {
    if (!dir_) return ok();
    HEARTH_TRY(removed, system::remove_file_at(dir_.get(), file_name(user)));
    return removed && durability == system::Durability::synced ? system::fsync_dir(dir_.get())
                                                               : ok();
}

}  // namespace hearth::home
