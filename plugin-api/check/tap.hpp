// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/plugin.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "breaches.hpp"
#include "guarded_memory.hpp"
#include "masked_secret.hpp"

namespace hearth::check {

/// Sits between the plugin and the services of core: counts calls, lets them fail, ends the process
/// at them, listens to the texts that go out, and takes lent texts away when their time is over.
/// One per process, as a plugin is.
class Tap {
  public:
    static Tap& instance();

    /// Before each call of a service, "place.of". True: it has to fail, if it is one that can.
    std::function<bool(std::string_view service)> before;
    /// Texts, for those who want to read along.
    std::function<void(std::string_view text)> log;
    /// Lent texts lie before forbidden memory, and become forbidden themselves at end_of_loan().
    bool lends_strictly = false;

    void start_operation(Breaches* breaches, const std::vector<const MaskedSecret*>& secrets);
    /// What plugins may know until an operation ends is theirs no more.
    void end_of_loan();

    /// fail() was called since the last forget().
    [[nodiscard]] bool was_explained() const { return explained_; }
    /// A service answered CANCELLED since then.
    [[nodiscard]] bool said_cancelled() const { return said_cancelled_; }
    [[nodiscard]] const std::string& last_text() const { return last_text_; }
    void forget();

    // For the services.
    bool refuses(std::string_view service) { return before && before(service); }
    void hear(std::string_view where, std::string_view text);
    void explained() { explained_ = true; }
    hearth_status answer(hearth_status status);
    void breach(Breach kind, std::string text);
    /// The text itself, or a copy that ends with the loan.
    const char* lend(const char* text, std::size_t size);

  private:
    Breaches* breaches_ = nullptr;
    std::vector<const MaskedSecret*> secrets_;
    std::vector<GuardedMemory> lent_;
    bool explained_ = false;
    bool said_cancelled_ = false;
    std::string last_text_;
};

/// The tables of a host that goes through the tap. `guarded`: memory behind each table is
/// forbidden, and the tables cannot be written.
const hearth_host& tapped_host(bool guarded = false);

}  // namespace hearth::check
