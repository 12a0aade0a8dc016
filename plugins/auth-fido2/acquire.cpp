// SPDX-License-Identifier: LGPL-2.1-or-later
#include "acquire.hpp"

#include <algorithm>

#include "assertion.hpp"

namespace hearth::fido2 {

namespace {

struct Candidate {
    std::size_t which;
    Entry entry;
    bool has_key = false;  // one that knows it is plugged in
};

using Found = std::optional<sdk::Acquired>;

class Search {
  public:
    explicit Search(sdk::Op op) : op_(op) {}

    sdk::Result<void> parse(std::span<const char* const> entries) {
        for (std::size_t i = 0; i < entries.size(); ++i) {
            auto entry = parse_entry(entries[i]);
            if (entry)
                candidates_.push_back({i, *std::move(entry)});
            else
                HEARTH_SDK_CHECK(failures_.note(op_, std::move(entry).error()));
        }
        return sdk::ok();
    }

    sdk::Result<Found> ask_all() {
        if (candidates_.empty()) return Found();
        HEARTH_SDK_TRY(list, DeviceList::find(op_));
        is_any_there_ = !list.places().empty();
        for (const auto& place : list.places()) {
            auto device = Device::open(place);
            if (!device) {
                HEARTH_SDK_CHECK(skip(std::move(device).error()));
                continue;
            }
            if (!device->abilities().secrets) continue;
            HEARTH_SDK_TRY(found, ask(*device));
            if (found) return found;
        }
        return Found();
    }

    sdk::Error failure() {
        const bool misses_one = std::any_of(candidates_.begin(), candidates_.end(),
                                            [](const Candidate& one) { return !one.has_key; });
        const std::string text = is_any_there_ ? "none of the security keys here is the right one"
                                               : "no security key is plugged in";
        if (misses_one) failures_.add({HEARTH_E_NEED_TOKEN, text + broken_});
        if (failures_.error()) return *failures_.error();
        return {HEARTH_E_NEED_TOKEN, "the record has no entry for a security key"};
    }

  private:
    /// A device that is none must not keep anybody from being asked for the right one.
    sdk::Result<void> skip(sdk::Error error) {
        if (shared::ends_search(error)) return error;
        op_.log(6, error.text());
        if (error.code() == HEARTH_E_IO) broken_ = "; " + error.text();
        return sdk::ok();
    }

    /// All entries, of one key.
    sdk::Result<Found> ask(Device& device) {
        PinTries pins(op_, device);
        for (auto& candidate : candidates_) {
            auto secret = ask(device, candidate, pins);
            if (secret && *secret)
                return Found(sdk::Acquired{candidate.which, *std::move(*secret)});
            if (secret) continue;
            const bool is_alone = secret.error().code() == HEARTH_E_TOKEN_TIMEOUT;
            HEARTH_SDK_CHECK(failures_.note(op_, std::move(secret).error()));
            // Nobody is there, or the key is not: what else it could be asked would take as long.
            if (is_alone) break;
        }
        return Found();
    }

    /// One entry; nothing: the key does not know it.
    sdk::Result<std::optional<sdk::Secret>> ask(Device& device, Candidate& candidate,
                                                PinTries& pins) {
        auto known = may_have(op_, device, candidate.entry);
        if (!known) {
            HEARTH_SDK_CHECK(skip(std::move(known).error()));
            return std::optional<sdk::Secret>();
        }
        if (!*known) return std::optional<sdk::Secret>();
        // What one key asks for says nothing about another.
        Entry entry = candidate.entry;
        auto secret = reveal(op_, device, entry, pins);
        if (secret) return std::optional(*std::move(secret));
        candidate.has_key = candidate.has_key || secret.error().code() != HEARTH_E_NEED_TOKEN;
        return std::move(secret).error();
    }

    sdk::Op op_;
    std::vector<Candidate> candidates_;
    shared::WorstFailure failures_;
    bool is_any_there_ = false;
    std::string broken_;
};

}  // namespace

sdk::Result<sdk::Acquired> acquire(sdk::Op op, std::span<const char* const> entries) {
    HEARTH_SDK_CHECK(shared::go_on(op));
    Search search(op);
    HEARTH_SDK_CHECK(search.parse(entries));
    HEARTH_SDK_TRY(found, search.ask_all());
    if (found) return *std::move(found);
    return search.failure();
}

}  // namespace hearth::fido2
