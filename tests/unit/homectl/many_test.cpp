// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "hosts/homectl/many/password_list.hpp"
#include "hosts/homectl/many/record_stream.hpp"

namespace hearth::homectl {
namespace {

/// The pieces of a text that comes in parts of `step` bytes: "LINE:TEXT", or "LINE!ERROR".
std::vector<std::string> pieces(std::string_view text, std::size_t step = 1) {
    RecordStream stream;
    for (std::size_t at = 0; at < text.size(); at += step) stream.add(text.substr(at, step));
    stream.end();
    std::vector<std::string> out;
    while (auto piece = stream.take()) {
        EXPECT_EQ(piece->number, out.size() + 1);
        const std::string line = std::to_string(piece->line);
        out.push_back(piece->text ? line + ":" + *piece->text
                                  : line + "!" + piece->text.error().id());
    }
    return out;
}

using Pieces = std::vector<std::string>;

TEST(RecordStream, CutsLines) {
    EXPECT_EQ(pieces(""), Pieces{});
    EXPECT_EQ(pieces(" \n\n"), Pieces{});
    EXPECT_EQ(pieces("\n{\"a\":1}\n\n{\"b\":2}"), (Pieces{"2:{\"a\":1}", "4:{\"b\":2}"}));
    EXPECT_EQ(pieces("{}\nrubbish\n{}\n"), (Pieces{"1:{}", "2:rubbish", "3:{}"}));
}

TEST(RecordStream, CutsSequences) {
    EXPECT_EQ(pieces("\x1e{\n\"a\":1}\n\x1e\x1e{}\n", 3), (Pieces{"1:{\n\"a\":1}\n", "3:{}\n"}));
    EXPECT_EQ(pieces("\x1e{\"a\":"), Pieces{"1:{\"a\":"});
}

TEST(RecordStream, CutsArrays) {
    EXPECT_EQ(pieces("[]"), Pieces{});
    EXPECT_EQ(pieces(" [ {\"a\":[1,{}]} ,\n{\"b\":\"],\\\"[{\"}\n]\n"),
              (Pieces{"1:{\"a\":[1,{}]} ", "2:{\"b\":\"],\\\"[{\"}\n"}));
    EXPECT_EQ(pieces("[{},rubbish,{}]"), (Pieces{"1:{}", "1:rubbish", "1:{}"}));
    EXPECT_EQ(pieces("[{}"), (Pieces{"1:{}", "1!many-cut-off"}));
    EXPECT_EQ(pieces("[{}] x y"), (Pieces{"1:{}", "1!many-not-json"}));
}

TEST(RecordStream, KeepsNothingOfWhatIsTooLarge) {
    const std::string large = "{\"a\":\"" + std::string(3 << 20, 'x') + "\"}";
    EXPECT_EQ(pieces(large + "\n{}\n", 4096), (Pieces{"1!record-too-large", "2:{}"}));
    EXPECT_EQ(pieces("[" + large + ",{}]", 4096), (Pieces{"1!record-too-large", "1:{}"}));
    EXPECT_EQ(pieces("\x1e" + large + "\x1e{}", 4096), (Pieces{"1!record-too-large", "1:{}"}));
}

TEST(PasswordList, ReadsLines) {
    const auto list = PasswordList::parse("ada:pass:word\n\nbob:x");
    ASSERT_TRUE(list);
    EXPECT_EQ(list->find("ada")->view(), "pass:word");
    EXPECT_EQ(list->find("bob")->view(), "x");
    EXPECT_EQ(list->find("eve"), nullptr);
}

TEST(PasswordList, RefusesOthersAndShowsNoneOfThem) {
    for (const char* text : {"s3cret", ":s3cret", "s3cret:", "s3cret:a\ns3cret:b"}) {
        const auto list = PasswordList::parse(text);
        ASSERT_FALSE(list) << text;
        EXPECT_EQ(list.error().id(), "password-list");
        EXPECT_EQ(list.error().one_line().find("s3cret"), std::string::npos);
    }
}

}  // namespace
}  // namespace hearth::homectl
