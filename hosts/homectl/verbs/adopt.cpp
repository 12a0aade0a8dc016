// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <array>
#include <climits>

#include "hosts/homectl/run/authenticated.hpp"
#include "hosts/homectl/run/operation.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"

namespace hearth::homectl {

namespace {

/// The path as a record would name it: absolute, and without the prefix of --root.
Result<std::string> path_in_root(const home::Root& root, const std::string& path) {
    std::string absolute = path;
    if (!path.starts_with('/')) {
        std::array<char, PATH_MAX> here{};
        if (getcwd(here.data(), here.size()) == nullptr)
            return Error(Code::io, "path-unknown", "It is not known where " + path + " is.")
                .sys(errno);
        absolute = std::string(here.data()) + "/" + path;
    }
    const std::string prefix = root.prefix() + "/";
    if (!root.prefix().empty() && absolute.starts_with(prefix))
        absolute.erase(0, root.prefix().size());
    while (absolute.size() > 1 && absolute.ends_with('/')) absolute.pop_back();
    return absolute;
}

/// Only an encrypted home has to be unlocked to be taken in, and only its medium can tell.
Result<worker::Reply> adopt_one(const Context& context, const std::string& path) {
    const auto request = [&] { return worker::plain_request("adopt", path); };
    auto reply = run_operation(context, request());
    if (reply || reply.error().id() != "password-needed") return reply;
    const std::string name = path.substr(path.rfind('/') + 1);
    Dialogue dialogue(context.passwords, name, context.settings().ask_password);
    return run_authenticated(context, dialogue, Wanted{true, false}, request);
}

}  // namespace

Result<ExitStatus> run_adopt(Context& context) {
    return for_each_argument(context.arguments(), [&](const std::string& argument) -> Result<void> {
        HEARTH_TRY(path, path_in_root(context.root, argument));
        HEARTH_TRY(reply, adopt_one(context, path));
        const std::string user = reply.record ? " of " + reply.record->user_name() : "";
        say_done("Adopted the home" + user + " at " + path + ".");
        return ok();
    });
}

}  // namespace hearth::homectl
