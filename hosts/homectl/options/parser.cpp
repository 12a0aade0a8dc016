// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/parser.hpp"

#include <getopt.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "hosts/homectl/options/general.hpp"
#include "hosts/homectl/options/parse_errors.hpp"
#include "hosts/homectl/options/units.hpp"

namespace hearth::homectl {

namespace {

// getopt() returns letters as themselves; long names get numbers of their own, behind all letters.
constexpr int kFirstGeneral = 0x1000;
constexpr int kFirstRecord = 0x2000;

/// The tables in the shape that getopt_long() wants. Long names must end in NUL, so they are
/// copied.
class GetoptTables {
  public:
    explicit GetoptTables(const OptionSet& options) {
        int number = kFirstGeneral;
        for (const GeneralOption& option : general_options())
            add(option.name, option.letter,
                option.metavar.empty() ? no_argument : required_argument, number++);
        number = kFirstRecord;
        for (const Option* option : options.all())
            add(option->name, option->letter,
                option->kind->argument_optional ? optional_argument : required_argument, number++);
        for (const Long& entry : names_)
            long_.push_back({entry.name.c_str(), entry.argument, nullptr, entry.number});
        long_.push_back({nullptr, 0, nullptr, 0});
    }

    [[nodiscard]] const char* letters() const { return letters_.c_str(); }
    [[nodiscard]] const option* names() const { return long_.data(); }

  private:
    struct Long {
        std::string name;
        int argument;
        int number;
    };

    void add(std::string_view name, char letter, int argument, int number) {
        if (!name.empty()) names_.push_back({std::string(name), argument, number});
        if (letter == 0) return;
        letters_ += letter;
        if (argument != no_argument) letters_ += argument == required_argument ? ":" : "::";
    }

    std::string letters_ = ":";
    std::vector<Long> names_;
    std::vector<option> long_;
};

const GeneralOption* find_general(int found) {
    const auto table = general_options();
    if (found >= kFirstGeneral && found < kFirstRecord)
        return &table[static_cast<std::size_t>(found - kFirstGeneral)];
    const auto by_letter = std::find_if(table.begin(), table.end(), [&](const GeneralOption& o) {
        return o.letter != 0 && o.letter == found;
    });
    return by_letter == table.end() ? nullptr : &*by_letter;
}

const Option* find_record(int found, const OptionSet& options) {
    const auto table = options.all();
    if (found >= kFirstRecord) return table[static_cast<std::size_t>(found - kFirstRecord)];
    const auto by_letter = std::find_if(table.begin(), table.end(), [&](const Option* o) {
        return o->letter != 0 && o->letter == found;
    });
    return by_letter == table.end() ? nullptr : *by_letter;
}

/// One pass over one command line.
class Parser {
  public:
    Parser(std::vector<char*> argv, const OptionSet& options)
        : argv_(std::move(argv)), options_(options), tables_(options) {
        argv_.push_back(nullptr);
    }

    Result<Invocation> run() {
        opterr = 0;
        optind = 0;  // glibc: start over
        const int count = static_cast<int>(argv_.size()) - 1;
        for (;;) {
            const int found =
                getopt_long(count, argv_.data(), tables_.letters(), tables_.names(), nullptr);
            if (found == -1) break;
            HEARTH_CHECK(take(found));
        }
        for (int i = optind; i < count; ++i) take_word(argv_[static_cast<std::size_t>(i)]);
        for (char* hint : sensitive_) explicit_bzero(hint, std::strlen(hint));
        return std::move(state_.invocation);
    }

  private:
    Result<void> take(int found) {
        if (found == ':' || found == '?') {
            const char* const word = argv_[static_cast<std::size_t>(std::max(optind - 1, 0))];
            return found == ':' ? missing_argument(word, optopt, options_)
                                : not_an_option(word, optopt, options_);
        }
        if (const GeneralOption* option = find_general(found)) {
            if (option->apply == nullptr) return general_not_available(*option);
            return option->apply(state_, optarg == nullptr ? "" : optarg);
        }
        return take_record_option(*find_record(found, options_));
    }

    Result<void> take_record_option(const Option& option) {
        if (optarg == nullptr && option.kind->argument_optional) take_separate_argument(option);
        if (state_.invocation.first_change.empty())
            state_.invocation.first_change = "--" + std::string(option.name);
        HEARTH_CHECK(apply_option(option, state_.target.value_or(option.section),
                                  optarg == nullptr ? "" : optarg, state_.invocation.changes));
        if (option.field == "passwordHint" && optarg != nullptr) sensitive_.push_back(optarg);
        return ok();
    }

    /// "--birth-date 2000-01-31" means what it says, although the argument may be left out.
    void take_separate_argument(const Option& option) {
        char* const next = argv_[static_cast<std::size_t>(optind)];
        if (next == nullptr || !option.kind->convert(next)) return;
        optarg = next;
        ++optind;
    }

    void take_word(const char* word) {
        if (state_.invocation.verb.empty())
            state_.invocation.verb = word;
        else
            state_.invocation.arguments.emplace_back(word);
    }

    std::vector<char*> argv_;
    const OptionSet& options_;
    GetoptTables tables_;
    ParseState state_;
    /// Arguments that others must not read in the list of processes.
    std::vector<char*> sensitive_;
};

}  // namespace

Result<Invocation> parse_command_line(const std::vector<char*>& argv, const OptionSet& options) {
    return Parser(argv, options).run();
}

}  // namespace hearth::homectl
