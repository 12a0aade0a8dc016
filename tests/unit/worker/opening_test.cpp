// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/opening.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>

#include "core/worker/datagram.hpp"
#include "core/worker/message.hpp"

namespace hearth::worker {
namespace {

class OpeningTest : public testing::Test {
  protected:
    void SetUp() override {
        std::array<int, 2> fds{};
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds.data()), 0);
        host_.reset(fds[0]);
        worker_.reset(fds[1]);
    }
    UniqueFd host_;
    UniqueFd worker_;
};

Opening example() {
    Opening opening{home::Root("/srv/r"), {}};
    opening.request.verb = "create";
    opening.request.subject = "ada";
    opening.request.operation = "0123456789abcdef0123456789abcdef";
    opening.request.skip_quality = true;
    opening.request.size = UINT64_MAX - 1;
    opening.request.size_share = 7;
    opening.request.keep_size = true;
    opening.request.forced = true;
    opening.request.realize = true;
    opening.request.offline = true;
    opening.request.counted = false;
    opening.request.neighbours = home::Neighbours{
        {60001, 4294967294}, {"bob", "bob@x.org"}, {{"/home/bob", "bob"}, {"/srv/b.home", "bob"}}};
    opening.request.blobs.emplace();
    opening.request.blobs->emplace("wall", to_memfd("a wall").value());
    opening.request.blobs->emplace("avatar", to_memfd("a face").value());
    opening.request.record =
        record::UserRecord::parse(R"({"userName":"ada","realName":"Ada"})").value();
    opening.request.secrets.passwords.push_back(secret::Secret::copy_of("old").value());
    opening.request.new_passwords.push_back(secret::Secret::copy_of("new one").value());
    return opening;
}

TEST_F(OpeningTest, BringsTheWholeRequestAcross) {
    ASSERT_TRUE(send_opening(host_.get(), example()).has_value());
    const auto back = receive_opening(worker_.get());
    ASSERT_TRUE(back.has_value()) << back.error().one_line();
    EXPECT_EQ(back->root.prefix(), "/srv/r");
    EXPECT_EQ(back->request.verb, "create");
    EXPECT_EQ(back->request.operation, "0123456789abcdef0123456789abcdef");
    EXPECT_TRUE(back->request.skip_quality);
    EXPECT_EQ(back->request.size, UINT64_MAX - 1);
    EXPECT_EQ(back->request.size_share, 7U);
    EXPECT_TRUE(back->request.keep_size);
    EXPECT_TRUE(back->request.forced);
    EXPECT_TRUE(back->request.realize);
    EXPECT_TRUE(back->request.offline);
    EXPECT_FALSE(back->request.counted);
    ASSERT_TRUE(back->request.neighbours);
    EXPECT_EQ(back->request.neighbours->uids, example().request.neighbours->uids);
    EXPECT_EQ(back->request.neighbours->names, example().request.neighbours->names);
    EXPECT_EQ(back->request.neighbours->paths, example().request.neighbours->paths);
    ASSERT_TRUE(back->request.blobs && back->request.blobs->size() == 2);
    EXPECT_EQ(from_memfd(back->request.blobs->at("avatar").get(), 100).value(), "a face");
    EXPECT_EQ(from_memfd(back->request.blobs->at("wall").get(), 100).value(), "a wall");
    EXPECT_EQ(back->request.record->canonical(), R"({"realName":"Ada","userName":"ada"})");
    EXPECT_EQ(back->request.secrets.passwords.at(0).view(), "old");
    EXPECT_EQ(back->request.new_passwords.at(0).view(), "new one");
}

TEST_F(OpeningTest, RefusesANameThatIsNone) {
    auto opening = example();
    for (const char* name : {"0123", "0123456789ABCDEF0123456789ABCDEF", "\nHEARTH_HOME=eve"}) {
        opening.request.operation = name;
        EXPECT_EQ(decode_request(encode_request(opening)).error().id(), "worker-protocol") << name;
    }
}

TEST(Request, RefusesNeighboursThatMakeNoSense) {
    const auto decode = [](const std::string& neighbours) {
        return decode_request(R"({"root":"","verb":"create","subject":"ada","size":0,)"
                              R"("neighbours":)" +
                              neighbours + "}");
    };
    EXPECT_TRUE(decode(R"({"uids":[],"names":[],"paths":{}})").has_value());
    for (const char* bad :
         {"{}", "[]", R"({"uids":[-1],"names":[],"paths":{}})",
          R"({"uids":[4294967296],"names":[],"paths":{}})", R"({"uids":[],"names":[7],"paths":{}})",
          R"({"uids":[],"names":[],"paths":{"/home/bob":7}})", R"({"uids":[],"names":[]})"}) {
        const auto decoded = decode(bad);
        ASSERT_FALSE(decoded.has_value()) << bad;
        EXPECT_EQ(decoded.error().id(), "worker-protocol") << bad;
    }
}

TEST_F(OpeningTest, RefusesAHostOfAnotherRelease) {
    ASSERT_TRUE(send_datagram(host_.get(), "hearth-worker 999").has_value());
    EXPECT_EQ(receive_opening(worker_.get()).error().id(), "worker-version");
}

TEST_F(OpeningTest, RefusesARequestWithoutItsParts) {
    ASSERT_TRUE(
        send_datagram(host_.get(), "hearth-worker " + std::to_string(kProtocol)).has_value());
    EXPECT_EQ(receive_opening(worker_.get()).error().id(), "worker-protocol");
}

TEST_F(OpeningTest, RefusesARequestWithoutItsFiles) {
    auto opening = example();
    ASSERT_TRUE(send_opening(host_.get(), opening).has_value());
    auto datagram = receive_datagram(worker_.get()).value();
    std::vector<int> fds;
    for (const auto& fd : datagram.fds) fds.push_back(fd.get());
    fds.pop_back();
    ASSERT_TRUE(send_datagram(host_.get(), datagram.text, fds).has_value());
    EXPECT_EQ(receive_opening(worker_.get()).error().id(), "worker-protocol");
}

TEST_F(OpeningTest, SeesThatTheHostIsGone) {
    host_.reset();
    EXPECT_EQ(receive_opening(worker_.get()).error().id(), "worker-version");
}

TEST(Request, NeverHoldsASecretInItsText) {
    EXPECT_EQ(encode_request(example()).find("new one"), std::string::npos);
    EXPECT_EQ(encode_request(example()).find("old"), std::string::npos);
}

TEST(Request, RefusesNonsense) {
    for (const char* text :
         {"", "{}", R"({"root":"","verb":"x"})", R"({"root":1,"verb":"x","subject":"y","size":1})",
          R"({"root":"","verb":"x","subject":"y"})",
          R"({"root":"","verb":"x","subject":"y","size":-1})",
          R"({"root":"","verb":"x","subject":"y","size":1,"blobs":{}})",
          R"({"root":"","verb":"x","subject":"y","size":1,"blobs":[1]})",
          R"({"root":"","verb":"x","subject":"y","size":1,"blobs":["b","a"]})",
          R"({"root":"","verb":"x","subject":"y","size":1,"blobs":["a","a"]})"}) {
        EXPECT_EQ(decode_request(text).has_value(), false) << text;
    }
}

TEST(Memfd, IsRefusedUnlessSealedAndSmallEnough) {
    auto fd = to_memfd("hello").value();
    EXPECT_EQ(from_memfd(fd.get(), 5).value(), "hello");
    EXPECT_FALSE(from_memfd(fd.get(), 4).has_value());
}

}  // namespace
}  // namespace hearth::worker
