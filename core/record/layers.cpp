// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/layers.hpp"

#include <algorithm>

#include "core/record/poco_value.hpp"
#include "core/record/pointer.hpp"
#include "core/record/schema.hpp"
#include "core/record/shape.hpp"

namespace hearth::record {

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

namespace {

Object::Ptr machine_part(const Object& document, const char* section, const Machine& machine) {
    const auto all = document.getObject(section);
    return all.isNull() ? Object::Ptr() : all->getObject(machine.id);
}

void append(Array& list, const Var& more) {
    const auto elements = as_array(more);
    if (!elements) {
        list.add(more);
        return;
    }
    for (const auto& element : *elements) list.add(element);
}

Var joined(const Var& weak, const Var& strong, bool once) {
    Array::Ptr all = new Array;
    append(*all, weak);
    append(*all, strong);
    if (!once) return all;
    Array::Ptr unique = new Array;
    std::vector<std::string> seen;
    for (const auto& element : *all) {
        auto text = to_canonical(element);
        if (std::find(seen.begin(), seen.end(), text) != seen.end()) continue;
        unique->add(element);
        seen.push_back(std::move(text));
    }
    return unique;
}

Var overlaid(const Var& weak, const Var& strong) {
    const auto below = as_object(weak);
    const auto above = as_object(strong);
    if (!below || !above) return strong;
    Object::Ptr both = new Object(*below);
    for (const auto& [name, member] : *above) both->set(name, member);
    return both;
}

/// A stronger value replaces a weaker one, but for the few fields that add up.
Var merge(const std::string& name, const Var& weak, const Var& strong) {
    if (weak.isEmpty() || strong.isEmpty()) return strong;
    if (name == "memberOf" || name == "aliases") return joined(weak, strong, true);
    if (name == "fido2HmacCredential") return joined(weak, strong, false);
    if (name == "resourceLimits") return overlaid(weak, strong);
    return strong;
}

}  // namespace

LayeredRecord::LayeredRecord(const Object& document, const Machine& machine) {
    layers_.push_back({Sections::regular, new Object(document)});
    if (const auto entries = document.getArray("perMachine"))
        for (const auto& element : *entries)
            if (const auto entry = as_object(element); entry && applies_to(*entry, machine))
                layers_.push_back({Sections::per_machine, entry});
    if (const auto binding = machine_part(document, "binding", machine))
        layers_.push_back({Sections::binding, binding});
    if (const auto status = machine_part(document, "status", machine))
        layers_.push_back({Sections::status, status});
}

Var LayeredRecord::resolve(const std::string& name) const {
    const Sections allowed = sections_of_field(name);
    Var value;
    for (const auto& layer : layers_)
        if (overlap(layer.section, allowed) && layer.members->has(name))
            value = merge(name, value, layer.members->get(name));
    return value;
}

Var LayeredRecord::own_part(Sections section) const {
    for (const auto& layer : layers_)
        if (layer.section == section) return layer.members;
    return {};
}

Var LayeredRecord::start(const std::string& name) const {
    const Sections section = section_of(name);
    if (section == Sections::regular) return resolve(name);
    if (section == Sections::secret) return {};
    if (section == Sections::binding || section == Sections::status) return own_part(section);
    return layers_.front().members->get(name);
}

std::optional<Var> LayeredRecord::find(const std::vector<std::string>& path) const {
    const auto found = follow(start(path.front()), path, 1);
    if (!found || found->isEmpty()) return {};
    return std::make_optional<Var>(*found);
}

}  // namespace hearth::record
