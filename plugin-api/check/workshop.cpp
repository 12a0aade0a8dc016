// SPDX-License-Identifier: MIT
#include "workshop.hpp"

#include <unistd.h>

namespace hearth::check {

Workshop::Workshop(const Context& context, const std::string& user)
    : context_(context), home_(context.folder, context.manifest(), context.extra_record, user) {}

Outcome Workshop::load(bool guarded_host) {
    // Another process, other operations.
    next_op_ = (static_cast<std::uint64_t>(::getpid()) << 20U) + 1;
    if (!context_.is_root && !context_.subject.manifest->needs.capabilities.empty())
        return skipped("needs root: the plugin wants " +
                       context_.subject.manifest->needs.capabilities.front());
    return check::load(context_.subject, tapped_host(guarded_host), loaded_);
}

Did Workshop::operate(const std::function<Did(Bench&)>& work, BenchSettings settings) {
    ledger_->op_id = next_op_++;
    Bench bench(*loaded_.storage[context_.storage], home_, *ledger_, breaches_,
                std::move(settings));
    return work(bench);
}

Did Workshop::recover(BenchSettings settings) {
    const Ledger left = *ledger_;
    Ledger own = left;
    Bench bench(*loaded_.storage[context_.storage], home_, own, breaches_, std::move(settings));
    return recover_home(bench, left);
}

Did Workshop::state(std::uint32_t& out) {
    Ledger own{};
    own.op_id = next_op_++;
    Bench bench(*loaded_.storage[context_.storage], home_, own, breaches_);
    return state_of(bench, out);
}

Outcome to_outcome(const Did& did, const std::string& when) {
    if (did.ok()) return passed();
    if (did.status == HEARTH_E_BACKEND_UNAVAILABLE || did.status == HEARTH_E_FSTYPE_UNSUPPORTED)
        return skipped("needs another file system, see --place: " + did.text);
    if (did.status == HEARTH_E_NOT_SUPPORTED && when.starts_with("making"))
        return skipped("needs another file system, see --place: " + did.text);
    return failed(when + ": " + did.text);
}

Outcome is_tidy(const Home& home, bool home_exists) {
    const std::string names = home.names();
    const std::string expected = home_exists ? home.image : "";
    if (names == expected) return passed();
    return failed("in the folder is \"" + names + "\" and should be \"" + expected + "\"");
}

Outcome is_whole(Workshop& shop, unsigned mask) {
    BenchSettings settings;
    settings.known_passwords = mask;
    settings.listed_passwords = mask;
    return to_outcome(shop.operate(open_home, settings), "opening the home");
}

}  // namespace hearth::check
