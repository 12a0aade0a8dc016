// SPDX-License-Identifier: MIT
// C16 to C20: what a medium may offer besides keeping files.
#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>

#include "core/base/unique_fd.hpp"
#include "workshop.hpp"

namespace hearth::check {
namespace {

namespace fs = std::filesystem;

/// Sizes and times of everything below a folder: what only a writer changes.
std::map<std::string, std::string> times_below(const std::string& folder) {
    std::map<std::string, std::string> out;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
        struct stat info {};
        if (::lstat(entry.path().c_str(), &info) != 0) continue;
        out[entry.path().string()] = std::to_string(info.st_size) + " " +
                                     std::to_string(info.st_mtim.tv_sec) + "." +
                                     std::to_string(info.st_mtim.tv_nsec);
    }
    return out;
}

Did probe_path(Workshop& shop, const std::string& path, hearth_probe& out) {
    return shop.operate([&](Bench& bench) {
        const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        return probe_of(bench, fd.get(), out);
    });
}

Outcome probes_with_care(const Context& context) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    CHECK_STEP(to_outcome(shop.operate(create_home), "making a home"));
    hearth_probe found{};
    const auto before = times_below(context.folder);
    const Did did = probe_path(shop, shop.home().medium_path(), found);
    if (did.status == HEARTH_E_NOT_SUPPORTED) return skipped("it has no probe()");
    CHECK_STEP(to_outcome(did, "probing its own home"));
    if (found.certainty == HEARTH_PROBE_NO) return failed("it does not know its own home");
    if (times_below(context.folder) != before) return failed("probe changes what it looks at");
    fs::create_directory(context.folder + "/stranger");
    std::ofstream(context.folder + "/text") << "Somebody else's file.\n";
    for (const char* name : {"/stranger", "/text"}) {
        const Did other = probe_path(shop, context.folder + name, found);
        if (other.ok() && found.certainty == HEARTH_PROBE_CERTAIN)
            return failed("it takes a stranger's file or folder for its own");
        if (!other.ok() && other.status != HEARTH_E_NOT_SUPPORTED) return failed(other.text);
    }
    return passed();
}

Outcome tells_sizes(const Context& context) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    CHECK_STEP(to_outcome(shop.operate(create_home), "making a home"));
    hearth_usage usage{};
    const Did did = shop.operate([&](Bench& bench) { return usage_of(bench, usage); });
    if (did.status == HEARTH_E_NOT_SUPPORTED) return skipped("it has no usage()");
    CHECK_STEP(to_outcome(did, "asking for the sizes"));
    const auto above = [](std::uint64_t small, std::uint64_t large) {
        return small != HEARTH_UNKNOWN_SIZE && large != HEARTH_UNKNOWN_SIZE && small > large;
    };
    if (usage.size == 0) return failed("usage says that a home of size 0 works");
    if (above(usage.free, usage.size)) return failed("more is free than there is");
    if (above(usage.floor, usage.ceiling)) return failed("the smallest size is above the largest");
    return passed();
}

struct Heard {
    std::string text;
    static hearth_status take(void* context, const hearth_bytes* bytes) {
        static_cast<Heard*>(context)->text.assign(static_cast<const char*>(bytes->ptr), bytes->len);
        return HEARTH_OK;
    }
};

Did store_header(Bench& bench, const std::string& text) {
    OpenHome home;
    DID_STEP(unlock_only(bench, home));
    const hearth_bytes bytes{text.data(), text.size()};
    const Did did = bench.call("header_store", &hearth_storage::header_store, home.session, &bytes);
    DID_STEP(end_session(bench, home, did.ok() ? HEARTH_CLOSE_COMMIT : HEARTH_CLOSE_ROLLBACK));
    return did;
}

Did load_header(Bench& bench, std::string& out) {
    OpenHome home;
    DID_STEP(unlock_only(bench, home));
    Heard heard;
    const Did did = bench.call("header_load", &hearth_storage::header_load, home.session,
                               &Heard::take, static_cast<void*>(&heard));
    out = heard.text;
    DID_STEP(end_session(bench, home, HEARTH_CLOSE_ROLLBACK));
    return did;
}

