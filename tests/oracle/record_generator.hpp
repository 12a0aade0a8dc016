// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>

namespace hearth::oracle {

/// Makes up JSON objects that look like records, and break them. The same seed always gives the
/// same texts.
///
/// Keys are sorted at every depth: systemd reorders arrays of four and more elements in which an
/// object is not, and would then disagree with itself.
class RecordGenerator {
  public:
    explicit RecordGenerator(std::uint64_t seed) : random_(seed) {}

    /// Valid text, with white space and escapes in random style.
    std::string record();
    /// The same with one to three random changes to its bytes: mostly invalid.
    std::string broken(std::string text);

  private:
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    bool chance(unsigned percent) { return below(100) < percent; }
    std::string value(unsigned depth);
    std::string object(unsigned depth);
    std::string array(unsigned depth);
    std::string number();
    std::string real();
    std::string plain_key();
    std::string quoted(const std::string& text);
    std::string text();
    void append_character(std::string& out);
    std::string space();

    std::mt19937_64 random_;
};

}  // namespace hearth::oracle
