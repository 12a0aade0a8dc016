// SPDX-License-Identifier: LGPL-2.1-or-later
// uhid-key FILE
//
// Plugs the virtual security key in FILE into the kernel, as a USB device would be, until it is
// ended or the key vanishes. Programs find it below /dev/hidraw*. Says "ready" when the kernel
// knows it.
#include <fcntl.h>
#include <linux/uhid.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "authenticator.hpp"
#include "core/base/unique_fd.hpp"

namespace {

using hearth::fido2::test::Authenticator;
using hearth::fido2::test::Bytes;
using hearth::fido2::test::View;

// The FIDO page and its usage; 64 bytes in, 64 bytes out.
constexpr std::array<std::uint8_t, 34> kDescriptor = {
    0x06, 0xd0, 0xf1, 0x09, 0x01, 0xa1, 0x01, 0x09, 0x20, 0x15, 0x00, 0x26,
    0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x81, 0x02, 0x09, 0x21, 0x15, 0x00,
    0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x91, 0x02, 0xc0};
constexpr std::size_t kReport = 64;
constexpr std::size_t kFirst = 57;  // bytes of a message in its first report
constexpr std::size_t kNext = 59;
enum HidCommand : std::uint8_t {
    kPing = 0x01,
    kInit = 0x06,
    kCbor = 0x10,
    kCancel = 0x11,
    kKeepAlive = 0x3b,
    kError = 0x3f
};
constexpr std::uint8_t kIsFirst = 0x80;
constexpr std::uint8_t kInvalidCommand = 1;
constexpr std::uint8_t kWantsTouch = 2;
constexpr int kKeepAliveMs = 100;

/// A message as far as it has come.
struct Message {
    std::array<std::uint8_t, 4> channel{};
    std::uint8_t command = 0;
    std::size_t size = 0;
    Bytes data;
    [[nodiscard]] bool is_whole() const { return command != 0 && data.size() >= size; }
};

class UhidKey {
  public:
    explicit UhidKey(const char* path)
        : key_(path), file_(::open("/dev/uhid", O_RDWR | O_CLOEXEC)) {}

    bool plug_in() {
        uhid_event event{};
        event.type = UHID_CREATE2;
        auto& create = event.u.create2;
        std::snprintf(reinterpret_cast<char*>(create.name), sizeof create.name,
                      "Hearth virtual key");
        std::copy(kDescriptor.begin(), kDescriptor.end(), create.rd_data);
        create.rd_size = kDescriptor.size();
        create.bus = 3;  // USB
        create.vendor = 0x1209;
        create.product = 0xf1d0;
        return send(event);
    }

    void serve() {
        while (read_event(-1))
            if (message_.is_whole()) answer();
    }

  private:
    bool send(const uhid_event& event) {
        return ::write(file_.get(), &event, sizeof event) == static_cast<ssize_t>(sizeof event);
    }

    /// False: the kernel has nothing within that time.
    bool read_event(int ms) {
        pollfd wait{file_.get(), POLLIN, 0};
        uhid_event event{};
        if (::poll(&wait, 1, ms) <= 0 || ::read(file_.get(), &event, sizeof event) <= 0)
            return false;
        if (event.type != UHID_OUTPUT) return true;
        // Some drivers put the number of the report, which there is none of, in front.
        const std::size_t skip = event.u.output.size == kReport + 1 ? 1 : 0;
        take(View(event.u.output.data + skip, event.u.output.size - skip));
        return true;
    }

    void take(View report) {
        if (report.size() < 7) return;
        if ((report[4] & kIsFirst) == 0) {
            message_.data.insert(message_.data.end(), report.begin() + 5, report.end());
        } else {
            const auto command = static_cast<std::uint8_t>(report[4] & ~kIsFirst);
            if (command == kCancel) {
                is_cancelled_ = true;
                return;
            }
            message_ = {};
            std::copy_n(report.begin(), 4, message_.channel.begin());
            message_.command = command;
            message_.size = static_cast<std::size_t>(report[5] << 8U | report[6]);
            message_.data.assign(report.begin() + 7, report.end());
        }
        if (message_.is_whole()) message_.data.resize(message_.size);
    }

    void answer() {
        const Message asked = std::exchange(message_, {});
        channel_ = asked.channel;
        is_cancelled_ = false;
        if (asked.command == kInit) return reply(kInit, greeting(asked.data));
        if (asked.command == kPing) return reply(kPing, asked.data);
        if (asked.command != kCbor) return reply(kError, {kInvalidCommand});
        int passed = 0;
        const auto said = key_.handle(asked.data, [&](std::chrono::milliseconds time) {
            const int ms = static_cast<int>(time.count());
            if ((passed += ms) % kKeepAliveMs < ms) reply(kKeepAlive, {kWantsTouch});
            while (!is_cancelled_ && read_event(ms)) {
            }
            return !is_cancelled_;
        });
        if (!said) std::exit(0);  // it was pulled out
        reply(kCbor, *said);
    }

    Bytes greeting(const Bytes& nonce) {
        Bytes out = nonce;
        for (const std::uint8_t byte :
             std::array<std::uint8_t, 9>{0, 0, 0, ++channels_, 2, 1, 0, 0, 0x0c})
            out.push_back(byte);
        return out;
    }

    void reply(std::uint8_t command, const Bytes& data) {
        std::size_t at = 0;
        for (std::uint8_t number = 0; at < data.size() || at == 0; ++number) {
            Bytes report(channel_.begin(), channel_.end());
            const bool is_first = at == 0;
            if (is_first) {
                report.push_back(static_cast<std::uint8_t>(command | kIsFirst));
                report.push_back(static_cast<std::uint8_t>(data.size() >> 8U));
                report.push_back(static_cast<std::uint8_t>(data.size()));
            } else {
                report.push_back(static_cast<std::uint8_t>(number - 1));
            }
            const std::size_t size = std::min(is_first ? kFirst : kNext, data.size() - at);
            report.insert(report.end(), data.begin() + static_cast<std::ptrdiff_t>(at),
                          data.begin() + static_cast<std::ptrdiff_t>(at + size));
            at += std::max<std::size_t>(size, 1);
            put(report);
        }
    }

    void put(const Bytes& report) {
        uhid_event event{};
        event.type = UHID_INPUT2;
        event.u.input2.size = kReport;
        std::copy(report.begin(), report.end(), event.u.input2.data);
        send(event);
    }

    Authenticator key_;
    hearth::UniqueFd file_;
    Message message_;
    std::array<std::uint8_t, 4> channel_{};
    std::uint8_t channels_ = 0;
    bool is_cancelled_ = false;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return 2;
    UhidKey key(arguments[1]);
    if (!key.plug_in()) {
        std::perror("uhid-key: /dev/uhid");
        return 1;
    }
    std::puts("ready");
    std::fflush(stdout);
    key.serve();
    return 0;
}
