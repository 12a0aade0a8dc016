// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/codec.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace hearth::secret {
namespace {

Secret secret_of(std::string_view text) {
    return Secret::copy_of(text).value();
}

Secrets sample() {
    Secrets secrets;
    secrets.passwords.push_back(secret_of("one"));
    secrets.passwords.push_back(secret_of(""));
    secrets.recovery_keys.push_back(secret_of("recovery"));
    secrets.pins.push_back(secret_of(std::string("1\0002", 3)));
    secrets.permissions = 5;
    return secrets;
}

std::string bytes_of(int fd) {
    std::string bytes(65536, '\0');
    bytes.resize(static_cast<std::size_t>(pread(fd, bytes.data(), bytes.size(), 0)));
    return bytes;
}

UniqueFd sealed(const std::string& bytes,
                int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) {
    UniqueFd fd(memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    EXPECT_EQ(write(fd.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    EXPECT_EQ(fcntl(fd.get(), F_ADD_SEALS, seals), 0);
    return fd;
}

std::string id_of(const std::string& bytes) {
    const auto result = from_memfd(sealed(bytes).get());
    return result ? "ok" : result.error().id();
}

TEST(SecretsCodec, ReadsWhatItWrote) {
    const UniqueFd fd = to_sealed_memfd(sample()).value();
    const auto back = from_memfd(fd.get());
    ASSERT_TRUE(back.has_value()) << back.error().one_line();
    ASSERT_EQ(back->passwords.size(), 2U);
    EXPECT_EQ(back->passwords[0].view(), "one");
    EXPECT_TRUE(back->passwords[1].empty());
    ASSERT_EQ(back->recovery_keys.size(), 1U);
    EXPECT_EQ(back->recovery_keys[0].view(), "recovery");
    EXPECT_TRUE(back->token_secrets.empty());
    ASSERT_EQ(back->pins.size(), 1U);
    EXPECT_EQ(back->pins[0].view(), std::string("1\0002", 3));
    EXPECT_EQ(back->permissions, 5U);
}

TEST(SecretsCodec, CanBeReadTwiceFromTheSameFd) {
    const UniqueFd fd = to_sealed_memfd(sample()).value();
    EXPECT_TRUE(from_memfd(fd.get()).has_value());
    EXPECT_TRUE(from_memfd(fd.get()).has_value());
}

TEST(SecretsCodec, SealsAndClosesOnExec) {
    const UniqueFd fd = to_sealed_memfd(Secrets{}).value();
    EXPECT_EQ(fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    EXPECT_EQ(pwrite(fd.get(), "x", 1, 0), -1);
    EXPECT_EQ(ftruncate(fd.get(), 0), -1);
}

TEST(SecretsCodec, RefusesWhatCouldStillChange) {
    const UniqueFd good = to_sealed_memfd(sample()).value();
    const UniqueFd open = sealed(bytes_of(good.get()), F_SEAL_SHRINK);
    EXPECT_EQ(from_memfd(open.get()).error().id(), "secrets-malformed");
    const UniqueFd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(from_memfd(file.get()).error().id(), "secrets-malformed");
    EXPECT_EQ(from_memfd(-1).error().id(), "secrets-malformed");
}

TEST(SecretsCodec, RefusesEveryTruncation) {
    const UniqueFd good = to_sealed_memfd(sample()).value();
    const std::string bytes = bytes_of(good.get());
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_EQ(id_of(bytes.substr(0, length)), "secrets-malformed") << length;
    EXPECT_EQ(id_of(bytes), "ok");
    EXPECT_EQ(id_of(bytes + '\0'), "secrets-malformed");
}

TEST(SecretsCodec, RefusesCountsAndLengthsOutOfRange) {
    const UniqueFd good = to_sealed_memfd(sample()).value();
    const std::string bytes = bytes_of(good.get());
    for (std::size_t at : {0U, 16U, 20U})
        for (const std::uint32_t value : {65U, 4097U, 0xFFFFFFFFU}) {
            std::string bad = bytes;
            std::memcpy(bad.data() + at, &value, sizeof value);
            EXPECT_EQ(id_of(bad), "secrets-malformed") << at << " " << value;
        }
    EXPECT_EQ(id_of(std::string(2'000'000, '\0')), "secrets-malformed");
}

TEST(SecretsCodec, RefusesToSendTooMuch) {
    Secrets many;
    for (int i = 0; i < 65; ++i) many.passwords.push_back(secret_of("x"));
    EXPECT_EQ(to_sealed_memfd(many).error().id(), "secrets-too-many");
    Secrets large;
    large.pins.push_back(Secret::with_size(4097).value());
    EXPECT_EQ(to_sealed_memfd(large).error().id(), "secrets-too-many");
    large.pins[0].shrink(4096);
    const UniqueFd fd = to_sealed_memfd(large).value();
    EXPECT_EQ(from_memfd(fd.get()).value().pins[0].size(), 4096U);
}

}  // namespace
}  // namespace hearth::secret
