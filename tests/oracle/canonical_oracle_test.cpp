// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "core/record/json.hpp"
#include "core/record/key_store.hpp"
#include "tests/oracle/record_generator.hpp"
#include "tests/oracle/systemd_library.hpp"

namespace hearth::oracle {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kEnough = 10'000;
constexpr auto kBudget = std::chrono::seconds(8);

std::uint64_t seed() {
    const char* wanted = std::getenv("HEARTH_SEED");
    return wanted ? std::strtoull(wanted, nullptr, 10) : 20'240'601;
}

class Oracle : public testing::Test {
  protected:
    void SetUp() override {
        std::string reason;
        systemd_ = SystemdLibrary::open(reason);
        if (!systemd_) {
            std::cout << "SKIPPED: " << reason << "\n";
            GTEST_SKIP() << reason;
        }
    }
    static std::optional<std::string> ours(const std::string& text) {
        const auto object = record::parse_json_object(text);
        if (!object) return {};
        return record::to_canonical(*object);
    }
    std::optional<std::string> theirs(const std::string& text) const {
        return systemd_->canonical(text);
    }

  private:
    std::unique_ptr<SystemdLibrary> systemd_;
};

TEST_F(Oracle, AgreesOnTheCanonicalFormOfGeneratedRecords) {
    RecordGenerator generator(seed());
    const auto end = Clock::now() + kBudget;
    int compared = 0;
    std::size_t bytes = 0;
    for (; compared < 2 * kEnough && (compared < kEnough || Clock::now() < end); ++compared) {
        const std::string text = generator.record();
        const auto expected = theirs(text);
        ASSERT_TRUE(expected.has_value())
            << "systemd refused what was meant to be valid (seed " << seed() << "): " << text;
        ASSERT_EQ(ours(text), expected)
            << "seed " << seed() << ", record " << compared << ": " << text;
        ASSERT_EQ(ours(*expected), expected) << "the canonical form does not read back";
        bytes += text.size();
    }
    std::cout << "compared " << compared << " records, " << bytes << " bytes, seed " << seed()
              << "\n";
    EXPECT_GE(compared, kEnough);
}

/// Why we may refuse what systemd takes. Nothing else may differ.
bool is_our_own_rule(const Error& error, const std::string& text) {
    if (error.id() == "json-not-object" || error.id() == "json-depth") return true;
    if (error.id() == "json-control") return text.find("\\u007") != std::string::npos;
    return error.id() == "json-number" && text.find_first_of(".eE") != std::string::npos;
}

/// systemd computes with inexact powers of ten, so it takes some whole reals for fractions.
bool has_exponent(const std::string& text) {
    for (std::size_t at = text.find_first_of("eE"); at != std::string::npos;
         at = text.find_first_of("eE", at + 1))
        if (at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9') return true;
    return false;
}

TEST_F(Oracle, RefusesTheSameBrokenRecords) {
    RecordGenerator generator(seed() + 1);
    const auto end = Clock::now() + kBudget;
    int both_refused = 0;
    int both_accepted = 0;
    int stricter = 0;
    int reals = 0;
    for (int i = 0; i < 2 * kEnough && (i < kEnough || Clock::now() < end); ++i) {
        const std::string text = generator.broken(generator.record());
        const auto expected = theirs(text);
        const auto object = record::parse_json_object(text);
        if (!object && !expected) {
            ++both_refused;
        } else if (!object) {
            ASSERT_TRUE(is_our_own_rule(object.error(), text))
                << object.error().one_line() << "\nseed " << seed() << ": " << text;
            ++stricter;
        } else if (!expected) {
            ASSERT_TRUE(has_exponent(text))
                << "systemd refuses this, seed " << seed() << ": " << text;
            ++reals;
        } else {
            // A broken record may have lost its order, and then systemd may have changed that of an
            // array. Nor can it always read the reals back that it prints.
            const auto canonical = record::to_canonical(*object);
            if (!has_exponent(canonical)) {
                ASSERT_EQ(theirs(canonical), canonical) << "seed " << seed() << ": " << text;
            }
            ++both_accepted;
        }
    }
    std::cout << "both refused " << both_refused << ", both accepted " << both_accepted
              << ", only Hearth refused " << stricter << ", only systemd refused (exponents) "
              << reals << ", seed " << seed() + 1 << "\n";
    EXPECT_GT(both_refused, kEnough / 10);
    EXPECT_GT(both_accepted, 0);
}

TEST_F(Oracle, SharesOurRefusalsOfCornerCases) {
    for (const char* text : {"",
                             "{",
                             "{}x",
                             "{\"a\":1,\"a\":2}",
                             "{\"a\":1,\"\\u0061\":2}",
                             "{\"a\":18446744073709551616}",
                             "{\"a\":0.5}",
                             "{\"a\":-9223372036854775809}",
                             "{\"a\":01}",
                             "{\"a\":1.}",
                             "{\"a\":\"\\u0000\"}",
                             "{\"a\":\"\\ud800\"}",
                             "{\"a\":\"\xc0\x80\"}",
                             "{\"a\":\"\xed\xa0\x80\"}",
                             "{\"a\":\"\xef\xbf\xbf\"}",
                             "{\"a\":\"\\uffff\"}",
                             "{\"a\":\"\x01\"}",
                             "{\"a\":\"\x7f\"}",
                             "{\"a\":[1,]}",
                             "{\"a\":nul}",
                             "{\"a\":'x'}",
                             "{/**/}"}) {
        EXPECT_FALSE(theirs(text).has_value()) << text;
        EXPECT_FALSE(ours(text).has_value()) << text;
    }
}

TEST_F(Oracle, IsLooserOnlyWhereWeMeanToBeStrict) {
    const std::string del = "{\"a\":\"\\u007f\"}";
    ASSERT_TRUE(theirs(del).has_value());
    EXPECT_FALSE(theirs(*theirs(del)).has_value()) << "its own output, which it cannot read";
    EXPECT_FALSE(ours(del).has_value());
    EXPECT_TRUE(theirs("{\"a\":1e400}").has_value());
    EXPECT_FALSE(ours("{\"a\":1e400}").has_value());
}

}  // namespace
}  // namespace hearth::oracle
