// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/json_gate.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/record/json_characters.hpp"
#include "core/record/json_events.hpp"
#include "core/record/json_position.hpp"
#include "core/record/utf8.hpp"

namespace hearth::record {

namespace {

/// Above this, two neighbouring whole numbers share one double.
constexpr double kLargestExactReal = 9007199254740992.0;

/// One pass over the text. Every step either moves on and returns true, or fills in error_ and
/// returns false.
class Scanner {
  public:
    Scanner(std::string_view text, const JsonLimits& limits, JsonEvents* events)
        : text_(text), limits_(limits), events_(events) {}

    Result<void> run(bool object_only) {
        if (text_.size() > limits_.bytes) return too_large();
        skip_space();
        if (object_only && (at_end() || text_[at_] != '{'))
            fail("json-not-object", "The JSON text is not an object.",
                 "A record starts with an opening brace.");
        else if (value(0))
            finish();
        if (error_) return *std::move(error_);
        return ok();
    }

  private:
    struct Key {
        std::string_view name;
        std::size_t offset = 0;
    };

    [[nodiscard]] Error too_large() const {
        return Error(Code::corrupt, "record-too-large", "The record is too large.")
            .why("It has " + std::to_string(text_.size()) + " bytes; the limit is " +
                 std::to_string(limits_.bytes) + ".");
    }

    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }

    bool fail_at(std::size_t offset, const char* id, const char* what, const std::string& why) {
        error_ = Error(Code::corrupt, id, what).why(why + " " + json_position(text_, offset));
        return false;
    }
    bool fail(const char* id, const char* what, const std::string& why) {
        return fail_at(at_, id, what, why);
    }
    bool syntax(const std::string& why) {
        if (at_end()) return truncated();
        return fail("json-syntax", "The JSON text is malformed.", why);
    }
    bool truncated() {
        return fail("json-truncated", "The JSON text ends too early.",
                    "It was probably cut off while being copied or written.");
    }
    bool bad_utf8() {
        return fail("json-utf8", "The JSON text is not valid UTF-8.",
                    "Overlong forms, lone surrogates and non-characters are not allowed either.");
    }

