// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/enumeration.hpp"

#include "hosts/homed/varlink/reply.hpp"

namespace hearth::homed::varlink {

std::unique_ptr<Stream> Enumeration::unless_empty(std::unique_ptr<Enumeration> stream) {
    if (stream->replies_.empty()) return nullptr;
    return stream;
}

std::unique_ptr<Stream> Enumeration::of_all(const service::Registry& homes, Say say) {
    std::unique_ptr<Enumeration> all(new Enumeration(homes, std::move(say)));
    all->fill();
    return unless_empty(std::move(all));
}

std::unique_ptr<Stream> Enumeration::of_one(const service::Registry& homes, const std::string& user,
                                            Say say) {
    std::unique_ptr<Enumeration> one(new Enumeration(homes, std::move(say)));
    one->only_one_ = true;
    if (const auto home = homes.homes().find(user); home != homes.homes().end())
        one->say_(*home->second, one->replies_);
    return unless_empty(std::move(one));
}

/// Until there is a reply, or no home any more.
void Enumeration::fill() {
    if (only_one_) return;
    const auto& homes = homes_.homes();
    auto home = last_.empty() ? homes.begin() : homes.upper_bound(last_);
    for (; replies_.empty() && home != homes.end(); ++home) {
        say_(*home->second, replies_);
        last_ = home->first;
    }
}

bool Enumeration::next(std::string& out) {
    const std::string reply = std::move(replies_.front());
    replies_.pop_front();
    fill();
    const bool continues = !replies_.empty();
    append_reply(out, reply, continues);
    return continues;
}

}  // namespace hearth::homed::varlink
