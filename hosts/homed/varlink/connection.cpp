// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace hearth::homed::varlink {

namespace {

constexpr std::size_t kChunk = 4096;

/// Of a call that can be made again later.
bool is_later() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

Connection::Connection(UniqueFd fd, Peer peer, const Surroundings& surroundings,
                       std::function<void()> on_end)
    : fd_(std::move(fd)),
      peer_(peer),
      surroundings_(surroundings),
      on_end_(std::move(on_end)),
      heard_at_(++surroundings.clock) {
    watch_for(Watched::readable);
}

void Connection::end() {
    // The call destroys this object and all that it has.
    const auto on_end = std::move(on_end_);
    on_end();
}

void Connection::on_readable() {
    if (receive() == Step::over) return end();
    go_on();
}

void Connection::go_on() {
    got_ahead_ = false;
    if (answer() == Step::over || send() == Step::over) return end();
    if (got_ahead_) heard_at_ = ++surroundings_.clock;
    const bool is_busy = waiting() > 0 || stream_ || has_message();
    if (!is_busy && (says_no_more_ || input_.size() > kMaxCall)) return end();
    watch_for(is_busy ? Watched::writable : Watched::readable);
    set_deadline(is_busy);
}

Connection::Step Connection::receive() {
    const std::size_t had = input_.size();
    input_.resize(had + kChunk);
    const ssize_t got = ::recv(fd_.get(), input_.data() + had, kChunk, MSG_DONTWAIT);
    input_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0) return is_later() ? Step::go_on : Step::over;
    says_no_more_ = got == 0;
    return Step::go_on;
}

/// As long as there is room for answers; the rest when the client has read some.
Connection::Step Connection::answer() {
    output_.erase(0, std::exchange(sent_, 0));
    while (waiting() < surroundings_.limits.waiting_bytes) {
        if (stream_) {
            if (!stream_->next(output_)) stream_.reset();
            continue;
        }
        const auto message = next_message();
        if (!message) break;
        const auto call = parse_call(*message);
        if (!call) {
            // What was asked before that is answered.
            static_cast<void>(send());
            return Step::over;
        }
        stream_ = surroundings_.router.call(*call, peer_, output_);
    }
    drop_taken_part();
    return Step::go_on;
}

std::optional<std::string_view> Connection::next_message() {
    const std::size_t end = input_.find('\0', searched_);
    if (end == std::string::npos) {
        searched_ = input_.size();
        return std::nullopt;
    }
    const auto message = std::string_view(input_).substr(taken_, end - taken_);
    taken_ = searched_ = end + 1;
    got_ahead_ = true;
    return message;
}

void Connection::drop_taken_part() {
    searched_ -= taken_;
    input_.erase(0, std::exchange(taken_, 0));
}

Connection::Step Connection::send() {
    while (waiting() > 0) {
        const ssize_t sent =
            ::send(fd_.get(), output_.data() + sent_, waiting(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) return is_later() ? Step::go_on : Step::over;
        sent_ += static_cast<std::size_t>(sent);
        got_ahead_ = true;
    }
    sent_ = 0;
    output_.clear();
    // One long answer is no reason to keep its room for as long as the client stays; but while more
    // parts of it come, they need the same.
    if (!stream_ && output_.capacity() > surroundings_.limits.waiting_bytes)
        output_.shrink_to_fit();
    return Step::go_on;
}

/// Room to write is watched for also when nothing waits to be read: it comes in the next round, and
/// others have their turn before that.
void Connection::watch_for(Watched what) {
    if (what == watched_) return;
    watched_ = what;
    watch_.reset();
    watch_ = what == Watched::readable
                 ? surroundings_.loop.watch(fd_.get(), [this] { on_readable(); })
                 : surroundings_.loop.watch_writable(fd_.get(), [this] { go_on(); });
}

/// The rest of a message has to come within a time, however it trickles; a client that reads gets
/// the time anew.
void Connection::set_deadline(bool is_busy) {
    // A client has to read also before all the room is taken: the kernel says when it has.
    Awaited now = is_busy ? Awaited::reader : Awaited::nothing;
    if (!is_busy && !input_.empty()) now = Awaited::rest_of_message;
    if (now == awaited_ && (now == Awaited::nothing || !got_ahead_)) return;
    awaited_ = now;
    deadline_.reset();
    const Limits& limits = surroundings_.limits;
    if (now == Awaited::nothing) return;
    deadline_ = surroundings_.loop.after(
        now == Awaited::reader ? limits.reading_usec : limits.message_usec, [this] { end(); });
}

}  // namespace hearth::homed::varlink
