// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "hosts/homed/varlink/ping.hpp"
#include "hosts/homed/varlink/user_database.hpp"
#include "tests/unit/homed/timeless_loop.hpp"
#include "tests/unit/homed/varlink_homes.hpp"

namespace hearth::homed::varlink {
namespace {

constexpr char kPing[] = R"({"method":"io.systemd.service.Ping"})";
constexpr char kPong[] = R"({"parameters":{}})";
constexpr char kList[] = R"({"method":"io.systemd.UserDatabase.GetUserRecord",)"
                         R"("parameters":{"service":"io.systemd.Home"},"more":true})";

/// A client that never waits.
class Client {
  public:
    explicit Client(const std::string& path)
        : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        if (::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            std::abort();
    }
    /// False: not all of it got in.
    bool say(const std::string& bytes) {
        const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return sent == static_cast<ssize_t>(bytes.size());
    }
    /// A message with its NUL.
    bool call(const std::string& text) { return say(text + '\0'); }
    void say_no_more() { ::shutdown(fd_.get(), SHUT_WR); }
    /// Takes what is there, at most so much.
    void hear(std::size_t most = std::size_t{1} << 20) {
        std::string bytes(most, '\0');
        const ssize_t got = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
        if (got > 0) heard_.append(bytes, 0, static_cast<std::size_t>(got));
        is_over_ = got == 0 || (got < 0 && errno != EAGAIN);
    }
    [[nodiscard]] bool is_over() {
        hear();
        return is_over_;
    }
    [[nodiscard]] std::size_t messages() const {
        return static_cast<std::size_t>(std::count(heard_.begin(), heard_.end(), '\0'));
    }
    [[nodiscard]] std::string text() const { return heard_.c_str(); }
    [[nodiscard]] const std::string& heard() const { return heard_; }

