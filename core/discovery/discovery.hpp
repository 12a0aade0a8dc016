// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/discovery/storage_kind.hpp"
#include "core/home/image_name.hpp"
#include "core/home/neighbours.hpp"
#include "core/home/root.hpp"
#include "core/record/machine.hpp"
#include "core/record/user_record.hpp"

namespace hearth::discovery {

/// Looks for homes that have no record here: images in /home, and partitions of a storage's type.
///
/// What it finds are provisional records for fixating: names, and a binding with image path, home
/// directory, UID, and the storage unless several could be it. It asks the system about names:
/// whoever serves those answers must have told the name service to leave it out
/// (SYSTEMD_BYPASS_USERDB), or it waits for itself.
class Discovery {
  public:
    /// As much of the homes that have records as a home of this one could want to have.
    using NeighboursOf = std::function<home::Neighbours(const record::UserRecord&)>;

    /// Borrows root and machine. Without `neighbours_of` the records of this machine are read, anew
    /// with each call that meets a stranger.
    Discovery(const home::Root& root, const record::Machine& machine,
              std::vector<StorageKind> kinds, NeighboursOf neighbours_of = nullptr)
        : root_(root),
          machine_(machine),
          kinds_(std::move(kinds)),
          neighbours_of_(std::move(neighbours_of)) {}

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
        bool read = false;
    };
    /// Who has a record. Enough for most of what lies in /home: nothing is opened for that.
    [[nodiscard]] Known list_known() const;
    /// All that their records say, unless it was read already.
    void read_known(Known& known) const;
    /// What of that matters to a home that was found.
    void learn_of_neighbours(Known& known, const record::UserRecord& found) const;
    Result<record::UserRecord> look_at(const std::string& image, Known& known);
    Result<record::UserRecord> provisional(const home::ImageName& name, const std::string& image,
                                           const std::string& storage, std::optional<uid_t> owner,
                                           Known& known);
    void scan_folder(Known& known, std::vector<record::UserRecord>& out);
    void scan_partitions(Known& known, std::vector<record::UserRecord>& out);

    const home::Root& root_;
    const record::Machine& machine_;
    std::vector<StorageKind> kinds_;
    NeighboursOf neighbours_of_;
};

}  // namespace hearth::discovery
