// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/logged.hpp"

#include <syslog.h>
#include <unistd.h>

#include <memory>

#include "core/system/clock.hpp"
#include "core/worker/operation_id.hpp"

namespace hearth::client {

namespace {

/// Where there is no journal, who wants to see it asks for it on the terminal.
void write_to_journal(const system::LogEntry& entry) {
    static const system::Journal journal("homectl");
    [[maybe_unused]] const bool written = journal.write(entry);
}

worker::OperationLog::About about(worker::Request& request, worker::Observer& observer) {
    name_operation(request, observer);
    return {request.operation, request.verb, request.subject, ::getuid()};
}

}  // namespace

void name_operation(worker::Request& request, worker::Observer& observer) {
    request.operation = worker::new_operation_id();
    observer.on_log(LOG_DEBUG,
                    "operation " + request.operation + ": " + request.verb + " " + request.subject);
}

Logged::Logged(worker::Request& request, worker::Observer& observer)
    : observer_(observer),
      begin_usec_(system::monotonic_usec()),
      // It outlives us.
      log_(about(request, observer), write_to_journal,
           std::shared_ptr<worker::Listener>(std::shared_ptr<void>(), &observer)) {
    log_.begun();
}

void Logged::ended(const Result<worker::Reply>& result) const {
    log_.ended(result, system::monotonic_usec() - begin_usec_);
}

}  // namespace hearth::client
