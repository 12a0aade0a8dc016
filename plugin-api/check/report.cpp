// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace hearth::check {
namespace {

std::size_t count(const std::vector<Result>& results, Outcome::Kind kind) {
    return static_cast<std::size_t>(
        std::count_if(results.begin(), results.end(),
                      [kind](const Result& one) { return one.outcome.kind == kind; }));
}

/// On one line, whatever a plugin says.
std::string plain(const std::string& text) {
    std::string out;
    for (const char c : text) out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    return out;
}

std::string xml(const std::string& text) {
    std::string out;
    for (const char c : plain(text)) {
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '&')
            out += "&amp;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

}  // namespace

void print_result(const Result& result) {
    const std::string id(result.rule->id);
    const std::string title(result.rule->title);
    const std::string why = plain(result.outcome.text);
    switch (result.outcome.kind) {
        case Outcome::Kind::ok:
            std::printf("%s ok   %s\n", id.c_str(), title.c_str());
            break;
        case Outcome::Kind::fail:
            std::printf("%s FAIL %s: %s\n", id.c_str(), title.c_str(), why.c_str());
            break;
        case Outcome::Kind::skip:
            std::printf("%s skip %s (%s)\n", id.c_str(), title.c_str(), why.c_str());
            break;
    }
    static_cast<void>(std::fflush(stdout));
}

bool print_summary(const std::vector<Result>& results) {
    const auto failures = count(results, Outcome::Kind::fail);
    std::printf("%zu passed, %zu failed, %zu skipped\n", count(results, Outcome::Kind::ok),
                failures, count(results, Outcome::Kind::skip));
    return failures == 0;
}

bool write_junit(const std::string& file, const std::string& plugin,
                 const std::vector<Result>& results) {
    std::ofstream out(file, std::ios::trunc);
    out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" << xml(plugin)
        << "\" tests=\"" << results.size() << "\" failures=\""
        << count(results, Outcome::Kind::fail) << "\" skipped=\""
        << count(results, Outcome::Kind::skip) << "\">\n";
    for (const auto& one : results) {
        out << "  <testcase classname=\"" << xml(plugin) << "\" name=\"" << one.rule->id << ' '
            << xml(std::string(one.rule->title)) << "\" time=\"" << one.seconds << "\">";
        if (one.outcome.kind == Outcome::Kind::fail)
            out << "<failure message=\"" << xml(one.outcome.text) << "\"/>";
        if (one.outcome.kind == Outcome::Kind::skip)
            out << "<skipped message=\"" << xml(one.outcome.text) << "\"/>";
        out << "</testcase>\n";
    }
    out << "</testsuite>\n";
    return out.flush().good();
}

}  // namespace hearth::check
