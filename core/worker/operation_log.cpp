// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/operation_log.hpp"

#include <syslog.h>

namespace hearth::worker {

namespace {

/// A wrong password is nobody's fault here; a plugin that crashes is.
int priority_of(const Result<Reply>& result) {
    if (result) return LOG_INFO;
    return result.error().code() == Code::internal ? LOG_ERR : LOG_NOTICE;
}

}  // namespace

const char* outcome_of(const Result<Reply>& result) {
    if (result) return "ok";
    return result.error().code() == Code::cancelled ? "cancelled" : "failed";
}

void OperationLog::on_progress(const std::string& step, std::uint64_t done, std::uint64_t total) {
    if (next_) next_->on_progress(step, done, total);
}

void OperationLog::on_log(unsigned priority, const std::string& line) {
    sink_(entry(static_cast<int>(priority & LOG_PRIMASK), line, "log"));
    if (next_) next_->on_log(priority, line);
}

void OperationLog::begun() const {
    sink_(entry(LOG_DEBUG, about_.verb + " of the home of " + about_.home + " begins.", "begin"));
}

void OperationLog::ended(const Result<Reply>& result, std::uint64_t usec) const {
    std::string text = about_.verb + " of the home of " + about_.home + ": ";
    text += result ? "done." : result.error().one_line();
    system::LogEntry told = entry(priority_of(result), std::move(text), "end");
    told.fields.emplace_back("HEARTH_RESULT", outcome_of(result));
    told.fields.emplace_back("HEARTH_DURATION_USEC", std::to_string(usec));
    if (!result) told.fields.emplace_back("HEARTH_ERROR", result.error().id());
    sink_(told);
}

system::LogEntry OperationLog::entry(int priority, std::string text, const char* event) const {
    system::LogEntry out{priority, std::move(text), {}};
    out.fields = {{"HEARTH_OPERATION", about_.operation},
                  {"HEARTH_VERB", about_.verb},
                  {"HEARTH_HOME", about_.home},
                  {"HEARTH_EVENT", event}};
    if (about_.caller) out.fields.emplace_back("HEARTH_CALLER_UID", std::to_string(*about_.caller));
    return out;
}

}  // namespace hearth::worker
