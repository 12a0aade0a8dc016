// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/base64.hpp"

#include <gtest/gtest.h>

namespace hearth::secret {
namespace {

std::string encoded(std::string_view raw) {
    return std::string(to_base64(Secret::copy_of(raw).value())->view());
}

TEST(Base64, IsTheOneOfRfc4648) {
    EXPECT_EQ(encoded(""), "");
    EXPECT_EQ(encoded("f"), "Zg==");
    EXPECT_EQ(encoded("fo"), "Zm8=");
    EXPECT_EQ(encoded("foo"), "Zm9v");
    EXPECT_EQ(encoded("foob"), "Zm9vYg==");
    EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
    EXPECT_EQ(encoded(std::string("\xff\xff\xfe\x00", 4)), "///+AA==");
}

}  // namespace
}  // namespace hearth::secret
