// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "core/secret/codec.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

hearth::UniqueFd sealed(const std::uint8_t* data, std::size_t size) {
    hearth::UniqueFd fd(::memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    require(::pwrite(fd.get(), data, size, 0) == static_cast<ssize_t>(size));
    require(::fcntl(fd.get(), F_ADD_SEALS,
                    F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0);
    return fd;
}

}  // namespace

/// The form of secrets between processes is strict: what is read is written again byte for byte.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::secret;
    const auto secrets = from_memfd(sealed(data, size).get());
    if (!secrets) {
        require(secrets.error().id() == "secrets-malformed");
        return 0;
    }
    const auto again = to_sealed_memfd(*secrets);
    require(again.has_value());
    std::vector<std::uint8_t> bytes(size + 1);
    require(::pread(again->get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(size));
    require(std::memcmp(bytes.data(), data, size) == 0);
    return 0;
}
