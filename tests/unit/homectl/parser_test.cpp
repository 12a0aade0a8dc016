// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/parser.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {
namespace {

/// Keeps the words alive: some are overwritten on purpose.
struct Line {
    explicit Line(std::vector<std::string> given) : words(std::move(given)) {
        words.insert(words.begin(), "homectl");
        for (std::string& word : words) argv.push_back(word.data());
    }
    Result<Invocation> parse() const { return parse_command_line(argv, OptionSet()); }

    std::vector<std::string> words;
    std::vector<char*> argv;
};

Result<Invocation> parse(std::vector<std::string> words) {
    return Line(std::move(words)).parse();
}

std::string id_of(std::vector<std::string> words) {
    const auto parsed = parse(std::move(words));
    return parsed ? "" : parsed.error().id();
}

std::string json_of(const Invocation& invocation, Section section, const std::string& field) {
    const record::Value* value = invocation.changes.find(section, field);
    return value == nullptr ? "" : value->json();
}

TEST(Parser, TakesOptionsBeforeAndBehindTheVerb) {
    const auto line = parse({"-s", "/bin/sh", "create", "larry", "--nice=5"});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->verb, "create");
    EXPECT_EQ(line->arguments, std::vector<std::string>{"larry"});
    EXPECT_EQ(json_of(*line, Section::regular, "shell"), "\"/bin/sh\"");
    EXPECT_EQ(json_of(*line, Section::regular, "niceLevel"), "5");
    EXPECT_EQ(line->first_change, "--shell");
}

TEST(Parser, LeavesEverythingBehindTwoDashesAlone) {
    const auto line = parse({"with", "larry", "--", "rsync", "--archive", "-x"});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->arguments, (std::vector<std::string>{"larry", "rsync", "--archive", "-x"}));
}

TEST(Parser, AcceptsAbbreviationsAndBundles) {
    const auto line = parse({"create", "larry", "--real-n=Larry", "-Ps/bin/sh"});
    ASSERT_TRUE(line);
    EXPECT_EQ(json_of(*line, Section::regular, "realName"), "\"Larry\"");
    EXPECT_EQ(json_of(*line, Section::regular, "shell"), "\"/bin/sh\"");
    EXPECT_EQ(json_of(*line, Section::regular, "enforcePasswordPolicy"), "false");
}

TEST(Parser, SendsOptionsToTheMachinesThatWereNamedBefore) {
    const auto line = parse({"update", "u", "--shell=/a", "-N", "--storage=cifs", "-T",
                             "--shell=/b", "--match=auto", "--location=x"});
    ASSERT_TRUE(line);
    EXPECT_EQ(json_of(*line, Section::regular, "shell"), "\"/a\"");
    EXPECT_EQ(json_of(*line, Section::this_machine, "shell"), "\"/b\"");
    EXPECT_EQ(json_of(*line, Section::other_machines, "storage"), "\"cifs\"");
    EXPECT_EQ(json_of(*line, Section::regular, "location"), "\"x\"");
}

TEST(Parser, DropsAlsoWhatWasSetForOtherMachines) {
    const auto line = parse({"update", "u", "-N", "--shell=/a", "--shell="});
    ASSERT_TRUE(line);
    EXPECT_EQ(json_of(*line, Section::other_machines, "shell"), "");
    EXPECT_TRUE(line->changes.dropped().contains("shell"));
}

TEST(Parser, CountsTheLetterE) {
    EXPECT_EQ(parse({"inspect", "-E"})->settings.format, ExportFormat::stripped);
    EXPECT_EQ(parse({"inspect", "-EE"})->settings.format, ExportFormat::minimal);
    EXPECT_NE(parse({"inspect", "-E"})->settings.json, JsonMode::off);
    EXPECT_EQ(id_of({"inspect", "-EEE"}), "option-repeated");
}

TEST(Parser, TakesABirthDateWithOrWithoutTheEqualsSign) {
    EXPECT_EQ(json_of(*parse({"update", "u", "--birth-date", "2000-01-31"}), Section::regular,
                      "birthDate"),
              "\"2000-01-31\"");
    const auto dropped = parse({"update", "--birth-date", "u"});
    ASSERT_TRUE(dropped);
    EXPECT_TRUE(dropped->changes.dropped().contains("birthDate"));
    EXPECT_EQ(dropped->arguments, std::vector<std::string>{"u"});
}

TEST(Parser, CollectsListsAndReplacesSingleValues) {
    const auto line =
        parse({"create", "u", "-G", "b", "-Ga,c", "--setenv=A=1", "--setenv=B=2", "--setenv=A=3",
               "--language=de_DE", "--language=en_US,de_DE", "--nice=1", "--nice=2"});
    ASSERT_TRUE(line);
    EXPECT_EQ(json_of(*line, Section::regular, "memberOf"), R"(["a","b","c"])");
    EXPECT_EQ(json_of(*line, Section::regular, "environment"), R"(["A=3","B=2"])");
    EXPECT_EQ(json_of(*line, Section::regular, "preferredLanguage"), "\"de_DE\"");
    EXPECT_EQ(json_of(*line, Section::regular, "additionalLanguages"), R"(["en_US"])");
    EXPECT_EQ(json_of(*line, Section::regular, "niceLevel"), "2");
}

