// SPDX-License-Identifier: MIT
#include "tap.hpp"

namespace hearth::check {

Tap& Tap::instance() {
    static Tap tap;
    return tap;
}

void Tap::start_operation(Breaches* breaches, const std::vector<const MaskedSecret*>& secrets) {
    breaches_ = breaches;
    secrets_ = secrets;
    forget();
}

void Tap::end_of_loan() {
    for (auto& text : lent_) text.ban();
    lent_.clear();
    breaches_ = nullptr;
    secrets_.clear();
}

void Tap::forget() {
    explained_ = false;
    said_cancelled_ = false;
    last_text_.clear();
}

void Tap::hear(std::string_view where, std::string_view text) {
    if (where == "fail") last_text_ = text;
    if (log) log(std::string(where) + ": " + std::string(text));
    for (const auto* secret : secrets_)
        if (secret->is_in(text))
            breach(Breach::secret, "a password goes out in " + std::string(where));
}

hearth_status Tap::answer(hearth_status status) {
    if (status == HEARTH_E_CANCELLED) said_cancelled_ = true;
    return status;
}

void Tap::breach(Breach kind, std::string text) {
    if (breaches_ != nullptr) breaches_->add(kind, std::move(text));
}

const char* Tap::lend(const char* text, std::size_t size) {
    if (!lends_strictly || text == nullptr) return text;
    const GuardedMemory& copy = lent_.emplace_back(size + 1);
    std::memcpy(copy.data(), text, size);
    copy.data()[size] = '\0';
    return copy.data();
}

}  // namespace hearth::check
