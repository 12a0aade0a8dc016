// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <hearth/plugin.h>

#include <functional>
#include <set>
#include <string>

#include "core/plugin/services.hpp"
#include "core/plugin/storage.hpp"
#include "tests/unit/system/support.hpp"

namespace hearth {

/// The plugin's table, loaded once.
inline const hearth_storage& directory_table() {
    static const hearth_plugin* const plugin = [] {
        void* handle = dlopen(HEARTH_PLUGIN_FILE, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
        if (handle == nullptr) ADD_FAILURE() << dlerror();
        using Entry = hearth_status (*)(const hearth_host*, const hearth_plugin**);
        const auto entry = reinterpret_cast<Entry>(dlsym(handle, HEARTH_ENTRY_SYMBOL));
        const hearth_plugin* found = nullptr;
        EXPECT_EQ(entry(&plugin::host_table(HEARTH_ROLE_CHECK, "test"), &found), HEARTH_OK);
        return found;
    }();
    return *plugin->storage[0];
}

/// One operation on one home in a folder of the test's own.
class Workbench {
  public:
    explicit Workbench(const std::string& folder, std::uint64_t op_id = 0x1234)
        : record_(record::UserRecord::parse(R"({"userName":"ann"})").value()),
          view_(record_, {"00000000000000000000000000000001", "test"}),
          provider_(directory_table(), "org.hearth.directory", op_) {
        op_.op_id = op_id;
        op_.user = "ann";
        op_.place_of = [folder](const record::UserRecord&) -> Result<plugin::Place> {
            plugin::Place place;
            place.dir = UniqueFd(open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
            place.name = "ann.homedir";
            place.temp_name = ".#homework-temp";
            place.trash_name = ".#homework-trash";
            return place;
        };
    }

    plugin::OperationContext& op() { return op_; }
    plugin::StorageProvider& storage() { return provider_; }
    plugin::RecordView& record() { return view_; }

  private:
    record::UserRecord record_;
    plugin::RecordView view_;
    plugin::OperationContext op_;
    plugin::StorageProvider provider_;
};

/// Everything in a folder by name, "a b c".
inline std::string names_in(const std::string& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.insert(entry.path().filename());
    std::string all;
    for (const auto& name : names) all += (all.empty() ? "" : " ") + name;
    return all;
}

}  // namespace hearth