Outcome keeps_headers(const Context& context) {
    if (!context.manifest().has("header")) return skipped("its medium has no header");
    Workshop shop(context);
    CHECK_STEP(shop.load());
    CHECK_STEP(to_outcome(shop.operate(create_home), "making a home"));
    for (const std::size_t size : {40U, 20000U, 3000U}) {
        const std::string text = R"({"text":")" + std::string(size, 'x') + R"("})";
        std::string back;
        CHECK_STEP(to_outcome(shop.operate([&](Bench& b) { return store_header(b, text); }),
                              "storing a header"));
        CHECK_STEP(to_outcome(shop.operate([&](Bench& b) { return load_header(b, back); }),
                              "loading the header"));
        if (back != text)
            return failed("a header of " + std::to_string(text.size()) + " bytes comes back with " +
                          std::to_string(back.size()) + ", or others");
    }
    return is_whole(shop);
}

/// The medium has keys of its own.
bool has_slots(const Context& context) {
    return context.manifest().credentials == plugin::Credentials::slots;
}

/// Do the passwords of these bits open the home? `listed`: what the record says.
Outcome opens(Workshop& shop, unsigned mask, unsigned listed, bool wanted) {
    BenchSettings settings;
    settings.known_passwords = mask;
    settings.listed_passwords = listed;
    const Did did = shop.operate(open_home, settings);
    const std::string which = mask == 1 ? "the first password" : "the second password";
    if (wanted) return did.ok() ? passed() : failed(which + " does not open it: " + did.text);
    if (did.ok()) return failed(which + " opens it, and should not");
    if (did.status == HEARTH_E_BAD_SECRET) return passed();
    return failed(which + " is wrong, and it says something else: " + did.text);
}

Outcome refuses_wrong_secrets(const Context& context) {
    if (!has_slots(context)) return skipped("its medium has no keys of its own");
    Workshop shop(context);
    CHECK_STEP(shop.load());
    CHECK_STEP(to_outcome(shop.operate(create_home), "making a home"));
    CHECK_STEP(opens(shop, 2, 1, false));
    BenchSettings none;
    none.known_passwords = 0;
    if (shop.operate(open_home, none).ok()) return failed("it opens without any password");
    CHECK_STEP(opens(shop, 1, 1, true));
    return is_tidy(shop.home(), true);
}

Outcome changes_keys(const Context& context) {
    if (!has_slots(context)) return skipped("its medium has no keys of its own");
    Workshop shop(context);
    CHECK_STEP(shop.load());
    CHECK_STEP(to_outcome(shop.operate(create_home), "making a home"));
    const auto rekey = [&](unsigned from, unsigned to, bool commit) {
        BenchSettings settings;
        settings.known_passwords = from;
        settings.listed_passwords = from;
        return to_outcome(
            shop.operate([&](Bench& bench) { return rekey_home(bench, to, commit); }, settings),
            "changing the keys");
    };
    CHECK_STEP(rekey(1, 2, false));  // taken back
    CHECK_STEP(opens(shop, 1, 1, true));
    CHECK_STEP(opens(shop, 2, 1, false));
    CHECK_STEP(rekey(1, 2, true));
    CHECK_STEP(opens(shop, 2, 2, true));
    CHECK_STEP(opens(shop, 1, 2, false));
    CHECK_STEP(rekey(2, 1, true));  // and back
    CHECK_STEP(opens(shop, 1, 1, true));
    CHECK_STEP(opens(shop, 2, 1, false));
    return is_tidy(shop.home(), true);
}

constexpr auto kStorage = Rule::About::storage;
constexpr const char* kFirm = "L01! L06 C01! C02 C03 C04";
constexpr std::array kRules = {
    Rule{"C16", "knows its homes, and changes nothing by looking", kFirm, kStorage,
         probes_with_care},
    Rule{"C17", "tells sizes that can be true", kFirm, kStorage, tells_sizes},
    Rule{"C18", "gives headers back as they were stored", kFirm, kStorage, keeps_headers},
    Rule{"C19", "opens with the right secret only", kFirm, kStorage, refuses_wrong_secrets},
    Rule{"C20", "changes its keys, and takes that back", "L01! L06 C01! C02 C03 C04 C19", kStorage,
         changes_keys},
};

}  // namespace

std::span<const Rule> medium_rules() {
    return kRules;
}

}  // namespace hearth::check
