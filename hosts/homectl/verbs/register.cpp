// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "hosts/homectl/options/file_text.hpp"
#include "hosts/homectl/run/operation.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"

namespace hearth::homectl {

namespace {

Result<std::vector<std::string>> sources(const Context& context) {
    std::vector<std::string> files = context.arguments();
    const auto& identity = context.settings().identity;
    if (identity && !files.empty())
        return Error(Code::invalid_argument, "argument-needless",
                     "Records are named as arguments or with --identity=, not both.");
    if (files.empty()) files.push_back(identity.value_or("-"));
    if (files.size() > 1 && std::find(files.begin(), files.end(), "-") != files.end())
        return Error(Code::invalid_argument, "argument-needless",
                     "Standard input cannot be one of several records.");
    return files;
}

Result<void> register_one(const Context& context, const std::string& file) {
    HEARTH_TRY(text, read_text_file(file, "register"));
    HEARTH_TRY(record, record::UserRecord::parse(text));
    record.remove_sections(record::Sections::binding | record::Sections::status |
                           record::Sections::secret);
    worker::Request request = worker::plain_request("register", record.user_name());
    request.record = std::move(record);
    const std::string user = request.subject;
    HEARTH_TRY(reply, run_operation(context, std::move(request)));
    (void)reply;
    say_done("Registered the home of " + user + ".");
    return ok();
}

}  // namespace

Result<ExitStatus> run_register(Context& context) {
    HEARTH_TRY(files, sources(context));
    return for_each_argument(files,
                             [&](const std::string& file) { return register_one(context, file); });
}

Result<ExitStatus> run_unregister(Context& context) {
    return for_each_argument(context.arguments(), [&](const std::string& name) -> Result<void> {
        HEARTH_TRY(known, context.homes().find(name));
        const std::string& user = known.record.user_name();
        HEARTH_TRY(reply, run_operation(context, worker::plain_request("unregister", user)));
        (void)reply;
        say_done("Forgot the home of " + user + "; its files stay.");
        return ok();
    });
}

}  // namespace hearth::homectl
