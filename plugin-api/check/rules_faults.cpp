// SPDX-License-Identifier: MIT
// F: the services of the host, and the system under it, fail.
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <set>

#include "core/base/unique_fd.hpp"
#include "failing.hpp"
#include "file_limit.hpp"
#include "workshop.hpp"

namespace hearth::check {
namespace {

/// One verb with the k-th service call failing, and what must hold then.
struct Fault {
    std::string_view name;
    Did (*verb)(Bench&);
    std::uint32_t verb_number;
    bool needs_home;
    bool ends_without_home;  // when it succeeds
};

Did rekey_to_second(Bench& bench) {
    return rekey_home(bench, 2, true);
}

/// Brings the home back to "it is there and opens with the first password", or to nothing.
Outcome start_over(Workshop& shop, bool with_home) {
    std::uint32_t state = 0;
    CHECK_STEP(to_outcome(shop.state(state), "asking for the state"));
    if (state != HEARTH_STATE_ABSENT) {
        if (auto removed = shop.operate(remove_home); !removed.ok())
            return failed("the home cannot be removed afterwards: " + removed.text);
    }
    return with_home ? to_outcome(shop.operate(create_home), "making a home") : passed();
}

/// After a failure that was undone: as before, without any help of recover().
Outcome judge_failure(Workshop& shop, const Fault& fault, const Ledger& ledger) {
    if (fault.verb_number == HEARTH_VERB_REMOVE) {
        CHECK_STEP(to_outcome(shop.recover(), "recovering a failed removal"));
        std::uint32_t state = 0;
        CHECK_STEP(to_outcome(shop.state(state), "asking for the state"));
        CHECK_STEP(is_tidy(shop.home(), state != HEARTH_STATE_ABSENT));
        return state == HEARTH_STATE_ABSENT ? passed() : is_whole(shop);
    }
    if (!fault.needs_home) {
        const bool in_place = ledger.phase != HEARTH_PHASE_BEGUN && !shop.home().names().empty();
        CHECK_STEP(is_tidy(shop.home(), in_place));
        return in_place ? is_whole(shop) : passed();
    }
    if (fault.verb_number != HEARTH_VERB_PASSWD) {
        CHECK_STEP(is_tidy(shop.home(), true));
        return is_whole(shop);
    }
    // Core's record says which password holds; recover() brings the medium there.
    CHECK_STEP(to_outcome(shop.recover(), "recovering a failed change of keys"));
    CHECK_STEP(is_tidy(shop.home(), true));
    return is_whole(shop, ledger.phase == HEARTH_PHASE_RECORDED ? 2 : 1);
}

/// Everything for one k; `more` says whether there was a k-th call.
Outcome fail_at(Workshop& shop, const Fault& fault, std::uint32_t k, bool& more) {
    CHECK_STEP(start_over(shop, fault.needs_home));
    Failing failing{k, 0, {}};
    failing.install();
    const Did did = shop.operate(fault.verb);
    Failing::uninstall();
    more = !failing.which.empty();
    if (!more) return to_outcome(did, std::string(fault.name));
    const std::string when = "with " + failing.which + " failing at call " + std::to_string(k);
    if (did.broken() || did.lost()) return failed(when + ": " + did.text);
    Outcome after = did.ok() ? passed() : judge_failure(shop, fault, shop.ledger());
    if (!after) after.text = when + ": " + after.text;
    return after;
}

Outcome survives(const Context& context, const Fault& fault) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    bool more = true;
    for (std::uint32_t k = 1; more && k < 1000; k += context.every)
        CHECK_STEP(fail_at(shop, fault, k, more));
    return passed();
}

Outcome create_survives(const Context& context) {
    return survives(context, {"making a home", create_home, HEARTH_VERB_CREATE, false, false});
}
Outcome open_survives(const Context& context) {
    return survives(context, {"opening a home", open_home, HEARTH_VERB_UPDATE, true, false});
}
Outcome remove_survives(const Context& context) {
    return survives(context, {"removing a home", remove_home, HEARTH_VERB_REMOVE, true, true});
}
Outcome rekey_survives(const Context& context) {
    if (context.manifest().credentials != plugin::Credentials::slots)
        return skipped("its medium has no keys of its own");
    return survives(context,
                    {"changing the keys", rekey_to_second, HEARTH_VERB_PASSWD, true, false});
}

Outcome starve(Workshop& shop, const Fault& fault, rlim_t room) {
    CHECK_STEP(start_over(shop, fault.needs_home));
    Did did;
    {
        const FileLimit limit(room);
        did = shop.operate(fault.verb);
    }
    const std::string when =
        std::string(fault.name) + " with room for " + std::to_string(room) + " open files: ";
    if (did.broken() || did.lost()) return failed(when + did.text);
    if (did.ok()) return passed();
    // Without files nothing can be tidied up: that is recover()'s this time.
    if (auto recovered = shop.recover(); !recovered.ok()) return failed(when + recovered.text);
    Outcome after = judge_failure(shop, fault, shop.ledger());
    if (!after) after.text = when + after.text;
    return after;
}

Outcome lives_without_files(const Context& context) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    for (rlim_t room = 0; room < 12; ++room) {
        CHECK_STEP(
            starve(shop, {"making a home", create_home, HEARTH_VERB_CREATE, false, false}, room));
        CHECK_STEP(
            starve(shop, {"opening a home", open_home, HEARTH_VERB_UPDATE, true, false}, room));
        CHECK_STEP(
            starve(shop, {"removing a home", remove_home, HEARTH_VERB_REMOVE, true, true}, room));
    }
    return passed();
}

