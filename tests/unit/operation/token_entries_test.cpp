// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/token_entries.hpp"

#include <gtest/gtest.h>

namespace hearth::operation {
namespace {

record::UserRecord record_of(const std::string& privileged) {
    return record::UserRecord::parse(R"({"userName":"kim","privileged":)" + privileged + "}")
        .value();
}

TEST(TokenEntries, AreFoundByTheirHashesAndLentWithoutThem) {
    const auto record = record_of(R"({"hashedPassword":["$y$1"],
        "recoveryKey":[{"type":"modhex64","hashedPassword":"$y$2"}],
        "zebra":[{"salt":"b","hashedPassword":"$y$4"},{"salt":"without"},"text"],
        "apes":[{"id":"a","hashedPassword":"$y$3","up":true}],
        "sshAuthorizedKeys":["ssh-ed25519 x"]})");
    const auto arrays = token_arrays(record);
    ASSERT_EQ(arrays.size(), 2U);
    EXPECT_EQ(arrays[0].place, "/privileged/apes");
    ASSERT_EQ(arrays[0].entries.size(), 1U);
    EXPECT_EQ(arrays[0].entries[0].text, R"({"id":"a","up":true})");
    EXPECT_EQ(arrays[1].place, "/privileged/zebra");
    ASSERT_EQ(arrays[1].entries.size(), 1U);
    EXPECT_EQ(token_hashes(record), (std::vector<std::string>{"$y$3", "$y$4"}));
}

TEST(TokenEntries, AreNoneInARecordWithoutTokens) {
    EXPECT_TRUE(token_arrays(record_of(R"({"hashedPassword":["$y$1"]})")).empty());
    EXPECT_TRUE(token_arrays(record::UserRecord::parse(R"({"userName":"kim"})").value()).empty());
}

}  // namespace
}  // namespace hearth::operation
