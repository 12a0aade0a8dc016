// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/client/batch.hpp"
#include "core/home/blobs.hpp"
#include "hosts/homectl/context.hpp"
#include "hosts/homectl/many/outcomes.hpp"
#include "hosts/homectl/many/password_list.hpp"
#include "hosts/homectl/many/record_source.hpp"
#include "hosts/homectl/records/build.hpp"

namespace hearth::homectl {

/// The homes that --many asks for, made one by one into requests. What is wrong with one is told at
/// once, and the next one is made.
class Creation final : public client::Batch {
  public:
    /// All are borrowed but the passwords. `files`: what belongs to every one of the records.
    Creation(const Context& context, const record::Machine& machine, RecordSource& source,
             PasswordList passwords, const std::optional<home::BlobFiles>& files,
             Outcomes& outcomes)
        : context_(context),
          machine_(machine),
          source_(source),
          passwords_(std::move(passwords)),
          files_(files),
          outcomes_(outcomes) {}

    std::optional<Item> next() override;
    [[nodiscard]] int source_fd() const override { return source_.fd(); }
    void on_done(std::size_t number, Result<worker::Reply> result) override;

  private:
    Result<worker::Request> request_for(RecordStream::Piece piece, RecordPlace& place);
    Result<void> put_passwords(worker::Request& request, NewRecord& fresh) const;

    const Context& context_;
    const record::Machine& machine_;
    RecordSource& source_;
    PasswordList passwords_;
    const std::optional<home::BlobFiles>& files_;
    Outcomes& outcomes_;
    std::set<std::string> seen_;
    std::map<std::size_t, RecordPlace> under_way_;
};

}  // namespace hearth::homectl
