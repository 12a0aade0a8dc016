// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/rules.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hearth::service {

namespace {

/// What comes of a task in unfixated, absent, inactive, dirty, active, lingering, locked.
struct Row {
    Task task;
    std::vector<std::string> outcomes;
};

std::string outcome(Task task, State state) {
    const auto way = way_of(task, state, "anna");
    if (!way) return way.error().id();
    switch (*way) {
        case Way::run:
            return "run";
        case Way::fixate_first:
            return "fixate";
        case Way::stop_retrying:
            return "keep";
        case Way::forget_the_record:
            return "forget";
    }
    return "?";
}

const std::string run = "run", locked = "home-locked", absent = "home-absent", busy = "home-busy",
                  closed = "home-not-active", unfixated = "home-unfixated";

const std::vector<Row> kRows = {
    {Task::fixate,
     {run, absent, "home-fixated", "home-fixated", "home-fixated", "home-fixated", "home-fixated"}},
    {Task::activate, {"fixate", absent, run, run, "home-active", "keep", locked}},
    {Task::authenticate, {"fixate", absent, run, run, run, run, locked}},
    {Task::deactivate, {closed, closed, closed, closed, run, run, locked}},
    {Task::realize, {"home-exists", run, "home-exists", "home-exists", busy, busy, busy}},
    {Task::remove, {run, "forget", run, run, busy, busy, locked}},
    {Task::unregister, {unfixated, run, run, run, busy, busy, locked}},
    {Task::update, {unfixated, absent, run, run, run, run, locked}},
    {Task::update_offline, {unfixated, run, run, run, run, run, locked}},
    {Task::resize, {unfixated, absent, run, run, run, run, locked}},
    {Task::passwd, {unfixated, absent, run, run, run, run, locked}},
    {Task::lock, {closed, closed, closed, closed, run, run, locked}},
    {Task::unlock,
     {"home-not-locked", "home-not-locked", "home-not-locked", "home-not-locked", "home-not-locked",
      "home-not-locked", run}},
};

TEST(Rules, WhatMayBeDoneFollowsFromTheState) {
    for (const Row& row : kRows)
        for (std::size_t i = 0; i < row.outcomes.size(); ++i) {
            const auto state = static_cast<State>(i);
            EXPECT_EQ(outcome(row.task, state), row.outcomes[i])
                << "task " << static_cast<int>(row.task) << " in state " << to_text(state);
        }
}

TEST(Rules, NothingIsDoneWhileSomethingIsDone) {
    for (const Row& row : kRows)
        for (int i = static_cast<int>(State::fixating);
             i <= static_cast<int>(State::authenticating_for_acquire); ++i)
            EXPECT_EQ(outcome(row.task, static_cast<State>(i)), busy);
}

TEST(Rules, AHomeThatIsUsedStaysActiveWhileItIsChanged) {
    for (const Task task : {Task::update, Task::resize, Task::passwd, Task::authenticate}) {
        EXPECT_TRUE(is_active(state_during(task, State::active)));
        EXPECT_FALSE(is_active(state_during(task, State::inactive)));
        EXPECT_TRUE(is_busy(state_during(task, State::active)));
    }
}

TEST(Rules, EveryVerbOfTheWorkerIsKnownByItsName) {
    for (const char* verb :
         {"activate", "adopt", "authenticate", "create", "deactivate", "fixate", "lock", "passwd",
          "register", "remove", "repair", "resize", "unlock", "unregister", "update"})
        EXPECT_TRUE(parse_task(verb)) << verb;
    EXPECT_FALSE(parse_task("recover"));
    EXPECT_FALSE(parse_task(""));
}

}  // namespace

}  // namespace hearth::service
