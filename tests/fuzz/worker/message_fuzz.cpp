// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/worker/message.hpp"

namespace {

using hearth::worker::Message;

void require(bool condition) {
    if (!condition) std::abort();
}

void require_same(const Message& a, const Message& b) {
    require(a.kind == b.kind && a.done == b.done && a.total == b.total);
    require(a.priority == b.priority && a.on == b.on);
    require(a.warnings.size() == b.warnings.size());
    require(a.error.has_value() == b.error.has_value());
    require(!a.error || a.error->code() == b.error->code());
}

}  // namespace

/// A worker that a plugin has damaged may send anything: the host neither falls over it nor takes
/// it for a success, and what it understands it could have sent itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::worker;
    const auto message = decode({reinterpret_cast<const char*>(data), size});
    if (!message) {
        require(message.error().id() == "worker-protocol");
        return 0;
    }
    require(!message->error || message->error->code() != hearth::Code::ok);
    const std::string sent = encode(*message);
    require(message->kind == Message::Kind::done || sent.size() <= kMaxMessage);
    const auto back = decode(sent);
    require(back.has_value());
    require_same(*message, *back);
    return 0;
}
