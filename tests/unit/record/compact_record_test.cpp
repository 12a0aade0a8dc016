// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/compact_record.hpp"

#include <gtest/gtest.h>

#include "core/record/json.hpp"

namespace hearth::record {

namespace {

constexpr char kFull[] =
    R"({"userName":"ada","realm":"x.org","zebra":[1,"\u00fc\n"],"aliases":["a\"b"],)"
    R"("privileged":{"hashedPassword":["$y$x"]},"binding":{"m":{"uid":60001}},"perMachine":[],)"
    R"("status":{"m":{"goodAuthenticationCounter":3}},"signature":[{"data":"x","key":"y"}],)"
    R"("secret":{"password":["geheim"]},"last":-7,"tz":1e3})";

UserRecord parse(const std::string& text) {
    return UserRecord::parse(text).value();
}

}  // namespace

TEST(CompactRecord, SaysWhatTheRecordSaid) {
    const UserRecord record = parse(kFull);
    const CompactRecord compact(record);
    EXPECT_EQ(compact.json(), record.with_sections(Sections::stored).canonical());
    EXPECT_EQ(compact.expand().canonical(), compact.json());
    EXPECT_EQ(compact.identity(), "ada@x.org");
    EXPECT_TRUE(compact.has_privileged());
}

TEST(CompactRecord, KeepsNoSecrets) {
    EXPECT_EQ(CompactRecord(parse(kFull)).json().find("geheim"), std::string::npos);
}

TEST(CompactRecord, LeavesOutWhatStrangersMayNotSee) {
    const UserRecord record = parse(kFull);
    const CompactRecord compact(record);
    EXPECT_EQ(compact.json(false, to_canonical(compact.status())),
              record.with_sections(Sections::shown).canonical());
}

TEST(CompactRecord, PutsAnotherStatusInItsPlace) {
    UserRecord record = parse(kFull);
    const CompactRecord compact(record);
    const std::string status = R"({"n":{"state":"active"}})";
    ASSERT_TRUE(record.set("status", Value::parse(status).value()).has_value());
    EXPECT_EQ(compact.json(true, status), record.with_sections(Sections::stored).canonical());
    record.remove_sections(Sections::status | Sections::secret);
    EXPECT_EQ(compact.json(true, ""), record.canonical());
}

TEST(CompactRecord, NeedsNothingButAName) {
    const CompactRecord least(parse(R"({"userName":"bob"})"));
    EXPECT_EQ(least.json(), R"({"userName":"bob"})");
    EXPECT_EQ(least.json(false, "{}"), R"({"status":{},"userName":"bob"})");
    EXPECT_TRUE(least.status().empty());
    EXPECT_FALSE(least.has_privileged());
    EXPECT_TRUE(CompactRecord(parse(R"({"aliases":[],"privileged":{},"userName":"bob"})"))
                    .json(false, "") == R"({"aliases":[],"userName":"bob"})");
}

TEST(CompactRecord, IsEqualIfAllIs) {
    const CompactRecord one(parse(kFull));
    EXPECT_TRUE(one == CompactRecord(parse(kFull)));
    UserRecord other = parse(kFull);
    other.set_status("m", "goodAuthenticationCounter", 4);
    EXPECT_FALSE(one == CompactRecord(other));
}

}  // namespace hearth::record
