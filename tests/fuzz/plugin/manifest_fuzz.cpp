// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/plugin/manifest.hpp"

/// What is accepted can be relied on: core makes file names out of ids, and default paths out of
/// suffixes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto manifest =
        hearth::plugin::parse_manifest({reinterpret_cast<const char*>(data), size});
    if (!manifest) return 0;
    if (manifest->id.empty() || manifest->id.find('/') != std::string::npos ||
        manifest->id.front() == '.' || (manifest->storage.empty() && manifest->auth.empty()))
        std::abort();
    for (const auto& storage : manifest->storage)
        if (storage.name.empty() || storage.suffix.find('/') != std::string::npos) std::abort();
    for (const auto& device : manifest->needs.devices)
        if (!device.starts_with("/dev/") || device.find("..") != std::string::npos) std::abort();
    return 0;
}
