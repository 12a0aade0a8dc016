// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "hosts/homectl/options/general.hpp"
#include "hosts/homectl/options/kinds.hpp"
#include "hosts/homectl/options/option_set.hpp"
#include "hosts/homectl/plugins/plugin_options.hpp"

namespace hearth::homectl {
namespace {

struct Example {
    std::string good;
    /// What goes into the option's field, as JSON.
    std::string json;
    /// Refused; empty: everything that is text is accepted.
    std::string bad;
};

/// One example for every option that there is; a test below fails if one is missing.
const std::map<std::string, Example> kExamples = {
    {"real-name", {"Larry the Cow", R"("Larry the Cow")", "a:b"}},
    {"comment", {"Larry", R"("Larry")", "a\nb"}},
    {"realm", {"example.com", R"("example.com")", "-bad.example"}},
    {"alias", {"b,a,b", R"(["a","b"])", "1a"}},
    {"email-address", {"l@example.com", R"("l@example.com")", "a\tb"}},
    {"location", {"Room 5", R"("Room 5")", "\x1b[31m"}},
    {"birth-date", {"1960-02-29", R"("1960-02-29")", "1961-02-29"}},
    {"icon-name", {"cow", R"("cow")", "a\x7f"}},
    {"home-dir", {"/home/larry/", R"("/home/larry")", "/home/../etc"}},
    {"uid", {"1000", "1000", "999"}},
    {"member-of", {"wheel,audio", R"(["audio","wheel"])", "a b"}},
    {"groups", {"wheel", R"(["wheel"])", "x:y"}},
    {"capability-bounding-set",
     {"cap_kill CAP_NET_RAW", R"(["CAP_KILL","CAP_NET_RAW"])", "CAP_NONE"}},
    {"capability-ambient-set", {"CAP_KILL", R"(["CAP_KILL"])", "KILL"}},
    {"access-mode", {"0750", "488", "8"}},
    {"umask", {"0077", "63", "1000"}},
    {"skel", {"/etc/skel", R"("/etc/skel")", "/etc//skel"}},
    {"shell", {"/bin/zsh", R"("/bin/zsh")", "zsh"}},
    {"setenv", {"A=b", R"(["A=b"])", "1A=b"}},
    {"timezone", {"UTC", R"("UTC")", "Mars/Base"}},
    {"language", {"de_DE.UTF-8", R"("de_DE.UTF-8")", "../x"}},
    {"default-area", {"work", R"("work")", ".hidden"}},
    {"ssh-authorized-keys", {"ssh-ed25519 AAAA me", R"(["ssh-ed25519 AAAA me"])", "a\x01"}},
    {"password-hint", {"the usual", R"("the usual")", "a\x01"}},
    {"enforce-password-policy", {"no", "false", "perhaps"}},
    {"password-change-now", {"yes", "true", "perhaps"}},
    {"password-change-min", {"1d", "86400000000", "soon"}},
    {"password-change-max", {"30d", "2592000000000", "soon"}},
    {"password-change-warn", {"1w", "604800000000", "soon"}},
    {"password-change-inactive", {"1w", "604800000000", "soon"}},
    {"locked", {"yes", "true", "perhaps"}},
    {"not-before", {"@1800000000", "1800000000000000", "soon"}},
    {"not-after", {"@1800000000", "1800000000000000", "soon"}},
    {"expiredate", {"@1800000000", "1800000000000000", "soon"}},
    {"rate-limit-interval", {"1min", "60000000", "soon"}},
    {"rate-limit-burst", {"30", "30", "4294967296"}},
    {"nice", {"-5", "-5", "20"}},
    {"tasks-max", {"500", "500", "0"}},
    {"memory-high", {"2G", "2147483648", "2X"}},
    {"memory-max", {"2G", "2147483648", "2X"}},
    {"cpu-weight", {"100", "100", "0"}},
    {"io-weight", {"10000", "10000", "10001"}},
    {"tmp-limit", {"500M", "524288000", "500X"}},
    {"dev-shm-limit", {"500M", "524288000", "101%"}},
    {"storage", {"directory", R"("directory")", "../x"}},
    {"image-path", {"/home/larry.homedir", R"("/home/larry.homedir")", "/a/./b"}},
    {"disk-size", {"5G", "5368709120", "much"}},
    {"fs-type", {"ext4", R"("ext4")", "vfat"}},
    {"drop-caches", {"on", "true", "x"}},
    {"auto-resize-mode", {"grow", R"("grow")", "shrink"}},
    {"rebalance-weight", {"off", "0", "0"}},
    {"nosuid", {"yes", "true", "x"}},
    {"nodev", {"yes", "true", "x"}},
    {"noexec", {"yes", "true", "x"}},
    {"cifs-domain", {"CORP", R"("CORP")", "a\x01"}},
    {"cifs-user-name", {"larry", R"("larry")", "a\x01"}},
    {"cifs-service", {"//host/share/dir", R"("//host/share/dir")", "//host"}},
    {"cifs-extra-mount-options", {"vers=3", R"("vers=3")", "a\x01"}},
    {"luks-discard", {"true", "true", "x"}},
    {"luks-offline-discard", {"true", "true", "x"}},
    {"luks-cipher", {"aes", R"("aes")", "a\x01"}},
    {"luks-cipher-mode", {"xts-plain64", R"("xts-plain64")", "a\x01"}},
    {"luks-volume-key-size", {"32", "32", "x"}},
    {"luks-pbkdf-type", {"argon2id", R"("argon2id")", "a\x01"}},
    {"luks-pbkdf-hash-algorithm", {"sha512", R"("sha512")", "a\x01"}},
    {"luks-pbkdf-force-iterations", {"4", "4", "x"}},
    {"luks-pbkdf-time-cost", {"500ms", "500000", "x"}},
    {"luks-pbkdf-memory-cost", {"64M", "67108864", "x"}},
    {"luks-pbkdf-parallel-threads", {"1", "1", "x"}},
    {"luks-sector-size", {"4096", "4096", "1000"}},
    {"luks-extra-mount-options", {"noatime", R"("noatime")", "a\x01"}},
    {"stop-delay", {"20s", "20000000", "x"}},
    {"kill-processes", {"yes", "true", "x"}},
    {"auto-login", {"yes", "true", "x"}},
    {"session-launcher", {"gnome", R"("gnome")", "a\x01"}},
    {"session-type", {"wayland", R"("wayland")", "a\x01"}},
};

std::vector<const Option*> available() {
    static const OptionSet kOptions;
    std::vector<const Option*> out;
    for (const Option* option : kOptions.all())
        if (option->name != "rlimit" && !option->field.empty() && option->kind != &kTokenDevice)
            out.push_back(option);
    return out;
}

TEST(OptionTable, HasAnExampleHereForEveryOption) {
    for (const Option* option : available())
        EXPECT_TRUE(kExamples.contains(std::string(option->name))) << option->name;
}

TEST(OptionTable, PutsEveryArgumentIntoItsField) {
    for (const Option* option : available()) {
        const Example& example = kExamples.at(std::string(option->name));
        Changes changes;
        ASSERT_TRUE(apply_option(*option, option->section, example.good, changes)) << option->name;
        const record::Value* value = changes.find(option->section, std::string(option->field));
        ASSERT_NE(value, nullptr) << option->name;
        EXPECT_EQ(value->json(), example.json) << option->name;
    }
}

TEST(OptionTable, RefusesWhatAnOptionDoesNotTakeAndSaysWhatItTakes) {
    for (const Option* option : available()) {
        Changes changes;
        const auto refused = apply_option(*option, option->section,
                                          kExamples.at(std::string(option->name)).bad, changes);
        ASSERT_FALSE(refused) << option->name;
        EXPECT_EQ(refused.error().id(), "option-bad-value") << option->name;
        EXPECT_NE(refused.error().what().find("--" + std::string(option->name)), std::string::npos);
        EXPECT_TRUE(refused.error().why().starts_with("It takes ")) << option->name;
        EXPECT_TRUE(changes.empty()) << option->name;
    }
}

TEST(OptionTable, DropsTheFieldForAnEmptyArgument) {
    for (const Option* option : available()) {
        Changes changes;
        ASSERT_TRUE(apply_option(*option, option->section,
                                 kExamples.at(std::string(option->name)).good, changes));
        ASSERT_TRUE(apply_option(*option, option->section, "", changes)) << option->name;
        EXPECT_EQ(changes.find(option->section, std::string(option->field)), nullptr)
            << option->name;
        EXPECT_TRUE(changes.dropped().contains(std::string(option->field))) << option->name;
    }
}

TEST(OptionTable, NotesWhatIsDoneWithTokensAndRecoveryKeys) {
    static const OptionSet kOptions;
    Changes changes;
    const auto apply = [&](const char* name, const char* text) {
        return apply_option(*kOptions.find(name), Section::regular, text, changes).has_value();
    };
    EXPECT_TRUE(changes.empty());
    EXPECT_TRUE(apply("fido2-device", "auto") && apply("enroll-token", "soft:pkcs11:a=b"));
    ASSERT_EQ(changes.tokens().enroll.size(), 2U);
    EXPECT_EQ(changes.tokens().enroll[0].kind, "fido2HmacSalt");
    EXPECT_EQ(changes.tokens().enroll[1].kind, "soft");
    EXPECT_EQ(changes.tokens().enroll[1].device, "pkcs11:a=b");
    EXPECT_TRUE(apply("fido2-device", ""));
    EXPECT_EQ(changes.tokens().enroll.size(), 1U);
    EXPECT_EQ(changes.tokens().drop, std::vector<std::string>{"fido2HmacSalt"});
    for (const char* bad : {"", "soft", ":x", "soft:"}) EXPECT_FALSE(apply("enroll-token", bad));
    EXPECT_TRUE(apply("remove-token", "fido2:2") && apply("remove-token", "list"));
    for (const char* bad : {"", "fido2", "fido2:", "fido2:0", ":1", "fido2:x"})
        EXPECT_FALSE(apply("remove-token", bad)) << bad;
    EXPECT_TRUE(apply("recovery-key", "yes"));
    EXPECT_TRUE(changes.tokens().adds());
    EXPECT_TRUE(apply("recovery-key", ""));
    EXPECT_EQ(changes.tokens().recovery_key, false);
    EXPECT_EQ(changes.tokens().with_pin, std::nullopt);
    EXPECT_TRUE(apply("fido2-with-client-pin", "no"));
    EXPECT_EQ(changes.tokens().with_pin, false);
    EXPECT_FALSE(apply("fido2-with-client-pin", "perhaps"));
    EXPECT_TRUE(apply("fido2-with-client-pin", ""));
    EXPECT_EQ(changes.tokens().with_pin, std::nullopt);
    EXPECT_TRUE(apply("fido2-credential-algorithm", "eddsa"));
    EXPECT_EQ(changes.tokens().algorithm, "eddsa");
    EXPECT_FALSE(apply("fido2-credential-algorithm", "rsa"));
    EXPECT_FALSE(apply("recovery-key", "perhaps") || apply("recovery-key-file", ""));
    EXPECT_FALSE(changes.empty());
}

TEST(OptionTable, NotesTheFilesThatBelongToARecord) {
    static const OptionSet kOptions;
    Changes changes;
    const auto apply = [&](const char* name, const char* text) {
        return apply_option(*kOptions.find(name), Section::regular, text, changes).has_value();
    };
    EXPECT_TRUE(apply("avatar", "me.png") && apply("blob", "note=a=b") && apply("blob", "old="));
    EXPECT_EQ(changes.blobs().files, (std::map<std::string, std::string>{
                                         {"avatar", "me.png"}, {"note", "a=b"}, {"old", ""}}));
    EXPECT_FALSE(changes.blobs().folder);
    EXPECT_FALSE(apply("blob", ".hidden=x") || apply("blob", "a/b=x"));
    EXPECT_TRUE(apply("blob", "pictures"));
    EXPECT_EQ(changes.blobs().folder, "pictures");
    EXPECT_TRUE(apply("blob", ""));
    EXPECT_EQ(changes.blobs().folder, "");
    EXPECT_TRUE(changes.blobs().files.empty());
    EXPECT_FALSE(changes.empty());
}

TEST(OptionTable, UsesEveryNameAndLetterOnce) {
    static const OptionSet kOptions;
    std::multiset<std::string> names;
    const auto add = [&](std::string_view name, char letter) {
        if (!name.empty()) names.insert("--" + std::string(name));
        if (letter != 0) names.insert("-" + std::string(1, letter));
    };
    for (const GeneralOption& option : general_options()) add(option.name, option.letter);
    for (const Option* option : kOptions.all()) add(option->name, option->letter);
    for (const std::string& name : names) EXPECT_EQ(names.count(name), 1U) << name;
}

TEST(OptionTable, IgnoresTheMachineForFixedOptions) {
    static const OptionSet kOptions;
    Changes changes;
    ASSERT_TRUE(apply_option(*kOptions.find("uid"), Section::this_machine, "1000", changes));
    EXPECT_NE(changes.find(Section::regular, "uid"), nullptr);
    ASSERT_TRUE(apply_option(*kOptions.find("shell"), Section::other_machines, "/bin/sh", changes));
    EXPECT_NE(changes.find(Section::other_machines, "shell"), nullptr);
}

std::string content_of(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// troff writes a dash that shall stay one as "\-".
std::string as_in_manual(std::string name) {
    std::string out;
    for (const char c : name) out += c == '-' ? "\\-" : std::string(1, c);
    return out;
}

TEST(Documentation, HasEveryOptionInTheManualAndInTheCompletion) {
    static const OptionSet kOptions;
    const std::string manual = content_of(HEARTH_SOURCE_DIR "/docs/man/homectl.1");
    std::istringstream completion(
        content_of(HEARTH_SOURCE_DIR "/hosts/homectl/completion/homectl"));
    const std::set<std::string> completed(std::istream_iterator<std::string>(completion), {});
    ASSERT_FALSE(manual.empty());
    std::set<std::string> names;
    for (const GeneralOption& option : general_options())
        if (!option.name.empty() && option.apply != nullptr)
            names.insert("--" + std::string(option.name));
    for (const Option* option : kOptions.all()) names.insert("--" + std::string(option->name));
    for (const std::string& name : names) {
        EXPECT_NE(manual.find("\\fB" + as_in_manual(name) + "\\fR"), std::string::npos) << name;
        EXPECT_TRUE(completed.contains(name) || completed.contains(name + "'")) << name;
    }
}

TEST(PluginOptions, BecomeOptionsOfTheirTypeUnlessTheNameIsTaken) {
    const plugin::Option mine{"acme-vault-cipher", "acmeVaultCipher", plugin::OptionType::size,
                              "cipher"};
    const plugin::Option taken{"shell", "acmeVaultShell", plugin::OptionType::string,
                               "not this one"};
    const std::vector<Option> options = options_of({&mine, &taken, &mine});
    ASSERT_EQ(options.size(), 1U);
    Changes changes;
    ASSERT_TRUE(apply_option(options[0], options[0].section, "4K", changes));
    EXPECT_EQ(changes.find(Section::regular, "acmeVaultCipher")->json(), "4096");
    EXPECT_FALSE(apply_option(options[0], options[0].section, "aes", changes));
}

}  // namespace
}  // namespace hearth::homectl
