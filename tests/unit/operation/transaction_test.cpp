// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/transaction.hpp"

#include <gtest/gtest.h>

namespace hearth::operation {
namespace {

class Recorder final : public StepObserver {
  public:
    void on_step(const std::string& name) override { log += name; }
    bool cancelled() override { return cancel_before == log.size(); }
    std::string log;
    std::size_t cancel_before = 99;
};

Result<void> fail() {
    return Error(Code::io, "broken", "It broke.");
}

Step good(Recorder& recorder, const char* name, const char* undo, bool commits = false) {
    return {name, [] { return ok(); }, [&recorder, undo] { recorder.log += undo; }, commits};
}

TEST(Steps, RunInOrder) {
    Recorder recorder;
    EXPECT_TRUE(
        run_steps({good(recorder, "a", "A"), good(recorder, "b", "B")}, recorder).has_value());
    EXPECT_EQ(recorder.log, "ab");
}

TEST(Steps, AreUndoneLastFirstWhenOneFails) {
    Recorder recorder;
    const auto result =
        run_steps({good(recorder, "a", "A"), good(recorder, "b", "B"), {"c", fail}}, recorder);
    EXPECT_EQ(result.error().id(), "broken");
    EXPECT_EQ(recorder.log, "abcBA");
}

TEST(Steps, AreNotUndoneAfterThePointOfNoReturn) {
    Recorder recorder;
    const auto result = run_steps(
        {good(recorder, "a", "A"), good(recorder, "b", "B", true), {"c", fail}}, recorder);
    EXPECT_FALSE(result.has_value());
    EXPECT_EQ(recorder.log, "abc");
}

TEST(Steps, AreUndoneWhenThePointOfNoReturnItselfFails) {
    Recorder recorder;
    const auto result = run_steps({good(recorder, "a", "A"), {"b", fail, {}, true}}, recorder);
    EXPECT_FALSE(result.has_value());
    EXPECT_EQ(recorder.log, "abA");
}

TEST(Steps, AreUndoneOnCancellation) {
    Recorder recorder;
    recorder.cancel_before = 1;
    const auto result = run_steps({good(recorder, "a", "A"), good(recorder, "b", "B")}, recorder);
    EXPECT_EQ(result.error().id(), "cancelled");
    EXPECT_EQ(recorder.log, "aA");
}

TEST(Steps, GoOnDespiteACancellationAfterThePointOfNoReturn) {
    Recorder recorder;
    recorder.cancel_before = 1;
    EXPECT_TRUE(run_steps({good(recorder, "a", "A", true), good(recorder, "b", "B")}, recorder)
                    .has_value());
    EXPECT_EQ(recorder.log, "ab");
}

}  // namespace
}  // namespace hearth::operation
