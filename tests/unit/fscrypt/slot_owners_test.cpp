// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/fscrypt/slot_owners.hpp"

#include <gtest/gtest.h>

namespace hearth::fscrypt {
namespace {

TEST(SlotOwners, ReadWhatTheyWrote) {
    const std::vector<SlotOwner> owners = {{{0, {1, 2, 3, 4, 5, 6, 7, 255}}, {8, 9}},
                                           {{31, {}}, {255, 1, 2, 3, 4, 5, 6, 7}}};
    EXPECT_EQ(parse_owners(to_text(owners)), owners);
    EXPECT_EQ(to_text({owners[1]}), "31 0000000000000000 ff01020304050607\n");
}

TEST(SlotOwners, LeaveOutLinesThatAreDamaged) {
    const std::string good = "3 0000000000000001 0000000000000002\n";
    for (const std::string bad :
         {"", "\n", "3 0000000000000001\n", "x 0000000000000001 0000000000000002\n",
          "3 000000000000001 0000000000000002\n", "3 000000000000000g 0000000000000002\n",
          "3 0000000000000001 0000000000000002 4\n"})
        EXPECT_EQ(parse_owners(bad + good).size(), 1U) << bad;
    EXPECT_LE(parse_owners(std::string(5000, '\n')).size(), 32U);
}

}  // namespace
}  // namespace hearth::fscrypt
