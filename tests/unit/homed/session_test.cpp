// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/relay/session.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "core/worker/datagram.hpp"
#include "tests/unit/service/poll_loop.hpp"

namespace hearth::homed {
namespace {

using worker::Message;

/// A service that does what the test says.
struct FakeDesk final : Desk {
    void permit(const std::shared_ptr<worker::Request>& request, Allowed then) override {
        asked = request->verb;
        if (permits_at_once)
            then(service::Caller{uid});
        else
            allowed = std::move(then);
    }
    service::Ticket submit(service::Order submitted) override {
        order = std::move(submitted);
        return 7;
    }
    void cancel(service::Ticket ticket) override { cancelled = ticket; }
    void acquire(service::Order submitted, GotReference done) override {
        order = std::move(submitted);
        got_reference = std::move(done);
    }
    [[nodiscard]] record::UserRecord shown(const record::UserRecord& record,
                                           service::Caller caller) const override {
        return record.with_sections(caller.uid == 0 ? record::Sections::stored
                                                    : record::Sections::shown);
    }

    bool permits_at_once = true;
    uid_t uid = 0;
    std::string asked;
    Allowed allowed;
    std::optional<service::Order> order;
    service::Ticket cancelled = 0;
    GotReference got_reference;
};

class Sessions : public ::testing::Test {
  protected:
    void SetUp() override {
        std::array<int, 2> fds{};
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds.data()), 0);
        client_.reset(fds[0]);
        session_ = std::make_shared<Session>(UniqueFd(fds[1]), loop_, desk_, [this] {
            ended_ = true;
            session_.reset();
        });
        session_->begin();
    }

    void send(std::string verb, const std::string& root = "") {
        worker::Opening opening{home::Root(root), {}};
        opening.request.verb = std::move(verb);
        opening.request.subject = "ada";
        ASSERT_TRUE(worker::send_opening(client_.get(), opening));
        loop_.turn();
    }
    /// The next message to the client, which has to be there.
    Message receive() {
        auto datagram = worker::try_receive_datagram(client_.get());
        if (!datagram || !*datagram || (*datagram)->end) {
            ADD_FAILURE() << "there is no message";
            return {};
        }
        fds_ = std::move((*datagram)->fds);
        auto message = worker::decode((*datagram)->text);
        EXPECT_TRUE(message);
        return message ? *message : Message{};
    }
    std::string failure() {
        const Message message = receive();
        return message.error ? message.error->id() : "none";
    }
    void finish(Result<worker::Reply> result) {
        std::exchange(desk_->order->done, nullptr)(std::move(result));
    }

    service::PollLoop loop_;
    std::shared_ptr<FakeDesk> desk_ = std::make_shared<FakeDesk>();
    std::shared_ptr<Session> session_;
    UniqueFd client_;
    std::vector<UniqueFd> fds_;
    bool ended_ = false;
};

worker::Reply reply_with_record() {
    worker::Reply reply;
    reply.warnings = {"Mind the gap."};
    reply.record = *record::UserRecord::parse(
        R"({"userName":"ada","privileged":{"hashedPassword":["$6$x$y"]}})");
    return reply;
}

TEST_F(Sessions, RunWhatTheClientAsksForAndTellHowItEnded) {
    send("activate");
    ASSERT_TRUE(desk_->order);
    EXPECT_EQ(desk_->order->request.verb, "activate");
    EXPECT_EQ(desk_->order->request.subject, "ada");
    finish(reply_with_record());
    const Message message = receive();
    EXPECT_EQ(message.kind, Message::Kind::done);
    EXPECT_FALSE(message.error);
    EXPECT_EQ(message.warnings, (std::vector<std::string>{"Mind the gap."}));
    ASSERT_EQ(fds_.size(), 1U);
    EXPECT_NE(worker::from_memfd(fds_[0].get(), 4096)->find("hashedPassword"), std::string::npos);
    EXPECT_TRUE(ended_);
    EXPECT_EQ(loop_.watched(), 0U);
}

