// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <functional>

namespace hearth::service {

/// What waits until the operation on one home is over: first come, first served, but that those who
/// may be anybody come last, and are few. So nobody can keep the owner waiting by asking often.
class Waiting {
  public:
    using Turn = std::function<void()>;
    enum class Rank {
        service,   ///< what the service has to do anyway: never too many
        client,    ///< root, or the owner of the home
        stranger,  ///< anybody
    };

    static constexpr std::size_t kMostClients = 100;
    static constexpr std::size_t kMostStrangers = 10;

    /// False: too many wait already.
    [[nodiscard]] bool add(Rank rank, Turn turn);
    /// Whose turn it is. Not for an empty one.
    Turn next();
    [[nodiscard]] bool empty() const { return first_.empty() && last_.empty(); }

  private:
    std::deque<Turn> first_;
    std::deque<Turn> last_;
};

}  // namespace hearth::service
