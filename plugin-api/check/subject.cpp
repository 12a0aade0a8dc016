// SPDX-License-Identifier: MIT
#include "subject.hpp"

#include <fcntl.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

#include "core/base/unique_fd.hpp"
#include "core/plugin/loader.hpp"
#include "core/plugin/note.hpp"

namespace hearth::check {

Outcome Subject::open(const std::string& path, Subject& out) {
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
    std::ifstream file(path, std::ios::binary);
    if (real == nullptr || !file) return failed("the file " + path + " cannot be read");
    out.path = real.get();
    out.bytes.assign(std::istreambuf_iterator<char>(file), {});
    const UniqueFd fd(::open(out.path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto note = plugin::read_note(fd.get());
    if (!note) {
        out.manifest_error = note.error().one_line();
        return passed();
    }
    auto manifest = plugin::parse_manifest(*note);
    if (manifest)
        out.manifest = std::move(manifest).value();
    else
        out.manifest_error = manifest.error().one_line();
    return passed();
}

Outcome load(const Subject& subject, const hearth_host& host, Loaded& out) {
    plugin::Registry::Entry entry;
    entry.path = subject.path;
    entry.manifest = subject.manifest;
    auto loaded = plugin::load_untrusted(entry, host);
    if (!loaded) return failed(loaded.error().one_line());
    out.plugin = *loaded;
    for (const auto& storage : subject.manifest->storage)
        out.storage.push_back(*plugin::storage_table(**loaded, storage.name));
    for (const auto& auth : subject.manifest->auth)
        out.auth.push_back(*plugin::auth_table(**loaded, auth.name));
    return passed();
}

}  // namespace hearth::check
