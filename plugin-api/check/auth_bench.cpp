// SPDX-License-Identifier: MIT
#include "auth_bench.hpp"

#include <deque>

#include "core/plugin/secret_handle.hpp"

namespace hearth::check {
namespace {

struct Listing {
    std::vector<ShownDevice> devices;
    hearth_status answer = HEARTH_OK;
    bool is_damaged = false;
};

hearth_status take_device(void* context, const hearth_device* device) {
    auto& listing = *static_cast<Listing*>(context);
    if (device == nullptr || device->struct_size < sizeof *device || device->id == nullptr ||
        *device->id == '\0')
        listing.is_damaged = true;
    else
        listing.devices.push_back({device->id, device->features});
    return listing.answer;
}

hearth_status take_entry(void* context, const hearth_bytes* bytes) {
    if (bytes == nullptr || bytes->ptr == nullptr) return HEARTH_E_INVALID_ARGUMENT;
    static_cast<std::string*>(context)->assign(static_cast<const char*>(bytes->ptr), bytes->len);
    return HEARTH_OK;
}

record::UserRecord plain_record() {
    return record::UserRecord::parse(R"({"userName":"checked","disposition":"regular"})").value();
}

/// What the plugin fills in. Behind it is memory that nobody may touch, or else some that nobody
/// misses: a plugin that writes too far is to fail in its own rule only.
template <typename T>
class Output {
  public:
    Output(T value, bool is_guarded) : own_(value) {
        if (is_guarded) there_ = GuardedMemory::copy_of(own_);
    }
    T* get() { return there_; }
    T& operator*() { return *there_; }

  private:
    T own_;
    char slack_[256] = {};
    T* there_ = &own_;
};

/// Of those that say something about homes an authentication plugin knows nothing.
bool is_about_homes(hearth_status status) {
    return status >= HEARTH_E_HOME_ABSENT && status <= HEARTH_E_RECOVER_AT_OPEN &&
           status != HEARTH_E_BACKEND_UNAVAILABLE;
}

}  // namespace

AuthBench::AuthBench(const hearth_auth& table, const MaskedSecret& pin, Breaches& breaches,
                     const Person& person)
    : table_(table),
      breaches_(breaches),
      guards_outputs_(person.guards_outputs),
      record_(plain_record()),
      view_(record_, {kMachineId, "checked"}) {
    if (person.knows_pin) secrets_.pins.push_back(pin.reveal());
    secrets_.permissions = person.permits;
    context_.op_id = 1;
    context_.user = "checked";
    context_.secrets = &secrets_;
    context_.pins_visible = true;
    context_.cancel_fd = person.cancel_fd;
    Tap::instance().start_operation(&breaches, {&pin});
}

AuthBench::~AuthBench() {
    Tap::instance().end_of_loan();
}

Did AuthBench::broke(Breach kind, std::string text) {
    breaches_.add(kind, text);
    return {Did::kBroken, std::move(text)};
}

template <typename... Parameters, typename... Arguments>
Did AuthBench::call(const char* name,
                    hearth_status (*hearth_auth::*member)(hearth_op*, Parameters...),
                    Arguments... arguments) {
    Tap::instance().forget();
    hearth_status status = HEARTH_OK;
    try {
        status = (table_.*member)(context_.handle(), arguments...);
    } catch (...) {
        return broke(Breach::exception, std::string(name) + " lets an exception out");
    }
    if (is_about_homes(status))
        return broke(Breach::code, std::string(name) + " gives " + name_of_code(status) +
                                       ", which is about homes");
    return judge_status(breaches_, name, status);
}

/// Who looks at it when the operation has ended is to fail in the rule about that, and there only.
const char* AuthBench::lend(const std::string& text) {
    static std::deque<std::string> kept;
    return Tap::instance().lend(kept.emplace_back(text).c_str(), text.size());
}

Did AuthBench::judge_secret(const char* name, Did did, hearth_secret* raw, TokenSecret& out) {
    out.secret = plugin::adopt(raw);
    if (did.ok() && (out.secret == nullptr || out.secret->empty()))
        return broke(Breach::result, std::string(name) + " succeeds without a secret");
    if (!did.ok() && !did.broken() && out.secret != nullptr)
        return broke(Breach::result, std::string(name) + " fails and leaves a secret");
    return did;
}

Did AuthBench::list_devices(std::vector<ShownDevice>& out, hearth_status answer) {
    Listing listing{{}, answer, false};
    auto did = call("list_devices", &hearth_auth::list_devices, &take_device,
                    static_cast<void*>(&listing));
    out = std::move(listing.devices);
    if (listing.is_damaged)
        return broke(Breach::result, "list_devices shows a device without an id");
    return did;
}

Did AuthBench::enroll(const std::string& device, hearth_flags flags, TokenSecret& out) {
    Output<hearth_secret*> raw(nullptr, guards_outputs_);
    auto did = call("enroll", &hearth_auth::enroll, view_.handle(), lend(device), flags,
                    &take_entry, static_cast<void*>(&out.entry), raw.get());
    did = judge_secret("enroll", std::move(did), *raw, out);
    if (!did.ok()) return did;
    const auto entry = record::Value::parse(out.entry);
    if (!entry || !out.entry.starts_with('{'))
        return broke(Breach::result, "enroll succeeds without an entry in JSON");
    if (out.entry.find("hashedPassword") != std::string::npos)
        return broke(Breach::result, "enroll hashes the secret itself, which is for the host");
    return did;
}

Did AuthBench::acquire(const std::vector<std::string>& entries, TokenSecret& out) {
    std::vector<const char*> texts;
    for (const auto& entry : entries) texts.push_back(lend(entry));
    Output<hearth_secret*> raw(nullptr, guards_outputs_);
    Output<std::size_t> which(SIZE_MAX, guards_outputs_);
    auto did =
        call("acquire", &hearth_auth::acquire, view_.handle(),
             static_cast<const char* const*>(texts.data()), texts.size(), which.get(), raw.get());
    out.which = *which;
    did = judge_secret("acquire", std::move(did), *raw, out);
    if (did.ok() && out.which >= entries.size())
        return broke(Breach::result, "acquire names an entry that it was not given");
    return did;
}

}  // namespace hearth::check
