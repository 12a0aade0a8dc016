// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/machine_edit.hpp"

#include <gtest/gtest.h>

#include "core/record/effective.hpp"

namespace hearth::record {
namespace {

const Machine kHere{"00000000000000000000000000000001", "here"};

std::string edited(const std::string& per_machine, const MachineFields& fields) {
    auto record =
        UserRecord::parse(R"({"userName":"ann","perMachine":)" + per_machine + "}").value();
    set_for_machine(record, kHere, fields);
    const auto size = Effective(record, kHere).number("diskSize");
    EXPECT_EQ(size, fields.at("diskSize")->number());
    return record.get("perMachine")->json();
}

const MachineFields kSize = {{"diskSize", Value(std::uint64_t{7})}, {"diskSizeRelative", {}}};

TEST(MachineEdit, MakesAnEntryForThisMachineAlone) {
    const std::string mine =
        R"({"diskSize":7,"matchMachineId":["00000000000000000000000000000001"]})";
    EXPECT_EQ(edited("[]", kSize), "[" + mine + "]");
    auto record = UserRecord::parse(R"({"userName":"ann"})").value();
    set_for_machine(record, kHere, kSize);
    EXPECT_EQ(record.get("perMachine")->json(), "[" + mine + "]");
}

TEST(MachineEdit, ChangesTheEntryThatThereIsHoweverItIsWritten) {
    for (const std::string id :
         {R"("00000000000000000000000000000001")", R"(["00000000000000000000000000000001"])"}) {
        EXPECT_EQ(edited(R"([{"matchMachineId":)" + id +
                             R"(,"diskSize":1,"diskSizeRelative":2,"uid":60001}])",
                         kSize),
                  R"([{"diskSize":7,"matchMachineId":)" + id + R"(,"uid":60001}])");
    }
}

TEST(MachineEdit, AddsAnEntryWhereALaterOneWouldWin) {
    EXPECT_EQ(edited(R"([{"matchMachineId":"00000000000000000000000000000001","diskSize":1},)"
                     R"({"matchHostname":"here","diskSize":2}])",
                     kSize),
              R"([{"diskSize":1,"matchMachineId":"00000000000000000000000000000001"},)"
              R"({"diskSize":2,"matchHostname":"here"},)"
              R"({"diskSize":7,"matchMachineId":["00000000000000000000000000000001"]}])");
}

TEST(MachineEdit, LeavesEntriesAloneThatOtherMachinesMatchToo) {
    const std::string both =
        R"({"diskSize":1,"matchMachineId":["00000000000000000000000000000001","00000000000000000000000000000002"]})";
    const std::string mine =
        R"({"diskSize":7,"matchMachineId":["00000000000000000000000000000001"]})";
    EXPECT_EQ(edited("[" + both + "]", kSize), "[" + both + "," + mine + "]");
}

TEST(MachineEdit, IgnoresLaterEntriesThatDoNotMatchHere) {
    EXPECT_EQ(edited(R"([{"matchMachineId":"00000000000000000000000000000001"},)"
                     R"({"matchHostname":"there","diskSize":2}])",
                     kSize),
              R"([{"diskSize":7,"matchMachineId":"00000000000000000000000000000001"},)"
              R"({"diskSize":2,"matchHostname":"there"}])");
}

}  // namespace
}  // namespace hearth::record
