// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <map>
#include <string>
#include <vector>

namespace hearth::luks::test {

/// A host for code of the plugin that runs without one: it has secrets, a record, and remembers.
struct FakeHost {
    std::vector<std::string> passwords;
    std::map<std::string, std::string> texts;
    std::map<std::string, std::uint64_t> numbers;
    std::map<std::string, bool> flags;
    std::string note;
    std::string log;
    /// How many reports of progress until the operation is cancelled; less than 0: it never is.
    int cancel_after = -1;
    sdk::UniqueFd cancel;

    FakeHost();
    [[nodiscard]] sdk::Op op() { return sdk::Op(reinterpret_cast<hearth_op*>(this)); }
    [[nodiscard]] sdk::Record record() {
        return sdk::Record(reinterpret_cast<const hearth_record*>(this));
    }
};

/// A secret with these bytes.
sdk::Secret secret_of(FakeHost& host, std::string_view bytes);

/// The bytes of a file below tests/data.
std::string data_file(const std::string& name);

std::string from_hex(const std::string& digits);

}  // namespace hearth::luks::test
