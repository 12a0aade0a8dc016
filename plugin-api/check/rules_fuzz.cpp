// SPDX-License-Identifier: MIT
// Z: records and files that nobody would write on purpose.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/base/unique_fd.hpp"
#include "workshop.hpp"

namespace hearth::check {
namespace {

using Random = std::mt19937;
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The same on every run: a failure can be looked at again.
constexpr unsigned kSeed = 20240229;
constexpr int kRounds = 400;

std::string random_value(Random& random) {
    switch (random() % 12) {
        case 0:
            return "null";
        case 1:
            return "true";
        case 2:
            return "0";
        case 3:
            return "18446744073709551615";
        case 4:
            return "-1";
        case 5:
            return R"("")";
        case 6:
            return R"("../../etc")";
        case 7:
            return '"' + std::string(random() % 5000, 'x') + '"';
        case 8:
            return R"(["a","b",{"c":[]}])";
        case 9:
            return R"({"a":{"b":{"c":null}}})";
        case 10:
            return R"("\u0001\u00e4%s%n\\")";
        default:
            return std::to_string(random());
    }
}

/// What plugins look at: their own options, and what records usually have.
std::vector<std::string> field_names(const Context& context) {
    std::vector<std::string> out = {"diskSize",
                                    "fileSystemType",
                                    "luksCipher",
                                    "luksDiscard",
                                    "luksExtraMountOptions",
                                    "mountNoSuid",
                                    "shell",
                                    "realName",
                                    "skeletonDirectory",
                                    "accessMode",
                                    "umask",
                                    "nodev",
                                    "cifsService",
                                    "cifsUserName",
                                    "rebalanceWeight",
                                    "autoResizeMode",
                                    "locked",
                                    "dropCaches",
                                    "tasksMax",
                                    "hearthFscryptFormat"};
    for (const auto& option : context.manifest().options) out.push_back(option.field);
    return out;
}

Fields random_fields(Random& random, const std::vector<std::string>& names) {
    Fields out;
    for (auto count = 1 + random() % 6; count > 0; --count)
        out.emplace_back(names[random() % names.size()], random_value(random));
    return out;
}

Did ask_all(Bench& bench) {
    std::uint32_t state = 0;
    hearth_usage usage{};
    // Codes of the ABI are fine, whichever.
    for (const Did& did : {bench.call("validate", &hearth_storage::validate, bench.record()),
                           state_of(bench, state), usage_of(bench, usage)})
        if (did.broken()) return did;
    return {};
}

Outcome survives_records(const Context& context) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    CHECK_STEP(to_outcome(shop.operate(create_home), "making a home"));
    Random random(kSeed);
    const auto names = field_names(context);
    for (int round = 0; round < kRounds; ++round) {
        BenchSettings settings;
        settings.fields = random_fields(random, names);
        CHECK_STEP(to_outcome(shop.operate(ask_all, settings),
                              "asking with " + settings.fields[0].first + " = " +
                                  settings.fields[0].second.substr(0, 60)));
    }
    CHECK_STEP(is_tidy(shop.home(), true));
    return is_whole(shop);
}

/// A file of noise, or one that looks like something.
void write_noise(Random& random, const std::string& path) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    if (random() % 4 == 0) file << "LUKS\xba\xbe";
    for (auto count = random() % 9000; count > 0; --count) file.put(static_cast<char>(random()));
}

/// A folder with names that media have.
void make_odd_folder(Random& random, const std::string& path) {
    std::filesystem::create_directory(path);
    for (const char* name : {".identity", "home", "slots", "header"}) {
        const std::string inside = path + "/" + name;
        if (random() % 2 == 0)
            write_noise(random, inside);
        else if (random() % 2 == 0)
            std::filesystem::create_directory(inside);
        else
            std::filesystem::create_symlink("/etc/passwd", inside);
    }
}

Outcome look_at(Workshop& shop, const std::string& path) {
    const Did probed = shop.operate([&](Bench& bench) {
        const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
        hearth_probe found{};
        return probe_of(bench, fd.get(), found);
    });
    if (probed.broken()) return failed(probed.text);
    const Did asked = shop.operate(ask_all);
    return asked.broken() ? failed(asked.text) : passed();
}

/// Opening what is no home may fail in any way but a crash, or a session that is none.
Outcome survives_media(const Context& context) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    Random random(kSeed);
    const std::string path = shop.home().medium_path();
    std::error_code error;
    for (int round = 0; round < kRounds / 4; ++round) {
        std::filesystem::remove_all(path, error);
        if (random() % 2 == 0)
            write_noise(random, path);
        else
            make_odd_folder(random, path);
        CHECK_STEP(look_at(shop, path));
        const Did opened = shop.operate([](Bench& bench) {
            OpenHome home;
            DID_STEP(unlock_only(bench, home));
            return end_session(bench, home, HEARTH_CLOSE_ROLLBACK);
        });
        if (opened.broken()) return failed(opened.text);
    }
    std::filesystem::remove_all(path, error);
    return is_tidy(shop.home(), false);
}

constexpr auto kStorage = Rule::About::storage;
constexpr const char* kFirm = "L01! L06 C01! C02 C03 C04";
constexpr std::array kRules = {
    Rule{"Z01", "survives records full of nonsense", kFirm, kStorage, survives_records},
    Rule{"Z02", "survives media full of nonsense", kFirm, kStorage, survives_media},
};

}  // namespace

std::span<const Rule> fuzz_rules() {
    return kRules;
}

}  // namespace hearth::check
