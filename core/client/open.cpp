// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/open.hpp"

#include <unistd.h>

#include "core/client/embedded.hpp"
#include "core/client/over_bus.hpp"

namespace hearth::client {

namespace {

Error not_root(std::string why) {
    return Error(Code::permission, "not-root", "This can only be done by root.")
        .why(std::move(why))
        .hint("Run it as root: with sudo, for example.");
}

Result<std::unique_ptr<Homes>> without_service(const home::Root& root, std::string why) {
    if (::geteuid() != 0) return not_root(std::move(why));
    return std::unique_ptr<Homes>(std::make_unique<Embedded>(root));
}

}  // namespace

Result<std::unique_ptr<Homes>> open_homes(const home::Root& root, bool may_ask) {
    if (!root.prefix().empty())
        return without_service(root, "A system in a folder has no service that others could ask.");
    auto bus = Bus::open(may_ask);
    if (!bus) return without_service(root, bus.error().one_line());
    HEARTH_TRY(machine, home::read_machine(root));
    return std::unique_ptr<Homes>(
        std::make_unique<OverBus>(std::move(*bus), std::move(machine), may_ask));
}

}  // namespace hearth::client
