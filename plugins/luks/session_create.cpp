// SPDX-License-Identifier: LGPL-2.1-or-later
#include <openssl/rand.h>

#include "calibration.hpp"
#include "device_home.hpp"
#include "file_system.hpp"
#include "rekey.hpp"
#include "session.hpp"
#include "token.hpp"

namespace hearth::luks {

namespace {

/// What the record leaves open is decided here, and noted for this machine.
struct Identities {
    Uuid partition;
    Uuid volume;
    Uuid file_system;
};

sdk::Result<Uuid> or_random(const std::optional<Uuid>& wanted) {
    const auto chosen = wanted ? wanted : random_uuid();
    if (chosen) return *chosen;
    return sdk::Error(HEARTH_E_INTERNAL, "the kernel gave no random numbers");
}

sdk::Result<Identities> choose(const Settings& settings) {
    HEARTH_SDK_TRY(partition, or_random(settings.partition_id));
    HEARTH_SDK_TRY(volume, or_random(settings.luks_id));
    HEARTH_SDK_TRY(file_system, or_random(settings.file_system_id));
    return Identities{partition, volume, file_system};
}

std::string quoted(const std::string& text) {
    return "\"" + text + "\"";
}

sdk::Result<void> bind(sdk::WritableRecord& record, const Settings& settings,
                       const Identities& ids) {
    if (settings.partition_id)
        HEARTH_SDK_CHECK(record.bind("/binding/partitionUuid", quoted(to_text(ids.partition))));
    // Whatever the device is called after the next start.
    if (settings.on_device)
        HEARTH_SDK_CHECK(
            record.bind("/binding/imagePath", quoted("/dev/disk/by-uuid/" + to_text(ids.volume))));
    HEARTH_SDK_CHECK(record.bind("/binding/luksUuid", quoted(to_text(ids.volume))));
    HEARTH_SDK_CHECK(record.bind("/binding/fileSystemUuid", quoted(to_text(ids.file_system))));
    HEARTH_SDK_CHECK(record.bind("/binding/luksCipher", quoted(settings.cipher)));
    HEARTH_SDK_CHECK(record.bind("/binding/luksCipherMode", quoted(settings.mode)));
    HEARTH_SDK_CHECK(record.bind("/binding/fileSystemType", quoted(settings.file_system)));
    return record.bind("/binding/luksVolumeKeySize", std::to_string(settings.key_size));
}

sdk::Result<sdk::Secret> make_key(sdk::Op op, std::size_t size) {
    HEARTH_SDK_TRY(key, op.new_secret(size));
    if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(key.bytes().data()),
                        static_cast<int>(size)) != 1)
        return sdk::Error(HEARTH_E_INTERNAL, "libcrypto gave no random numbers");
    return sdk::Result<sdk::Secret>(std::move(key));
}

/// A device gets its header at once, because that tells recovery whose it is. An image has a name
/// that does.
sdk::Result<LuksVolume> new_volume(sdk::Op op, Medium& medium, const Settings& settings,
                                   const Uuid& id, sdk::Secret& key) {
    if (settings.on_device) return LuksVolume::format(op, medium.loop.path, settings, id, key);
    HEARTH_SDK_TRY(header, NewHeader::make());
    HEARTH_SDK_TRY(volume,
                   LuksVolume::format(op, header.path(), settings, id, key, medium.loop.path));
    HEARTH_SDK_CHECK(header.empty_slots());
    medium.header.emplace(std::move(header));
    return volume;
}

/// Table and empty volume. Failing, the caller removes the file.
sdk::Result<void> lay_out(sdk::Op op, Medium& medium, const Settings& settings,
                          const Identities& ids, sdk::Secret& key) {
    op.progress(0, 0, "making the encrypted volume");
    HEARTH_SDK_TRY(extent, settings.on_device
                               ? lay_out_device(medium.image.get(), settings)
                               : write_table(medium.image.get(), settings, ids.partition));
    medium.extent = extent;
    HEARTH_SDK_TRY(loop, attach_loop(medium.image.get(), extent, settings.sector_size));
    medium.loop = std::move(loop);
    HEARTH_SDK_TRY(volume, new_volume(op, medium, settings, ids.volume, key));
    medium.volume.emplace(std::move(volume));
    return sdk::ok();
}

