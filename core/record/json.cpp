// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/json.hpp"

#include <vector>

#include "core/record/json_events.hpp"
#include "core/record/poco_value.hpp"

namespace hearth::record {

namespace {

/// Builds the document while the gate reads. Poco's own parser would read every text a second time,
/// and rounds large negative numbers on the way.
class Builder : public JsonEvents {
  public:
    void begin_object() override { open_.push_back({new Poco::JSON::Object, {}, {}}); }
    void begin_array() override { open_.push_back({{}, new Poco::JSON::Array, {}}); }
    void key(std::string_view name) override { open_.back().key = name; }
    void end_object() override { close(open_.back().object); }
    void end_array() override { close(open_.back().array); }
    void text(std::string_view text) override { add(std::string(text)); }
    void flag(bool flag) override { add(flag); }
    void null() override { add({}); }
    void number(const JsonNumber& number) override {
        if (const auto* negative = std::get_if<std::int64_t>(&number))
            return add(Poco::Int64{*negative});
        if (const auto* positive = std::get_if<std::uint64_t>(&number))
            return add(Poco::UInt64{*positive});
        add(std::get<double>(number));
    }

    [[nodiscard]] const Poco::Dynamic::Var& root() const { return root_; }

  private:
    struct Container {
        Poco::JSON::Object::Ptr object;
        Poco::JSON::Array::Ptr array;
        std::string key;
    };

    void add(const Poco::Dynamic::Var& value) {
        if (open_.empty())
            root_ = value;
        else if (open_.back().object)
            open_.back().object->set(open_.back().key, value);
        else
            open_.back().array->add(value);
    }

    void close(const Poco::Dynamic::Var& container) {
        open_.pop_back();
        add(container);
    }

    std::vector<Container> open_;
    Poco::Dynamic::Var root_;
};

}  // namespace

Result<Poco::JSON::Object::Ptr> parse_json_object(std::string_view text, const JsonLimits& limits) {
    Builder builder;
    HEARTH_CHECK(scan_json(text, limits, true, builder));
    return builder.root().extract<Poco::JSON::Object::Ptr>();
}

Result<Poco::Dynamic::Var> parse_var(std::string_view text, const JsonLimits& limits) {
    Builder builder;
    HEARTH_CHECK(scan_json(text, limits, false, builder));
    return builder.root();
}

Poco::JSON::Object::Ptr as_object(const Poco::Dynamic::Var& var) {
    if (var.type() == typeid(Poco::JSON::Object::Ptr))
        return var.extract<Poco::JSON::Object::Ptr>();
    if (var.type() == typeid(Poco::JSON::Object))
        return new Poco::JSON::Object(var.extract<Poco::JSON::Object>());
    return {};
}

Poco::JSON::Array::Ptr as_array(const Poco::Dynamic::Var& var) {
    if (var.type() == typeid(Poco::JSON::Array::Ptr)) return var.extract<Poco::JSON::Array::Ptr>();
    if (var.type() == typeid(Poco::JSON::Array))
        return new Poco::JSON::Array(var.extract<Poco::JSON::Array>());
    return {};
}

Poco::JSON::Object::Ptr deep_copy(const Poco::JSON::Object& object) {
    Poco::JSON::Object::Ptr copy = new Poco::JSON::Object;
    for (const auto& [name, member] : object) copy->set(name, deep_copy(member));
    return copy;
}

Poco::Dynamic::Var deep_copy(const Poco::Dynamic::Var& var) {
    if (const auto object = as_object(var)) return deep_copy(*object);
    const auto array = as_array(var);
    if (!array) return var;
    Poco::JSON::Array::Ptr copy = new Poco::JSON::Array;
    for (const auto& element : *array) copy->add(deep_copy(element));
    return copy;
}

}  // namespace hearth::record