/// Fills the file system that a folder is on; emptied again when this ends.
class Ballast {
  public:
    explicit Ballast(const std::string& folder) : path_(folder + "/../ballast") {
        const UniqueFd file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        const std::string block(65536, 'x');
        for (std::size_t size = block.size(); file && size > 0; size /= 2)
            while (::write(file.get(), block.data(), size) == static_cast<ssize_t>(size)) {
            }
    }
    Ballast(const Ballast&) = delete;
    Ballast& operator=(const Ballast&) = delete;
    ~Ballast() { ::unlink(path_.c_str()); }

  private:
    std::string path_;
};

Outcome lives_without_space(const Context& context) {
    if (!context.owns_place) return skipped("would fill the file system: see --may-fill");
    Workshop shop(context);
    CHECK_STEP(shop.load());
    for (const bool with_home : {false, true}) {
        CHECK_STEP(start_over(shop, with_home));
        Did did;
        {
            const Ballast full(context.folder);
            did = shop.operate(with_home ? open_home : create_home);
        }
        const std::string when = with_home ? "opening a home" : "making a home";
        if (did.broken() || did.lost()) return failed(when + " without space: " + did.text);
        const bool exists = with_home || did.ok();
        if (auto tidy = is_tidy(shop.home(), exists); !tidy)
            return failed(when + " without space: " + tidy.text);
        if (exists) CHECK_STEP(is_whole(shop));
    }
    return passed();
}

constexpr auto kStorage = Rule::About::storage;
constexpr const char* kFirm = "L01! L06 C01! C02 C03 C04 C12";
constexpr std::array kRules = {
    Rule{"F01", "undoes a creation when a service fails", kFirm, kStorage, create_survives},
    Rule{"F02", "opens or does not when a service fails", kFirm, kStorage, open_survives},
    Rule{"F03", "removes or does not when a service fails", kFirm, kStorage, remove_survives},
    Rule{"F04", "changes keys or does not when a service fails",
         "L01! L06 C01! C02 C03 C04 C12 K04", kStorage, rekey_survives},
    Rule{"F05", "survives that no more files can be opened",
         "L01! L06 C01! C02 C03 C04 C12 K01 K02 K03", kStorage, lives_without_files},
    Rule{"F06", "survives a full file system", kFirm, kStorage, lives_without_space},
};

}  // namespace

std::span<const Rule> fault_rules() {
    return kRules;
}

}  // namespace hearth::check
