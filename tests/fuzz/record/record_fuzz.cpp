// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/record/effective.hpp"
#include "core/record/reconcile.hpp"
#include "core/record/signatures.hpp"
#include "core/record/user_record.hpp"
#include "core/record/validate.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

void read_everything(const hearth::record::UserRecord& record) {
    const hearth::record::Machine machine{"0123456789abcdef0123456789abcde2", "host"};
    const hearth::record::Effective view(record, machine);
    for (const char* field :
         {"uid", "gid", "storage", "diskSize", "umask", "accessMode", "memberOf", "resourceLimits",
          "/privileged/hashedPassword/0", "/binding/uid", "/perMachine/0/diskSize", "signature"}) {
        const auto value = view.value(field);
        if (value) require(hearth::record::Value::parse(value->json()).has_value());
        static_cast<void>(view.number(field));
        static_cast<void>(view.strings(field));
    }
    require(!view.value("secret").has_value());
    static_cast<void>(record.hashed_passwords());
    static_cast<void>(hearth::record::has_fragile_array(record));
    if (const auto signatures = hearth::record::read_signatures(record); !signatures)
        require(signatures.error().id() == "record-bad-signature");
}

}  // namespace

/// Nothing that a record says may bring its readers down, and no round trip may change it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::record;
    auto record = UserRecord::parse({reinterpret_cast<const char*>(data), size});
    if (!record) return 0;
    static_cast<void>(validate(*record, Unknown::refuse).has_value());
    static_cast<void>(validate_managed(*record).has_value());
    read_everything(*record);
    const auto again = UserRecord::parse(record->pretty());
    require(again.has_value());
    require(again->signable() == record->signable());
    require(record->with_sections(Sections::signed_part).canonical() == record->signable());
    const auto embedded = record->with_sections(Sections::embedded);
    const auto merged = reconcile(*record, embedded, ReconcileMode::any);
    require(merged.has_value() && merged->winner == Winner::identical);
    return 0;
}