sdk::Result<sdk::UniqueFd> new_file(const sdk::Place& place, const sdk::Record& record,
                                    Settings& settings) {
    // Said before any work is done; close() makes sure of it again.
    if (exists(place)) return exists_already(place);
    HEARTH_SDK_TRY(room, space_around(place.dir));
    HEARTH_SDK_TRY(size, new_size(record, settings, room));
    choose_file_system(settings, size);
    HEARTH_SDK_CHECK(require_tools(settings.file_system));
    return make_image(place, size, settings.discard);
}

}  // namespace

sdk::Result<KeyDerivation> derivation_on_this_machine(sdk::Op op, const Settings& settings) {
    return calibrate(settings.derivation, memory_of(op), [&](const KeyDerivation& wanted) {
        return LuksVolume::measure(op, wanted, settings.key_size);
    });
}

sdk::Result<std::unique_ptr<sdk::Session>> LuksSession::create(sdk::Op op, const sdk::Place& place,
                                                               sdk::WritableRecord record,
                                                               sdk::Credentials credentials) {
    HEARTH_SDK_TRY(settings, settings_of(record));
    HEARTH_SDK_CHECK(check_cipher(settings.cipher, settings.mode, settings.key_size));
    HEARTH_SDK_TRY(ids, choose(settings));
    HEARTH_SDK_TRY(key, make_key(op, settings.key_size));
    settings.partition_id = ids.partition;
    settings.luks_id = ids.volume;
    Medium medium;
    HEARTH_SDK_TRY(image, settings.on_device ? take_device(op, place, record, settings)
                                             : new_file(place, record, settings));
    medium.image = std::move(image);
    auto made = lay_out(op, medium, settings, ids, key);
    if (made) made = bind(record, settings, ids);
    std::unique_ptr<LuksSession> session(
        new LuksSession(place, std::move(settings), std::move(medium), std::move(key), -1));
    session->created_ = true;
    if (made) made = session->fill_new(op, ids.file_system, credentials);
    if (made) return std::unique_ptr<sdk::Session>(std::move(session));
    static_cast<void>(session->discard_new(op));
    return std::move(made).error();
}

sdk::Result<void> LuksSession::fill_new(sdk::Op op, const Uuid& file_system,
                                        sdk::Credentials credentials) {
    HEARTH_SDK_TRY(derivation, derivation_on_this_machine(op, settings_));
    HEARTH_SDK_CHECK(add_slots(op, volume(), key_, derivation, credentials, Proof::none));
    HEARTH_SDK_CHECK(map(temporary_mapping(op.id())));
    settings_.file_system_id = file_system;
    return make_file_system(op, mapping_->node, settings_, file_system);
}

sdk::Result<void> LuksSession::write_header() {
    if (!medium_.header) return sdk::ok();
    const std::uint64_t begin = medium_.extent.offset;
    HEARTH_SDK_CHECK(fill_holes_in(medium_.image.get(), {begin, NewHeader::kSize}));
    return medium_.header->write_to(medium_.image.get(), begin);
}

sdk::Result<void> LuksSession::publish_new(sdk::Op op) {
    if (settings_.on_device) return finish_device(medium_.image.get());
    if (!settings_.offline_discard) HEARTH_SDK_CHECK(take_room(op));
    const sdk::Critical between_two_names(op);
    auto published = write_header();
    if (published) published = publish(place_, medium_.image.get());
    // Nobody could find it under its temporary name any more.
    if (!published) static_cast<void>(discard_new(op));
    return published;
}

sdk::Result<void> LuksSession::discard_new(sdk::Op op) {
    release(op);
    if (settings_.on_device) return clear_device(op, medium_.image.get(), settings_);
    return remove_file(place_, place_.temp_name);
}

}  // namespace hearth::luks
