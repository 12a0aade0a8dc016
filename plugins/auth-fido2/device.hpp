// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <fido.h>

#include <hearth/sdk/op.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plugins/shared/token_search.hpp"

namespace hearth::fido2 {

/// A security key that is plugged in, as long as its list lives.
struct DevicePlace {
    std::string path;
    std::string product;
    std::string vendor;
    const fido_dev_info_t* info;
};

class DeviceList {
  public:
    /// Errors: NO_MEMORY, IO, CANCELLED.
    static sdk::Result<DeviceList> find(sdk::Op op);
    [[nodiscard]] const std::vector<DevicePlace>& places() const { return places_; }

  private:
    struct Free {
        void operator()(fido_dev_info_t* list) const;
    };
    std::unique_ptr<fido_dev_info_t, Free> list_;
    std::vector<DevicePlace> places_;
};

/// What a key says about itself.
struct Abilities {
    bool secrets = false;       // the extension hmac-secret
    bool protects = false;      // the extension credProtect
    bool presence = true;       // can be touched
    bool verification = false;  // recognizes its owner, who has shown a finger or such to it
    bool has_pin = false;       // one has been set
    bool always_verifies = false;
    bool stores = false;  // has the option rk
};

/// An open security key.
class Device {
  public:
    /// Errors: NEED_TOKEN (it is gone), IO (no answer that makes sense), NOT_SUPPORTED (it does not
    /// speak FIDO2), NO_MEMORY.
    static sdk::Result<Device> open(const DevicePlace& place);

    [[nodiscard]] const Abilities& abilities() const { return abilities_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] fido_dev_t* handle() const { return device_.get(); }

    /// Talks to the key, which may wait for its owner, and gives FIDO_OK or FIDO_ERR_*.
    /// Errors: CANCELLED, TOKEN_TIMEOUT.
    sdk::Result<int> talk(sdk::Op op, const std::function<int(fido_dev_t*)>& call);
    /// What FIDO_ERR_* means, where a key that was pulled out is told from one that is broken.
    [[nodiscard]] sdk::Error explain(int answer, const std::string& what) const;

  private:
    struct Close {
        void operator()(fido_dev_t* device) const;
    };
    std::unique_ptr<fido_dev_t, Close> device_;
    std::string path_;
    Abilities abilities_;
};

}  // namespace hearth::fido2
