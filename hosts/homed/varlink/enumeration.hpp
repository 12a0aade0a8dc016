// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/service/registry.hpp"
#include "hosts/homed/varlink/interface.hpp"

namespace hearth::homed::varlink {

/// Something about all homes, some, or one, a reply after the other. Homes may come and go
/// meanwhile: what there is in the end is what there was when its turn came.
class Enumeration final : public Stream {
  public:
    /// What there is to say about a home: the parameters of any number of replies.
    using Say = std::function<void(const service::Home& home, std::deque<std::string>& replies)>;

    /// Null: there is nothing to say. Borrows the homes.
    static std::unique_ptr<Stream> of_all(const service::Registry& homes, Say say);
    static std::unique_ptr<Stream> of_group(const service::Registry& homes, std::string group,
                                            Say say);
    static std::unique_ptr<Stream> of_one(const service::Registry& homes, const std::string& user,
                                          Say say);
    bool next(std::string& out) override;

  private:
    /// Whose turn it is behind this user; null: nobody's.
    using Next = std::function<const service::Home*(std::string_view behind)>;

    Enumeration(Next next, Say say) : next_(std::move(next)), say_(std::move(say)) {}
    static std::unique_ptr<Stream> over(Next next, Say say);
    void fill();

    Next next_;
    Say say_;
    std::string last_;  // whose turn it was
    // Always one ahead: a reply tells whether it is the last.
    std::deque<std::string> replies_;
};

}  // namespace hearth::homed::varlink
