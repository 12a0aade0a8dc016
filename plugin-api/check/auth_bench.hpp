// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/auth.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench.hpp"

namespace hearth::check {

/// What the person at the token does, and whether they wait for it.
struct Person {
    bool knows_pin = false;
    hearth_flags permits = HEARTH_PERMIT_USER_PRESENCE | HEARTH_PERMIT_USER_VERIFICATION |
                           HEARTH_PERMIT_PROTECTED_PATH;
    int cancel_fd = -1;
    bool guards_outputs = false;  // memory behind what the plugin fills in is forbidden
};

/// A device as the plugin showed it.
struct ShownDevice {
    std::string id;
    hearth_flags features = 0;
};

/// A secret that the plugin gave away, with the entry that it belongs to.
struct TokenSecret {
    std::string entry;
    std::size_t which = SIZE_MAX;
    std::unique_ptr<secret::Secret> secret;
};

/// One operation on a kind of token, as a plugin sees it. Ended, nothing that it lent is valid any
/// more.
class AuthBench {
  public:
    AuthBench(const hearth_auth& table, const MaskedSecret& pin, Breaches& breaches,
              const Person& person);
    AuthBench(const AuthBench&) = delete;
    AuthBench& operator=(const AuthBench&) = delete;
    ~AuthBench();

    /// `answer`: what the host says to each device.
    Did list_devices(std::vector<ShownDevice>& out, hearth_status answer = HEARTH_OK);
    Did enroll(const std::string& device, hearth_flags flags, TokenSecret& out);
    Did acquire(const std::vector<std::string>& entries, TokenSecret& out);

  private:
    template <typename... Parameters, typename... Arguments>
    Did call(const char* name, hearth_status (*hearth_auth::*member)(hearth_op*, Parameters...),
             Arguments... arguments);
    Did broke(Breach kind, std::string text);
    Did judge_secret(const char* name, Did did, hearth_secret* raw, TokenSecret& out);
    static const char* lend(const std::string& text);

    const hearth_auth& table_;
    Breaches& breaches_;
    bool guards_outputs_;
    secret::Secrets secrets_;
    record::UserRecord record_;
    plugin::RecordView view_;
    plugin::OperationContext context_;
};

}  // namespace hearth::check
