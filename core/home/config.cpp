// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/config.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "core/home/config_files.hpp"

namespace hearth::home {

namespace {

constexpr std::string_view kSpace = " \t\r";

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// A name of a storage or of a file system.
bool is_word(std::string_view text) {
    return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return std::isalnum(byte) != 0 || c == '.' || c == '_' || c == '-';
           });
}

/// For messages: what the file says may be anything.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text.substr(0, 40)) out += c >= 0x20 && c < 0x7F ? c : '?';
    return out + "\"";
}

/// Takes the lines of one file, one by one.
class Parser {
  public:
    Parser(const std::string& path, Config& config) : path_(path), config_(config) {}

    void line(std::string_view text, std::size_t number) {
        number_ = number;
        text = trim(text);
        if (text.empty() || text.front() == '#' || text.front() == ';') return;
        if (text.front() == '[') return section(text);
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos)
            return skip("It is neither a section nor a setting: " + quoted(text) + ".");
        setting(trim(text.substr(0, equals)), trim(text.substr(equals + 1)));
    }

  private:
    void section(std::string_view text) {
        section_ = text.ends_with(']') ? text.substr(1, text.size() - 2) : "";
        // For notes of other programs.
        is_foreign_ = section_.starts_with("X-");
        if (section_ != "Home" && !is_foreign_)
            skip("There is no section " + quoted(text) + ", and what is in it is ignored.");
    }

    void setting(std::string_view name, std::string_view value) {
        if (is_foreign_ || name.starts_with("X-") || (section_ != "Home" && !section_.empty()))
            return;
        if (section_.empty()) return skip("It stands in front of the section [Home].");
        std::string* place = name == "DefaultStorage"          ? &config_.default_storage
                             : name == "DefaultFileSystemType" ? &config_.default_file_system
                                                               : nullptr;
        if (place == nullptr) return skip("There is no setting " + quoted(name) + ".");
        if (!is_word(value)) return skip(quoted(value) + " is not a possible value.");
        *place = value;
    }

    void skip(std::string why) {
        config_.warnings.push_back(
            Error(Code::invalid_argument, "config-line",
                  "Line " + std::to_string(number_) + " of " + path_ + " is ignored.")
                .why(std::move(why)));
    }

    const std::string& path_;
    Config& config_;
    std::string section_;
    bool is_foreign_ = false;
    std::size_t number_ = 0;
};

bool is_comment(std::string_view line) {
    const std::string_view text = trim(line);
    return !text.empty() && (text.front() == '#' || text.front() == ';');
}

}  // namespace

void read_config_text(std::string_view text, const std::string& path, Config& config) {
    Parser parser(path, config);
    std::string joined;
    std::size_t number = 0;
    std::size_t first = 1;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        ++number;
        if (joined.empty()) first = number;
        // Within a line that goes on, comments are left out.
        if (!joined.empty() && is_comment(line)) continue;
        joined += line;
        if (line.ends_with('\\') && !is_comment(line) && !text.empty()) {
            joined.back() = ' ';
            continue;
        }
        parser.line(joined, first);
        joined.clear();
    }
}

Config read_config(const Root& root) {
    Config config;
    for (const auto& file : find_config_files(root, config.warnings))
        read_config_text(file.text, file.path, config);
    return config;
}

}  // namespace hearth::home
