// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/request.hpp"

#include <utility>

namespace hearth::worker {

Request plain_request(std::string verb, std::string subject) {
    Request request;
    request.verb = std::move(verb);
    request.subject = std::move(subject);
    return request;
}

}  // namespace hearth::worker