    void skip_space() {
        while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' ||
                             text_[at_] == '\r'))
            ++at_;
    }

    void finish() {
        skip_space();
        if (!at_end())
            fail(text_[at_] == '\0' ? "json-nul" : "json-trailing",
                 "There is something behind the end of the JSON text.",
                 "Only white space may follow.");
    }

    bool value(std::size_t depth) {
        if (++elements_ > limits_.elements)
            return fail("json-too-many", "The JSON text has too many values.",
                        "The limit is " + std::to_string(limits_.elements) + ".");
        switch (peek()) {
            case '{':
                return enter(depth) && object(depth + 1);
            case '[':
                return enter(depth) && array(depth + 1);
            case '"':
                return text_value();
            case 't':
                return word("true") && tell(&JsonEvents::flag, true);
            case 'f':
                return word("false") && tell(&JsonEvents::flag, false);
            case 'n':
                return word("null") && tell(&JsonEvents::null);
            default:
                return number();
        }
    }

    template <typename... Formal, typename... Actual>
    bool tell(void (JsonEvents::*event)(Formal...), const Actual&... arguments) {
        if (events_) (events_->*event)(arguments...);
        return true;
    }

    bool enter(std::size_t depth) {
        if (depth + 1 > limits_.depth)
            return fail("json-depth", "The JSON text is nested too deeply.",
                        "The limit is " + std::to_string(limits_.depth) + " levels.");
        ++at_;
        return true;
    }

    bool object(std::size_t depth) {
        const std::size_t first_key = keys_.size();
        tell(&JsonEvents::begin_object);
        skip_space();
        bool more = peek() != '}';
        while (more) {
            if (!member(depth)) return false;
            more = peek() != '}';
            if (!more) break;
            if (peek() != ',') return syntax("A comma or a closing brace is missing.");
            ++at_;
            skip_space();
        }
        ++at_;
        return keys_differ(first_key) && tell(&JsonEvents::end_object);
    }

    bool member(std::size_t depth) {
        if (peek() != '"') return syntax("A member must start with its name in double quotes.");
        keys_.push_back({{}, at_});
        std::string_view name;
        if (!string(&name, nullptr)) return false;
        keys_.back().name = name;
        tell(&JsonEvents::key, name);
        skip_space();
        if (peek() != ':') return syntax("A colon must follow the name of a member.");
        ++at_;
        skip_space();
        if (!value(depth)) return false;
        skip_space();
        return true;
    }

    /// Checks the keys of the object that just ended and forgets them.
    bool keys_differ(std::size_t first_key) {
        const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first_key);
        const auto before = [](const Key& a, const Key& b) {
            const int order = a.name.compare(b.name);
            return order != 0 ? order < 0 : a.offset < b.offset;
        };
        // What was printed by a signer comes in order.
        if (!std::is_sorted(begin, keys_.end(), before)) std::sort(begin, keys_.end(), before);
        const auto twin = std::adjacent_find(
            begin, keys_.end(), [](const Key& a, const Key& b) { return a.name == b.name; });
        if (twin != keys_.end())
            return fail_at((twin + 1)->offset, "json-duplicate-key",
                           "A JSON object has the same key twice.",
                           "The key is \"" + std::string(twin->name) + "\".");
        keys_.resize(first_key);
        return true;
    }

    bool array(std::size_t depth) {
        tell(&JsonEvents::begin_array);
        skip_space();
        bool more = peek() != ']';
        while (more) {
            if (!value(depth)) return false;
            skip_space();
            more = peek() != ']';
            if (!more) break;
            if (peek() != ',') return syntax("A comma or a closing bracket is missing.");
            ++at_;
            skip_space();
        }
        ++at_;
        return tell(&JsonEvents::end_array);
    }

    bool word(std::string_view expected) {
        if (text_.substr(at_, expected.size()) == expected) return at_ += expected.size(), true;
        if (expected.substr(0, text_.size() - at_) == text_.substr(at_)) at_ = text_.size();
        return syntax("Only true, false and null may stand without quotes.");
    }

    bool text_value() {
        if (!events_) return string(nullptr, nullptr);
        std::string_view content;
        return string(&content, &scratch_) && tell(&JsonEvents::text, content);
    }

    /// With `content`, also gives the unescaped text: part of the input, of `space` if given, or of
    /// the scanner.
    bool string(std::string_view* content, std::string* space) {
        const std::size_t begin = ++at_;
        std::string* unescaped = nullptr;
        while (true) {
            plain_run(unescaped);
            if (at_end()) return truncated();
            const char c = text_[at_];
            if (c == '"') break;
            if (c == '\\') {
                if (content && !unescaped) {
                    unescaped = space ? space : &arena_.emplace_back();
                    unescaped->assign(text_, begin, at_ - begin);
                }
                if (!escape(unescaped)) return false;
            } else if (!other_character(c, unescaped)) {
                return false;
            }
        }
        if (content)
            *content = unescaped ? std::string_view(*unescaped) : text_.substr(begin, at_ - begin);
        ++at_;
        return true;
    }

    /// Most texts are nothing else.
    void plain_run(std::string* unescaped) {
        const std::size_t begin = at_;
        while (!at_end() && kPlain[static_cast<unsigned char>(text_[at_])]) ++at_;
        if (unescaped) unescaped->append(text_, begin, at_ - begin);
    }

    bool other_character(char c, std::string* unescaped) {
        if (c == '\0') return nul();
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return control();
        const std::size_t length = utf8_length(text_, at_);
        if (length == 0) return bad_utf8();
        if (unescaped) unescaped->append(text_, at_, length);
        at_ += length;
        return true;
    }

    bool nul() {
        return fail("json-nul", "The JSON text contains a NUL character.",
                    "Programs written in C would see only the part in front of it.");
    }
    bool control() {
        return fail("json-control", "The JSON text contains a raw control character or DEL.",
                    "Control characters must be escaped, and DEL is not allowed at all.");
    }

    bool escape(std::string* unescaped) {
        constexpr std::string_view kShort = "\"\\/bfnrt";
        constexpr std::string_view kMeaning = "\"\\/\b\f\n\r\t";
        if (at_ + 1 >= text_.size()) return at_ = text_.size(), truncated();
        if (text_[at_ + 1] == 'u') return unicode_escape(unescaped);
        const std::size_t which = kShort.find(text_[at_ + 1]);
        if (which == std::string_view::npos) return syntax("There is no such escape in JSON.");
        if (unescaped) *unescaped += kMeaning[which];
        at_ += 2;
        return true;
    }

    bool unicode_escape(std::string* unescaped) {
        std::uint32_t code_point = 0;
        if (!code_unit(at_, code_point)) return false;
        std::size_t length = 6;
        if (code_point >= 0xD800 && code_point <= 0xDBFF) {
            std::uint32_t low = 0;
            if (text_.substr(at_ + 6, 2) != "\\u" || !code_unit(at_ + 6, low))
                return error_ ? false : bad_utf8();
            if (low < 0xDC00 || low > 0xDFFF) return bad_utf8();
            code_point = 0x10000 + ((code_point - 0xD800) << 10U) + (low - 0xDC00);
            length = 12;
        }
        if (code_point == 0) return nul();
        if (code_point == 0x7F) return control();
        if (!is_text_code_point(code_point)) return bad_utf8();
        if (unescaped) append_utf8(*unescaped, code_point);
        at_ += length;
        return true;
    }

    bool code_unit(std::size_t offset, std::uint32_t& out) {
        const std::string_view digits = text_.substr(std::min(offset + 2, text_.size()), 4);
        out = 0;
        for (const char c : digits) {
            if (hex_value(c) < 0) return syntax("Four hexadecimal digits must follow \\u.");
            out = out * 16 + static_cast<std::uint32_t>(hex_value(c));
        }
        if (digits.size() < 4) return at_ = text_.size(), truncated();
        return true;
    }

    std::size_t digits() {
        const std::size_t begin = at_;
        while (is_digit(peek())) ++at_;
        return at_ - begin;
    }

    bool number() {
        const std::size_t begin = at_;
        if (peek() == '-') ++at_;
        const char first = peek();
        const std::size_t whole = digits();
        if (whole == 0) return not_a_number(begin);
        if (first == '0' && whole > 1)
            return fail_at(begin, "json-number", "A number in the JSON text is malformed.",
                           "It has a leading zero.");
        bool real = false;
        if (peek() == '.') {
            real = true;
            ++at_;
            if (digits() == 0) return syntax("Digits must follow the decimal point.");
        }
        if (peek() == 'e' || peek() == 'E') {
            real = true;
            ++at_;
            if (peek() == '+' || peek() == '-') ++at_;
            if (digits() == 0) return syntax("Digits must follow the exponent sign.");
        }
        return real ? whole_real(begin) : in_range(begin);
    }

    bool not_a_number(std::size_t begin) {
        if (at_end()) return truncated();
        if (peek() == '\0') return nul();
        at_ = begin;
        return syntax("A value was expected here.");
    }

    bool in_range(std::size_t begin) {
        const char* first = text_.data() + begin;
        const char* last = text_.data() + at_;
        std::int64_t negative = 0;
        std::uint64_t positive = 0;
        const auto result = *first == '-' ? std::from_chars(first, last, negative)
                                          : std::from_chars(first, last, positive);
        if (result.ec == std::errc())
            return *first == '-' ? tell(&JsonEvents::number, JsonNumber(negative))
                                 : tell(&JsonEvents::number, JsonNumber(positive));
        return fail_at(begin, "json-number", "A number in the JSON text is out of range.",
                       "Whole numbers must lie between -2^63 and 2^64-1.");
    }

    bool whole_real(std::size_t begin) {
        double real = 0;
        const auto result = std::from_chars(text_.data() + begin, text_.data() + at_, real);
        if (result.ec == std::errc() && std::trunc(real) == real &&
            std::fabs(real) <= kLargestExactReal)
            return tell(&JsonEvents::number, JsonNumber(real));
        return fail_at(
            begin, "json-number", "A number in the JSON text is not a whole number.",
            "Records with fractions cannot be signed; reals must be whole and at most 2^53.");
    }

    std::string_view text_;
    JsonLimits limits_;
    JsonEvents* events_;  ///< null if nobody listens
    std::size_t at_ = 0;
    std::size_t elements_ = 0;
    std::vector<Key> keys_;          ///< of all objects that are open
    std::deque<std::string> arena_;  ///< keys that had escapes
    std::string scratch_;
    std::optional<Error> error_;
};

}  // namespace

Result<void> check_json(std::string_view text, const JsonLimits& limits) {
    return Scanner(text, limits, nullptr).run(false);
}

Result<void> check_json_object(std::string_view text, const JsonLimits& limits) {
    return Scanner(text, limits, nullptr).run(true);
}

Result<void> scan_json(std::string_view text, const JsonLimits& limits, bool object_only,
                       JsonEvents& events) {
    return Scanner(text, limits, &events).run(object_only);
}

}  // namespace hearth::record