TEST(Parser, InvertsCapabilities) {
    const auto line =
        parse({"create", "u", "--capability-bounding-set=~CAP_SYS_ADMIN",
               "--capability-bounding-set=~CAP_KILL", "--capability-ambient-set=CAP_KILL CAP_CHOWN",
               "--capability-ambient-set=~CAP_KILL"});
    ASSERT_TRUE(line);
    const Texts bounding = line->changes.list(Section::regular, "capabilityBoundingSet");
    EXPECT_EQ(bounding.size(), 39U);
    EXPECT_EQ(json_of(*line, Section::regular, "capabilityAmbientSet"), R"(["CAP_CHOWN"])");
}

TEST(Parser, KeepsOneWayToSayASize) {
    const auto line =
        parse({"create", "u", "--disk-size=5G", "--disk-size=50%", "--tmp-limit=10%"});
    ASSERT_TRUE(line);
    EXPECT_EQ(json_of(*line, Section::this_machine, "diskSize"), "");
    EXPECT_EQ(json_of(*line, Section::this_machine, "diskSizeRelative"), "2147483648");
    EXPECT_EQ(json_of(*line, Section::this_machine, "rebalanceWeight"), "0");
    EXPECT_EQ(json_of(*line, Section::regular, "tmpLimitScale"), "429496730");
    EXPECT_TRUE(line->changes.dropped().contains("tmpLimit"));
}

TEST(Parser, ReadsResourceLimits) {
    const auto line =
        parse({"create", "u", "--rlimit=NOFILE=10:20", "--rlimit=RLIMIT_CORE=infinity",
               "--rlimit=LimitNICE=-20", "--rlimit=STACK=1M", "--rlimit=STACK="});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->changes.limits().at("RLIMIT_NOFILE"), (Limit{10, 20}));
    EXPECT_EQ(line->changes.limits().at("RLIMIT_CORE"), (Limit{std::nullopt, std::nullopt}));
    EXPECT_EQ(line->changes.limits().at("RLIMIT_NICE"), (Limit{40, 40}));
    EXPECT_TRUE(line->changes.dropped_limits().contains("RLIMIT_STACK"));
    EXPECT_EQ(id_of({"create", "u", "--rlimit=NOFILE=20:10"}), "option-bad-value");
    EXPECT_EQ(id_of({"create", "u", "--rlimit=NONSENSE=1"}), "option-bad-value");
    EXPECT_EQ(id_of({"create", "u", "--rlimit=NOFILE"}), "option-bad-value");
}

TEST(Parser, ReadsKeysFromAFile) {
    const std::string path = testing::TempDir() + "/keys";
    std::ofstream(path)
        << "# comment\n\nssh-ed25519 AAAA one\r\nssh-ed25519 BBBB two\nssh-ed25519 AAAA one\n";
    const auto line = parse({"create", "u", "--ssh-authorized-keys=@" + path});
    ASSERT_TRUE(line);
    EXPECT_EQ(json_of(*line, Section::privileged, "sshAuthorizedKeys"),
              R"(["ssh-ed25519 AAAA one","ssh-ed25519 BBBB two"])");
    EXPECT_EQ(id_of({"create", "u", "--ssh-authorized-keys=@/does/not/exist"}),
              "option-file-unreadable");
}

TEST(Parser, WipesThePasswordHintFromTheCommandLine) {
    const Line line({"update", "u", "--password-hint=mother"});
    const auto parsed = line.parse();
    ASSERT_TRUE(parsed);
    EXPECT_EQ(json_of(*parsed, Section::privileged, "passwordHint"), "\"mother\"");
    EXPECT_STREQ(line.argv.back(), "--password-hint=");
}

TEST(Parser, NamesWhatIsWrong) {
    EXPECT_EQ(id_of({"--shel-game"}), "option-unknown");
    EXPECT_EQ(id_of({"--luks=1"}), "option-ambiguous");
    EXPECT_EQ(id_of({"--help=yes"}), "option-needless-argument");
    EXPECT_EQ(id_of({"create", "-u"}), "option-missing-argument");
    EXPECT_EQ(id_of({"create", "--uid"}), "option-missing-argument");
    EXPECT_EQ(id_of({"-Z"}), "option-unknown");
    EXPECT_EQ(id_of({"-PZ"}), "option-unknown");
    EXPECT_EQ(id_of({"-H", "host"}), "option-not-available");
    EXPECT_EQ(id_of({"--json=xml"}), "option-bad-value");
    EXPECT_EQ(id_of({"--root=relative"}), "option-bad-value");
    EXPECT_EQ(parse({"--versoin"}).error().hint(), "Did you mean --version?");
}

TEST(Verbs, AnswerWithTheOneThatWasMeant) {
    const auto hint_of = [](const char* word) { return find_verb(word).error().hint(); };
    EXPECT_NE(hint_of("new").find("homectl create"), std::string::npos);
    EXPECT_NE(hint_of("activte").find("homectl activate"), std::string::npos);
    EXPECT_EQ(find_verb("frobnicate").error().id(), "verb-unknown");
    EXPECT_EQ(find_verb("firstboot").error().id(), "verb-not-available");
}

TEST(Verbs, RefuseOptionsAndArgumentsThatTheyDoNotTake) {
    const auto usage = [](std::vector<std::string> words) {
        const auto line = parse(std::move(words));
        const auto checked = check_usage(**find_verb(line->verb), *line);
        return checked ? "" : checked.error().id();
    };
    EXPECT_EQ(usage({"activate"}), "argument-missing");
    EXPECT_EQ(usage({"list", "x"}), "argument-needless");
    EXPECT_EQ(usage({"passwd", "u", "--shell=/bin/sh"}), "option-not-for-verb");
    EXPECT_EQ(usage({"create", "u", "--shell=/bin/sh"}), "");
}

}  // namespace
}  // namespace hearth::homectl
