// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/units.hpp"
#include "hosts/homectl/output/text.hpp"
#include "hosts/homectl/run/authenticated.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"

namespace hearth::homectl {

namespace {

/// As requests carry it; without any, what the record says.
struct Size {
    std::uint64_t bytes = kInfinity;
    std::optional<std::uint64_t> share = std::nullopt;
};

Result<Size> size_argument(const Context& context) {
    if (context.arguments().size() < 2) return Size{};
    const std::string& text = context.arguments()[1];
    if (text == "min") return Size{0};
    if (text == "max") return Size{kInfinity - 1};
    if (const auto share = parse_share(text); share && *share > 0) return Size{kInfinity, share};
    if (const auto size = parse_size(text); size && *size > 0 && *size < kInfinity - 1)
        return Size{*size};
    return Error(Code::invalid_argument, "size-invalid",
                 "\"" + clean(text) + "\" is not a size that a home can have.")
        .hint("Type a size as in 20G, a share of the disk as in 50%, or min or max.");
}

}  // namespace

Result<ExitStatus> run_resize(Context& context) {
    HEARTH_TRY(size, size_argument(context));
    HEARTH_TRY(known, find_unlocked(context, context.arguments()[0]));
    const std::string& user = known.record.user_name();
    HEARTH_TRY(reply, open_and_run(context, known, [&] {
                   worker::Request request = worker::plain_request("resize", user);
                   request.size = size.bytes;
                   request.size_share = size.share;
                   return request;
               }));
    (void)reply;
    say_done("Resized the home of " + user + ".");
    return 0;
}

}  // namespace hearth::homectl
