// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host.hpp"
#include "plugins/luks/gpt.hpp"
#include "plugins/luks/gpt_format.hpp"
#include "plugins/shared/json_text.hpp"

namespace hearth::luks {
namespace {

using shared::Json;
using shared::member;
using shared::parse_object;
using shared::text_member;
using test::data_file;
using testing::HasSubstr;

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
const Uuid kDisk = *parse_uuid("91032b5a-f907-904c-ba8a-fe819cf195c3");
const Uuid kId = *parse_uuid("5c60623b-8d75-4df7-be89-97a924a4b03c");

/// A medium in memory.
struct Medium {
    Bytes bytes;
    [[nodiscard]] ReadAt reader() const {
        return [this](std::uint64_t offset, std::span<std::uint8_t> out) {
            if (offset > bytes.size() || bytes.size() - offset < out.size()) return false;
            std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), out.size(),
                        out.begin());
            return true;
        };
    }
    [[nodiscard]] sdk::Result<Table> parse() const { return parse_table(reader(), bytes.size()); }
    void put(const Table& table) {
        const TableBytes made = to_bytes(table, bytes.size());
        std::copy(made.head.begin(), made.head.end(), bytes.begin());
        std::copy(made.tail.begin(), made.tail.end(),
                  bytes.begin() + static_cast<std::ptrdiff_t>(made.tail_offset));
    }
    /// Makes the checksums of the first copy right again.
    void seal() {
        const std::span all(bytes);
        const auto count = gpt::get<std::uint32_t>(all.subspan(512), gpt::at::kEntryCount);
        const auto size = gpt::get<std::uint32_t>(all.subspan(512), gpt::at::kEntrySize);
        if (count <= 128 && size == 128)
            gpt::put(all.subspan(512), gpt::at::kEntriesCrc,
                     gpt::crc32(all.subspan(1024, std::size_t{count} * size)));
        gpt::put(all.subspan(512), gpt::at::kHeaderCrc, std::uint32_t{0});
        gpt::put(all.subspan(512), gpt::at::kHeaderCrc, gpt::crc32(all.subspan(512, 92)));
    }
};

Medium image(std::uint64_t size = 8 * kMiB, std::uint32_t sector = 512) {
    Medium out{Bytes(size)};
    out.put(*plan_table(size, sector, kDisk, "xluks", kId));
    return out;
}

std::string why(const sdk::Result<Table>& result) {
    return result ? "no error" : result.error().text();
}

/// What sfdisk says of images that systemd-homed made.
struct Known {
    Json json;
    json_object* table;
    json_object* partition;

    explicit Known(const std::string& release)
        : json(parse_object(data_file("luks/" + release + "-gpt.json"))),
          table(member(json.get(), "partitiontable")),
          partition(json_object_array_get_idx(member(table, "partitions"), 0)) {}
    [[nodiscard]] std::uint64_t number(const char* name) const {
        json_object* found = member(partition, name);
        return json_object_get_uint64(found != nullptr ? found : member(table, name));
    }
};

TEST(Gpt, HasThePlacesOfTheReleasesThatMadeTheVectors) {
    for (const std::string release : {"v252", "v257"}) {
        const Known known(release);
        const std::uint64_t size = 300 * kMiB;
        auto table = plan_table(size, 512, *parse_uuid(*text_member(known.table, "id")), "xluks",
                                *parse_uuid(*text_member(known.partition, "uuid")));
        ASSERT_TRUE(table);
        const Partition& ours = table->partitions.front();
        EXPECT_EQ(ours.first, known.number("start"));
        EXPECT_EQ(table->last_usable, known.number("lastlba"));
        // Newer releases use one MiB more than these.
        EXPECT_EQ(ours.last - ours.first + 1, known.number("size") + 2048);
        EXPECT_EQ(to_text(ours.type), text_member(known.partition, "type"));
    }
}

TEST(Gpt, ReadsTheTableOfTheVectors) {
    const Known known("v252");
    Medium medium{Bytes(300 * kMiB)};
    Table table = *plan_table(medium.bytes.size(), 512, kDisk, "xluks", kId);
    table.first_usable = known.number("firstlba");
    table.partitions[0].last = known.number("start") + known.number("size") - 1;
    medium.put(table);
    const auto read = medium.parse();
    ASSERT_TRUE(read) << why(read);
    EXPECT_EQ(*read, table);
    const auto home = find_home(*read, "xluks", kId);
    ASSERT_TRUE(home);
    EXPECT_EQ(extent_of(*read, *home), (Extent{kMiB, 297 * kMiB}));
}

TEST(Gpt, ReadsWhatItWritesWithEverySizeOfSectors) {
    for (const std::uint32_t sector : {512U, 1024U, 2048U, 4096U}) {
        const Medium medium = image(16 * kMiB, sector);
        const auto read = medium.parse();
        ASSERT_TRUE(read) << sector << why(read);
        EXPECT_EQ(read->sector_size, sector);
        const Extent extent = extent_of(*read, read->partitions.front());
        EXPECT_EQ(extent, (Extent{kMiB, 14 * kMiB}));
    }
}

