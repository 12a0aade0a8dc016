// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/records/blob_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "core/record/names.hpp"
#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

using home::BlobFiles;

Error bad_file(const std::string& path) {
    return Error(Code::invalid_argument, "blob-file",
                 "The file " + clean(path) + " cannot be kept with a record.");
}

Result<void> add(BlobFiles& files, const std::string& name, const std::string& path) {
    HEARTH_CHECK(record::check_blob_name(name));
    // Opening something else than a file must not wait for anybody.
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd) return bad_file(path).sys(errno);
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode))
        return bad_file(path).why("It is not a regular file.");
    files.insert_or_assign(name, std::move(fd));
    return ok();
}

/// All files of a folder but the hidden ones.
Result<void> add_folder(BlobFiles& files, const std::string& folder) {
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
        const std::string name = at->path().filename().string();
        if (!name.starts_with('.')) HEARTH_CHECK(add(files, name, at->path().string()));
    }
    if (error)
        return Error(Code::invalid_argument, "blob-folder-unreadable",
                     "The folder " + clean(folder) + " cannot be read.")
            .sys(error.value());
    return ok();
}

Result<void> add_current(BlobFiles& files, const record::UserRecord& current,
                         const record::Machine& machine, const home::Root& root) {
    const auto folder = record::Effective(current, machine).text("blobDirectory");
    if (!folder) return ok();
    for (const auto& entry : home::manifest_of(current))
        HEARTH_CHECK(add(files, entry.first, root.path(*folder) + "/" + entry.first));
    return ok();
}

}  // namespace

Result<std::optional<BlobFiles>> open_blob_files(const BlobChanges& changes,
                                                 const record::UserRecord* current,
                                                 const record::Machine& machine,
                                                 const home::Root& root) {
    if (changes.empty()) return std::optional<BlobFiles>();
    BlobFiles files;
    if (!changes.folder && current != nullptr)
        HEARTH_CHECK(add_current(files, *current, machine, root));
    if (changes.folder && !changes.folder->empty())
        HEARTH_CHECK(add_folder(files, *changes.folder));
    for (const auto& [name, path] : changes.files) {
        if (path.empty())
            files.erase(name);
        else
            HEARTH_CHECK(add(files, name, path));
    }
    return std::optional(std::move(files));
}

Result<std::optional<BlobFiles>> copy_blob_files(const std::optional<BlobFiles>& files) {
    if (!files) return std::optional<BlobFiles>();
    BlobFiles out;
    for (const auto& [name, fd] : *files) {
        UniqueFd copy(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
        if (!copy) return bad_file(name).sys(errno);
        out.emplace(name, std::move(copy));
    }
    return std::optional(std::move(out));
}

}  // namespace hearth::homectl
