// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "core/system/structured_log.hpp"

namespace hearth::system {
namespace {

using std::string_literals::operator""s;

TEST(StructuredLog, SpeaksTheProtocolOfTheJournal) {
    const LogEntry entry{4, "two\nlines", {{"HEARTH_HOME", "ada"}, {"HEARTH_EMPTY", ""}}};
    EXPECT_EQ(to_journal(entry, "hearthd"),
              "MESSAGE\n\x09\0\0\0\0\0\0\0two\nlines\nPRIORITY=4\nSYSLOG_IDENTIFIER=hearthd\n"
              "HEARTH_HOME=ada\nHEARTH_EMPTY=\n"s);
}

TEST(StructuredLog, CutsWhatNoSocketTakes) {
    EXPECT_LT(to_journal({6, std::string(1 << 20, 'x'), {}}, "hearthd").size(), 20'000U);
}

TEST(StructuredLog, IsOneLineWhateverIsInIt) {
    const LogEntry entry{
        6, "a\nb", {{"K", "plain"}, {"L", "with \"quotes\" and\nlines\\"}, {"M", ""}}};
    EXPECT_EQ(to_line(entry), "a b K=plain L=\"with \\\"quotes\\\" and lines\\\\\" M=\"\"");
}

TEST(StructuredLog, SaysThatThereIsNoJournal) {
    EXPECT_FALSE(Journal("test", "/nowhere/socket").write({6, "text", {}}));
    EXPECT_FALSE(Journal("test", "/" + std::string(200, 'x')).write({6, "text", {}}));
}

}  // namespace
}  // namespace hearth::system
