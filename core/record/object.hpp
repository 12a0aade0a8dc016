// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::record {

class Value;

/// A JSON object: members sorted bytewise by name at all times, each name once.
///
/// Copies are deep. Pointers and references to a member hold until the next member is added or
/// removed. Include value.hpp to do anything with it: as long as Value is incomplete, nothing here
/// may look into the members, not even inline.
class Object {
  public:
    using Member = std::pair<std::string, Value>;
    using Members = std::vector<Member>;

    Object() = default;
    /// Sorts them; their names must differ. Many members come in faster like this than one by one.
    static Object from_members(Members members);

    [[nodiscard]] bool empty() const;
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool contains(std::string_view name) const { return find(name) != nullptr; }

    /// Null if there is no such member.
    [[nodiscard]] const Value* find(std::string_view name) const;
    [[nodiscard]] Value* find(std::string_view name);
    /// A null value if there is no such member.
    [[nodiscard]] const Value& get(std::string_view name) const;
    /// The member if it is an object, otherwise null.
    [[nodiscard]] Object* find_object(std::string_view name);

    /// Adds the member or replaces its value, and gives access to it.
    Value& set(std::string_view name, Value value);
    void remove(std::string_view name);
    /// Removes the members whose name the test accepts.
    template <typename Test>
    void remove_if(Test test) {
        std::erase_if(members_, [&test](const auto& member) { return test(member.first); });
    }

    [[nodiscard]] Members::const_iterator begin() const;
    [[nodiscard]] Members::const_iterator end() const;

    bool operator==(const Object& other) const;

  private:
    Members members_;
};

}  // namespace hearth::record
