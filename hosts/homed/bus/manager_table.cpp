// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/manager_table.hpp"

#include "hosts/homed/bus/auto_login.hpp"
#include "hosts/homed/bus/key_methods.hpp"
#include "hosts/homed/bus/member_flags.hpp"
#include "hosts/homed/bus/order_methods.hpp"
#include "hosts/homed/bus/read_methods.hpp"
#include "hosts/homed/bus/record_methods.hpp"
#include "hosts/homed/bus/update_methods.hpp"
#include "hosts/homed/bus/use_methods.hpp"

namespace hearth::homed {

namespace {

constexpr sd_bus_vtable kTable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("AutoLogin", "a(sso)", get_auto_login, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),

    SD_BUS_METHOD_WITH_ARGS("GetHomeByName", SD_BUS_ARGS("s", user_name),
                            SD_BUS_RESULT("u", uid, "s", home_state, "u", gid, "s", real_name, "s",
                                          home_directory, "s", shell, "o", bus_path),
                            on_named<get_home_by_name>, kAnybody),
    SD_BUS_METHOD_WITH_ARGS("GetHomeByUID", SD_BUS_ARGS("u", uid),
                            SD_BUS_RESULT("s", user_name, "s", home_state, "u", gid, "s", real_name,
                                          "s", home_directory, "s", shell, "o", bus_path),
                            on_manager<get_home_by_uid>, kAnybody),
    SD_BUS_METHOD_WITH_ARGS("GetUserRecordByName", SD_BUS_ARGS("s", user_name),
                            SD_BUS_RESULT("s", user_record, "b", incomplete, "o", bus_path),
                            on_named<get_record_by_name>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("GetUserRecordByUID", SD_BUS_ARGS("u", uid),
                            SD_BUS_RESULT("s", user_record, "b", incomplete, "o", bus_path),
                            on_manager<get_record_by_uid>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("ListHomes", SD_BUS_NO_ARGS, SD_BUS_RESULT("a(susussso)", home_areas),
                            on_manager<list_homes>, kAnybody),

    SD_BUS_METHOD_WITH_ARGS("ActivateHome", SD_BUS_ARGS("s", user_name, "s", secret),
                            SD_BUS_NO_RESULT, on_named<ordered<kActivate>>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("ActivateHomeIfReferenced", SD_BUS_ARGS("s", user_name, "s", secret),
                            SD_BUS_NO_RESULT, on_named<ordered<kActivateIfReferenced>>,
                            kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("DeactivateHome", SD_BUS_ARGS("s", user_name), SD_BUS_NO_RESULT,
                            on_named<ordered<kDeactivate>>, kRoot),
    SD_BUS_METHOD_WITH_ARGS("RegisterHome", SD_BUS_ARGS("s", user_record), SD_BUS_NO_RESULT,
                            on_manager<register_home>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("AdoptHome", SD_BUS_ARGS("s", image_path, "t", flags), SD_BUS_NO_RESULT,
                            on_manager<adopt_home>, kAnybody),
    SD_BUS_METHOD_WITH_ARGS("UnregisterHome", SD_BUS_ARGS("s", user_name), SD_BUS_NO_RESULT,
                            on_named<ordered<kUnregister>>, kAnybody),
    SD_BUS_METHOD_WITH_ARGS("CreateHome", SD_BUS_ARGS("s", user_record), SD_BUS_NO_RESULT,
                            on_manager<create_home>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("CreateHomeEx",
                            SD_BUS_ARGS("s", user_record, "a{sh}", blobs, "t", flags),
                            SD_BUS_NO_RESULT, on_manager<create_home_ex>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("RealizeHome", SD_BUS_ARGS("s", user_name, "s", secret),
                            SD_BUS_NO_RESULT, on_named<ordered<kRealize>>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("RemoveHome", SD_BUS_ARGS("s", user_name), SD_BUS_NO_RESULT,
                            on_named<ordered<kRemove>>, kAnybody),
    SD_BUS_METHOD_WITH_ARGS("FixateHome", SD_BUS_ARGS("s", user_name, "s", secret),
                            SD_BUS_NO_RESULT, on_named<ordered<kFixate>>, kRoot | kSecret),
    SD_BUS_METHOD_WITH_ARGS("AuthenticateHome", SD_BUS_ARGS("s", user_name, "s", secret),
                            SD_BUS_NO_RESULT, on_named<ordered<kAuthenticate>>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("UpdateHome", SD_BUS_ARGS("s", user_record), SD_BUS_NO_RESULT,
                            on_manager<update_home>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("UpdateHomeEx",
                            SD_BUS_ARGS("s", user_record, "a{sh}", blobs, "t", flags),
                            SD_BUS_NO_RESULT, on_manager<update_home_ex>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("ResizeHome", SD_BUS_ARGS("s", user_name, "t", size, "s", secret),
                            SD_BUS_NO_RESULT, on_named<ordered<kResize>>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS(
        "ChangePasswordHome", SD_BUS_ARGS("s", user_name, "s", new_secret, "s", old_secret),
        SD_BUS_NO_RESULT, on_named<ordered<kChangePassword>>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("LockHome", SD_BUS_ARGS("s", user_name), SD_BUS_NO_RESULT,
                            on_named<ordered<kLock>>, kRoot),
    SD_BUS_METHOD_WITH_ARGS("UnlockHome", SD_BUS_ARGS("s", user_name, "s", secret),
                            SD_BUS_NO_RESULT, on_named<ordered<kUnlock>>, kRoot | kSecret),
    SD_BUS_METHOD_WITH_ARGS(
        "AcquireHome", SD_BUS_ARGS("s", user_name, "s", secret, "b", please_suspend),
        SD_BUS_RESULT("h", send_fd), on_named<acquire_by_anybody>, kAnybody | kSecret),
    SD_BUS_METHOD_WITH_ARGS("RefHome", SD_BUS_ARGS("s", user_name, "b", please_suspend),
                            SD_BUS_RESULT("h", send_fd), on_named<ref>, kRoot),
    SD_BUS_METHOD_WITH_ARGS("RefHomeUnrestricted", SD_BUS_ARGS("s", user_name, "b", please_suspend),
                            SD_BUS_RESULT("h", send_fd), on_named<ref_unrestricted>, kRoot),
    SD_BUS_METHOD_WITH_ARGS("ReleaseHome", SD_BUS_ARGS("s", user_name), SD_BUS_NO_RESULT,
                            on_named<release>, kRoot),

    SD_BUS_METHOD_WITH_ARGS("ListSigningKeys", SD_BUS_NO_ARGS, SD_BUS_RESULT("a(sst)", keys),
                            on_manager<list_signing_keys>, kAnybody),
    SD_BUS_METHOD_WITH_ARGS("GetSigningKey", SD_BUS_ARGS("s", name),
                            SD_BUS_RESULT("s", pem, "t", flags), on_manager<get_signing_key>,
                            kAnybody),
    SD_BUS_METHOD_WITH_ARGS("AddSigningKey", SD_BUS_ARGS("s", name, "s", pem, "t", flags),
                            SD_BUS_NO_RESULT, on_manager<add_signing_key>, kAnybody),
    SD_BUS_METHOD_WITH_ARGS("RemoveSigningKey", SD_BUS_ARGS("s", name, "t", flags),
                            SD_BUS_NO_RESULT, on_manager<remove_signing_key>, kAnybody),

    SD_BUS_METHOD_WITH_ARGS("LockAllHomes", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, on_manager<lock_all>,
                            kRoot),
    SD_BUS_METHOD_WITH_ARGS("DeactivateAllHomes", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT,
                            on_manager<deactivate_all>, kRoot),
    SD_BUS_METHOD_WITH_ARGS("Rebalance", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, on_manager<rebalance>,
                            kRoot),
    SD_BUS_VTABLE_END,
};

}  // namespace

const sd_bus_vtable* manager_table() {
    return kTable;
}

}  // namespace hearth::homed
