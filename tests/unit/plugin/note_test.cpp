// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/note.hpp"

#include <elf.h>
#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "core/base/unique_fd.hpp"
#include "fixtures.hpp"

namespace hearth::plugin {
namespace {

using test::make_elf;
using test::Note;

Result<std::string> find(const std::string& elf) {
    return find_note({reinterpret_cast<const std::byte*>(elf.data()), elf.size()});
}

std::string error_of(const std::string& elf) {
    const auto found = find(elf);
    return found ? "found: " + *found : found.error().id();
}

TEST(Note, FindsTheTextOfTheOnlyOne) {
    const auto found = find(make_elf({{.text = "{}"}}));
    ASSERT_TRUE(found) << found.error().one_line();
    EXPECT_EQ(*found, "{}");
}

TEST(Note, CutsTheEndOfTheString) {
    EXPECT_EQ(find(make_elf({{.text = std::string("{}\0", 3)}})).value(), "{}");
}

TEST(Note, SkipsThoseOfOthers) {
    const Note other_owner{.owner = std::string("GNU\0", 4), .text = "abc"};
    const Note other_type{.type = 1, .text = "defgh"};
    EXPECT_EQ(find(make_elf({other_owner, other_type, {.text = "{1}"}})).value(), "{1}");
}

TEST(Note, TellsThatThereIsNone) {
    EXPECT_EQ(error_of(make_elf({})), "plugin-note-missing");
    EXPECT_EQ(error_of(make_elf({{.type = 2, .text = "{}"}})), "plugin-note-missing");
}

TEST(Note, RefusesTwo) {
    EXPECT_EQ(error_of(make_elf({{.text = "{}"}, {.text = "{}"}})), "plugin-note-duplicate");
}

TEST(Note, RefusesMoreThan16KiB) {
    EXPECT_EQ(find(make_elf({{.text = std::string(16384, ' ')}})).value().size(), 16384U);
    EXPECT_EQ(error_of(make_elf({{.text = std::string(16385, ' ')}})), "plugin-note-too-large");
}

TEST(Note, RefusesWhatIsNoSharedObjectOfThisMachine) {
    EXPECT_EQ(error_of(""), "plugin-not-elf");
    EXPECT_EQ(error_of("#!/bin/sh\n"), "plugin-not-elf");
    for (const std::size_t at : {std::size_t{EI_CLASS}, std::size_t{EI_DATA},
                                 offsetof(Elf64_Ehdr, e_type), offsetof(Elf64_Ehdr, e_phentsize)}) {
        auto elf = make_elf({{.text = "{}"}});
        elf[at] = 9;
        EXPECT_EQ(error_of(elf), "plugin-not-elf") << at;
    }
}

TEST(Note, RefusesOffsetsBeyondTheFile) {
    for (const std::uint64_t offset : {UINT64_C(200), UINT64_MAX, UINT64_MAX - 7}) {
        auto elf = make_elf({{.text = "{}"}});
        std::memcpy(elf.data() + offsetof(Elf64_Ehdr, e_phoff), &offset, sizeof offset);
        EXPECT_EQ(error_of(elf), "plugin-not-elf") << offset;
        elf = make_elf({{.text = "{}"}});
        std::memcpy(elf.data() + sizeof(Elf64_Ehdr) + offsetof(Elf64_Phdr, p_offset), &offset,
                    sizeof offset);
        EXPECT_EQ(error_of(elf), "plugin-not-elf") << offset;
    }
}

TEST(Note, RefusesSizesBeyondTheirSegment) {
    const std::size_t note = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
    for (const std::size_t member :
         {offsetof(Elf64_Nhdr, n_namesz), offsetof(Elf64_Nhdr, n_descsz)}) {
        auto elf = make_elf({{.text = "{}"}});
        const std::uint32_t size = UINT32_MAX;
        std::memcpy(elf.data() + note + member, &size, sizeof size);
        EXPECT_EQ(error_of(elf), "plugin-not-elf") << member;
    }
}

TEST(Note, ReadsEveryCutOffFileWithoutAnAccident) {
    const auto elf = make_elf({{.text = "{\"id\":1}"}});
    for (std::size_t size = 0; size < elf.size(); ++size) {
        // A copy of exactly this size, so that a sanitizer sees a step beyond it.
        const std::string cut(elf.data(), size);
        const auto found = find(cut);
        EXPECT_FALSE(found && *found != "{\"id\":1}") << size;
    }
}

TEST(Note, ReadsRandomlyChangedPluginsWithoutAnAccident) {
    const auto plugin = test::read_file(HEARTH_TEST_PLUGINS "/good.so");
    ASSERT_FALSE(plugin.empty());
    ASSERT_TRUE(find(plugin));
    std::mt19937 random(42);
    std::size_t refused = 0;
    for (int round = 0; round < 4000; ++round) {
        auto changed = plugin;
        // Headers and tables of segments are in front; everything else hardly matters.
        for (int i = 0; i < 4; ++i) changed[random() % 1200] = static_cast<char>(random());
        if (!find(changed)) ++refused;
    }
    EXPECT_GT(refused, 0U);
}

TEST(Note, IsReadFromRegularFilesOnly) {
    const UniqueFd folder(::open("/", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(read_note(folder.get()).error().id(), "plugin-file-type");
    const UniqueFd device(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(read_note(device.get()).error().id(), "plugin-file-type");
    EXPECT_EQ(read_note(-1).error().id(), "plugin-unreadable");
}

TEST(Note, ComesOutOfARealPlugin) {
    const UniqueFd file(::open(HEARTH_TEST_PLUGINS "/good.so", O_RDONLY | O_CLOEXEC));
    const auto text = read_note(file.get());
    ASSERT_TRUE(text) << text.error().one_line();
    EXPECT_NE(text->find(R"("id":"org.example.good")"), std::string::npos) << *text;
}

}  // namespace
}  // namespace hearth::plugin
