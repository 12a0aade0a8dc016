// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/store.hpp"
#include "hosts/homectl/options/units.hpp"
#include "hosts/homectl/output/text.hpp"
#include "hosts/homectl/run/authenticated.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"

namespace hearth::homectl {

namespace {

/// The size as requests carry it; without one, what the record says.
Result<std::uint64_t> size_argument(const Context& context) {
    if (context.arguments().size() < 2) return kInfinity;
    const std::string& text = context.arguments()[1];
    if (text == "min") return 0;
    if (text == "max") return kInfinity - 1;
    if (const auto size = parse_size(text); size && *size > 0 && *size < kInfinity - 1)
        return *size;
    return Error(Code::invalid_argument, "size-invalid",
                 "\"" + clean(text) + "\" is not a size that a home can have.")
        .hint("Type a size as in 20G, or min or max.");
}

}  // namespace

Result<ExitStatus> run_resize(Context& context) {
    HEARTH_TRY(size, size_argument(context));
    HEARTH_TRY(machine, home::read_machine(context.root));
    HEARTH_TRY(store, home::Store::open(context.root));
    HEARTH_TRY(current, store.find(context.arguments()[0], machine));
    HEARTH_CHECK(require_unlocked(context, current));
    HEARTH_TRY(reply, open_and_run(context, current, [&] {
                   worker::Request request;
                   request.verb = "resize";
                   request.subject = current.user_name();
                   request.size = size;
                   return request;
               }));
    (void)reply;
    say_done("Resized the home of " + current.user_name() + ".");
    return 0;
}

}  // namespace hearth::homectl
