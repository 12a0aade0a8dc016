// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mapping_size.hpp"

#include <optional>
#include <string_view>

#include "dm_request.hpp"

namespace hearth::luks {

namespace {

constexpr std::string_view kCrypt = "crypt";
constexpr std::uint64_t kSector = 512;
constexpr std::uint64_t kLargestSector = 4096;
/// Of a key in a keyring, in a table: ":64:logon:NAME".
constexpr std::string_view kKind = ":logon:";

sdk::Error unreadable(const std::string& name, int sys_errno) {
    return {HEARTH_E_IO, "the table of the mapping " + name + " cannot be read", sys_errno};
}

/// The parameters of its one target, as the kernel prints them. Never of a mapping whose key is
/// written out in them.
sdk::Result<std::string> parameters_of(const std::string& name) {
    Request request = request_for(name);
    request.head.flags = DM_STATUS_TABLE_FLAG | DM_SECURE_DATA_FLAG;
    const int why = ask(DM_TABLE_STATUS, request);
    if (why != 0) return unreadable(name, why);
    dm_target_spec target{};
    std::memcpy(&target, request.rest.data(), sizeof target);
    const char* const text = request.rest.data() + sizeof target;
    const std::size_t room = request.rest.size() - sizeof target;
    const bool is_whole = request.head.target_count == 1 && strnlen(text, room) < room &&
                          (request.head.flags & DM_BUFFER_FULL_FLAG) == 0;
    std::optional<std::string> out;
    if (is_whole && target.target_type == kCrypt &&
        std::string_view(text).find(kKind) != std::string_view::npos)
        out.emplace(text);
    explicit_bzero(&request, sizeof request);
    if (out) return *std::move(out);
    return sdk::Error(HEARTH_E_NOT_SUPPORTED,
                      "the key of the mapping " + name + " did not come from a keyring");
}

Request load_request(const std::string& name, const std::string& parameters, std::uint64_t bytes) {
    Request request = request_for(name);
    request.head.target_count = 1;
    dm_target_spec target{};
    target.length = bytes / kLargestSector * kLargestSector / kSector;
    std::memcpy(target.target_type, kCrypt.data(), kCrypt.size());
    target.next = static_cast<std::uint32_t>((sizeof target + parameters.size() + 8) / 8 * 8);
    std::memcpy(request.rest.data(), &target, sizeof target);
    std::memcpy(request.rest.data() + sizeof target, parameters.c_str(), parameters.size() + 1);
    return request;
}

/// What was loaded takes the place of what there is; whoever reads or writes waits for a moment.
sdk::Result<void> swap_tables(const std::string& name) {
    Request request = request_for(name);
    request.head.flags = DM_SKIP_LOCKFS_FLAG;
    const int why = ask(DM_DEV_SUSPEND, request);
    if (why == 0) return sdk::ok();
    Request clear = request_for(name);
    static_cast<void>(ask(DM_TABLE_CLEAR, clear));
    return sdk::sys_error(why, "the size of the mapping " + name + " cannot be changed");
}

}  // namespace

sdk::Result<std::string> key_name_of(const std::string& mapping) {
    HEARTH_SDK_TRY(parameters, parameters_of(mapping));
    const std::size_t at = parameters.find(kKind) + kKind.size();
    return parameters.substr(at, parameters.find(' ', at) - at);
}

sdk::Result<void> resize_mapping(const std::string& mapping, std::uint64_t bytes) {
    HEARTH_SDK_TRY(parameters, parameters_of(mapping));
    Request request = load_request(mapping, parameters, bytes);
    if (const int why = ask(DM_TABLE_LOAD, request); why != 0)
        return sdk::sys_error(why, "the size of the mapping " + mapping + " cannot be changed");
    return swap_tables(mapping);
}

}  // namespace hearth::luks
