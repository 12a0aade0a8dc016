// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/talk.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>

#include "core/worker/datagram.hpp"
#include "core/worker/message.hpp"

namespace hearth::client {
namespace {

using worker::Message;

class Ear final : public worker::Observer {
  public:
    void on_progress(const std::string& step, std::uint64_t /*done*/,
                     std::uint64_t /*total*/) override {
        heard.push_back(step);
    }
    void on_log(unsigned /*priority*/, const std::string& line) override { heard.push_back(line); }
    [[nodiscard]] int cancel_fd() const override { return wish.get(); }

    std::vector<std::string> heard;
    UniqueFd wish;
};

class Talk : public ::testing::Test {
  protected:
    void SetUp() override {
        std::array<int, 2> fds{};
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds.data()), 0);
        ours_.reset(fds[0]);
        service_.reset(fds[1]);
    }
    void say(const Message& message, const std::vector<int>& fds = {}) {
        ASSERT_TRUE(worker::send_datagram(service_.get(), worker::encode(message), fds));
    }
    static Message done() { return {}; }

    UniqueFd ours_;
    UniqueFd service_;
    Ear ear_;
};

TEST_F(Talk, PassesOnWhatHappensAndEndsWithTheReply) {
    Message progress;
    progress.kind = Message::Kind::progress;
    progress.step = "copying files";
    say(progress);
    Message log;
    log.kind = Message::Kind::log;
    log.text = "a line";
    say(log);
    Message end = done();
    end.warnings = {"Mind the gap."};
    const auto record = worker::to_memfd(R"({"userName":"ada"})");
    const UniqueFd reference(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    say(end, {record->get(), reference.get()});
    const auto answer = talk(ours_.get(), ear_);
    ASSERT_TRUE(answer) << answer.error().one_line();
    EXPECT_EQ(ear_.heard, (std::vector<std::string>{"copying files", "a line"}));
    EXPECT_EQ(answer->reply.warnings.size(), 1U);
    EXPECT_EQ(answer->reply.record->user_name(), "ada");
    EXPECT_TRUE(answer->reference);
}

TEST_F(Talk, EndsWithTheErrorOfTheOperation) {
    Message end = done();
    end.error = Error(Code::bad_secret, "bad-secret", "Wrong.").hint("Try again.");
    say(end);
    const auto answer = talk(ours_.get(), ear_);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().id(), "bad-secret");
    EXPECT_EQ(answer.error().code(), Code::bad_secret);
    EXPECT_EQ(answer.error().hint(), "Try again.");
}

TEST_F(Talk, StopsWritingWhenTheOperationShallStopAndHearsTheEnd) {
    ear_.wish.reset(::eventfd(1, EFD_CLOEXEC));
    Message end = done();
    end.error = Error(Code::cancelled, "cancelled", "It was cancelled.");
    say(end);
    const auto answer = talk(ours_.get(), ear_);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().id(), "cancelled");
    const auto heard = worker::try_receive_datagram(service_.get());
    ASSERT_TRUE(heard && *heard);
    EXPECT_TRUE((*heard)->end);
}

TEST_F(Talk, NoticesThatTheServiceIsGone) {
    service_.reset();
    const auto answer = talk(ours_.get(), ear_);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().id(), "service-lost");
}

TEST_F(Talk, RefusesWhatMakesNoSense) {
    ASSERT_TRUE(worker::send_datagram(service_.get(), "what?"));
    EXPECT_EQ(talk(ours_.get(), ear_).error().id(), "worker-protocol");
}

}  // namespace
}  // namespace hearth::client
