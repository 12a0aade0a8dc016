// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/verbs/each.hpp"

#include "hosts/homectl/output/report.hpp"

namespace hearth::homectl {

ExitStatus for_each_argument(const std::vector<std::string>& arguments,
                             const std::function<Result<void>(const std::string&)>& act) {
    ExitStatus status = 0;
    for (const std::string& argument : arguments) {
        const Result<void> done = act(argument);
        if (done) continue;
        report(done.error());
        status = 1;
        // Ctrl-C means all of it.
        if (done.error().code() == Code::cancelled) break;
    }
    return status;
}

Result<record::UserRecord> find_record(const Context& context, const std::string& name) {
    HEARTH_TRY(machine, home::read_machine(context.root));
    HEARTH_TRY(store, home::Store::open(context.root));
    return store.find(name, machine);
}

Result<home::State> state_now(const Context& context, const record::UserRecord& record) {
    HEARTH_TRY(machine, home::read_machine(context.root));
    return home::state_of(record::Effective(record, machine), context.root);
}

Result<void> require_unlocked(const Context& context, const record::UserRecord& record) {
    HEARTH_TRY(state, state_now(context, record));
    return state == home::State::locked ? home::locked_error(record.user_name()) : ok();
}

worker::Request plain_request(std::string verb, std::string subject) {
    worker::Request request;
    request.verb = std::move(verb);
    request.subject = std::move(subject);
    return request;
}

}  // namespace hearth::homectl
