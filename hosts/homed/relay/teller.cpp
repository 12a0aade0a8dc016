// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/relay/teller.hpp"

#include "core/worker/message.hpp"
#include "hosts/homed/relay/session.hpp"

namespace hearth::homed {

void Teller::on_progress(const std::string& step, std::uint64_t done, std::uint64_t total) {
    const auto session = session_.lock();
    if (!session) return;
    worker::Message message;
    message.kind = worker::Message::Kind::progress;
    message.step = step;
    message.done = done;
    message.total = total;
    session->tell(message);
}

void Teller::on_log(unsigned priority, const std::string& line) {
    const auto session = session_.lock();
    if (!session || !with_log_) return;
    worker::Message message;
    message.kind = worker::Message::Kind::log;
    message.priority = priority;
    message.text = line;
    session->tell(message);
}

}  // namespace hearth::homed
