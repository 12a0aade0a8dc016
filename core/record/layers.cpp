// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/layers.hpp"

#include <algorithm>

#include "core/record/pointer.hpp"
#include "core/record/schema.hpp"
#include "core/record/shape.hpp"

namespace hearth::record {

namespace {

const Value* machine_part(const Object& document, const char* section, const Machine& machine) {
    const auto* all = document.get(section).object();
    const auto* mine = all ? all->find(machine.id) : nullptr;
    return mine && mine->object() ? mine : nullptr;
}

void append(Array& list, const Value& more) {
    if (const auto* elements = more.array())
        list.insert(list.end(), elements->begin(), elements->end());
    else
        list.push_back(more);
}

/// Keeps the first of equal elements.
Array without_repeats(Array list) {
    Array unique;
    for (auto& element : list)
        if (std::find(unique.begin(), unique.end(), element) == unique.end())
            unique.push_back(std::move(element));
    return unique;
}

Array joined(const Value& weak, const Value& strong) {
    Array all;
    append(all, weak);
    append(all, strong);
    return all;
}

Value overlaid(const Value& weak, const Value& strong) {
    const auto* below = weak.object();
    const auto* above = strong.object();
    if (!below || !above) return strong;
    Object both = *below;
    for (const auto& [name, member] : *above) both.set(name, member);
    return both;
}

bool adds_up(std::string_view name) {
    return name == "memberOf" || name == "aliases" || name == "fido2HmacCredential" ||
           name == "resourceLimits";
}

Value sum(std::string_view name, const Value& weak, const Value& strong) {
    if (name == "resourceLimits") return overlaid(weak, strong);
    if (name == "fido2HmacCredential") return joined(weak, strong);
    return without_repeats(joined(weak, strong));
}

}  // namespace

LayeredRecord::LayeredRecord(const Object& document, const Machine& machine)
    : document_(document),
      binding_(machine_part(document, "binding", machine)),
      status_(machine_part(document, "status", machine)) {
    layers_.push_back({Sections::regular, &document});
    if (const auto* entries = document.get("perMachine").array())
        for (const auto& element : *entries)
            if (const auto* entry = element.object(); entry && applies_to(*entry, machine))
                layers_.push_back({Sections::per_machine, entry});
    if (binding_) layers_.push_back({Sections::binding, binding_->object()});
    if (status_) layers_.push_back({Sections::status, status_->object()});
}

/// A stronger value replaces a weaker one, but for the few fields that add up.
const Value* LayeredRecord::resolve(const std::string& name, Value& made) const {
    const Sections allowed = sections_of_field(name);
    const bool adding = adds_up(name);
    const Value* found = nullptr;
    for (const auto& layer : layers_) {
        const Value* stronger =
            overlap(layer.section, allowed) ? layer.members->find(name) : nullptr;
        if (!stronger) continue;
        if (adding && found && !found->is_null() && !stronger->is_null()) {
            made = sum(name, *found, *stronger);
            found = &made;
        } else {
            found = stronger;
        }
    }
    return found;
}

const Value* LayeredRecord::start(const std::string& name, Value& made) const {
    switch (section_of(name)) {
        case Sections::regular:
            return resolve(name, made);
        case Sections::secret:
            return nullptr;
        case Sections::binding:
            return binding_;
        case Sections::status:
            return status_;
        default:
            return document_.find(name);
    }
}

std::optional<Value> LayeredRecord::find(const std::vector<std::string>& path) const {
    Value made;
    const Value* found = follow(start(path.front(), made), path, 1);
    if (!found || found->is_null()) return {};
    if (found == &made) return made;
    return *found;
}

}  // namespace hearth::record
