// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/record/machine.hpp"
#include "core/worker/request.hpp"
#include "hosts/homectl/options/settings.hpp"
#include "hosts/homectl/output/table.hpp"
#include "hosts/homectl/run/progress.hpp"

namespace hearth::homectl {

/// Which record of many.
struct RecordPlace {
    std::size_t number = 0;
    std::size_t line = 0;
    /// "": it is not known whose it is.
    std::string user;
};

/// Tells what became of each of many homes: as one line for all on a terminal, in a line each
/// otherwise, or as JSON; and at the end what failed. Hears the operations, of which it shows the
/// log alone, and that only when it shall be verbose.
class Outcomes final : public Progress {
  public:
    /// Borrows all.
    Outcomes(const Settings& settings, const record::Machine& machine, int cancel_fd);

    void begun();
    void created(const RecordPlace& place, const worker::Reply& reply);
    void failed(const RecordPlace& place, const Error& error);
    /// The total, and a table of what failed. Was all well?
    bool finish();

    void on_progress(const std::string& step, std::uint64_t done, std::uint64_t total) override;
    [[nodiscard]] bool is_listening() const override { return settings_.verbose; }

  private:
    void show();
    void print_created(const RecordPlace& place, const worker::Reply& reply);
    void print_object(const record::Object& object);
    [[nodiscard]] std::string total() const;

    const Settings& settings_;
    const record::Machine& machine_;
    bool one_line_;
    std::size_t begun_ = 0;
    std::size_t created_ = 0;
    /// In the order of the records: the rows of the table.
    std::map<std::size_t, std::vector<Cell>> failures_;
};

}  // namespace hearth::homectl
