// SPDX-License-Identifier: MIT
// S: what can be seen in the file without running any of it.
#include <algorithm>
#include <array>
#include <set>

#include "elf_file.hpp"
#include "rule.hpp"

namespace hearth::check {
namespace {

/// Helper programs, the environment, signals and the rest of the process are the host's.
constexpr std::array kForbidden = {
    "system",   "popen",     "fork",        "vfork",           "_Fork",   "daemon",
    "execl",    "execle",    "execlp",      "execv",           "execve",  "execvp",
    "execvpe",  "fexecve",   "posix_spawn", "posix_spawnp",    "setenv",  "putenv",
    "unsetenv", "clearenv",  "exit",        "_exit",           "_Exit",   "quick_exit",
    "signal",   "sigaction", "sigprocmask", "pthread_sigmask", "chdir",   "fchdir",
    "chroot",   "umask",     "setlocale",   "setuid",          "setgid",  "seteuid",
    "setegid",  "setresuid", "setresgid",   "setgroups",       "unshare", "setns",
    "dlclose",  "atexit",    "setrlimit",   "prlimit",         "alarm",   "setitimer",
};

/// Every rule but the first needs a file that can be read as ELF.
template <typename Look>
Outcome look(const Context& context, Look judge) {
    const auto file = ElfFile::parse(context.subject.bytes);
    return file ? judge(*file) : failed(file.error().one_line());
}

std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

Outcome note_is_valid(const Context& context) {
    return context.subject.manifest ? passed() : failed(context.subject.manifest_error);
}

Outcome abi_agrees(const Context& context) {
    const auto& manifest = *context.subject.manifest;
    if (manifest.abi_major == HEARTH_ABI_MAJOR && manifest.abi_minor == HEARTH_ABI_MINOR)
        return passed();
    return failed("its manifest says " + std::to_string(manifest.abi_major) + "." +
                  std::to_string(manifest.abi_minor) + ", this is " +
                  std::to_string(HEARTH_ABI_MAJOR) + "." + std::to_string(HEARTH_ABI_MINOR));
}

Outcome exports_the_entry(const Context& context) {
    return look(context, [](const ElfFile& file) {
        if (file.exported == std::vector<std::string>{HEARTH_ENTRY_SYMBOL}) return passed();
        if (file.exported.empty()) return failed("it exports nothing");
        return failed("it exports " + listed(file.exported));
    });
}

Outcome is_bound_at_once(const Context& context) {
    return look(context, [](const ElfFile& file) {
        if (!file.has_relro) return failed("its relocations stay writable: link with -z relro");
        if (!file.binds_now) return failed("it is bound lazily: link with -z now");
        return passed();
    });
}

Outcome stack_is_data(const Context& context) {
    return look(context, [](const ElfFile& file) {
        if (file.has_executable_stack || !file.has_stack_header)
            return failed("it makes the stack of the process executable");
        return passed();
    });
}

Outcome has_no_search_path(const Context& context) {
    return look(context, [](const ElfFile& file) {
        if (file.search_path.empty()) return passed();
        return failed("it looks for libraries in " + file.search_path);
    });
}

bool is_of_hearth(const std::string& name) {
    return name.starts_with("hearth_") ||
           (name.starts_with("_Z") && name.find("6hearth") != std::string::npos);
}

Outcome needs_nothing_of_the_host(const Context& context) {
    return look(context, [](const ElfFile& file) {
        for (const auto& name : file.imported)
            if (is_of_hearth(name)) return failed("it wants " + name + " from its host");
        for (const auto& library : file.libraries)
            if (library.starts_with("libhearth")) return failed("it is linked with " + library);
        return passed();
    });
}

Outcome leaves_the_process_alone(const Context& context) {
    return look(context, [](const ElfFile& file) {
        for (const auto& name : file.imported)
            if (std::find(kForbidden.begin(), kForbidden.end(), name) != kForbidden.end())
                return failed("it calls " + name + "()");
        return passed();
    });
}

constexpr auto kFile = Rule::About::file;
constexpr std::array kRules = {
    Rule{"S01", "carries a valid manifest", "", kFile, note_is_valid},
    Rule{"S02", "is of this version of the ABI", "S01", kFile, abi_agrees},
    Rule{"S03", "exports its entry function and nothing else", "", kFile, exports_the_entry},
    Rule{"S04", "is bound at once, with read-only relocations", "", kFile, is_bound_at_once},
    Rule{"S05", "leaves the stack without execution", "", kFile, stack_is_data},
    Rule{"S06", "has no search path for libraries", "", kFile, has_no_search_path},
    Rule{"S07", "needs no symbol of its host", "", kFile, needs_nothing_of_the_host},
    Rule{"S08", "imports nothing that changes the process", "", kFile, leaves_the_process_alone},
};

}  // namespace

std::span<const Rule> static_rules() {
    return kRules;
}

}  // namespace hearth::check
