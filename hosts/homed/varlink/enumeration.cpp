// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/enumeration.hpp"

#include "hosts/homed/varlink/reply.hpp"

namespace hearth::homed::varlink {

std::unique_ptr<Stream> Enumeration::over(Next next, Say say) {
    std::unique_ptr<Enumeration> stream(new Enumeration(std::move(next), std::move(say)));
    stream->fill();
    if (stream->replies_.empty()) return nullptr;
    return stream;
}

std::unique_ptr<Stream> Enumeration::of_all(const service::Registry& homes, Say say) {
    return over(
        [&all = homes.homes()](std::string_view behind) {
            const auto home = all.upper_bound(behind);
            return home == all.end() ? nullptr : home->second.get();
        },
        std::move(say));
}

std::unique_ptr<Stream> Enumeration::of_group(const service::Registry& homes, std::string group,
                                              Say say) {
    return over([&homes, group = std::move(group)](
                    std::string_view behind) { return homes.next_in_group(group, behind); },
                std::move(say));
}

std::unique_ptr<Stream> Enumeration::of_one(const service::Registry& homes, const std::string& user,
                                            Say say) {
    return over(
        [&all = homes.homes(), user](std::string_view behind) {
            const auto home = behind.empty() ? all.find(user) : all.end();
            return home == all.end() ? nullptr : home->second.get();
        },
        std::move(say));
}

/// Until there is a reply, or no home any more.
void Enumeration::fill() {
    while (replies_.empty()) {
        const service::Home* const home = next_(last_);
        if (home == nullptr) return;
        say_(*home, replies_);
        last_ = home->user_name();
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
