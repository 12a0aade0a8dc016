// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/references.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/unit/service/poll_loop.hpp"

namespace hearth::service {

namespace {

class ReferencesTest : public ::testing::Test {
  protected:
    ReferencesTest() {
        char name[] = "/tmp/hearth-references-XXXXXX";
        folder_ = ::mkdtemp(name);
        root_ = home::Root(folder_);
    }
    ~ReferencesTest() override { std::filesystem::remove_all(folder_); }

    Result<UniqueFd> add(References& references, bool please_suspend = false) {
        return references.add(root_, loop_, "anna", please_suspend, [this] { ++gone_; });
    }
    [[nodiscard]] bool fifo(const std::string& suffix) const {
        return std::filesystem::exists(folder_ + "/run/systemd/home/anna." + suffix);
    }

    std::string folder_;
    home::Root root_;
    PollLoop loop_;
    int gone_ = 0;
};

TEST_F(ReferencesTest, TheLastOneToCloseItsEndIsNoticedOnce) {
    References references;
    auto first = add(references);
    auto second = add(references);
    ASSERT_TRUE(first && second);
    EXPECT_TRUE(references.any());
    first->reset();
    EXPECT_FALSE(loop_.turn());
    second->reset();
    EXPECT_TRUE(loop_.turn());
    EXPECT_EQ(gone_, 1);
    EXPECT_FALSE(references.any());
    EXPECT_FALSE(loop_.turn());
}

TEST_F(ReferencesTest, OnlyWhenAllAskForItTheHomeMayBeLockedForSleep) {
    References references;
    auto polite = add(references, true);
    EXPECT_TRUE(references.may_suspend());
    auto other = add(references, false);
    EXPECT_FALSE(references.may_suspend());
    other->reset();
    EXPECT_TRUE(loop_.turn());
    EXPECT_TRUE(references.may_suspend());
    EXPECT_EQ(gone_, 0);
}

TEST_F(ReferencesTest, ThoseThatOutliveTheServiceAreFoundAgain) {
    UniqueFd kept;
    {
        References before;
        kept = std::move(add(before)).value();
    }
    References after;
    ASSERT_TRUE(after.restore(root_, loop_, "anna", [this] { ++gone_; }));
    EXPECT_TRUE(after.any());
    EXPECT_EQ(gone_, 0);
    kept.reset();
    EXPECT_TRUE(loop_.turn());
    EXPECT_EQ(gone_, 1);
}

TEST_F(ReferencesTest, ThoseThatEndedMeanwhileAreNoticedAtTheStart) {
    {
        References before;
        (void)add(before);
    }
    References after;
    ASSERT_TRUE(after.restore(root_, loop_, "anna", [this] { ++gone_; }));
    EXPECT_FALSE(after.any());
    EXPECT_EQ(gone_, 1);
}

TEST_F(ReferencesTest, TheNextServiceKnowsWhatIsStillToBeClosed) {
    {
        References before;
        (void)add(before);
    }
    for (const int times : {1, 2}) {
        References next;
        ASSERT_TRUE(next.restore(root_, loop_, "anna", [this] { ++gone_; }));
        EXPECT_EQ(gone_, times);
        EXPECT_TRUE(fifo("dont-suspend"));
    }
    References last;
    last.remove(root_, "anna");
    EXPECT_FALSE(fifo("dont-suspend"));
}

TEST_F(ReferencesTest, WhatIsWrittenIsThrownAway) {
    References references;
    auto reference = add(references);
    ASSERT_EQ(::write(reference->get(), "noise", 5), 5);
    EXPECT_TRUE(loop_.turn());
    EXPECT_TRUE(references.any());
    EXPECT_FALSE(loop_.turn());
}

TEST_F(ReferencesTest, SomethingElseInTheFifosPlaceIsRefused) {
    std::filesystem::create_directories(folder_ + "/run/systemd/home/anna.dont-suspend");
    References references;
    const auto reference = add(references);
    ASSERT_FALSE(reference);
    EXPECT_EQ(reference.error().id(), "reference-fifo");
    EXPECT_FALSE(references.any());
}

}  // namespace

}  // namespace hearth::service
