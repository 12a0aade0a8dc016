// SPDX-License-Identifier: MIT
#include "runner.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <sstream>

#include "child.hpp"
#include "tap.hpp"

namespace hearth::check {
namespace {

void say_log(std::string_view text) {
    static_cast<void>(
        std::fprintf(stderr, "    | %.*s\n", static_cast<int>(text.size()), text.data()));
}

}  // namespace

std::vector<Rule> all_rules() {
    std::vector<Rule> out;
    for (const auto& list :
         {static_rules(), load_rules(), contract_rules(), medium_rules(), kill_rules(),
          fault_rules(), life_rules(), fuzz_rules(), auth_rules(), auth_fault_rules()})
        out.insert(out.end(), list.begin(), list.end());
    return out;
}

Result Runner::run(const Rule& rule) {
    const auto begin = std::chrono::steady_clock::now();
    Result out{&rule, decide(rule), 0};
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    out.seconds = taken.count();
    kinds_[std::string(rule.id)] = out.outcome.kind;
    return out;
}

Outcome Runner::needs_are_met(const Rule& rule) const {
    std::istringstream needs{std::string(rule.needs)};
    for (std::string id; needs >> id;) {
        const bool has_to_pass = id.ends_with('!');
        if (has_to_pass) id.pop_back();
        const auto found = kinds_.find(id);
        if (found == kinds_.end()) continue;
        if (found->second == Outcome::Kind::fail) return skipped(id + " failed");
        if (has_to_pass && found->second == Outcome::Kind::skip)
            return skipped(id + " was skipped");
    }
    return passed();
}

Outcome Runner::decide(const Rule& rule) {
    if (subject_.manifest && rule.about == Rule::About::auth && !subject_.has_auth())
        return skipped("it offers no authentication");
    if (subject_.manifest && rule.about == Rule::About::storage && !subject_.has_storage())
        return skipped("it offers no storage");
    if (auto met = needs_are_met(rule); !met) return met;
    if (rule.about != Rule::About::file && !subject_.manifest)
        return skipped("it has no valid manifest");
    if (rule.about != Rule::About::storage) return run_for_storage(rule, 0);
    bool any = false;
    for (std::size_t i = 0; i < subject_.manifest->storage.size(); ++i) {
        const auto& name = subject_.manifest->storage[i].name;
        if (!options_.storage.empty() && options_.storage != name) continue;
        any = true;
        Outcome one = run_for_storage(rule, i);
        if (one) continue;
        if (subject_.manifest->storage.size() > 1) one.text = name + ": " + one.text;
        return one;
    }
    return any ? passed() : skipped("it has no storage " + options_.storage);
}

Outcome Runner::run_for_storage(const Rule& rule, std::size_t storage) {
    Context context{subject_,
                    storage,
                    {},
                    workplace_.is_own() || options_.may_fill,
                    extra_record_,
                    ::geteuid() == 0,
                    options_.device,
                    pin_,
                    options_.every};
    if (rule.wants_place()) {
        context.folder =
            workplace_.make_folder(std::string(rule.id) + "-" + std::to_string(storage));
        if (context.folder.empty()) return failed("there is no folder for it");
    }
    if (options_.verbose) Tap::instance().log = say_log;
    Outcome outcome = options_.in_process ? rule.run(context) : run_apart(rule, context);
    if (!context.folder.empty()) workplace_.drop_folder(context.folder);
    return outcome;
}

Outcome Runner::run_apart(const Rule& rule, const Context& context) {
    return in_child([&] { return rule.run(context); }, std::chrono::seconds(options_.deadline))
        .outcome;
}

}  // namespace hearth::check
