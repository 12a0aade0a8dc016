// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/luks/calibration.hpp"

#include <gtest/gtest.h>

#include <map>

namespace hearth::luks {
namespace {

/// A machine whose derivations take a known time, and which remembers.
struct Machine {
    std::map<std::string, std::string> store;
    std::uint32_t ms_per_pass = 50;
    int measured = 0;
    bool forgets = false;

    Memory memory() {
        return {[this](const std::string& key) -> sdk::Result<std::string> {
                    const auto found = store.find(key);
                    if (found == store.end() || forgets)
                        return sdk::Error(HEARTH_E_NOT_SUPPORTED, "nothing");
                    return found->second;
                },
                [this](const std::string& key, const std::string& text) -> sdk::Result<void> {
                    if (forgets) return sdk::Error(HEARTH_E_NO_SPACE, "full");
                    store[key] = text;
                    return sdk::ok();
                }};
    }
    /// The clock of this machine only moves by what is derived on it.
    Measure measure() {
        return [this](const KeyDerivation& wanted) -> sdk::Result<KeyDerivation> {
            ++measured;
            KeyDerivation out = wanted;
            for (std::uint32_t clock = 0; clock < wanted.time_ms; clock += ms_per_pass)
                ++out.iterations;
            return out;
        };
    }
    sdk::Result<KeyDerivation> run(const KeyDerivation& wanted) {
        return calibrate(wanted, memory(), measure());
    }
};

TEST(LuksCalibration, IsMeasuredOnceForAMachine) {
    Machine machine;
    EXPECT_EQ(machine.run({})->iterations, 10U);
    machine.ms_per_pass = 1;
    EXPECT_EQ(machine.run({})->iterations, 10U);
    EXPECT_EQ(machine.measured, 1);
}

TEST(LuksCalibration, IsMeasuredForEveryKindOfDerivation) {
    Machine machine;
    KeyDerivation other;
    other.time_ms = 1000;
    EXPECT_EQ(machine.run({})->iterations, 10U);
    EXPECT_EQ(machine.run(other)->iterations, 20U);
    EXPECT_EQ(machine.measured, 2);
}

TEST(LuksCalibration, IsNotMeasuredWhenTheRecordNamesTheIterations) {
    Machine machine;
    KeyDerivation wanted;
    wanted.iterations = 7;
    EXPECT_EQ(*machine.run(wanted), wanted);
    EXPECT_EQ(machine.measured, 0);
    EXPECT_TRUE(machine.store.empty());
}

TEST(LuksCalibration, NeverGoesBelowTheLeast) {
    Machine machine;
    machine.ms_per_pass = 5000;
    EXPECT_EQ(machine.run({})->iterations, 4U);
    KeyDerivation wanted;
    wanted.type = "pbkdf2";
    wanted.memory_kib = wanted.threads = 0;
    EXPECT_EQ(machine.run(wanted)->iterations, 1000U);
    EXPECT_EQ(machine.run(wanted)->iterations, 1000U);
}

TEST(LuksCalibration, DoesNotBelieveNonsense) {
    for (const std::string text : {"", "x", "0 65536", "10", "10 65537", "10 65536 ", "-1 65536",
                                   "99999999999 65536", " 10 65536"}) {
        Machine machine;
        EXPECT_TRUE(machine.run({}));
        ASSERT_EQ(machine.store.size(), 1U);
        machine.store.begin()->second = text;
        EXPECT_EQ(machine.run({})->iterations, 10U) << text;
        EXPECT_EQ(machine.measured, 2) << text;
    }
}

TEST(LuksCalibration, WorksOnAMachineThatCannotRemember) {
    Machine machine;
    machine.forgets = true;
    EXPECT_EQ(machine.run({})->iterations, 10U);
    EXPECT_EQ(machine.run({})->iterations, 10U);
    EXPECT_EQ(machine.measured, 2);
}

TEST(LuksCalibration, HasKeysThatTheStoreTakes) {
    Machine machine;
    KeyDerivation wanted;
    wanted.hash = "sha3_512";
    ASSERT_TRUE(machine.run(wanted));
    const std::string& key = machine.store.begin()->first;
    EXPECT_LE(key.size(), 64U);
    EXPECT_EQ(key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
}

}  // namespace
}  // namespace hearth::luks
