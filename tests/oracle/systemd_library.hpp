// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace hearth::oracle {

/// systemd's JSON functions, from its private library. For tests only: its ABI is not stable.
class SystemdLibrary {
  public:
    /// Nothing if the library is not installed; `reason` then says why.
    static std::unique_ptr<SystemdLibrary> open(std::string& reason);

    /// The normalized, compact form of JSON text; nothing if systemd refuses it.
    [[nodiscard]] std::optional<std::string> canonical(const std::string& text) const;

  private:
    struct Variant;
    using Parse = int (*)(const char* text, unsigned flags, Variant** out, unsigned* line,
                          unsigned* column);
    using Normalize = int (*)(Variant** variant);
    using Format = int (*)(Variant* variant, unsigned flags, char** out);
    using Unref = Variant* (*)(Variant* variant);

    Parse parse_ = nullptr;
    Normalize normalize_ = nullptr;
    Format format_ = nullptr;
    Unref unref_ = nullptr;
};

}  // namespace hearth::oracle
