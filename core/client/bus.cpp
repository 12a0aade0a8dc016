// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/bus.hpp"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "core/client/bus_error.hpp"

namespace hearth::client {

namespace {

constexpr const char* kName = "org.freedesktop.home1";
constexpr const char* kBusName = "org.freedesktop.DBus";
constexpr const char* kDefaultSocket = "/run/dbus/system_bus_socket";
constexpr BusMethod kHasOwner{"/org/freedesktop/DBus", kBusName, "NameHasOwner"};
constexpr BusMethod kStart{"/org/freedesktop/DBus", kBusName, "StartServiceByName"};

/// Cheaper than loading a library to find out: without its socket there is no bus. Addresses of
/// another kind are left to the library.
bool may_be_there() {
    const char* const address = ::secure_getenv("DBUS_SYSTEM_BUS_ADDRESS");
    if (address == nullptr) return ::access(kDefaultSocket, F_OK) == 0;
    constexpr std::string_view kPath = "unix:path=";
    const std::string_view text = address;
    if (!text.starts_with(kPath)) return true;
    const std::string_view path = text.substr(kPath.size());
    return ::access(std::string(path.substr(0, path.find_first_of(",;"))).c_str(), F_OK) == 0;
}

class ErrorOfBus {
  public:
    explicit ErrorOfBus(const BusLibrary& library) : library_(library) {}
    ErrorOfBus(const ErrorOfBus&) = delete;
    ErrorOfBus& operator=(const ErrorOfBus&) = delete;
    ~ErrorOfBus() { library_.error_free(&error_); }
    sd_bus_error* get() { return &error_; }
    [[nodiscard]] Error made(int result) const {
        if (error_.name == nullptr) return unreachable(std::string(::strerror(-result)) + ".");
        return error_of_bus(error_.name, error_.message == nullptr ? "" : error_.message);
    }

  private:
    const BusLibrary& library_;
    sd_bus_error error_ = SD_BUS_ERROR_NULL;
};

}  // namespace

Error Bus::no_message() {
    return Error(Code::internal, "service-refused", "A message to the service cannot be written.");
}

Result<Bus> Bus::open(bool may_ask) {
    if (!may_be_there()) return unreachable("No system bus runs here.");
    const BusLibrary* const library = BusLibrary::find();
    if (library == nullptr) return unreachable("The library for it, libsystemd, is not installed.");
    sd_bus* connection = nullptr;
    if (const int r = library->open_system(&connection); r < 0)
        return unreachable("The system bus does not answer: " + std::string(::strerror(-r)) + ".");
    Bus bus(library, connection, may_ask);
    HEARTH_CHECK(bus.start_service());
    return bus;
}

/// The bus knows whether it runs, without asking it. One that was started by hand may be unknown to
/// what starts services.
Result<void> Bus::start_service() {
    HEARTH_TRY(question, begin(kHasOwner, kBusName));
    if (library_->message_append(question.get(), "s", kName) < 0) return no_message();
    int runs = 0;
    const auto answer = send(kHasOwner, std::move(question));
    if (answer && read(*answer, "b", &runs) && runs != 0) return ok();
    HEARTH_TRY(message, begin(kStart, kBusName));
    if (library_->message_append(message.get(), "su", kName, 0U) < 0) return no_message();
    HEARTH_TRY(started, send(kStart, std::move(message)));
    (void)started;
    return ok();
}

Result<Bus::Message> Bus::begin(const BusMethod& method, const char* destination) {
    sd_bus_message* made = nullptr;
    const int r = library_->message_new_method_call(bus_.get(), &made,
                                                    destination == nullptr ? kName : destination,
                                                    method.path, method.interface, method.name);
    if (r < 0) return no_message();
    Message message(made, Drop{library_});
    library_->message_set_interactive(made, may_ask_ ? 1 : 0);
    return message;
}

Result<Bus::Message> Bus::send(const BusMethod& method, Message message) {
    ErrorOfBus error(*library_);
    sd_bus_message* reply = nullptr;
    const int r = library_->call(bus_.get(), message.get(), method.patience, error.get(), &reply);
    if (r < 0) return error.made(r);
    if (method.sensitive) library_->message_sensitive(reply);
    return Message(reply, Drop{library_});
}

}  // namespace hearth::client
