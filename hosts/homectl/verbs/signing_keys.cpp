// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "hosts/homectl/options/file_text.hpp"
#include "hosts/homectl/output/record_json.hpp"
#include "hosts/homectl/output/style.hpp"
#include "hosts/homectl/output/table.hpp"
#include "hosts/homectl/output/text.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"

namespace hearth::homectl {

namespace {

using record::Value;

constexpr const char* kOwnKey = "local.public";

/// What lies between the first and the last line of a PEM text, on one line.
std::string core_of(const std::string& pem) {
    std::string out;
    for (std::size_t at = 0; at < pem.size();) {
        const std::size_t end = std::min(pem.find('\n', at), pem.size());
        const std::string line = pem.substr(at, end - at);
        if (!line.starts_with("-----")) out += line;
        at = end + 1;
    }
    return out;
}

Result<std::string> pem_of(const std::vector<client::PublicKey>& keys, const std::string& name) {
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.name == name; });
    if (found != keys.end()) return found->pem;
    return Error(Code::invalid_argument, "public-key-unknown",
                 "This machine knows no key that is called " + clean(name) + ".")
        .hint("See the keys that there are with: homectl list-signing-keys");
}

Error no_name() {
    return Error(Code::invalid_argument, "key-name-missing",
                 "It is not said what the key shall be called.")
        .hint("Name it, as in: homectl add-signing-key --key-name=work.public");
}

Error one_name(std::size_t count) {
    return Error(Code::invalid_argument, "key-name-needless",
                 "One name cannot be that of " + std::to_string(count) + " keys.")
        .hint("Leave --key-name= out: the keys get the names of their files.");
}

Result<std::string> name_of(const Context& context, const std::string& file) {
    const std::string& name = context.settings().key_name;
    if (!name.empty()) return name;
    if (file == "-") return no_name();
    return file.substr(file.rfind('/') + 1);
}

}  // namespace

Result<ExitStatus> run_list_signing_keys(Context& context) {
    const Settings& settings = context.settings();
    const bool json = settings.json != JsonMode::off;
    HEARTH_TRY(keys, context.homes().keys());
    Table table({{"NAME", "name"}, {"KEY", "key"}});
    for (const auto& key : keys)
        table.add({{Value(key.name)}, {Value(json ? key.pem : core_of(key.pem))}});
    if (json) {
        print_json(table.json(settings.json));
        return 0;
    }
    if (table.size() > 0) print(table.text(settings.legend, stdout_has_colours()));
    if (!settings.legend) return 0;
    const std::string count = std::to_string(table.size());
    print(table.size() == 0   ? "No signing keys.\n"
          : table.size() == 1 ? "\n1 signing key listed.\n"
                              : "\n" + count + " signing keys listed.\n");
    return 0;
}

Result<ExitStatus> run_get_signing_key(Context& context) {
    HEARTH_TRY(keys, context.homes().keys());
    std::vector<std::string> names = context.arguments();
    if (names.empty()) names.emplace_back(kOwnKey);
    return for_each_argument(names, [&](const std::string& name) -> Result<void> {
        HEARTH_TRY(pem, pem_of(keys, name));
        print(pem.ends_with('\n') ? pem : pem + "\n");
        return ok();
    });
}

Result<ExitStatus> run_add_signing_key(Context& context) {
    std::vector<std::string> files = context.arguments();
    if (files.empty()) files.emplace_back("-");
    if (files.size() > 1 && !context.settings().key_name.empty()) return one_name(files.size());
    return for_each_argument(files, [&](const std::string& file) -> Result<void> {
        HEARTH_TRY(name, name_of(context, file));
        HEARTH_TRY(pem, read_text_file(file, "add-signing-key"));
        HEARTH_CHECK(context.homes().add_key({name, pem}));
        say_done("Homes that the key " + name + " signed are accepted now.");
        return ok();
    });
}

Result<ExitStatus> run_remove_signing_key(Context& context) {
    return for_each_argument(context.arguments(), [&](const std::string& name) -> Result<void> {
        HEARTH_CHECK(context.homes().remove_key(name));
        say_done("Homes that the key " + name + " signed are accepted no more.");
        return ok();
    });
}

}  // namespace hearth::homectl
