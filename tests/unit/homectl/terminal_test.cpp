// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/passwords/terminal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <thread>

#include "hosts/homectl/passwords/source.hpp"

namespace hearth::homectl {
namespace {

/// A terminal without a person, who is played by the test.
class FakeTerminal {
  public:
    FakeTerminal() : master_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        grantpt(master_.get());
        unlockpt(master_.get());
    }
    [[nodiscard]] std::string path() const { return ptsname(master_.get()); }

    /// Waits for a question and answers it. Yields everything that the terminal showed until then.
    std::string answer(const std::string& question, const std::string& line) const {
        std::string shown = read_until(question);
        EXPECT_EQ(write(master_.get(), line.data(), line.size()),
                  static_cast<ssize_t>(line.size()));
        return shown;
    }
    std::string read_until(const std::string& text) const {
        std::string shown;
        char next = 0;
        while (shown.find(text) == std::string::npos && read(master_.get(), &next, 1) == 1)
            shown += next;
        return shown;
    }

  private:
    UniqueFd master_;
};

bool echoes(const std::string& path) {
    const UniqueFd fd(open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    termios settings{};
    EXPECT_EQ(tcgetattr(fd.get(), &settings), 0);
    return (settings.c_lflag & static_cast<tcflag_t>(ECHO)) != 0;
}

TEST(Terminal, TakesALineWithoutShowingItAndPutsTheEchoBack) {
    const FakeTerminal person;
    const std::string path = person.path();
    auto terminal = Terminal::open(path.c_str());
    ASSERT_TRUE(terminal);
    ASSERT_TRUE(echoes(path));
    bool echoed_meanwhile = true;
    std::string shown;
    std::thread typing([&] {
        person.read_until("Password of larry: ");
        echoed_meanwhile = echoes(path);
        person.answer("", "sesame\n");
        shown = person.read_until("\n");
    });
    const auto answer = terminal->ask("Password of larry");
    typing.join();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->view(), "sesame");
    EXPECT_FALSE(echoed_meanwhile);
    EXPECT_EQ(shown.find("sesame"), std::string::npos);
    EXPECT_TRUE(echoes(path));
}

TEST(Terminal, SaysWhenTheInputEndsOrThereIsNone) {
    const FakeTerminal person;
    auto terminal = Terminal::open(person.path().c_str());
    ASSERT_TRUE(terminal);
    std::thread typing([&] { person.answer("Password: ", "\x04"); });
    const auto answer = terminal->ask("Password");
    typing.join();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().id(), "no-answer");
    EXPECT_EQ(Terminal::open("/dev/null").error().id(), "no-terminal");
}

TEST(PasswordSource, TakesPasswordsOutOfTheEnvironmentAndWipesThem) {
    std::string variable = "PASSWORD=sesame";
    setenv("NEWPASSWORD", "another", 1);
    putenv(variable.data());  // the environment now points into `variable`
    const PasswordSource source;
    EXPECT_EQ(source.existing().view(), "sesame");
    EXPECT_EQ(source.fresh().view(), "another");
    EXPECT_EQ(std::getenv("PASSWORD"), nullptr);
    EXPECT_EQ(std::getenv("NEWPASSWORD"), nullptr);
    EXPECT_EQ(std::strlen(variable.c_str()), std::strlen("PASSWORD="));
    EXPECT_TRUE(PasswordSource().existing().empty());
}

}  // namespace
}  // namespace hearth::homectl
