// SPDX-License-Identifier: MIT
#include "home.hpp"

#include <filesystem>
#include <set>
#include <vector>

#include "core/crypto/hashes.hpp"

namespace hearth::check {

Home::Home(std::string in_folder, const plugin::StorageManifest& manifest, std::string extra_json,
           std::string name)
    : folder(std::move(in_folder)),
      user(std::move(name)),
      storage(manifest.name),
      image(user + manifest.suffix),
      extra(std::move(extra_json)) {
    for (unsigned i = 0; i < ids.size(); ++i) ids[i] = crypto::sha256(fake_hash(i));
}

std::string fake_hash(unsigned index) {
    return "$6$hearthcheck$" + std::to_string(index);
}

record::UserRecord Home::record(unsigned passwords_mask) const {
    auto parsed = record::UserRecord::parse(extra.empty() ? R"({"userName":"checked"})" : extra);
    auto out = parsed ? std::move(parsed).value()
                      : record::UserRecord::parse(R"({"userName":"checked"})").value();
    static_cast<void>(out.set("userName", user));
    static_cast<void>(out.set("disposition", std::string("regular")));
    std::vector<std::string> hashes;
    for (unsigned i = 0; i < passwords.size(); ++i)
        if ((passwords_mask >> i & 1U) != 0) hashes.push_back(fake_hash(i));
    out.set_privileged("hashedPassword", hashes);
    out.set_binding(kMachineId, "storage", storage);
    out.set_binding(kMachineId, "imagePath", medium_path());
    out.set_binding(kMachineId, "homeDirectory", "/home/" + user);
    out.set_binding(kMachineId, "uid", std::uint64_t{uid});
    out.set_binding(kMachineId, "gid", std::uint64_t{uid});
    return out;
}

std::string Home::names() const {
    std::set<std::string> found;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        found.insert(entry.path().filename().string());
    std::string out;
    for (const auto& name : found) out += (out.empty() ? "" : " ") + name;
    return out;
}

}  // namespace hearth::check
