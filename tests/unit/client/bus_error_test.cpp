// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/bus_error.hpp"

#include <gtest/gtest.h>

namespace hearth::client {
namespace {

TEST(BusErrors, TellWhetherThereIsAService) {
    for (const char* name :
         {"org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner",
          "org.freedesktop.DBus.Error.Spawn.ExecFailed"})
        EXPECT_EQ(error_of_bus(name, "words").id(), "service-unreachable") << name;
}

TEST(BusErrors, TellWhoseServiceItIs) {
    EXPECT_EQ(error_of_bus("org.freedesktop.DBus.Error.UnknownMethod", "").id(), "service-foreign");
    EXPECT_EQ(error_of_bus("org.freedesktop.DBus.Error.UnknownObject", "").id(), "service-foreign");
}

TEST(BusErrors, KeepWhatProgramsDecideBy) {
    const Error busy = error_of_bus("org.freedesktop.home1.HomeBusy", "It is busy.");
    EXPECT_EQ(busy.code(), Code::home_busy);
    EXPECT_EQ(busy.what(), "It is busy.");
    EXPECT_EQ(error_of_bus("org.freedesktop.home1.NoSuchHome", "").id(), "home-unknown");
    EXPECT_EQ(error_of_bus("org.freedesktop.DBus.Error.AccessDenied", "").id(), "access-denied");
}

TEST(BusErrors, ShowTheWordsOfAllOthers) {
    const Error other = error_of_bus("org.example.Odd", "Odd things happen.");
    EXPECT_EQ(other.id(), "service-refused");
    EXPECT_EQ(other.what(), "Odd things happen.");
    EXPECT_EQ(error_of_bus("org.example.Odd", "").what(), "org.example.Odd");
}

}  // namespace
}  // namespace hearth::client
