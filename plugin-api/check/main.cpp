// SPDX-License-Identifier: MIT
// hearth-plugin-check: does a plugin keep the contract?
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "core/record/user_record.hpp"
#include "report.hpp"

namespace {

using namespace hearth::check;

constexpr int kFailed = 1;
constexpr int kWrong = 2;

int complain(const std::string& text) {
    static_cast<void>(std::fprintf(stderr, "hearth-plugin-check: %s\n", text.c_str()));
    return kWrong;
}

int list() {
    for (const auto& rule : all_rules())
        std::printf("%s %s\n", std::string(rule.id).c_str(), std::string(rule.title).c_str());
    return 0;
}

/// False: there is a file, and no record in it.
bool read_record(const std::string& file, std::string& out) {
    if (file.empty()) return true;
    std::ifstream stream(file, std::ios::binary);
    out.assign(std::istreambuf_iterator<char>(stream), {});
    return hearth::record::UserRecord::parse(out).has_value();
}

std::optional<MaskedSecret> read_pin(const std::string& file) {
    return file.empty() ? MaskedSecret() : MaskedSecret::from_file(file);
}

int check(const Options& options) {
    Subject subject;
    if (auto opened = Subject::open(options.plugin, subject); !opened) return complain(opened.text);
    std::string extra;
    if (!read_record(options.record_file, extra))
        return complain("the file " + options.record_file + " holds no user record");
    const auto pin = read_pin(options.pin_file);
    if (!pin) return complain("the file " + options.pin_file + " holds no PIN");
    Workplace workplace;
    if (auto prepared = workplace.prepare(options.place, options.keep); !prepared)
        return complain(prepared.text);
    const auto rules = all_rules();
    Runner runner(options, subject, workplace, extra, *pin);
    std::vector<Result> results;
    for (const auto& rule : rules) {
        if (!is_chosen(options, std::string(rule.id))) continue;
        results.push_back(runner.run(rule));
        print_result(results.back());
    }
    if (!options.junit_file.empty() && !write_junit(options.junit_file, subject.path, results))
        return complain("the file " + options.junit_file + " cannot be written");
    return print_summary(results) && !results.empty() ? 0 : kFailed;
}

}  // namespace

int main(int count, char** arguments) {
    static_cast<void>(::signal(SIGPIPE, SIG_IGN));
    const Options options = parse_options(count, arguments);
    switch (options.action) {
        case Options::Action::check:
            return check(options);
        case Options::Action::list:
            return list();
        case Options::Action::help:
            print_help();
            return 0;
        case Options::Action::version:
            std::puts("hearth-plugin-check " HEARTH_VERSION);
            return 0;
        case Options::Action::wrong:
            break;
    }
    return kWrong;
}
