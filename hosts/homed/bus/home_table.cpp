// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/home_table.hpp"

#include <cstdlib>
#include <cstring>

#include "hosts/homed/bus/home_properties.hpp"
#include "hosts/homed/bus/member_flags.hpp"
#include "hosts/homed/bus/order_methods.hpp"
#include "hosts/homed/bus/paths.hpp"
#include "hosts/homed/bus/update_methods.hpp"
#include "hosts/homed/bus/use_methods.hpp"

namespace hearth::homed {

namespace {

constexpr sd_bus_vtable kTable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("UserName", "s", get_user_name, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("UID", "u", get_uid, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("UnixRecord", "(suusss)", get_unix_record, 0,
                    SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("State", "s", get_state, 0, 0),
    SD_BUS_PROPERTY("UserRecord", "(sb)", get_user_record, 0,
                    SD_BUS_VTABLE_PROPERTY_EMITS_INVALIDATION | kSecret),

    SD_BUS_METHOD_WITH_ARGS("Activate", SD_BUS_ARGS("s", secret), SD_BUS_NO_RESULT,
                            on_home<ordered<kActivate>>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("ActivateIfReferenced", SD_BUS_ARGS("s", secret), SD_BUS_NO_RESULT,
                            on_home<ordered<kActivateIfReferenced>>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("Deactivate", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT,
                            on_home<ordered<kDeactivate>>, kRoot),
    SD_BUS_METHOD_WITH_ARGS("Unregister", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT,
                            on_home<ordered<kUnregister>>, kAnybody),
    SD_BUS_METHOD_WITH_ARGS("Realize", SD_BUS_ARGS("s", secret), SD_BUS_NO_RESULT,
                            on_home<ordered<kRealize>>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("Remove", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, on_home<ordered<kRemove>>,
                            kAnybody),
    SD_BUS_METHOD_WITH_ARGS("Fixate", SD_BUS_ARGS("s", secret), SD_BUS_NO_RESULT,
                            on_home<ordered<kFixate>>, kRoot | kSecret),
    SD_BUS_METHOD_WITH_ARGS("Authenticate", SD_BUS_ARGS("s", secret), SD_BUS_NO_RESULT,
                            on_home<ordered<kAuthenticate>>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("Update", SD_BUS_ARGS("s", user_record), SD_BUS_NO_RESULT,
                            on_home<update>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("UpdateEx", SD_BUS_ARGS("s", user_record, "a{sh}", blobs, "t", flags),
                            SD_BUS_NO_RESULT, on_home<update_ex>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("Resize", SD_BUS_ARGS("t", size, "s", secret), SD_BUS_NO_RESULT,
                            on_home<ordered<kResize>>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("ChangePassword", SD_BUS_ARGS("s", new_secret, "s", old_secret),
                            SD_BUS_NO_RESULT, on_home<ordered<kChangePassword>>,
                            kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("Lock", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, on_home<ordered<kLock>>,
                            kRoot),
    SD_BUS_METHOD_WITH_ARGS("Unlock", SD_BUS_ARGS("s", secret), SD_BUS_NO_RESULT,
                            on_home<ordered<kUnlock>>, kRoot | kSecret),
    SD_BUS_METHOD_WITH_ARGS("Acquire", SD_BUS_ARGS("s", secret, "b", please_suspend),
                            SD_BUS_RESULT("h", send_fd), on_home<acquire_by_root>, kRoot | kSecret),
    SD_BUS_METHOD_WITH_ARGS("Ref", SD_BUS_ARGS("b", please_suspend), SD_BUS_RESULT("h", send_fd),
                            on_home<ref>, kRoot),
    SD_BUS_METHOD_WITH_ARGS("RefUnrestricted", SD_BUS_ARGS("b", please_suspend),
                            SD_BUS_RESULT("h", send_fd), on_home<ref_unrestricted>, kRoot),
    SD_BUS_METHOD_WITH_ARGS("Release", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, on_home<release>, kRoot),
    SD_BUS_VTABLE_END,
};

/// A list as sd-bus frees it: with free(), like the texts in it.
// NOLINTBEGIN(cppcoreguidelines-no-malloc)
class PathList {
  public:
    explicit PathList(std::size_t size)
        : list_(static_cast<char**>(std::calloc(size + 1, sizeof(char*)))) {
        if (list_ == nullptr) throw std::bad_alloc();
    }
    PathList(const PathList&) = delete;
    PathList& operator=(const PathList&) = delete;
    ~PathList() {
        if (list_ == nullptr) return;
        for (char** path = list_; *path != nullptr; ++path) std::free(*path);
        std::free(list_);
    }
    void add(const std::string& path) {
        list_[used_] = ::strdup(path.c_str());
        if (list_[used_++] == nullptr) throw std::bad_alloc();
    }
    char** release() { return std::exchange(list_, nullptr); }

  private:
    char** list_;
    std::size_t used_ = 0;
};
// NOLINTEND(cppcoreguidelines-no-malloc)

}  // namespace

const sd_bus_vtable* home_table() {
    return kTable;
}

int find_home(sd_bus* /*bus*/, const char* path, const char* /*interface*/, void* context,
              void** found, sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        const auto name = name_in_path(path);
        const auto& homes = static_cast<Context*>(context)->service.homes();
        *found = name ? homes.find_any(*name) : nullptr;
        return *found != nullptr ? 1 : 0;
    });
}

int enumerate_homes(sd_bus* /*bus*/, const char* /*prefix*/, void* context, char*** nodes,
                    sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        const auto& homes = static_cast<Context*>(context)->service.homes().homes();
        PathList list(homes.size());
        for (const auto& entry : homes) list.add(path_of_home(entry.first));
        *nodes = list.release();
        return 1;
    });
}

}  // namespace hearth::homed
