// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/client/logged.hpp"
#include "core/client/strand.hpp"
#include "core/home/root.hpp"
#include "core/worker/conversation.hpp"

namespace hearth::client {

/// An operation in a worker of our own. When the worker is lost, another one finishes or undoes
/// what it had begun on that home.
class WorkerStrand final : public Strand {
  public:
    /// Borrows `root`, and `observer`, who hears all of it. Errors: those of
    /// worker::Conversation::start().
    static Result<std::unique_ptr<Strand>> begin(const home::Root& root, worker::Request request,
                                                 worker::Observer& observer);

    [[nodiscard]] int fd() const override { return conversation_->fd(); }
    std::optional<Result<worker::Reply>> step(worker::Listener& listener) override;
    [[nodiscard]] int deadline_ms() const override { return conversation_->deadline_ms(); }
    std::optional<Result<worker::Reply>> on_deadline() override;
    void cancel() override { conversation_->cancel(); }

  private:
    WorkerStrand(const home::Root& root, worker::Request& request, worker::Observer& observer)
        : root_(root), user_(request.subject), log_(request, observer) {}
    Result<void> start(worker::Request request);
    std::optional<Result<worker::Reply>> end_or_recover(Result<worker::Reply> result);
    std::optional<Result<worker::Reply>> end(Result<worker::Reply> result) const;

    const home::Root& root_;
    std::string user_;
    std::string operation_;
    Logged log_;
    std::optional<worker::Conversation> conversation_;
    /// What is told in the end, while the home is being recovered.
    std::optional<Result<worker::Reply>> first_;
};

}  // namespace hearth::client
