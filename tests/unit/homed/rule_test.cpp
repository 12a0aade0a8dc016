// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/relay/rule.hpp"

#include <gtest/gtest.h>

namespace hearth::homed {
namespace {

TEST(RelayRules, KnowEveryVerbOfClientsAndNoOther) {
    for (const char* verb :
         {"acquire", "activate", "adopt", "authenticate", "create", "deactivate", "fixate", "lock",
          "passwd", "register", "remove", "repair", "resize", "unlock", "unregister", "update"})
        EXPECT_TRUE(find_rule(verb)) << verb;
    for (const char* verb : {"", "recover", "Activate", "activate "})
        EXPECT_FALSE(find_rule(verb)) << verb;
}

TEST(RelayRules, LetTheOwnerOpenAndChangeThePasswordAndNoMore) {
    for (const char* verb : {"activate", "authenticate", "passwd"})
        EXPECT_TRUE(find_rule(verb)->owner_may) << verb;
    for (const char* verb :
         {"create", "deactivate", "lock", "remove", "resize", "unlock", "update"})
        EXPECT_FALSE(find_rule(verb)->owner_may) << verb;
}

TEST(RelayRules, KeepForRootWhatTheBusKeepsForRoot) {
    for (const char* verb : {"deactivate", "fixate", "lock", "repair", "unlock"})
        EXPECT_EQ(find_rule(verb)->action, Action::root_only) << verb;
    EXPECT_TRUE(find_rule("acquire")->anybody_may);
}

}  // namespace
}  // namespace hearth::homed
