// SPDX-License-Identifier: LGPL-2.1-or-later
#include "authenticator.hpp"

#include <fido/err.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <utility>

#include "answer.hpp"

namespace hearth::fido2::test {

namespace {

enum Command : std::uint8_t { kMake = 1, kAsk = 2, kInfo = 4, kPin = 6 };
constexpr std::chrono::milliseconds kTick{10};

Cbor options_of(const State& state) {
    std::vector<Cbor::Member> out{{"rk", true}, {"up", state.has_presence}};
    if (state.has_sensor) out.emplace_back("uv", true);
    if (state.is_modern && state.always_verifies) out.emplace_back("alwaysUv", true);
    out.emplace_back("clientPin", !state.pin.empty());
    if (state.is_modern) {
        out.emplace_back("pinUvAuthToken", true);
        out.emplace_back("makeCredUvNotRqd", true);
    }
    return Cbor::map(std::move(out));
}

Bytes info_of(const State& state) {
    std::vector<Cbor> versions{"FIDO_2_0"};
    if (state.is_modern) versions.emplace_back("FIDO_2_1");
    std::vector<Cbor> extensions;
    if (state.has_secrets) extensions = {"credProtect", "hmac-secret"};
    std::vector<Cbor> protocols(state.protocols.begin(), state.protocols.end());
    std::vector<Cbor::Member> out{{1, Cbor::list(versions)},
                                  {2, Cbor::list(extensions)},
                                  {3, Bytes(16, 0x11)},
                                  {4, options_of(state)},
                                  {5, 1200},
                                  {6, Cbor::list(protocols)}};
    return with_status(FIDO_OK, Cbor::map(std::move(out)).encode());
}

/// "make", "ask", "silent", "pin", "info": what a script calls a command.
std::string name_of(View command) {
    if (command.empty()) return "nothing";
    if (command[0] == kInfo) return "info";
    if (command[0] == kMake) return "make";
    if (command[0] == kPin) return "pin";
    const auto request = Cbor::parse(command.subspan(1));
    return request && option(request->find(5), "up", true) ? "ask" : "silent";
}

}  // namespace

Authenticator::Authenticator(std::string path)
    : path_(std::move(path)), agreement_(KeyPair::generate(KeyPair::Kind::es256)) {}

State Authenticator::now() const {
    State out;
    if (!with_state(path_, [&](State& state) { out = state; })) throw Refusal{-1};
    return out;
}

void Authenticator::change(const std::function<void(State&)>& how) const {
    if (!with_state(path_, how)) throw Refusal{-1};
}

Answer Authenticator::handle(View command, const Waiting& wait) try {
    if (const auto step = next_step(name_of(command))) return play(*step, command, wait);
    return answer(command, wait);
} catch (const Refusal& refusal) {
    if (refusal.code < 0) return std::nullopt;
    return with_status(refusal.code);
} catch (const std::exception& error) {
    std::fprintf(stderr, "virtual token: %s\n", error.what());
    return with_status(FIDO_ERR_INVALID_CBOR);
}

std::optional<Step> Authenticator::next_step(const std::string& at) {
    std::optional<Step> out;
    change([&](State& state) {
        state.seen.push_back(at);
        const auto found =
            std::find_if(state.script.begin(), state.script.end(),
                         [&](const Step& step) { return step.at == at || step.at == "any"; });
        if (found == state.script.end()) return;
        out = *found;
        state.script.erase(found);
    });
    return out;
}

Answer Authenticator::play(const Step& step, View command, const Waiting& wait) {
    if (step.action == "error") return with_status(step.number);
    if (step.action == "garbage") return step.bytes;
    if (step.action == "silence") {
        while (wait(kTick)) {
        }
        return std::nullopt;
    }
    if (step.action == "vanish") {
        std::rename(path_.c_str(), (path_ + ".out").c_str());
        return std::nullopt;
    }
    forgets_secret_ = step.action == "no-secret";
    Bytes out = answer(command, wait);
    forgets_secret_ = false;
    if (step.action == "cut")
        out.resize(std::min(out.size(), static_cast<std::size_t>(step.number)));
    return out;
}

Bytes Authenticator::answer(View command, const Waiting& wait) {
    if (command.empty()) return with_status(FIDO_ERR_INVALID_LENGTH);
    if (command[0] == kInfo) return info_of(now());
    const auto request = Cbor::parse(command.subspan(1));
    if (!request) return with_status(FIDO_ERR_INVALID_CBOR);
    switch (command[0]) {
        case kMake:
            return make(*request, wait);
        case kAsk:
            return ask(*request, wait);
        case kPin:
            return client_pin(*request, wait);
        default:
            return with_status(FIDO_ERR_INVALID_COMMAND);
    }
}

/// Whoever has just been recognized has touched the sensor for it.
void Authenticator::need_touch(const Waiting& wait) {
    if (std::exchange(is_present_, false)) return;
    change([](State& state) { state.seen.emplace_back("touch"); });
    for (std::chrono::milliseconds passed{0};; passed += kTick) {
        const State state = now();
        if (state.is_touched && passed.count() >= state.touch_ms) return;
        if (passed.count() >= state.patience_ms) throw Refusal{FIDO_ERR_USER_ACTION_TIMEOUT};
        if (!wait(kTick)) throw Refusal{FIDO_ERR_KEEPALIVE_CANCEL};
    }
}

void Authenticator::need_finger(const Waiting& wait) {
    need_touch(wait);
    change([](State& state) {
        state.seen.emplace_back("verify");
        if (state.sensor_retries == 0) throw Refusal{FIDO_ERR_UV_BLOCKED};
        if (state.is_recognized) {
            state.sensor_retries = 3;
            return;
        }
        --state.sensor_retries;
    });
    const State state = now();
    if (!state.is_recognized)
        throw Refusal{state.sensor_retries == 0 ? FIDO_ERR_UV_BLOCKED : FIDO_ERR_UV_INVALID};
    is_present_ = true;
}

/// Is the person recognized, by a token for the PIN or by the sensor?
bool Authenticator::is_verified(const Cbor& request, int code_key, const Cbor* options,
                                const Waiting& wait) {
    if (const auto* code = request.find(code_key)) {
        const int version = static_cast<int>(request.at(code_key + 1).number());
        const auto& data = request.at(code_key == 8 ? 1 : 2).bytes();
        if (!PinProtocol::is_authentic(version, pin_token_, data, code->bytes()))
            throw Refusal{FIDO_ERR_PIN_AUTH_INVALID};
        return true;
    }
    if (!option(options, "uv", false)) return false;
    if (!now().has_sensor) throw Refusal{FIDO_ERR_UNSUPPORTED_OPTION};
    need_finger(wait);
    return true;
}

}  // namespace hearth::fido2::test
