// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "hosts/homectl/options/option.hpp"

namespace hearth::homectl {

/// The kinds of arguments, by what they are made of: each has a sentence for people and a check.

extern const Kind kBool;
extern const Kind kSize;
extern const Kind kSpan;
extern const Kind kTimestamp;
extern const Kind kUmask;
extern const Kind kAccessMode;
extern const Kind kNice;
extern const Kind kWeight;
extern const Kind kNumber32;
extern const Kind kNumber64;
extern const Kind kNumber;
extern const Kind kSectorSize;
extern const Kind kUid;

extern const Kind kText;
extern const Kind kRealName;
extern const Kind kRealm;
extern const Kind kPath;
extern const Kind kShellPath;
extern const Kind kDate;
extern const Kind kTimezone;
extern const Kind kFileName;
extern const Kind kStorage;
extern const Kind kFileSystem;
extern const Kind kResizeMode;
extern const Kind kCifsService;

extern const Kind kBlobFile;
extern const Kind kBlobFiles;

extern const Kind kAlgorithm;
extern const Kind kTokenDevice;
extern const Kind kAnyToken;
extern const Kind kTokenNumber;
extern const Kind kRecoveryKey;
extern const Kind kRecoveryFile;
extern const Kind kWithPin;
extern const Kind kWithPresence;
extern const Kind kWithVerification;

extern const Kind kNameList;
extern const Kind kTextList;
extern const Kind kCapabilities;
extern const Kind kEnvironment;
extern const Kind kLanguages;
extern const Kind kSshKeys;
extern const Kind kDiskSize;
extern const Kind kMemoryLimit;
extern const Kind kRebalance;
extern const Kind kResourceLimit;

/// A name that every system accepts: ASCII letters, digits, "_" and "-", at most 31, not beginning
/// with a digit or "-".
[[nodiscard]] bool is_strict_name(std::string_view name);
/// An absolute path without "//", ".", "..", colons and control characters; a trailing slash is
/// taken off before.
[[nodiscard]] bool is_record_path(std::string_view path);
/// One component of a path, with no leading dot.
[[nodiscard]] bool is_file_name(std::string_view name);

}  // namespace hearth::homectl
