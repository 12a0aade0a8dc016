// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.hpp"
#include "core/home/neighbours.hpp"
#include "core/service/group_index.hpp"
#include "core/service/home.hpp"
#include "core/service/path_index.hpp"
#include "core/service/surroundings.hpp"

namespace hearth::service {

/// All homes of this machine, those with a record and those that only lie there. Look-ups cost
/// nothing; pointers hold until the loop goes on.
class Registry {
  public:
    using Homes = std::map<std::string, std::unique_ptr<Home>, std::less<>>;

    explicit Registry(const Surroundings& surroundings) : surroundings_(surroundings) {}

    /// By user name, user@realm, alias or alias@realm. Null: there is none.
    [[nodiscard]] Home* find(std::string_view name) const;
    [[nodiscard]] Home* find_uid(uid_t uid) const;
    /// By any of these, or by a UID in decimal digits: what a person may type.
    [[nodiscard]] Home* find_any(std::string_view name) const;
    /// The first behind this user ("": of all), in the order of the user names, who is in the
    /// group: it is their own, or their record lists it. Null: there is none.
    [[nodiscard]] const Home* next_in_group(std::string_view group, std::string_view behind) const;
    /// As much of the other homes as a home of this record could want to have: its UID or any of
    /// the range, its names, its places.
    [[nodiscard]] home::Neighbours neighbours_of(const record::UserRecord& record) const;
    /// By user name, in the order of the names.
    [[nodiscard]] const Homes& homes() const { return homes_; }

    /// Reads all records, once, before anything else. Damaged ones are left out, with a line in
    /// `problems`.
    Result<void> load(std::vector<Error>& problems);

    enum class Change { none, added, changed, removed };
    /// Reads one record again, after somebody may have written or removed it.
    Result<Change> reload(const std::string& user);
    /// Takes in a home that only lies there; the record is what its place tells.
    Home& add_unfixated(const record::UserRecord& record);
    void forget(const std::string& user);

  private:
    void index(Home& home);
    void drop_index(const Home& home);

    Home& put(const record::UserRecord& record, bool fixated);

    const Surroundings& surroundings_;
    Homes homes_;
    std::map<std::string, Home*, std::less<>> by_name_;
    std::unordered_map<uid_t, Home*> by_uid_;
    GroupIndex by_group_;
    PathIndex by_path_;
};

}  // namespace hearth::service
