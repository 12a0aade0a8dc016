// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/tokens/enroll.hpp"

#include <syslog.h>

#include "core/plugin/auth.hpp"
#include "core/plugin/loader.hpp"
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/output/style.hpp"
#include "hosts/homectl/output/table.hpp"
#include "hosts/homectl/output/text.hpp"
#include "hosts/homectl/run/cancel_signals.hpp"
#include "hosts/homectl/tokens/kinds.hpp"

namespace hearth::homectl {

namespace {

using record::Value;

/// What the plugin says besides errors, which are shown when they are known whole.
void tell(int priority, std::string_view text) {
    if (priority == LOG_WARNING || priority == LOG_NOTICE) notice(text);
}

/// One kind of tokens, loaded into this process.
class Kind {
  public:
    static Result<std::unique_ptr<Kind>> load(const std::string& name) {
        HEARTH_TRY(found, find_kind(name));
        HEARTH_TRY(plugin,
                   plugin::load(*found.entry, plugin::host_table(HEARTH_ROLE_CLIENT, "homectl")));
        HEARTH_TRY(table, plugin::auth_table(*plugin, found.manifest->name));
        return std::make_unique<Kind>(found, *table);
    }
    Kind(const plugin::Registry::Auth& found, const hearth_auth& table)
        : manifest_(*found.manifest), provider_(table, found.entry->manifest->id, context_) {
        if (!found.entry->builtin) return;
        provider_.quote();
        context_.on_log = tell;
    }

    [[nodiscard]] const plugin::AuthManifest& manifest() const { return manifest_; }
    Result<std::vector<plugin::Device>> devices() {
        const CancelSignals signals;
        context_.cancel_fd = signals.fd();
        return provider_.list_devices();
    }
    Result<plugin::Enrolled> enroll(const plugin::RecordView& view, const std::string& device,
                                    hearth_flags flags, const secret::Secrets& secrets) {
        const CancelSignals signals;
        context_.cancel_fd = signals.fd();
        context_.user = view.record().user_name();
        context_.secrets = &secrets;
        auto enrolled = provider_.enroll(view, device, flags);
        context_.secrets = nullptr;
        return enrolled;
    }

  private:
    const plugin::AuthManifest& manifest_;
    plugin::OperationContext context_;
    plugin::AuthProvider provider_;
};

Error none_there(const std::string& kind) {
    return Error(Code::need_token, "token-none", "No token of the kind " + kind + " is there.")
        .hint("Plug it in, and try again.");
}

Error several(const std::string& kind, std::size_t count) {
    return Error(Code::invalid_argument, "token-ambiguous",
                 "There are " + std::to_string(count) + " tokens of the kind " + kind + ".")
        .hint("Name one of them: \"list\" in the place of \"auto\" shows them.");
}

/// "auto" is the only one that there is.
Result<std::string> choose_device(Kind& kind, const std::string& wish) {
    if (wish != "auto") return wish;
    HEARTH_TRY(devices, kind.devices());
    const std::string& name = kind.manifest().name;
    if (devices.empty()) return none_there(name);
    if (devices.size() > 1) return several(name, devices.size());
    return devices[0].id;
}

hearth_flags flags_of(const TokenChanges& changes) {
    hearth_flags flags = 0;
    if (changes.with_pin.value_or(true)) flags |= HEARTH_ENROLL_PIN;
    if (changes.with_pin == true) flags |= HEARTH_ENROLL_PIN_REQUIRED;
    if (changes.with_presence.value_or(true)) flags |= HEARTH_ENROLL_PRESENCE;
    if (changes.with_verification.value_or(false)) flags |= HEARTH_ENROLL_VERIFICATION;
    return flags;
}

/// What the plugin sees of the record: with what is wanted of the new token alone, which the record
/// itself does not keep.
Result<record::UserRecord> lend(const record::UserRecord& record, const TokenChanges& changes) {
    record::UserRecord lent = record.clone();
    if (!changes.algorithm.empty())
        HEARTH_CHECK(lent.set("fido2CredentialAlgorithm", changes.algorithm));
    return lent;
}

/// Asks again as long as the token wants something that its owner can give.
Result<plugin::Enrolled> enroll_one(Kind& kind, const plugin::RecordView& view,
                                    const std::string& device, const TokenChanges& changes,
                                    Dialogue& dialogue) {
    for (;;) {
        HEARTH_TRY(secrets, dialogue.token_secrets());
        auto enrolled = kind.enroll(view, device, flags_of(changes), secrets);
        if (enrolled) return enrolled;
        HEARTH_TRY(helped, dialogue.help_token(enrolled.error()));
        if (!helped) return enrolled;
    }
}

}  // namespace

Result<std::vector<NewKey>> enroll_tokens(record::UserRecord& record,
                                          const record::Machine& machine,
                                          const TokenChanges& changes, Dialogue& dialogue) {
    std::vector<NewKey> keys;
    for (const auto& wish : changes.enroll) {
        HEARTH_TRY(kind, Kind::load(wish.kind));
        HEARTH_TRY(device, choose_device(*kind, wish.device));
        HEARTH_TRY(lent, lend(record, changes));
        const plugin::RecordView view(lent, machine);
        HEARTH_TRY(enrolled, enroll_one(*kind, view, device, changes, dialogue));
        HEARTH_CHECK(add_entry(record, kind->manifest(), enrolled.entry));
        keys.push_back({field_of(kind->manifest()), std::move(enrolled.secret)});
    }
    return keys;
}

Result<void> print_devices(const std::string& wanted) {
    HEARTH_TRY(kind, Kind::load(wanted));
    HEARTH_TRY(devices, kind->devices());
    Table table({{"DEVICE", "device"}, {"LABEL", "label"}, {"VENDOR", "vendor"}});
    for (const auto& device : devices)
        table.add({{Value(device.id)}, {Value(device.label)}, {Value(device.vendor)}});
    if (devices.empty())
        print("No tokens of the kind " + kind->manifest().name + ".\n");
    else
        print(table.text(true, stdout_has_colours()));
    return ok();
}

void print_tokens(const record::UserRecord& record) {
    Table table({{"TOKEN", "token"}, {"ID", "id"}});
    for (const auto& token : tokens_of(record))
        table.add({{Value(token.name)}, {Value(token.label)}});
    print(table.size() == 0 ? "No tokens.\n" : table.text(true, stdout_has_colours()));
}

}  // namespace hearth::homectl