  private:
    UniqueFd fd_;
    std::string heard_;
    bool is_over_ = false;
};

class VarlinkServer : public ::testing::Test {
  protected:
    VarlinkServer() {
        limits_.message_usec = limits_.reading_usec = 30'000;
        limits_.connections = 6;
        homes_.add("ada", 60001);
    }
    void start() {
        std::vector<std::unique_ptr<Interface>> interfaces;
        interfaces.push_back(
            std::make_unique<UserDatabase>(homes_.registry(), kMachineId, kService));
        interfaces.push_back(std::make_unique<Ping>());
        server_ = std::make_unique<Server>(loop_, Socket::listen(homes_.path(), "s").value(),
                                           std::move(interfaces), limits_);
    }
    Client connect() { return Client(homes_.path() + "/s"); }
    Homes homes_;
    Limits limits_;
    TimelessLoop loop_;
    std::unique_ptr<Server> server_;
};

TEST_F(VarlinkServer, Answers) {
    start();
    Client client = connect();
    for (int i = 1; i <= 3; ++i) {
        ASSERT_TRUE(client.call(kPing));
        loop_.settle();
        client.hear();
        EXPECT_EQ(client.messages(), i);
        EXPECT_EQ(client.text(), kPong);
    }
}

TEST_F(VarlinkServer, AnswersSeveralCallsInTheirOrder) {
    start();
    Client client = connect();
    const std::string unknown = R"({"method":"no.Such"})";
    ASSERT_TRUE(
        client.say(std::string(kPing) + '\0' + unknown + '\0' + kList + '\0' + kPing + '\0'));
    loop_.settle();
    client.hear();
    EXPECT_EQ(client.messages(), 4U);
    EXPECT_EQ(client.text(), kPong);
    EXPECT_EQ(client.heard().rfind(std::string(kPong) + '\0'),
              client.heard().size() - sizeof kPong);
}

TEST_F(VarlinkServer, PutsMessagesTogether) {
    start();
    Client client = connect();
    for (const char c : std::string(kPing) + '\0') {
        ASSERT_TRUE(client.say(std::string(1, c)));
        loop_.settle();
    }
    client.hear();
    EXPECT_EQ(client.text(), kPong);
}

TEST_F(VarlinkServer, KnowsWhoAsks) {
    start();
    Client client = connect();
    ASSERT_TRUE(client.call(kList));
    loop_.settle();
    client.hear();
    const bool trusted = ::getuid() == 0;
    EXPECT_EQ(client.heard().find("privileged") != std::string::npos, trusted);
}

TEST_F(VarlinkServer, AnswersAClientThatSaysNoMore) {
    start();
    Client client = connect();
    ASSERT_TRUE(client.call(kPing));
    client.say_no_more();
    loop_.settle();
    client.hear();
    EXPECT_EQ(client.text(), kPong);
    EXPECT_TRUE(client.is_over());
    EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(VarlinkServer, LetsGoOfAClientThatIsGone) {
    start();
    {
        Client client = connect();
        Client in_the_middle = connect();
        ASSERT_TRUE(in_the_middle.say("{"));
        loop_.settle();
        EXPECT_EQ(server_->connections(), 2U);
    }
    loop_.settle();
    EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(VarlinkServer, HangsUpOnRubbishAfterWhatWasAskedBefore) {
    start();
    Client client = connect();
    ASSERT_TRUE(client.say(std::string(kPing) + '\0' + "rubbish" + '\0' + kPing + '\0'));
    loop_.settle();
    client.hear();
    EXPECT_EQ(client.messages(), 1U);
    EXPECT_TRUE(client.is_over());
}

TEST_F(VarlinkServer, HangsUpOnAnEndlessMessage) {
    start();
    Client client = connect();
    for (int i = 0; i < 8; ++i) {
        client.say(std::string(4096, 'x'));
        loop_.settle();
    }
    EXPECT_TRUE(client.is_over());
}

TEST_F(VarlinkServer, WaitsForTheRestOfAMessageForATime) {
    start();
    Client half = connect();
    Client silent = connect();
    ASSERT_TRUE(half.say(std::string(kPing) + '\0' + "{"));
    for (int i = 0; i < 6; ++i) {
        loop_.pass(10'000);
        half.say(" ");
    }
    EXPECT_EQ(half.messages(), 0U);
    half.hear();
    EXPECT_EQ(half.messages(), 1U);
    EXPECT_TRUE(half.is_over());
    EXPECT_FALSE(silent.is_over());
    EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(VarlinkServer, GivesEachMessageItsTime) {
    start();
    Client client = connect();
    ASSERT_TRUE(client.say("{"));
    for (std::size_t i = 1; i <= 4; ++i) {
        loop_.pass(15'000);
        // The rest of this one and the beginning of the next.
        ASSERT_TRUE(client.say(std::string(kPing + 1) + '\0' + "{"));
        loop_.settle();
        client.hear();
        EXPECT_EQ(client.messages(), i);
    }
}

/// Many homes with long records: more than fits between the server and the client.
class VarlinkCrowd : public VarlinkServer {
  protected:
    VarlinkCrowd() {
        const std::string text(2000, 'x');
        for (int i = 0; i < 400; ++i)
            homes_.add("user" + std::to_string(i), static_cast<uid_t>(61000 + i),
                       R"(,"realName":")" + text + "\"");
        limits_.waiting_bytes = 16 * 1024;
        start();
    }
};

TEST_F(VarlinkCrowd, IsSentAsTheClientReads) {
    Client client = connect();
    ASSERT_TRUE(client.say(std::string(kList) + '\0' + kPing + '\0'));
    loop_.settle();
    EXPECT_FALSE(loop_.turn()) << "it waits";
    for (int i = 0; i < 1000 && client.messages() < 402; ++i) {
        client.hear(20'000);
        loop_.settle();
    }
    EXPECT_EQ(client.messages(), 402U);
    EXPECT_EQ(client.heard().rfind(std::string(kPong) + '\0'),
              client.heard().size() - sizeof kPong);
}

TEST_F(VarlinkCrowd, KeepsNobodyElseWaiting) {
    Client reader = connect();
    Client other = connect();
    ASSERT_TRUE(reader.call(kList));
    loop_.turn();
    loop_.settle();
    ASSERT_TRUE(other.call(kPing));
    for (int i = 0; i < 4; ++i) {
        reader.hear();
        loop_.turn();
    }
    other.hear();
    EXPECT_EQ(other.messages(), 1U);
    EXPECT_LT(reader.messages(), 401U);
}

TEST_F(VarlinkCrowd, IsNotKeptForAClientThatDoesNotRead) {
    Client client = connect();
    ASSERT_TRUE(client.call(kList));
    for (int i = 0; i < 100; ++i) client.call(kList);
    loop_.settle();
    loop_.pass(50'000);
    EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(VarlinkCrowd, IsKeptForAClientThatReadsSlowly) {
    Client client = connect();
    ASSERT_TRUE(client.call(kList));
    for (int i = 0; i < 6; ++i) {
        loop_.pass(20'000);
        client.hear(250'000);
        loop_.settle();
    }
    EXPECT_EQ(server_->connections(), 1U);
    EXPECT_FALSE(client.is_over());
}

TEST_F(VarlinkServer, LetsTheMostSilentGoWhereThereAreTooMany) {
    start();
    std::vector<Client> clients;
    for (int i = 0; i < 6; ++i) clients.push_back(connect());
    loop_.settle();
    ASSERT_TRUE(clients[0].call(kPing));
    loop_.settle();
    Client last = connect();
    ASSERT_TRUE(last.call(kPing));
    loop_.settle();
    last.hear();
    EXPECT_EQ(last.messages(), 1U);
    EXPECT_EQ(server_->connections(), 6U);
    EXPECT_FALSE(clients[0].is_over());
    EXPECT_TRUE(clients[1].is_over());
    EXPECT_FALSE(clients[2].is_over());
}

TEST_F(VarlinkServer, TakesItsFileAlong) {
    start();
    const std::string path = homes_.path() + "/s";
    EXPECT_EQ(::access(path.c_str(), F_OK), 0);
    server_.reset();
    EXPECT_NE(::access(path.c_str(), F_OK), 0);
}

}  // namespace
}  // namespace hearth::homed::varlink
