// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/availability.hpp"

#include <gtest/gtest.h>

namespace hearth::plugin {

TEST(Availability, IsThatOfEveryDeviceThatIsNamed) {
    Needs needs;
    EXPECT_TRUE(has_devices(needs));
    needs.devices = {"/dev/null", "/dev/zero"};
    EXPECT_TRUE(has_devices(needs));
    needs.devices.emplace_back("/dev/there-is-no-such-device");
    EXPECT_FALSE(has_devices(needs));
}

TEST(Availability, DoesNotLookForDevicesThatComeAndGo) {
    Needs needs;
    needs.devices = {"/dev/there-is-no-such-device*"};
    EXPECT_TRUE(has_devices(needs));
}

}  // namespace hearth::plugin