TEST_F(Sessions, ShowTheRecordAsTheCallerMaySeeIt) {
    desk_->uid = 1000;
    send("activate");
    finish(reply_with_record());
    receive();
    ASSERT_EQ(fds_.size(), 1U);
    EXPECT_EQ(worker::from_memfd(fds_[0].get(), 4096)->find("hashedPassword"), std::string::npos);
}

TEST_F(Sessions, TellProgressToAllAndTheLogToRootAlone) {
    for (const uid_t uid : {0U, 1000U}) {
        desk_->uid = uid;
        send("create");
        desk_->order->listener->on_log(3, "secret of the house");
        desk_->order->listener->on_progress("copying files", 1, 4);
        Message message = receive();
        if (uid == 0) {
            EXPECT_EQ(message.text, "secret of the house");
            message = receive();
        }
        EXPECT_EQ(message.step, "copying files");
        EXPECT_EQ(message.total, 4U);
        finish(worker::Reply{});
        SetUp();
    }
}

TEST_F(Sessions, TellNothingToWhomDoesNotListen) {
    worker::Opening opening{home::Root(), {}};
    opening.request.verb = "create";
    opening.request.silent = true;
    ASSERT_TRUE(worker::send_opening(client_.get(), opening));
    loop_.turn();
    ASSERT_TRUE(desk_->order);
    EXPECT_EQ(desk_->order->listener, nullptr);
}

TEST_F(Sessions, CancelWhenTheClientClosesItsEnd) {
    send("create");
    client_.reset();
    loop_.turn();
    EXPECT_EQ(desk_->cancelled, 7U);
    EXPECT_FALSE(ended_);
    finish(Error(Code::cancelled, "cancelled", "It was cancelled."));
    EXPECT_TRUE(ended_);
}

TEST_F(Sessions, CancelWhenTheClientStopsWritingAndStillTellHowItEnded) {
    send("create");
    ::shutdown(client_.get(), SHUT_WR);
    loop_.turn();
    EXPECT_EQ(desk_->cancelled, 7U);
    EXPECT_FALSE(loop_.turn()) << "the end of the other side must not keep the loop busy";
    finish(Error(Code::cancelled, "cancelled", "It was cancelled."));
    EXPECT_EQ(failure(), "cancelled");
    EXPECT_TRUE(ended_);
}

TEST_F(Sessions, TakeAnySecondMessageForACancellation) {
    send("create");
    send("create");
    EXPECT_EQ(desk_->cancelled, 7U);
}

TEST_F(Sessions, RefuseSystemsInFolders) {
    send("create", "/srv/other");
    EXPECT_FALSE(desk_->order);
    EXPECT_EQ(failure(), "service-root");
    EXPECT_TRUE(ended_);
}

TEST_F(Sessions, RefuseWhatIsNoRequest) {
    ASSERT_TRUE(worker::send_datagram(client_.get(), "let me in"));
    loop_.turn();
    EXPECT_EQ(failure(), "worker-version");
    SetUp();
    ASSERT_TRUE(
        worker::send_datagram(client_.get(), "hearth-worker " + std::to_string(worker::kProtocol)));
    loop_.turn();
    EXPECT_EQ(failure(), "worker-protocol");
    EXPECT_TRUE(ended_);
}

TEST_F(Sessions, RefuseMemoryThatTheClientCouldStillChange) {
    const UniqueFd open(::memfd_create("test", MFD_CLOEXEC));
    const int fd = open.get();
    ASSERT_TRUE(worker::send_datagram(
        client_.get(), "hearth-worker " + std::to_string(worker::kProtocol), {fd, fd, fd}));
    loop_.turn();
    EXPECT_EQ(failure(), "worker-protocol");
}

