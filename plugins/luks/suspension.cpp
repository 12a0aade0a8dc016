// SPDX-License-Identifier: LGPL-2.1-or-later
#include "suspension.hpp"

#include <cerrno>

#include "crypt_error.hpp"
#include "kept_key.hpp"

namespace hearth::luks {

sdk::Result<void> LuksVolume::suspend(sdk::Op op, const std::string& mapping) {
    crypt_device* raw = nullptr;
    const int found = crypt_init_by_name(&raw, mapping.c_str());
    if (found < 0) return crypt_error(found, "the mapping " + mapping + " cannot be looked at");
    const LuksVolume volume{watched(raw, op)};
    const int done = crypt_suspend(raw, mapping.c_str());
    if (done >= 0) return sdk::ok();
    return crypt_error(done, "the mapping " + mapping + " cannot be suspended");
}

sdk::Result<void> LuksVolume::resume(const std::string& mapping, sdk::Secret& key) {
    const int done = crypt_resume_by_volume_key(device_.get(), mapping.c_str(),
                                                reinterpret_cast<const char*>(key.bytes().data()),
                                                key.bytes().size());
    if (done >= 0) return sdk::ok();
    if (done == -EPERM)
        return sdk::Error(HEARTH_E_CORRUPT, "the key of the volume is not the one of " + mapping);
    return crypt_error(done, "the mapping " + mapping + " cannot go on");
}

sdk::Result<void> lock_home(sdk::Op op, const Settings& settings) {
    HEARTH_SDK_TRY(mapping, mapping_of(settings));
    if (!mapping) return sdk::Error(HEARTH_E_HOME_NOT_ACTIVE, settings.mapping + " is not there");
    if (mapping->suspended)
        return sdk::Error(HEARTH_E_HOME_LOCKED, settings.mapping + " is suspended already");
    op.progress(0, 0, "suspending the home");
    const sdk::Critical until_the_key_is_gone(op);
    drop_key(settings.mapping);
    return LuksVolume::suspend(op, settings.mapping);
}

sdk::Result<void> unlock_home(sdk::Op op, const sdk::Place& place, const Settings& settings) {
    HEARTH_SDK_TRY(mapping, mapping_of(settings));
    if (!mapping || !mapping->suspended)
        return sdk::Error(HEARTH_E_HOME_NOT_LOCKED, settings.mapping + " is not suspended");
    HEARTH_SDK_TRY(medium, open_medium(op, place, settings));
    HEARTH_SDK_TRY(found, medium.volume->find_key(op));
    const sdk::Critical until_it_goes_on(op);
    HEARTH_SDK_CHECK(medium.volume->resume(settings.mapping, found.key));
    if (!settings.on_device) keep_key(op, settings.mapping, found.key);
    return sdk::ok();
}

sdk::Result<void> finish_locking(const Settings& settings) {
    HEARTH_SDK_TRY(mapping, mapping_of(settings));
    if (!mapping || !mapping->suspended) return sdk::ok();
    drop_key(settings.mapping);
    return forget_key(settings.mapping);
}

}  // namespace hearth::luks
