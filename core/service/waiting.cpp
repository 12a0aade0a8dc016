// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/waiting.hpp"

#include <utility>

namespace hearth::service {

bool Waiting::add(Rank rank, Turn turn) {
    if (rank == Rank::client && first_.size() >= kMostClients) return false;
    if (rank == Rank::stranger && last_.size() >= kMostStrangers) return false;
    (rank == Rank::stranger ? last_ : first_).push_back(std::move(turn));
    return true;
}

Waiting::Turn Waiting::next() {
    std::deque<Turn>& from = first_.empty() ? last_ : first_;
    Turn turn = std::move(from.front());
    from.pop_front();
    return turn;
}

}  // namespace hearth::service
