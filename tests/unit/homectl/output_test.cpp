// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cstdlib>

#include "hosts/homectl/output/help.hpp"
#include "hosts/homectl/output/inspect.hpp"
#include "hosts/homectl/output/record_json.hpp"
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/output/table.hpp"
#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {
namespace {

using record::Value;

TEST(Text, MeasuresCellsAndNotBytes) {
    EXPECT_EQ(cell_width("abc"), 3U);
    EXPECT_EQ(cell_width("häh"), 3U);
    EXPECT_EQ(cell_width("ha\u0308h"), 3U);
    EXPECT_EQ(cell_width("日本"), 4U);
    EXPECT_EQ(cell_width("🐄"), 2U);
}

TEST(Text, LeavesNothingThatSteersATerminal) {
    EXPECT_EQ(clean("a\x1b[31mb"), "a?[31mb");
    EXPECT_EQ(clean("a\u009b31m"), "a?31m");
    EXPECT_EQ(clean("a\u202eb"), "a?b");
    EXPECT_EQ(clean("a\xff\xfe"), "a??");
    EXPECT_EQ(clean("über 日本"), "über 日本");
    EXPECT_EQ(escape_for_terminal("{\"a\":\"\u009bx\"}\n"), "{\"a\":\"\\u009bx\"}\n");
}

TEST(Text, FindsBrokenUtf8) {
    for (const char* bad : {"\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "a\x80", "\xe2\x82"})
        EXPECT_FALSE(is_utf8(bad));
    EXPECT_TRUE(is_utf8("\xef\xbf\xbd"));
}

Table cows() {
    Table table({{"NAME", "name"}, {"UID", "uid", true}, {"REALNAME", "realname"}});
    table.add({{Value("larry")}, {Value(1000U)}, {Value("日本\x1b")}});
    table.add({{Value("moe"), Colour::green}, {Value(99U)}, {Value()}});
    return table;
}

TEST(Table, AlignsColumnsAndShowsADashForNothing) {
    EXPECT_EQ(cows().text(true, false), "NAME   UID REALNAME\nlarry 1000 日本?\nmoe     99 -\n");
    EXPECT_EQ(cows().text(false, false), "larry 1000 日本?\nmoe     99 -\n");
    EXPECT_NE(cows().text(false, true).find("\033[32mmoe\033[0m   "), std::string::npos);
}

TEST(Table, IsAlsoJson) {
    EXPECT_EQ(cows().json(JsonMode::compact),
              "[{\"name\":\"larry\",\"uid\":1000,\"realname\":\"日本\\u001b\"},"
              "{\"name\":\"moe\",\"uid\":99,\"realname\":null}]\n");
    EXPECT_EQ(Table(std::vector<Table::Column>{{"A", "a"}}).json(JsonMode::pretty), "[]\n");
}

TEST(Report, ShowsWhatWhyHintAndId) {
    EXPECT_EQ(error_text(Error(Code::io, "some-id", "What.").why("Why.").hint("Hint."), false),
              "homectl: What.\n  Why.\n  Hint.\n  [some-id]");
}

TEST(Report, CannotSteerATerminal) {
    EXPECT_EQ(error_text(Error(Code::io, "id", "a\x1b]0;b"), false), "homectl: a?]0;b\n  [id]");
}

TEST(Help, FitsIntoAHundredColumns) {
    const std::string help = help_text(OptionSet());
    for (std::size_t at = 0; at < help.size();) {
        const std::size_t end = help.find('\n', at);
        EXPECT_LE(cell_width(help.substr(at, end - at)), 100U) << help.substr(at, end - at);
        at = end + 1;
    }
}

constexpr std::uint64_t kNow = 1'800'000'000'000'000;

std::string shown(const std::string& json, const std::string& state = "inactive") {
    setenv("TZ", "UTC", 1);
    const auto record = record::UserRecord::parse(json);
    EXPECT_TRUE(record);
    const record::Effective effective(*record,
                                      record::Machine{"3d1219c7c4c5404aaa1f6d2a48adfda4", "here"});
    return inspect_text(Home{*record, effective, state, kNow, true, false}, false);
}

bool has(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(Inspect, AlignsItsLabels) {
    const std::string text =
        shown(R"({"userName":"larry","uid":60136,"storage":"directory","location":"Barn"})");
    EXPECT_TRUE(has(text, "    User name: larry")) << text;
    EXPECT_TRUE(has(text, "     Location: Barn"));
    EXPECT_TRUE(has(text, "      Storage: directory (no encryption)"));
    EXPECT_TRUE(has(text, "   Local Sig.: yes"));
    EXPECT_TRUE(has(text, "    Passwords: none"));
}

TEST(Inspect, SaysWhyNobodyCanLogIn) {
    EXPECT_TRUE(
        has(shown(R"({"userName":"u","locked":true})"), "     Login OK: no (record is locked)"));
    EXPECT_TRUE(has(shown(R"({"userName":"u","notBeforeUSec":1900000000000000})"),
                    "     Login OK: no (not valid yet)"));
    EXPECT_TRUE(has(shown(R"({"userName":"u","notAfterUSec":1})"),
                    "     Login OK: no (not valid anymore)"));
    EXPECT_TRUE(has(shown(R"({"userName":"u","shell":"/usr/sbin/nologin"})"),
                    "     Login OK: no (no login shell)"));
    EXPECT_TRUE(has(shown(R"({"userName":"u"})"), "     Login OK: yes"));
}

TEST(Inspect, SaysWhatThePasswordIsWorth) {
    const auto with = [](const std::string& fields) {
        return shown(R"({"userName":"u","privileged":{"hashedPassword":["$y$x"]})" + fields + "}");
    };
    EXPECT_TRUE(has(with(""), "  Password OK: yes"));
    EXPECT_TRUE(has(with(R"(,"passwordChangeNow":true)"), "  Password OK: change now"));
    EXPECT_TRUE(has(with(R"(,"passwordChangeMaxUSec":1)"), "  Password OK: no timestamp"));
    EXPECT_TRUE(has(with(R"(,"passwordChangeMaxUSec":1,"lastPasswordChangeUSec":1)"),
                    "  Password OK: expired, change now"));
    EXPECT_TRUE(has(
        with(
            R"(,"passwordChangeMaxUSec":1,"passwordChangeInactiveUSec":1,"lastPasswordChangeUSec":1)"),
        "  Password OK: expired for good"));
    EXPECT_TRUE(has(shown(R"({"userName":"u","privileged":{"hashedPassword":["!"]}})"),
                    "  Password OK: no (locked)"));
}

TEST(Inspect, ShowsLimitsWithInfinity) {
    const std::string text = shown(
        R"({"userName":"u","resourceLimits":{"RLIMIT_NOFILE":{"cur":10,"max":null}},"tmpLimitScale":429496730})");
    EXPECT_TRUE(has(text, "        Limit: RLIMIT_NOFILE=10:infinity")) << text;
    EXPECT_TRUE(has(text, "    TMP Limit: 10.0%"));
}

TEST(Inspect, CannotSteerATerminal) {
    const std::string text = shown("{\"userName\":\"u\",\"location\":\"a\u009b31mb\"}");
    EXPECT_TRUE(has(text, "     Location: a?31mb")) << text;
}

TEST(RecordJson, LeavesOutWhatTheFormatLeavesOut) {
    const auto record = record::UserRecord::parse(
        R"({"binding":{"x":{}},"privileged":{"passwordHint":"h"},"signature":[{"data":"AA==","key":"k"}],"status":{"x":{}},"userName":"u"})");
    ASSERT_TRUE(record);
    EXPECT_EQ(record_json(*record, JsonMode::compact, ExportFormat::minimal),
              "{\"privileged\":{\"passwordHint\":\"h\"},\"userName\":\"u\"}\n");
    const std::string stripped = record_json(*record, JsonMode::compact, ExportFormat::stripped);
    EXPECT_NE(stripped.find("signature"), std::string::npos);
    EXPECT_EQ(stripped.find("binding"), std::string::npos);
    EXPECT_EQ(record_json(*record, JsonMode::compact, ExportFormat::full),
              record->canonical() + "\n");
}

}  // namespace
}  // namespace hearth::homectl
