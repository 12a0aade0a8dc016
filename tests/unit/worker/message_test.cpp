// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/message.hpp"

#include <gtest/gtest.h>

namespace hearth::worker {
namespace {

TEST(Message, CarriesAnErrorWhole) {
    Message message;
    message.error = Error(Code::bad_secret, "bad-secret", "It does not open.")
                        .why("Ünïcode.")
                        .hint("Try \"again\".");
    message.warnings = {"one", "two"};
    const auto back = decode(encode(message));
    ASSERT_TRUE(back.has_value());
    ASSERT_TRUE(back->error.has_value());
    EXPECT_EQ(back->error->code(), Code::bad_secret);
    EXPECT_EQ(back->error->id(), "bad-secret");
    EXPECT_EQ(back->error->what(), "It does not open.");
    EXPECT_EQ(back->error->why(), "Ünïcode.");
    EXPECT_EQ(back->error->hint(), "Try \"again\".");
    EXPECT_EQ(back->warnings, message.warnings);
}

TEST(Message, CarriesProgressLogAndCriticalSections) {
    Message progress;
    progress.kind = Message::Kind::progress;
    progress.step = "copying";
    progress.done = 3;
    progress.total = UINT64_MAX;
    EXPECT_EQ(decode(encode(progress))->total, UINT64_MAX);
    EXPECT_EQ(decode(encode(progress))->step, "copying");
    Message critical;
    critical.kind = Message::Kind::critical;
    critical.on = true;
    EXPECT_TRUE(decode(encode(critical))->on);
}

TEST(Message, TakesNumbersBelowZeroForNothing) {
    const auto progress = decode(R"({"progress":{"step":"x","done":-1,"total":-7}})");
    ASSERT_TRUE(progress.has_value());
    EXPECT_EQ(progress->done, 0U);
    EXPECT_EQ(progress->total, 0U);
}

TEST(Message, KeepsAFailureOneWhateverItsCode) {
    for (const char* code : {"0", "-1", "4294967296", "99", "\"x\""}) {
        const auto done = decode(R"({"done":{"error":{"code":)" + std::string(code) + "}}}");
        ASSERT_TRUE(done.has_value() && done->error.has_value()) << code;
        EXPECT_EQ(done->error->code(), Code::internal) << code;
    }
}

TEST(Message, MakesAPluginsTextHarmless) {
    Message log;
    log.kind = Message::Kind::log;
    log.text = std::string("a\x1b[31m\0b\xff", 9) + std::string(100'000, 'x');
    const auto back = decode(encode(log));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->text.substr(0, 9), "a?[31m?b?");
    EXPECT_LT(back->text.size(), kMaxMessage);
}

TEST(Message, GetsTheEndOfAnOperationThroughWhateverTheTextsAre) {
    Message message;
    message.error =
        Error(Code::io, "file-write", std::string(50'000, '"')).why(std::string(50'000, '\\'));
    message.warnings.assign(1000, std::string(1000, 'w'));
    const std::string text = encode(message);
    EXPECT_LE(text.size(), kMaxMessage);
    const auto back = decode(text);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->error->id(), "file-write");
}

TEST(Message, RefusesNonsense) {
    for (const char* text :
         {"", "{", "[]", "{}", R"({"done":1})", R"({"a":{},"b":{}})", R"({"dance":{}})"}) {
        const auto result = decode(text);
        ASSERT_FALSE(result.has_value()) << text;
        EXPECT_EQ(result.error().id(), "worker-protocol");
    }
}

}  // namespace
}  // namespace hearth::worker