TEST(Gpt, KeepsNamesInEveryScript) {
    Medium medium{Bytes(8 * kMiB)};
    for (const std::string name : {"ann@example.com", "j\xC3\xB6rg", "\xF0\x9F\x8F\xA0"}) {
        medium.put(*plan_table(medium.bytes.size(), 512, kDisk, name, kId));
        EXPECT_EQ(medium.parse()->partitions.front().name, name);
    }
}

TEST(Gpt, SaysThatThereIsNone) {
    EXPECT_THAT(why(Medium{Bytes(kMiB)}.parse()), HasSubstr("no partition table"));
    EXPECT_THAT(why(Medium{}.parse()), HasSubstr("no partition table"));
    EXPECT_FALSE(has_table(Medium{Bytes(kMiB)}.reader(), kMiB));
}

TEST(Gpt, SaysThatOnlyTheBackupIsWhole) {
    Medium medium = image();
    std::fill_n(medium.bytes.begin(), kMiB, 0);
    EXPECT_THAT(why(medium.parse()), HasSubstr("only the backup"));
    EXPECT_TRUE(has_table(medium.reader(), medium.bytes.size()));
    medium = image();
    medium.bytes[512 + 40] ^= 1;
    EXPECT_THAT(why(medium.parse()), HasSubstr("only the backup"));
}

TEST(Gpt, SaysThatTheEndIsMissing) {
    Medium medium = image();
    medium.bytes.resize(medium.bytes.size() - 4 * kMiB);
    EXPECT_THAT(why(medium.parse()), HasSubstr("its end is missing"));
    medium.bytes.resize(2 * kMiB);
    EXPECT_THAT(why(medium.parse()), HasSubstr("its end is missing"));
}

TEST(Gpt, OpensWhenOnlyTheBackupIsDamaged) {
    Medium medium = image();
    std::fill_n(medium.bytes.end() - kMiB, kMiB, 0);
    EXPECT_TRUE(medium.parse()) << why(medium.parse());
}

TEST(Gpt, RefusesEveryHeaderThatLeadsOutOfTheMedium) {
    struct Change {
        std::size_t at;
        std::uint64_t value;
        std::size_t width;
    };
    namespace at = gpt::at;
    for (const Change& one :
         {Change{at::kEntriesSector, 1, 8}, Change{at::kEntriesSector, UINT64_MAX, 8},
          Change{at::kEntriesSector, 8 * kMiB / 512 - 1, 8}, Change{at::kEntryCount, 0, 4},
          Change{at::kEntryCount, UINT32_MAX, 4}, Change{at::kEntrySize, 0, 4},
          Change{at::kEntrySize, 100, 4}, Change{at::kEntrySize, 0x80000000, 4},
          Change{at::kHeaderSize, 91, 4}, Change{at::kHeaderSize, 513, 4},
          Change{at::kLastUsable, UINT64_MAX, 8}, Change{at::kFirstUsable, UINT64_MAX, 8},
          Change{at::kOwnSector, 2, 8}, Change{at::kRevision, 0x20000, 4}}) {
        Medium medium = image();
        std::fill_n(medium.bytes.end() - kMiB, kMiB, 0);
        const std::span header = std::span(medium.bytes).subspan(512);
        if (one.width == 8)
            gpt::put(header, one.at, one.value);
        else
            gpt::put(header, one.at, static_cast<std::uint32_t>(one.value));
        medium.seal();
        EXPECT_FALSE(medium.parse()) << "header at " << one.at << " = " << one.value;
    }
}

TEST(Gpt, RefusesPartitionsThatLieWrong) {
    const auto with = [](const std::function<void(Table&)>& change) {
        Medium medium = image();
        Table table = *medium.parse();
        change(table);
        medium.put(table);
        return why(medium.parse());
    };
    EXPECT_THAT(with([](Table& t) { t.partitions[0].last = t.last_usable + 1; }),
                HasSubstr("does not lie"));
    EXPECT_THAT(with([](Table& t) { t.partitions[0].first = t.partitions[0].last + 1; }),
                HasSubstr("does not lie"));
    EXPECT_THAT(with([](Table& t) {
                    t.partitions.push_back(t.partitions[0]);
                    t.partitions[1].slot = 1;
                }),
                HasSubstr("overlap"));
}

TEST(Gpt, FindsTheOneHome) {
    Table table = *plan_table(64 * kMiB, 512, kDisk, "xluks", kId);
    EXPECT_TRUE(find_home(table, "xluks", std::nullopt));
    const auto text = [&](const std::string& name, const std::optional<Uuid>& id) {
        return find_home(table, name, id).error().text();
    };
    EXPECT_THAT(text("other", std::nullopt), HasSubstr("is the home of other"));
    EXPECT_THAT(text("xluks", kDisk), HasSubstr("with the identity"));
    table.partitions.push_back(table.partitions[0]);
    EXPECT_THAT(text("xluks", std::nullopt), HasSubstr("two of its partitions"));
    for (Partition& one : table.partitions) one.type = kDisk;
    EXPECT_THAT(text("xluks", std::nullopt), HasSubstr("of the type"));
}

TEST(Gpt, HasNoRoomInATinyImage) {
    EXPECT_FALSE(plan_table(2 * kMiB, 512, kDisk, "x", kId));
    EXPECT_FALSE(plan_table(0, 512, kDisk, "x", kId));
}

}  // namespace
}  // namespace hearth::luks
