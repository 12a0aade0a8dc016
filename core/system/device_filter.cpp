// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/device_filter.hpp"

#include <glob.h>
#include <linux/bpf.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "core/base/unique_fd.hpp"

namespace hearth::system {

namespace {

// The registers of the program below.
enum : std::uint8_t { kAnswer = BPF_REG_0, kAsked = BPF_REG_1, kType, kMajor, kMinor };

bpf_insn load(std::uint8_t to, std::size_t offset) {
    return {BPF_LDX | BPF_MEM | BPF_W, to, kAsked, static_cast<std::int16_t>(offset), 0};
}

bpf_insn keep_low_half(std::uint8_t reg) {
    return {BPF_ALU | BPF_AND | BPF_K, reg, 0, 0, 0xffff};
}

bpf_insn skip_unless(std::uint8_t reg, std::uint32_t value, std::size_t skipped) {
    return {BPF_JMP | BPF_JNE | BPF_K, reg, 0, static_cast<std::int16_t>(skipped),
            static_cast<std::int32_t>(value)};
}

/// The kernel asks this program, in bytecode of its own, whenever a node is opened or made. It
/// knows no sets, so each rule is a few comparisons, and the first that fits answers.
class Program {
  public:
    Program() {
        code_ = {load(kType, offsetof(bpf_cgroup_dev_ctx, access_type)), keep_low_half(kType),
                 load(kMajor, offsetof(bpf_cgroup_dev_ctx, major)),
                 load(kMinor, offsetof(bpf_cgroup_dev_ctx, minor))};
    }
    void add(const DeviceRule& rule) {
        std::size_t left = 3 + (rule.major ? 1U : 0U) + (rule.minor ? 1U : 0U);
        const std::uint32_t type = rule.block ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR;
        code_.push_back(skip_unless(kType, type, --left));
        if (rule.major) code_.push_back(skip_unless(kMajor, *rule.major, --left));
        if (rule.minor) code_.push_back(skip_unless(kMinor, *rule.minor, --left));
        answer(1);
    }
    UniqueFd load_into_kernel() {
        answer(0);
        bpf_attr attr{};
        attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
        attr.insns = reinterpret_cast<std::uintptr_t>(code_.data());
        attr.insn_cnt = static_cast<std::uint32_t>(code_.size());
        // It calls none of the kernel's functions, so its license is of no matter to the kernel.
        attr.license = reinterpret_cast<std::uintptr_t>("LGPL-2.1-or-later");
        return UniqueFd(static_cast<int>(::syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr)));
    }

  private:
    void answer(std::int32_t value) {
        code_.push_back({BPF_ALU64 | BPF_MOV | BPF_K, kAnswer, 0, 0, value});
        code_.push_back({BPF_JMP | BPF_EXIT, 0, 0, 0, 0});
    }

    std::vector<bpf_insn> code_;
};

Error no_filter() {
    return Error(Code::internal, "device-filter", "The worker cannot give up devices.")
        .why("A plugin must not have devices that it does not need.")
        .sys(errno);
}

}  // namespace

std::vector<DeviceRule> rules_for(const std::string& path) {
    std::vector<DeviceRule> rules;
    glob_t found{};
    if (::glob(path.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
        for (std::size_t i = 0; i < found.gl_pathc; ++i) {
            struct stat about {};
            if (::stat(found.gl_pathv[i], &about) != 0) continue;
            if (!S_ISBLK(about.st_mode) && !S_ISCHR(about.st_mode)) continue;
            rules.push_back({S_ISBLK(about.st_mode), major(about.st_rdev), minor(about.st_rdev)});
        }
    }
    ::globfree(&found);
    return rules;
}

Result<void> allow_only(int group, const std::vector<DeviceRule>& rules) {
    Program program;
    for (const DeviceRule& rule : rules) program.add(rule);
    const UniqueFd loaded = program.load_into_kernel();
    if (!loaded) return no_filter();
    bpf_attr attr{};
    attr.target_fd = static_cast<std::uint32_t>(group);
    attr.attach_bpf_fd = static_cast<std::uint32_t>(loaded.get());
    attr.attach_type = BPF_CGROUP_DEVICE;
    // Beside those of units above it, all of which have to agree.
    attr.attach_flags = BPF_F_ALLOW_MULTI;
    if (::syscall(SYS_bpf, BPF_PROG_ATTACH, &attr, sizeof attr) != 0) return no_filter();
    return ok();
}

}  // namespace hearth::system
