// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "options.hpp"
#include "rule.hpp"
#include "workplace.hpp"

namespace hearth::check {

/// Every rule there is, in the order in which they are run.
[[nodiscard]] std::vector<Rule> all_rules();

struct Result {
    const Rule* rule = nullptr;
    Outcome outcome;
    double seconds = 0;
};

/// Runs rules over one plugin. Rules whose conditions have failed are skipped, so that a mistake
/// shows where it is.
class Runner {
  public:
    Runner(const Options& options, const Subject& subject, const Workplace& workplace,
           std::string extra_record, MaskedSecret pin)
        : options_(options),
          subject_(subject),
          workplace_(workplace),
          extra_record_(std::move(extra_record)),
          pin_(std::move(pin)) {}

    Result run(const Rule& rule);

  private:
    [[nodiscard]] Outcome needs_are_met(const Rule& rule) const;
    Outcome decide(const Rule& rule);
    Outcome run_for_storage(const Rule& rule, std::size_t storage);
    Outcome run_apart(const Rule& rule, const Context& context);

    const Options& options_;
    const Subject& subject_;
    const Workplace& workplace_;
    std::string extra_record_;
    MaskedSecret pin_;
    std::map<std::string, Outcome::Kind, std::less<>> kinds_;
};

}  // namespace hearth::check
