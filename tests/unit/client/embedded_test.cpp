// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/embedded.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/client/bus.hpp"
#include "core/client/open.hpp"
#include "tests/unit/home/temp_root.hpp"

namespace hearth::client {
namespace {

constexpr const char* kAda =
    R"({"userName":"ada","realName":"Ada L.","uid":60144,"disposition":"regular","storage":"directory"})";

class EmbeddedHomes : public ::testing::Test {
  protected:
    void SetUp() override {
        std::filesystem::create_directories(temp_.root().state_dir());
        temp_.write("/var/lib/systemd/home/ada.identity", kAda);
        temp_.write("/var/lib/systemd/home/bob.identity", "no record");
    }
    home::TempRoot temp_;
};

TEST_F(EmbeddedHomes, AreListedAndDamagedOnesNamed) {
    Embedded homes(temp_.root());
    const auto listing = homes.list();
    ASSERT_TRUE(listing) << listing.error().one_line();
    ASSERT_EQ(listing->rows.size(), 1U);
    const auto& row = listing->rows[0];
    EXPECT_EQ(row.name, "ada");
    EXPECT_EQ(row.uid, 60144U);
    EXPECT_EQ(row.real_name, "Ada L.");
    EXPECT_EQ(row.state, "inactive");
    EXPECT_EQ(row.home_directory, "/home/ada");
    EXPECT_EQ(listing->damaged.size(), 1U);
}

TEST_F(EmbeddedHomes, AreFoundByNameAndNumber) {
    Embedded homes(temp_.root());
    for (const char* name : {"ada", "60144"}) {
        const auto known = homes.find(name);
        ASSERT_TRUE(known) << name;
        EXPECT_EQ(known->record.user_name(), "ada");
        EXPECT_FALSE(known->incomplete);
    }
    EXPECT_EQ(homes.find("eve").error().id(), "home-unknown");
}

TEST_F(EmbeddedHomes, AreUsedForASystemInAFolder) {
    const auto homes = open_homes(temp_.root(), false);
    if (::geteuid() != 0) {
        EXPECT_EQ(homes.error().id(), "not-root");
        return;
    }
    ASSERT_TRUE(homes);
    EXPECT_NE(dynamic_cast<Embedded*>(homes->get()), nullptr);
}

TEST(TheBus, IsNotReachedWithoutItsSocket) {
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all,guid=x", 1);
    EXPECT_EQ(Bus::open(false).error().id(), "service-unreachable");
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
}

}  // namespace
}  // namespace hearth::client
