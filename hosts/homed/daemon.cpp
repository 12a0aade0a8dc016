// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/daemon.hpp"

#include <syslog.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include <csignal>
#include <utility>

#include "core/home/blob_folder.hpp"
#include "core/home/store.hpp"
#include "core/plugin/registry.hpp"
#include "hosts/homed/log.hpp"
#include "hosts/homed/varlink/serve.hpp"

namespace hearth::homed {

namespace {

/// How often to look whether all is done, and for how long: 30 s.
constexpr std::uint64_t kLookUsec = 50'000;
constexpr unsigned kMostLooks = 600;

/// Whenever a disk is divided, so that plugins may come and go.
bool can_rebalance(const std::string& storage) {
    const auto plugins = plugin::Registry::scan_for(plugin::default_folders(), storage);
    const auto found = plugins.find_storage(storage);
    return found && found->manifest->has("rebalance");
}

}  // namespace

Daemon::Daemon(std::unique_ptr<EventLoop> loop, std::unique_ptr<SystemBus> bus,
               record::Machine machine)
    : loop_(std::move(loop)),
      bus_(std::move(bus)),
      service_(home::Root(), std::move(machine), *loop_, bus_->events()) {}

Result<std::unique_ptr<Daemon>> Daemon::start() {
    HEARTH_TRY(loop, EventLoop::open());
    HEARTH_TRY(machine, home::read_machine(home::Root()));
    HEARTH_TRY(bus, SystemBus::connect(loop->event(), log_entry));
    std::unique_ptr<Daemon> daemon(new Daemon(std::move(loop), std::move(bus), std::move(machine)));
    HEARTH_CHECK(daemon->open());
    return daemon;
}

/// The name on the bus comes last: who sees it may ask.
Result<void> Daemon::open() {
    watch_files();
    HEARTH_CHECK(service_.start());
    drop_files_of_strangers();
    if (auto watched = homes_->start(); !watched) log_problem(watched.error());
    service_.when_record_goes([this] { homes_->look_everywhere_soon(); });
    bus_->log().on_level = set_log_level;
    HEARTH_CHECK(bus_->serve(service_));
    relay_ = std::make_unique<Relay>(service_, bus_->access(), bus_->senders());
    HEARTH_CHECK(relay_->start(bus_->bus()));
    machine_ = std::make_unique<MachineWatch>(service_, bus_->bus());
    if (auto heard = machine_->start(); !heard) log_problem(heard.error());
    HEARTH_TRY(users, varlink::serve(*loop_, service_));
    users_ = std::move(users);
    watch_signals();
    service_.divide_among(can_rebalance);
    devices_ = std::make_unique<DeviceWatch>(service_);
    if (auto watched = devices_->start(); !watched) log_problem(watched.error());
    HEARTH_CHECK(bus_->announce());
    return ok();
}

/// The service does its work without noticing what others do, too.
void Daemon::watch_files() {
    auto records = RecordWatch::start(service_);
    if (records)
        records_ = std::move(records).value();
    else
        log_problem(records.error());
    homes_ = std::make_unique<HomeWatch>(service_);
}

/// What belonged to records that went while nobody looked. A damaged record is still one.
void Daemon::drop_files_of_strangers() {
    const auto store = home::Store::open(service_.root());
    const auto names = store ? store->names() : Result<std::vector<std::string>>(store.error());
    if (names) home::BlobFolder::remove_unknown(service_.root(), *names);
}

void Daemon::watch_signals() {
    signals_.push_back(loop_->on_signal(SIGUSR1, [this] { homes_->look_everywhere(); }));
    for (const int number : {SIGTERM, SIGINT})
        signals_.push_back(loop_->on_signal(number, [this] { end(); }));
    sd_event_set_watchdog(loop_->event(), 1);
}

Result<void> Daemon::run() {
    sd_notify(0, "READY=1");
    log_line(LOG_INFO,
             "Ready. Homes known: " + std::to_string(service_.homes().homes().size()) + ".");
    return loop_->run();
}

/// Homes stay as they are. Operations are waited for: what is not done is undone by the next start.
void Daemon::end() {
    if (ending_) return;
    sd_notify(0, "STOPPING=1");
    service_.hold_division(true);
    end_when_done();
}

void Daemon::end_when_done() {
    if (!service_.is_working() || ++looks_ > kMostLooks) return loop_->stop();
    ending_ = loop_->after(kLookUsec, [this] { end_when_done(); });
}

}  // namespace hearth::homed
