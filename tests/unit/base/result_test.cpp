// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/base/result.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace hearth {
namespace {

Result<int> half(int n) {
    if (n % 2 != 0) return Error(Code::invalid_argument, "odd", "The number is odd.");
    return n / 2;
}

Result<int> quarter(int n) {
    HEARTH_TRY(h, half(n));
    return half(h);
}

Result<void> must_be_even(int n) {
    HEARTH_CHECK(half(n).and_then([](int) { return ok(); }));
    return ok();
}

TEST(Result, PassesAValueThroughTry) {
    EXPECT_EQ(quarter(8).value(), 2);
}

TEST(Result, PassesTheFirstErrorThroughTry) {
    auto result = quarter(6);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().id(), "odd");
    EXPECT_EQ(result.error().code(), Code::invalid_argument);
}

TEST(Result, CheckReturnsTheErrorOfAVoidResult) {
    EXPECT_TRUE(must_be_even(2).has_value());
    EXPECT_FALSE(must_be_even(3).has_value());
}

TEST(Result, HoldsMoveOnlyValues) {
    Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
    EXPECT_EQ(*std::move(result).value(), 7);
}

TEST(Result, ValueOrGivesTheFallbackOnlyOnError) {
    EXPECT_EQ(half(4).value_or(-1), 2);
    EXPECT_EQ(half(5).value_or(-1), -1);
}

TEST(Error, ContextPutsTheCallersSentenceFirst) {
    auto error =
        Error(Code::io, "disk", "The disk does not answer.").context("Cannot open the home.");
    EXPECT_EQ(error.what(), "Cannot open the home.");
    EXPECT_EQ(error.why(), "The disk does not answer.");
    EXPECT_EQ(error.id(), "disk");
}

TEST(Error, SysExplainsErrnoInWordsUnlessACauseWasGiven) {
    auto plain = Error(Code::io, "x", "It failed.").sys(ENOSPC);
    EXPECT_EQ(plain.why(), "The system says: No space left on device.");
    auto named = Error(Code::io, "x", "It failed.").why("Because.").sys(ENOSPC);
    EXPECT_EQ(named.why(), "Because.");
    EXPECT_EQ(named.sys_errno(), ENOSPC);
}

}  // namespace
}  // namespace hearth
