// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/many/outcomes.hpp"

#include <unistd.h>

#include <utility>

#include "core/record/effective.hpp"
#include "core/record/json.hpp"
#include "hosts/homectl/output/record_json.hpp"
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/output/style.hpp"
#include "hosts/homectl/output/text.hpp"
#include "hosts/homectl/run/success.hpp"

namespace hearth::homectl {

namespace {

using record::Object;
using record::Value;

Object object_of(const RecordPlace& place, const char* result) {
    Object object;
    object.set("record", static_cast<std::uint64_t>(place.number));
    object.set("line", static_cast<std::uint64_t>(place.line));
    if (!place.user.empty()) object.set("userName", place.user);
    object.set("result", result);
    return object;
}

Object object_of(const Error& error) {
    Object object;
    object.set("id", error.id());
    object.set("what", error.what());
    if (!error.why().empty()) object.set("why", error.why());
    if (!error.hint().empty()) object.set("hint", error.hint());
    return object;
}

std::string homes(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " home" : " homes");
}

}  // namespace

Outcomes::Outcomes(const Settings& settings, const record::Machine& machine, int cancel_fd)
    : Progress(cancel_fd, settings.verbose),
      settings_(settings),
      machine_(machine),
      one_line_(::isatty(STDOUT_FILENO) != 0 && !settings.verbose) {}

void Outcomes::begun() {
    ++begun_;
    show();
}

void Outcomes::created(const RecordPlace& place, const worker::Reply& reply) {
    ++created_;
    print_created(place, reply);
    for (const std::string& warning : reply.warnings) {
        erase();
        notice(place.user + ": " + warning);
    }
    show();
}

void Outcomes::print_created(const RecordPlace& place, const worker::Reply& reply) {
    if (!reply.record) return;
    if (settings_.json != JsonMode::off) {
        Object object = object_of(place, "created");
        const record::Effective effective(*reply.record, machine_);
        if (const auto uid = effective.number("uid")) object.set("uid", *uid);
        if (const auto storage = effective.text("storage")) object.set("storage", *storage);
        object.set("homeDirectory", effective.home_directory());
        print_object(object);
    } else if (!one_line_) {
        erase();
        say_done("Created the home of " + place.user + created_details(*reply.record, machine_) +
                 ".");
    }
}

void Outcomes::failed(const RecordPlace& place, const Error& error) {
    if (settings_.json != JsonMode::off) {
        Object object = object_of(place, "failed");
        object.set("error", object_of(error));
        print_object(object);
    }
    failures_[place.number] = {{Value(static_cast<std::uint64_t>(place.number))},
                               {place.user.empty() ? Value() : Value(place.user)},
                               {Value(error.one_line() + " [" + error.id() + "]")}};
    show();
}

/// One line for each, so that a reader knows where one ends.
void Outcomes::print_object(const Object& object) {
    erase();
    print_json(record::to_canonical(object) + "\n");
}

/// The steps of several operations at once say nothing.
void Outcomes::on_progress(const std::string& /*step*/, std::uint64_t /*done*/,
                           std::uint64_t /*total*/) {}

void Outcomes::show() {
    if (!settings_.verbose) Progress::on_progress(total(), 0, 0);
}

std::string Outcomes::total() const {
    const std::size_t failed = failures_.size();
    const std::size_t under_way = begun_ > created_ + failed ? begun_ - created_ - failed : 0;
    std::string text = "Created " + homes(created_);
    if (under_way > 0) text += ", " + std::to_string(under_way) + " under way";
    if (failed > 0) text += ", " + std::to_string(failed) + " failed";
    return text + ".";
}

bool Outcomes::finish() {
    erase();
    const bool json = settings_.json != JsonMode::off;
    if (!json) say_done(total());
    if (failures_.size() == 0) return true;
    if (json) return false;
    notice(homes(failures_.size()) + " of " + std::to_string(failures_.size() + created_) +
           " could not be created:");
    Table table({{"RECORD", "record", true}, {"USER", "user"}, {"ERROR", "error"}});
    for (auto& [number, row] : failures_) table.add(std::move(row));
    std::string text = table.text(settings_.legend, stderr_has_colours());
    text.pop_back();
    print_error_line(text);
    return false;
}

}  // namespace hearth::homectl
