// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "core/base/result.hpp"
#include "core/record/user_record.hpp"
#include "core/worker/client.hpp"
#include "hosts/homectl/context.hpp"
#include "hosts/homectl/passwords/dialogue.hpp"
#include "hosts/homectl/run/operation.hpp"

namespace hearth::homectl {

/// Which passwords an operation needs.
struct Wanted {
    bool existing = false;
    bool fresh = false;
    /// Do tokens open the home as well? They are asked first; a password is the second best.
    bool tokens = false;

    [[nodiscard]] bool opens() const { return existing || tokens; }
};

/// Makes the request anew for each attempt; the passwords are put in afterwards.
using MakeRequest = std::function<Result<worker::Request>()>;

/// Runs an operation with the passwords that it needs, and with what a security token asks for. A
/// wrong or weak one that was typed may be typed again; one that came from the environment fails at
/// once.
Result<worker::Reply> run_authenticated(const Context& context, Dialogue& dialogue, Wanted wanted,
                                        const MakeRequest& make);
Result<worker::Reply> run_authenticated(const Context& context, Dialogue& dialogue, Wanted wanted,
                                        const MakeRequest& make, const Act& act);

/// Does an operation on the home need a password? One whose passwords the caller may not see has
/// some.
[[nodiscard]] bool has_password(const client::Known& home);

/// What is needed to open a home, and with `fresh` to give it a new password.
[[nodiscard]] Wanted wanted_for(const client::Known& home, bool fresh);

/// The same for an operation that only needs to open the home: asks for no password if the record
/// has none.
Result<worker::Reply> open_and_run(const Context& context, const client::Known& home,
                                   const MakeRequest& make);

}  // namespace hearth::homectl
