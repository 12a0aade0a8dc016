// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "masked_secret.hpp"
#include "outcome.hpp"
#include "subject.hpp"

namespace hearth::check {

/// What a rule gets to work with. The storage is chosen by who runs the rules.
struct Context {
    const Subject& subject;
    /// Index into the manifest's storage; rules of files and of loading do not look at it.
    std::size_t storage = 0;
    /// A folder of the rule's own on the file system that was chosen; empty for rules without one.
    std::string folder;
    /// That file system is the checker's own, or for tests only: it may be filled.
    bool owns_place = false;
    /// JSON text of a record whose fields are added.
    std::string extra_record;
    bool is_root = false;
    /// A token that is there for tests: its PIN may be tried in vain. Empty: there is none.
    std::string device = {};
    /// Its PIN, which is made up if nobody said it.
    MaskedSecret pin = {};
    /// Of the points to fail or to die at only every so many-th is tried.
    std::uint32_t every = 1;

    [[nodiscard]] const plugin::StorageManifest& manifest() const {
        return subject.manifest->storage[storage];
    }
};

/// One rule. Its number is stable: a rule that is dropped leaves a gap.
struct Rule {
    std::string_view id;     // "C07"
    std::string_view title;  // what holds if it is kept
    /// Ids, divided by blanks: after a failure of one of these it would only fail for their reason.
    /// Those with "!" have to pass, and not to be skipped either.
    std::string_view needs;
    enum class About : char { file, any_plugin, storage, auth } about;
    Outcome (*run)(const Context&);

    [[nodiscard]] bool wants_place() const { return about == About::storage; }
};

[[nodiscard]] std::span<const Rule> static_rules();
[[nodiscard]] std::span<const Rule> load_rules();
[[nodiscard]] std::span<const Rule> contract_rules();
[[nodiscard]] std::span<const Rule> medium_rules();
[[nodiscard]] std::span<const Rule> fault_rules();
[[nodiscard]] std::span<const Rule> kill_rules();
[[nodiscard]] std::span<const Rule> life_rules();
[[nodiscard]] std::span<const Rule> fuzz_rules();
[[nodiscard]] std::span<const Rule> auth_rules();
[[nodiscard]] std::span<const Rule> auth_fault_rules();

}  // namespace hearth::check
