// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/manifest.hpp"
#include "tests/contract/directory/workbench.hpp"

namespace hearth {
namespace {

using plugin::MediumState;
namespace fs = std::filesystem;

class DirectoryPlugin : public testing::Test {
  protected:
    std::string home() const { return dir.at("ann.homedir"); }
    std::string temp() const { return dir.at(".#homework-temp"); }
    std::string trash() const { return dir.at(".#homework-trash"); }
    MediumState state() {
        Workbench bench(dir.path());
        return bench.storage().state(bench.record()).value();
    }
    Result<void> recover(std::uint32_t verb, std::uint32_t phase = HEARTH_PHASE_BEGUN) {
        Workbench bench(dir.path());
        return bench.storage().recover(bench.record(), {verb, bench.op().op_id, phase, false, {}});
    }
    void create() {
        Workbench bench(dir.path());
        auto session = bench.storage().create(bench.record(), {});
        ASSERT_TRUE(session.has_value()) << session.error().one_line();
        ASSERT_TRUE(session->close(HEARTH_CLOSE_COMMIT).has_value());
    }
    system::TempDir dir;
};

TEST_F(DirectoryPlugin, HasAManifestThatCoreAccepts) {
    std::ifstream file(HEARTH_PLUGIN_MANIFEST);
    const auto manifest =
        plugin::parse_manifest(std::string(std::istreambuf_iterator<char>(file), {}));
    ASSERT_TRUE(manifest.has_value()) << manifest.error().one_line();
    EXPECT_EQ(manifest->id, "org.hearth.directory");
    ASSERT_NE(manifest->find_storage("directory"), nullptr);
    EXPECT_EQ(manifest->find_storage("directory")->suffix, ".homedir");
    EXPECT_EQ(manifest->find_storage("directory")->credentials, plugin::Credentials::none);
    EXPECT_EQ(std::string(directory_table().name), "directory");
}

TEST_F(DirectoryPlugin, CreatesUnderATemporaryNameUntilCommitted) {
    Workbench bench(dir.path());
    EXPECT_EQ(state(), MediumState::absent);
    auto session = bench.storage().create(bench.record(), {});
    ASSERT_TRUE(session.has_value()) << session.error().one_line();
    EXPECT_EQ(names_in(dir.path()), ".#homework-temp");
    const auto root = session->mount();
    ASSERT_TRUE(root.has_value());
    EXPECT_FALSE(root->detached_mount);
    EXPECT_TRUE(root->may_idmap);
    EXPECT_EQ(root->owner, HEARTH_OWNER_USER);
    EXPECT_TRUE(root->subdir.empty());
    EXPECT_EQ(system::stat_of(temp()).st_mode & 07777, 0700U);
    ASSERT_EQ(mkdirat(root->fd, "inside", 0700), 0);
    ASSERT_TRUE(session->unmount().has_value());
    ASSERT_TRUE(session->close(HEARTH_CLOSE_COMMIT).has_value());
    EXPECT_EQ(names_in(dir.path()), "ann.homedir");
    EXPECT_TRUE(fs::exists(home() + "/inside"));
    EXPECT_EQ(state(), MediumState::inactive);
}

TEST_F(DirectoryPlugin, DoesNotCareAboutTheUmask) {
    umask(0);
    create();
    umask(0022);
    EXPECT_EQ(system::stat_of(home()).st_mode & 07777, 0700U);
}

TEST_F(DirectoryPlugin, LeavesNothingBehindWhenRolledBack) {
    {
        Workbench bench(dir.path());
        auto session = bench.storage().create(bench.record(), {});
        ASSERT_TRUE(session.has_value());
        const int fd = session->mount()->fd;
        ASSERT_EQ(mkdirat(fd, "a", 0700), 0);
        ASSERT_EQ(mkdirat(fd, "a/b", 0700), 0);
        ASSERT_TRUE(session->unmount().has_value());
        ASSERT_TRUE(session->close(HEARTH_CLOSE_ROLLBACK).has_value());
    }
    EXPECT_EQ(names_in(dir.path()), "");
}

TEST_F(DirectoryPlugin, NeverReplacesAHome) {
    create();
    Workbench again(dir.path());
    EXPECT_EQ(again.storage().create(again.record(), {}).error().code(), Code::home_exists);
    fs::rename(home(), dir.at("aside"));
    auto session = again.storage().create(again.record(), {});
    ASSERT_TRUE(session.has_value());
    fs::rename(dir.at("aside"), home());
    system::write_text(home() + "/precious", "x");
    const auto closed = session->close(HEARTH_CLOSE_COMMIT);
    ASSERT_FALSE(closed.has_value());
    EXPECT_EQ(closed.error().code(), Code::home_exists);
    EXPECT_EQ(names_in(dir.path()), ".#homework-temp ann.homedir");
    EXPECT_TRUE(recover(HEARTH_VERB_CREATE).has_value());
    EXPECT_EQ(names_in(dir.path()), "ann.homedir");
    EXPECT_TRUE(fs::exists(home() + "/precious"));
}

TEST_F(DirectoryPlugin, OpensWhatItMade) {
    create();
    for (const std::uint32_t how :
         {HEARTH_CLOSE_KEEP_ACTIVE, HEARTH_CLOSE_COMMIT, HEARTH_CLOSE_ROLLBACK}) {
        Workbench bench(dir.path());
        auto session = bench.storage().unlock_medium(bench.record());
        ASSERT_TRUE(session.has_value()) << session.error().one_line();
        struct stat info {};
        ASSERT_EQ(fstat(session->mount()->fd, &info), 0);
        EXPECT_EQ(info.st_ino, system::stat_of(home()).st_ino);
        ASSERT_TRUE(session->unmount().has_value());
        EXPECT_TRUE(session->close(how).has_value());
        EXPECT_EQ(names_in(dir.path()), "ann.homedir");
    }
    Workbench bench(dir.path());
    EXPECT_TRUE(bench.storage().deactivate(bench.record(), -1, 0).has_value());
}

TEST_F(DirectoryPlugin, ReportsTheOwnerOfAHomeFromAnotherMachine) {
    HEARTH_NEEDS_ROOT();
    create();
    ASSERT_EQ(chown(home().c_str(), 60321, 60321), 0);
    Workbench bench(dir.path());
    auto session = bench.storage().unlock_medium(bench.record());
    ASSERT_TRUE(session.has_value());
    EXPECT_EQ(session->mount()->owner, 60321U);
}

TEST_F(DirectoryPlugin, OpensNothingButAFolder) {
    Workbench bench(dir.path());
    EXPECT_EQ(bench.storage().unlock_medium(bench.record()).error().code(), Code::home_absent);
    fs::create_directory(dir.at("elsewhere"));
    fs::create_directory_symlink("elsewhere", home());
    EXPECT_FALSE(bench.storage().unlock_medium(bench.record()).has_value());
    EXPECT_EQ(state(), MediumState::unknown);
    fs::remove(home());
    system::write_text(home(), "x");
    EXPECT_EQ(bench.storage().unlock_medium(bench.record()).error().code(), Code::corrupt);
    EXPECT_EQ(state(), MediumState::unknown);
}

TEST_F(DirectoryPlugin, TellsSizesOfTheFileSystem) {
    create();
    Workbench bench(dir.path());
    const auto usage = bench.storage().usage(bench.record());
    ASSERT_TRUE(usage.has_value());
    EXPECT_GT(usage->size, usage->free);
    EXPECT_EQ(usage->used, HEARTH_UNKNOWN_SIZE);
    EXPECT_EQ(bench.storage().usage(bench.record(), dir.fd())->size, usage->size);
    fs::remove(home());
    EXPECT_EQ(bench.storage().usage(bench.record()).error().code(), Code::home_absent);
}

TEST_F(DirectoryPlugin, RecognizesItsHomes) {
    Workbench bench(dir.path());
    const auto probe = [&](const std::string& name) {
        const UniqueFd fd(open(dir.at(name).c_str(), O_PATH | O_CLOEXEC | O_NOFOLLOW));
        return bench.storage().probe(fd.get()).value();
    };
    for (const char* name :
         {"bob.homedir", "eve@example.com.homedir", "plain", "other", ".homedir"})
        fs::create_directory(dir.at(name));
    system::write_text(dir.at("eve@example.com.homedir/.identity"), "{}");
    system::write_text(dir.at("other/.identity"), "{}");
    fs::create_symlink("x", dir.at("plain/.identity"));
    system::write_text(dir.at("file.homedir"), "x");
    EXPECT_EQ(probe("bob.homedir").certainty, HEARTH_PROBE_MAYBE);
    EXPECT_EQ(probe("bob.homedir").user, "bob");
    EXPECT_EQ(probe("eve@example.com.homedir").certainty, HEARTH_PROBE_CERTAIN);
    EXPECT_EQ(probe("eve@example.com.homedir").user, "eve");
    EXPECT_EQ(probe("eve@example.com.homedir").realm, "example.com");
    EXPECT_EQ(probe("other").certainty, HEARTH_PROBE_CERTAIN);
    for (const char* name : {"plain", ".homedir", "file.homedir"})
        EXPECT_EQ(probe(name).certainty, HEARTH_PROBE_NO) << name;
}

TEST_F(DirectoryPlugin, RemovesEverything) {
    create();
    fs::create_directories(home() + "/a/b/c");
    system::write_text(home() + "/a/b/file", "x");
    system::write_text(dir.at("outside"), "x");
    fs::create_symlink(dir.at("outside"), home() + "/link");
    Workbench bench(dir.path());
    ASSERT_TRUE(bench.storage().remove(bench.record()).has_value());
    EXPECT_EQ(names_in(dir.path()), "outside");
    EXPECT_EQ(bench.storage().remove(bench.record()).error().code(), Code::home_absent);
}

TEST_F(DirectoryPlugin, CanBeCancelledBeforeItRemovesAnything) {
    create();
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const UniqueFd reading(ends[0]);
    UniqueFd writing(ends[1]);
    Workbench bench(dir.path());
    bench.op().cancel_fd = reading.get();
    ASSERT_EQ(write(writing.get(), "x", 1), 1);
    EXPECT_EQ(bench.storage().remove(bench.record()).error().code(), Code::cancelled);
    EXPECT_EQ(names_in(dir.path()), "ann.homedir");
}

TEST_F(DirectoryPlugin, UndoesACreationThatDied) {
    EXPECT_TRUE(system::in_child([&] {
        Workbench bench(dir.path());
        auto session = bench.storage().create(bench.record(), {});
        ASSERT_TRUE(session.has_value());
        ASSERT_EQ(mkdirat(session->mount()->fd, "inside", 0700), 0);
        _exit(0);
    }));
    EXPECT_EQ(names_in(dir.path()), ".#homework-temp");
    for (int times = 0; times < 2; ++times) {
        EXPECT_TRUE(recover(HEARTH_VERB_CREATE).has_value());
        EXPECT_EQ(names_in(dir.path()), "");
    }
}

TEST_F(DirectoryPlugin, KeepsACreationThatWasPutInPlace) {
    create();
    EXPECT_TRUE(recover(HEARTH_VERB_CREATE, HEARTH_PHASE_COMMITTING).has_value());
    EXPECT_EQ(names_in(dir.path()), "ann.homedir");
}

TEST_F(DirectoryPlugin, FinishesARemovalThatDied) {
    create();
    for (int i = 0; i < 1000; ++i) system::write_text(home() + "/" + std::to_string(i), "");
    EXPECT_TRUE(system::in_child([&] {
        Workbench bench(dir.path());
        bench.op().on_progress = [](std::uint64_t, std::uint64_t, std::string_view) { _exit(0); };
        static_cast<void>(bench.storage().remove(bench.record()));
        _exit(9);
    }));
    EXPECT_EQ(names_in(dir.path()), ".#homework-trash");
    EXPECT_EQ(state(), MediumState::absent);
    for (int times = 0; times < 2; ++times) {
        EXPECT_TRUE(recover(HEARTH_VERB_REMOVE, HEARTH_PHASE_COMMITTING).has_value());
        EXPECT_EQ(names_in(dir.path()), "");
    }
}

TEST_F(DirectoryPlugin, LeavesAHomeAloneWhoseRemovalNeverBegan) {
    create();
    EXPECT_TRUE(recover(HEARTH_VERB_REMOVE).has_value());
    EXPECT_EQ(names_in(dir.path()), "ann.homedir");
}

TEST_F(DirectoryPlugin, HasNothingToRecoverOtherwise) {
    create();
    for (std::uint32_t verb = HEARTH_VERB_ACTIVATE; verb <= HEARTH_VERB_ADOPT; ++verb) {
        if (verb == HEARTH_VERB_REMOVE) continue;
        EXPECT_TRUE(recover(verb).has_value()) << verb;
    }
    EXPECT_EQ(names_in(dir.path()), "ann.homedir");
}

TEST_F(DirectoryPlugin, LeaksNoFd) {
    create();
    const std::size_t before = system::open_fds();
    {
        Workbench bench(dir.path());
        auto session = bench.storage().unlock_medium(bench.record());
        ASSERT_TRUE(session->mount().has_value());
        ASSERT_TRUE(session->unmount().has_value());
        ASSERT_TRUE(session->close(HEARTH_CLOSE_KEEP_ACTIVE).has_value());
        ASSERT_TRUE(bench.storage().usage(bench.record()).has_value());
        ASSERT_TRUE(bench.storage().remove(bench.record()).has_value());
    }
    EXPECT_EQ(system::open_fds(), before);
}

}  // namespace
}  // namespace hearth
