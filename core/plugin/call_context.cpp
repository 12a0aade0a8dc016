// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/call_context.hpp"

#include <syslog.h>

#include "core/plugin/code_words.hpp"

namespace hearth::plugin {
namespace {

std::string home_of(const OperationContext& op) {
    return op.user.empty() ? "the home" : "the home of " + op.user;
}

std::string as_sentence(std::string text) {
    if (text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text + ".";
}

}  // namespace

Error CallContext::broken(std::string_view function, std::string_view how) const {
    op->log(LOG_ERR, "broke its contract in " + std::string(function) + ": it " + std::string(how));
    return Error(Code::internal, "plugin-contract",
                 "The plugin " + plugin_id + " did something that a plugin must not do.")
        .why("In " + std::string(function) + " it " + std::string(how) + ".")
        .hint("This is a mistake in the plugin: report it to its maker.");
}

Result<void> CallContext::check(hearth_status status, std::string_view function) const {
    if (status == HEARTH_OK) return ok();
    if (status == kEscaped) return broken(function, "let an exception escape");
    const bool is_token = family == "auth";
    const CodeWords* words = is_token ? find_token_words(status) : find_code_words(status);
    if (words == nullptr)
        return broken(function, "returned " + std::to_string(status) + ", which is no code");
    const std::string id = std::string(family) + "-" + std::string(words->name);
    auto error = Error(static_cast<Code>(status), id,
                       std::string(words->sentence) + " (" + home_of(*op) + ", plugin " +
                           plugin_id + ", " + std::string(function) + ").");
    // What a storage says is nearer to the cause than what could be done about all that is like it.
    const bool is_said = quoted && !op->last_failure.empty();
    if (is_said) static_cast<void>(std::move(error).why(as_sentence(op->last_failure)));
    if (is_token || !is_said) static_cast<void>(std::move(error).hint(std::string(words->hint)));
    return error;
}

}  // namespace hearth::plugin
