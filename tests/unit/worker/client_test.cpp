// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/client.hpp"

#include <gtest/gtest.h>

#include "tests/unit/home/temp_root.hpp"

namespace hearth::worker {
namespace {

TEST(UnfinishedHomes, AreNoneWithoutAJournalFolder) {
    const home::TempRoot temp;
    EXPECT_FALSE(needs_recovery(temp.root()));
}

TEST(UnfinishedHomes, AreFoundByJournalsAndByWhatTheirWritersLeft) {
    const home::TempRoot temp;
    std::filesystem::create_directories(temp.root().journal_dir());
    temp.write("/var/lib/systemd/home/hearth/journal/bob.journal", "");
    temp.write("/var/lib/systemd/home/hearth/journal/.#ada.journal0123456789abcdef", "");
    EXPECT_EQ(unfinished_homes(temp.root()), (std::vector<std::string>{"ada", "bob"}));
}

}  // namespace
}  // namespace hearth::worker