TEST_F(Sessions, RefuseMoreDescriptorsThanARequestHas) {
    const UniqueFd some(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const std::vector<int> many(4, some.get());
    ASSERT_TRUE(worker::send_datagram(client_.get(),
                                      "hearth-worker " + std::to_string(worker::kProtocol), many));
    loop_.turn();
    EXPECT_EQ(failure(), "worker-protocol");
}

TEST_F(Sessions, EndWithoutARequest) {
    loop_.pass(10'000'000);
    EXPECT_TRUE(ended_);
    SetUp();
    ended_ = false;
    client_.reset();
    loop_.turn();
    EXPECT_TRUE(ended_);
    EXPECT_EQ(loop_.watched(), 0U);
}

TEST_F(Sessions, WaitForPermissionAsLongAsItTakes) {
    desk_->permits_at_once = false;
    send("passwd");
    loop_.pass(10'000'000);
    EXPECT_FALSE(ended_);
    desk_->allowed(service::Caller{1000});
    ASSERT_TRUE(desk_->order);
    EXPECT_EQ(desk_->order->caller.uid, 1000U);
}

TEST_F(Sessions, TellWhoMayNot) {
    desk_->permits_at_once = false;
    send("remove");
    desk_->allowed(Error(Code::permission, "access-denied", "No."));
    EXPECT_EQ(failure(), "access-denied");
    EXPECT_TRUE(ended_);
}

TEST_F(Sessions, ForgetAQuestionWhoseClientIsGone) {
    desk_->permits_at_once = false;
    send("remove");
    ::shutdown(client_.get(), SHUT_WR);
    loop_.turn();
    EXPECT_EQ(failure(), "cancelled");
    EXPECT_TRUE(ended_);
    desk_->allowed(service::Caller{0});
    EXPECT_FALSE(desk_->order);
}

TEST_F(Sessions, PassReferencesOn) {
    send("acquire");
    Desk::Acquired acquired{reply_with_record(), UniqueFd(::open("/dev/null", O_RDONLY))};
    desk_->got_reference(std::move(acquired));
    EXPECT_FALSE(receive().error);
    EXPECT_EQ(fds_.size(), 2U);
    EXPECT_TRUE(ended_);
}

TEST_F(Sessions, DropTheReferenceOfAClientThatIsGone) {
    send("acquire");
    client_.reset();
    loop_.turn();
    EXPECT_TRUE(ended_);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
    const UniqueFd reader(ends[0]);
    desk_->got_reference(Desk::Acquired{{}, UniqueFd(ends[1])});
    char byte = 0;
    EXPECT_EQ(::read(reader.get(), &byte, 1), 0) << "somebody still holds the reference";
}

TEST_F(Sessions, DropProgressThatNobodyReadsAndWaitWithTheEnd) {
    send("create");
    for (int i = 0; i < 10'000; ++i)
        desk_->order->listener->on_progress(std::string(500, 'x'), 1, 2);
    finish(reply_with_record());
    EXPECT_FALSE(ended_);
    Message last;
    while (last.kind == Message::Kind::progress || last.warnings.empty()) {
        auto datagram = worker::try_receive_datagram(client_.get());
        if (datagram && *datagram)
            last = *worker::decode((*datagram)->text);
        else
            loop_.pass(0);
    }
    EXPECT_EQ(last.warnings.size(), 1U);
    EXPECT_TRUE(ended_);
}

TEST_F(Sessions, GiveUpOnAClientThatNeverReads) {
    send("create");
    for (int i = 0; i < 10'000; ++i)
        desk_->order->listener->on_progress(std::string(500, 'x'), 1, 2);
    finish(reply_with_record());
    EXPECT_FALSE(ended_);
    loop_.pass(10'000'000);
    EXPECT_TRUE(ended_);
    EXPECT_EQ(loop_.watched(), 0U);
}

TEST_F(Sessions, OutliveTheirOwnerNot) {
    send("create");
    session_.reset();
    desk_->order->listener->on_progress("late", 0, 0);
    finish(worker::Reply{});
    EXPECT_EQ(loop_.watched(), 0U);
}

}  // namespace
}  // namespace hearth::homed
