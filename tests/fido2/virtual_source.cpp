// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the devices of a test build come from: each file NAME.json in the folder that
// HEARTH_TEST_FIDO2 says, or in /run/hearth-test-fido2, is a token that is plugged in.
#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "authenticator.hpp"
#include "plugins/auth-fido2/device_source.hpp"

namespace hearth::fido2 {

namespace {

using test::Bytes;

enum HidCommand : std::uint8_t { kInit = 0x06, kCbor = 0x10, kCancel = 0x11 };
constexpr std::uint8_t kCanCbor = 0x04;

/// A token that somebody talks to: one thread asks, and another may cancel.
class Line {
  public:
    explicit Line(std::string path) : path_(path), token_(std::move(path)) {}

    int send(std::uint8_t command, test::View data) {
        const std::lock_guard lock(mutex_);
        if (command == kCancel) {
            is_cancelled_ = true;
            changed_.notify_all();
            return 0;
        }
        command_ = command;
        data_.assign(data.begin(), data.end());
        is_cancelled_ = false;
        return 0;
    }

    int receive(std::uint8_t command, std::span<unsigned char> room, int ms) {
        if (command != command_) return -1;
        const auto answer = command == kInit ? greeting() : token_.handle(data_, waiting(ms));
        if (!answer || answer->size() > room.size()) return -1;
        std::copy(answer->begin(), answer->end(), room.begin());
        return static_cast<int>(answer->size());
    }

  private:
    /// The nonce, a channel, and what the token can do.
    [[nodiscard]] test::Answer greeting() const {
        if (!std::filesystem::exists(path_)) return std::nullopt;
        Bytes out = data_;
        for (const std::uint8_t byte :
             std::array<std::uint8_t, 9>{0, 0, 0, 1, 2, 1, 0, 0, kCanCbor})
            out.push_back(byte);
        return out;
    }
    test::Waiting waiting(int ms) {
        const auto end = ms < 0 ? std::chrono::steady_clock::time_point::max()
                                : std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
        return [this, end](std::chrono::milliseconds time) {
            std::unique_lock lock(mutex_);
            if (std::chrono::steady_clock::now() >= end) return false;
            return !changed_.wait_for(lock, time, [this] { return is_cancelled_; });
        };
    }

    std::string path_;
    test::Authenticator token_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint8_t command_ = 0;
    Bytes data_;
    bool is_cancelled_ = false;
};

void* open_line(const char* path) try {
    return std::filesystem::exists(path) ? new Line(path) : nullptr;
} catch (...) {
    return nullptr;
}

void close_line(void* line) {
    delete static_cast<Line*>(line);
}

int read_nothing(void* /*line*/, unsigned char* /*out*/, std::size_t /*size*/, int /*ms*/) {
    return -1;
}

int write_nothing(void* /*line*/, const unsigned char* /*data*/, std::size_t /*size*/) {
    return -1;
}

int send(fido_dev_t* device, std::uint8_t command, const unsigned char* data,
         std::size_t size) try {
    return static_cast<Line*>(fido_dev_io_handle(device))->send(command, {data, size});
} catch (...) {
    return -1;
}

int receive(fido_dev_t* device, std::uint8_t command, unsigned char* out, std::size_t size,
            int ms) try {
    return static_cast<Line*>(fido_dev_io_handle(device))->receive(command, {out, size}, ms);
} catch (...) {
    return -1;
}

std::vector<std::string> plugged_in() {
    const char* folder = std::getenv("HEARTH_TEST_FIDO2");
    std::vector<std::string> out;
    std::error_code none;
    for (const auto& file : std::filesystem::directory_iterator(
             folder == nullptr ? "/run/hearth-test-fido2" : folder, none))
        if (file.path().extension() == ".json") out.push_back(file.path().string());
    std::sort(out.begin(), out.end());
    return out;
}

int put(fido_dev_info_t* list, std::size_t at, const std::string& path) {
    const fido_dev_io_t io{open_line, close_line, read_nothing, write_nothing};
    const fido_dev_transport_t transport{receive, send};
    test::State state;
    try {
        test::with_state(path, [&](test::State& found) { state = found; });
    } catch (const std::exception&) {
        return FIDO_ERR_INTERNAL;
    }
    return fido_dev_info_set(list, at, path.c_str(), state.vendor.c_str(), state.product.c_str(),
                             &io, &transport);
}

}  // namespace

int find_devices(fido_dev_info_t* list, std::size_t most, std::size_t* found) {
    *found = 0;
    for (const auto& path : plugged_in())
        if (*found < most && put(list, *found, path) == FIDO_OK) ++*found;
    return FIDO_OK;
}

}  // namespace hearth::fido2
