// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/names.hpp"
#include "hosts/homectl/options/kinds.hpp"

namespace hearth::homectl {

namespace {

Result<void> set_file(const Option& option, Section /*section*/, std::string_view text,
                      Changes& changes) {
    changes.blobs().files.insert_or_assign(std::string(option.name), std::string(text));
    return ok();
}

/// No name has a "=" in it, so that paths may.
Result<void> set_files(const Option& option, Section /*section*/, std::string_view text,
                       Changes& changes) {
    const std::size_t at = text.find('=');
    if (text.empty()) {
        changes.blobs() = {.folder = "", .files = {}};
    } else if (at == std::string_view::npos) {
        changes.blobs().folder = std::string(text);
    } else {
        const std::string name(text.substr(0, at));
        if (!record::check_blob_name(name)) return bad_value(option, text);
        changes.blobs().files.insert_or_assign(name, std::string(text.substr(at + 1)));
    }
    return ok();
}

}  // namespace

const Kind kBlobFile{
    .metavar = "PATH", .accepts = "the path of a file", .convert = nullptr, .apply = set_file};

const Kind kBlobFiles{.metavar = "[NAME=]PATH",
                      .accepts =
                          "the path of a folder, or NAME=PATH of a file; a name is made of "
                          "letters, digits and - . _ ~",
                      .convert = nullptr,
                      .apply = set_files};

}  // namespace hearth::homectl
