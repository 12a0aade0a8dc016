// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/discovery/storage_kind.hpp"
#include "core/home/image_name.hpp"
#include "core/home/root.hpp"
#include "core/record/machine.hpp"
#include "core/record/user_record.hpp"

namespace hearth::discovery {

/// Looks for homes that have no record here: images in /home, and partitions of a storage's type.
///
/// What it finds are provisional records for fixating: names, and a binding with image path, home
/// directory, UID, and the storage unless several could be it. It reads the records of this machine
/// anew with each call, and asks the system about names: whoever serves those answers must have
/// told the name service to leave it out (SYSTEMD_BYPASS_USERDB), or it waits for itself.
class Discovery {
  public:
    /// Borrows root and machine.
    Discovery(const home::Root& root, const record::Machine& machine,
              std::vector<StorageKind> kinds)
        : root_(root), machine_(machine), kinds_(std::move(kinds)) {}

    /// Everything that can be found; nothing in a /home that other machines keep. Who is known here
    /// already, to this machine's records or to its name service, is left out.
    std::vector<record::UserRecord> scan();

    /// One image, wherever it lies: an absolute path below the root. Errors: found-format (it is
    /// not called or not made like a home), user-exists, home-exists.
    Result<record::UserRecord> look_at(const std::string& image);

  private:
    struct Known {
        std::set<std::string> names;
        std::set<uid_t> uids;
        std::set<std::string> images;
    };
    [[nodiscard]] Known read_known() const;
    Result<record::UserRecord> look_at(const std::string& image, Known& known);
    Result<record::UserRecord> provisional(const home::ImageName& name, const std::string& image,
                                           const std::string& storage, std::optional<uid_t> owner,
                                           Known& known);
    void scan_folder(Known& known, std::vector<record::UserRecord>& out);
    void scan_partitions(Known& known, std::vector<record::UserRecord>& out);

    const home::Root& root_;
    const record::Machine& machine_;
    std::vector<StorageKind> kinds_;
};

}  // namespace hearth::discovery
