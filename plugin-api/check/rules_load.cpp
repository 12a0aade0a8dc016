// SPDX-License-Identifier: MIT
// L: what loading the plugin and calling its entry function do.
#include <dlfcn.h>
#include <poll.h>

#include <array>

#include "process_state.hpp"
#include "rule.hpp"
#include "tap.hpp"

namespace hearth::check {
namespace {

using EntryFunction = hearth_status (*)(const hearth_host*, const hearth_plugin**);

EntryFunction entry_of(const Subject& subject) {
    void* library = ::dlopen(subject.path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    return library == nullptr
               ? nullptr
               : reinterpret_cast<EntryFunction>(::dlsym(library, HEARTH_ENTRY_SYMBOL));
}

Outcome loads(const Context& context) {
    Loaded loaded;
    return load(context.subject, tapped_host(), loaded);
}

Outcome changes_nothing(const Context& context) {
    const hearth_host& host = tapped_host();
    const auto before = ProcessState::take();
    Loaded loaded;
    CHECK_STEP(load(context.subject, host, loaded));
    // A thread that it has started may not have got far yet.
    ::poll(nullptr, 0, 50);
    const std::string change = before.difference(ProcessState::take());
    return change.empty() ? passed() : failed(change);
}

Outcome enters_twice(const Context& context) {
    Loaded first;
    Loaded second;
    CHECK_STEP(load(context.subject, tapped_host(), first));
    CHECK_STEP(load(context.subject, tapped_host(), second));
    if (first.plugin != second.plugin || first.storage != second.storage ||
        first.auth != second.auth)
        return failed("entered again, it gives other tables");
    return passed();
}

Outcome refuses_other_versions(const Context& context) {
    const auto entry = entry_of(context.subject);
    if (entry == nullptr) return failed("its entry function is not found");
    for (const auto& [major, minor] : {std::pair{1U, 0U}, std::pair{0U, 1U}}) {
        hearth_host host = tapped_host();
        host.abi_major += major;
        host.abi_minor += minor;
        const hearth_plugin* out = nullptr;
        const auto status = entry(&host, &out);
        const std::string version =
            std::to_string(host.abi_major) + "." + std::to_string(host.abi_minor);
        if (status == HEARTH_OK) return failed("it accepts a host of the ABI " + version);
        if (status != HEARTH_E_NOT_SUPPORTED)
            return failed("it refuses a host of the ABI " + version + " with the code " +
                          std::to_string(status) + " and not with NOT_SUPPORTED");
    }
    return passed();
}

Outcome reads_no_further(const Context& context) {
    Loaded loaded;
    return load(context.subject, tapped_host(true), loaded);
}

/// A word of the manifest and what the table needs for it.
Outcome promises(const plugin::StorageManifest& manifest, const hearth_storage& table) {
    const auto lacks = [&](const std::string& what, bool there) {
        return there ? passed() : failed(manifest.name + " has no " + what);
    };
    bool can_resize = false;
    for (const auto& word : manifest.can)
        can_resize = can_resize || word.starts_with("resize-") || word.starts_with("grow-") ||
                     word.starts_with("shrink-");
    CHECK_STEP(lacks("state()", table.state != nullptr));
    CHECK_STEP(lacks("deactivate()", table.deactivate != nullptr));
    CHECK_STEP(lacks("remove()", table.remove != nullptr));
    CHECK_STEP(lacks("recover()", table.recover != nullptr));
    CHECK_STEP(lacks("create()", table.create != nullptr));
    CHECK_STEP(lacks("unlock_medium()", table.unlock_medium != nullptr));
    CHECK_STEP(lacks("mount()", table.mount != nullptr));
    CHECK_STEP(lacks("unmount()", table.unmount != nullptr));
    CHECK_STEP(lacks("close()", table.close != nullptr));
    if (manifest.has("lock"))
        CHECK_STEP(lacks("lock() and unlock()", table.lock != nullptr && table.unlock != nullptr));
    if (manifest.has("header"))
        CHECK_STEP(lacks("header_load() and header_store()",
                         table.header_load != nullptr && table.header_store != nullptr));
    if (can_resize) CHECK_STEP(lacks("resize()", table.resize != nullptr));
    if (manifest.credentials == plugin::Credentials::slots)
        CHECK_STEP(lacks("rekey_prepare() and rekey_finish()",
                         table.rekey_prepare != nullptr && table.rekey_finish != nullptr));
    return passed();
}

Outcome keeps_promises(const Context& context) {
    Loaded loaded;
    CHECK_STEP(load(context.subject, tapped_host(), loaded));
    const auto& manifest = *context.subject.manifest;
    for (std::size_t i = 0; i < loaded.storage.size(); ++i)
        CHECK_STEP(promises(manifest.storage[i], *loaded.storage[i]));
    for (const auto* auth : loaded.auth)
        if (auth->list_devices == nullptr || auth->enroll == nullptr || auth->acquire == nullptr)
            return failed(std::string(auth->name) +
                          " lacks one of list_devices(), enroll() and acquire()");
    return passed();
}

constexpr auto kAny = Rule::About::any_plugin;
constexpr const char* kLoadable = "S01 S02 S03";
constexpr const char* kLoaded = "S01 S02 S03 L01";
constexpr std::array kRules = {
    Rule{"L01", "loads, and is what its manifest says", kLoadable, kAny, loads},
    Rule{"L02", "changes nothing of the process by being loaded", kLoaded, kAny, changes_nothing},
    Rule{"L03", "gives the same tables when it is entered again", kLoaded, kAny, enters_twice},
    Rule{"L04", "refuses a host of another version", kLoaded, kAny, refuses_other_versions},
    Rule{"L05", "touches no memory behind the host's tables", kLoaded, kAny, reads_no_further},
    Rule{"L06", "has a function for everything that it promises", kLoaded, kAny, keeps_promises},
};

}  // namespace

std::span<const Rule> load_rules() {
    return kRules;
}

}  // namespace hearth::check
