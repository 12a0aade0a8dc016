// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/codec.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace hearth::secret {

namespace {

// magic u64, permissions u64, then for each kind a count u32, and for each secret a length u32 and
// its bytes.
constexpr std::uint64_t kMagic = 0x48'53'45'43'52'45'54'31;
constexpr std::uint32_t kMaxCount = 64;
constexpr std::uint32_t kMaxLength = 4096;
constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

template <typename S>
auto kinds(S& secrets) {
    return std::array{&secrets.passwords, &secrets.recovery_keys, &secrets.token_secrets,
                      &secrets.pins};
}

constexpr std::size_t kHeader = 2 * sizeof(std::uint64_t);
constexpr std::size_t kMaxSize = kHeader + 4 * sizeof(std::uint32_t) +
                                 std::size_t{4} * kMaxCount * (sizeof(std::uint32_t) + kMaxLength);

Error malformed(std::string why) {
    return Error(Code::invalid_argument, "secrets-malformed",
                 "The passwords handed to this process are not in the form that Hearth uses.")
        .why(std::move(why));
}

Error transfer(const char* step, int sys_errno) {
    return Error(Code::io, "secrets-transfer",
                 std::string("The passwords cannot be handed to another process: ") + step +
                     " failed.")
        .sys(sys_errno);
}

Result<std::size_t> encoded_size(const Secrets& secrets) {
    std::size_t size = kHeader;
    for (const auto* kind : kinds(secrets)) {
        size += sizeof(std::uint32_t);
        bool too_long = false;
        for (const Secret& secret : *kind) {
            size += sizeof(std::uint32_t) + secret.size();
            too_long = too_long || secret.size() > kMaxLength;
        }
        if (too_long || kind->size() > kMaxCount)
            return Error(Code::invalid_argument, "secrets-too-many",
                         "Too many or too long passwords were given.")
                .why("At most 64 of a kind, of 4096 bytes each, are accepted.");
    }
    return size;
}

class Writer {
  public:
    explicit Writer(std::span<std::byte> to) : to_(to) {}
    void bytes(std::span<const std::byte> from) {
        if (!from.empty()) std::memcpy(to_.data(), from.data(), from.size());
        to_ = to_.subspan(from.size());
    }
    template <typename T>
    void number(T value) {
        bytes(std::as_bytes(std::span(&value, 1)));
    }

  private:
    std::span<std::byte> to_;
};

class Reader {
  public:
    explicit Reader(std::span<const std::byte> from) : from_(from) {}
    bool bytes(std::span<std::byte> to) {
        if (from_.size() < to.size()) return false;
        if (!to.empty()) std::memcpy(to.data(), from_.data(), to.size());
        from_ = from_.subspan(to.size());
        return true;
    }
    template <typename T>
    bool number(T& value) {
        return bytes(std::as_writable_bytes(std::span(&value, 1)));
    }
    [[nodiscard]] bool at_end() const { return from_.empty(); }

  private:
    std::span<const std::byte> from_;
};

Result<Secret> encode(const Secrets& secrets) {
    HEARTH_TRY(size, encoded_size(secrets));
    HEARTH_TRY(image, Secret::with_size(size));
    Writer writer(image.expose());
    writer.number(kMagic);
    writer.number(secrets.permissions);
    for (const auto* kind : kinds(secrets)) {
        writer.number(static_cast<std::uint32_t>(kind->size()));
        for (const Secret& secret : *kind) {
            writer.number(static_cast<std::uint32_t>(secret.size()));
            writer.bytes(secret.expose());
        }
    }
    return image;
}

Result<void> decode_kind(Reader& reader, std::vector<Secret>& into) {
    std::uint32_t count = 0;
    if (!reader.number(count) || count > kMaxCount)
        return malformed("A count in them is out of range.");
    for (std::uint32_t i = 0; i < count; ++i) {
        std::uint32_t length = 0;
        if (!reader.number(length) || length > kMaxLength)
            return malformed("A length in them is out of range.");
        HEARTH_TRY(secret, Secret::with_size(length));
        if (!reader.bytes(secret.expose())) return malformed("They end too early.");
        into.push_back(std::move(secret));
    }
    return ok();
}

Result<Secrets> decode(std::span<const std::byte> image) {
    Reader reader(image);
    Secrets secrets;
    std::uint64_t magic = 0;
    if (!reader.number(magic) || magic != kMagic)
        return malformed("They do not begin as expected.");
    if (!reader.number(secrets.permissions)) return malformed("They end too early.");
    for (auto* kind : kinds(secrets)) HEARTH_CHECK(decode_kind(reader, *kind));
    if (!reader.at_end()) return malformed("Something follows them.");
    return secrets;
}

}  // namespace

Result<UniqueFd> to_sealed_memfd(const Secrets& secrets) {
    HEARTH_TRY(image, encode(secrets));
    UniqueFd fd(memfd_create("hearth-secrets", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!fd) return transfer("memfd_create", errno);
    const std::span<const std::byte> bytes = image.expose();
    if (pwrite(fd.get(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        return transfer("writing", errno);
    if (fcntl(fd.get(), F_ADD_SEALS, kSeals) != 0) return transfer("sealing", errno);
    return fd;
}

Result<Secrets> from_memfd(int fd) {
    // Sealed means that nobody changes it between the size and the bytes.
    const int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & kSeals) != kSeals)
        return malformed("They do not come in a sealed memory file.");
    struct stat info {};
    if (fstat(fd, &info) != 0) return transfer("fstat", errno);
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size > kMaxSize) return malformed("They are too large.");
    HEARTH_TRY(image, Secret::with_size(size));
    // Not mapped: the only copies are the sealed one and this one, which is wiped on return.
    if (pread(fd, image.expose().data(), size, 0) != static_cast<ssize_t>(size))
        return transfer("reading", errno);
    return decode(image.expose());
}

}  // namespace hearth::secret
