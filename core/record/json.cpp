// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/json.hpp"

#include <iterator>
#include <vector>

#include "core/record/json_events.hpp"

namespace hearth::record {

namespace {

/// Builds the document while the gate reads.
///
/// What is inside all containers that are open waits in one list, so that each container is made at
/// its end and in its final size: records are kept in memory by the thousand.
class Builder : public JsonEvents {
  public:
    Builder() { waiting_.reserve(kUsual); }
    void begin_object() override { begin(true); }
    void begin_array() override { begin(false); }
    void key(std::string_view name) override { waiting_.emplace_back(name, Value()); }
    void end_object() override { add(Object::from_members(take_members())); }
    void end_array() override { add(take_elements()); }
    void text(std::string_view text) override { add(std::string(text)); }
    void flag(bool flag) override { add(flag); }
    void null() override { add({}); }
    void number(const JsonNumber& number) override {
        std::visit([this](auto kept) { add(Value(kept)); }, number);
    }

    /// After the end of the text, once.
    Value take() { return std::move(waiting_.front().second); }

  private:
    static constexpr std::size_t kUsual = 64;

    struct Container {
        bool is_object;
        std::size_t first;  ///< where in waiting_ its content begins
    };

    void begin(bool is_object) { open_.push_back({is_object, waiting_.size()}); }

    /// A member's name waits already; elements have none.
    void add(Value&& value) {
        if (!open_.empty() && open_.back().is_object)
            waiting_.back().second = std::move(value);
        else
            waiting_.emplace_back(std::string(), std::move(value));
    }

    Object::Members take_members() {
        const auto first = close();
        Object::Members members(std::make_move_iterator(first),
                                std::make_move_iterator(waiting_.end()));
        waiting_.erase(first, waiting_.end());
        return members;
    }

    Array take_elements() {
        const auto first = close();
        Array elements;
        elements.reserve(static_cast<std::size_t>(waiting_.end() - first));
        for (auto at = first; at != waiting_.end(); ++at) elements.push_back(std::move(at->second));
        waiting_.erase(first, waiting_.end());
        return elements;
    }

    Object::Members::iterator close() {
        const auto first = waiting_.begin() + static_cast<std::ptrdiff_t>(open_.back().first);
        open_.pop_back();
        return first;
    }

    std::vector<Container> open_;
    Object::Members waiting_;
};

}  // namespace

Result<Object> parse_json_object(std::string_view text, const JsonLimits& limits) {
    Builder builder;
    HEARTH_CHECK(scan_json(text, limits, true, builder));
    Value root = builder.take();
    return std::move(*root.object());
}

Result<Value> parse_json(std::string_view text, const JsonLimits& limits) {
    Builder builder;
    HEARTH_CHECK(scan_json(text, limits, false, builder));
    return builder.take();
}

}  // namespace hearth::record
