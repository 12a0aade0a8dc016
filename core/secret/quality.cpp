// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/quality.hpp"

#include <dlfcn.h>
#include <pwquality.h>

#include <memory>

#include "core/secret/recovery_key.hpp"

namespace hearth::secret {

namespace {

// Loaded on demand: most runs of a program never judge a password, and would pay for two more
// libraries.
struct Library {
    decltype(&pwquality_default_settings) default_settings = nullptr;
    decltype(&pwquality_free_settings) free_settings = nullptr;
    decltype(&pwquality_read_config) read_config = nullptr;
    decltype(&pwquality_set_str_value) set_str_value = nullptr;
    decltype(&pwquality_check) check = nullptr;
    decltype(&pwquality_strerror) strerror = nullptr;
};

template <typename F>
bool find(void* handle, const char* name, F& function) {
    function = reinterpret_cast<F>(dlsym(handle, name));  // NOLINT: what dlsym is for
    return function != nullptr;
}

std::unique_ptr<Library> load() {
    // Never closed: unloading buys nothing here.
    void* handle = dlopen("libpwquality.so.1", RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return nullptr;
    auto library = std::make_unique<Library>();
    const bool complete = find(handle, "pwquality_default_settings", library->default_settings) &&
                          find(handle, "pwquality_free_settings", library->free_settings) &&
                          find(handle, "pwquality_read_config", library->read_config) &&
                          find(handle, "pwquality_set_str_value", library->set_str_value) &&
                          find(handle, "pwquality_check", library->check) &&
                          find(handle, "pwquality_strerror", library->strerror);
    return complete ? std::move(library) : nullptr;
}

const Library* library() {
    static const std::unique_ptr<Library> loaded = load();
    return loaded.get();
}

class Judge {
  public:
    Judge(const Library& library, const QualityRules& rules)
        : library_(library), settings_(library.default_settings()) {
        if (settings_ == nullptr) return;
        void* where = nullptr;
        // An unreadable line in the administrator's file leaves the defaults, as it does in PAM.
        library_.read_config(settings_, nullptr, &where);
        if (!rules.dictionary.empty())
            library_.set_str_value(settings_, PWQ_SETTING_DICT_PATH, rules.dictionary.c_str());
    }
    Judge(const Judge&) = delete;
    Judge& operator=(const Judge&) = delete;
    ~Judge() {
        if (settings_ != nullptr) library_.free_settings(settings_);
    }

    [[nodiscard]] bool ready() const { return settings_ != nullptr; }

    /// Empty: good enough. Otherwise what is wrong, in words.
    std::string objection(const Secret& fresh, const char* old, const std::string& user,
                          int& code) {
        void* detail = nullptr;
        code = library_.check(settings_, fresh.c_str(), old, user.c_str(), &detail);
        if (code >= 0) return {};
        char text[PWQ_MAX_ERROR_MESSAGE_LEN];
        return library_.strerror(text, sizeof text, code, detail);
    }

    /// cracklib refuses everything when its dictionary is missing, so ask it about 256 random bits.
    bool dictionary_works() {
        auto random = make_recovery_key();
        if (!random) return true;
        int code = 0;
        random->shrink(32);
        return objection(*random, nullptr, {}, code).empty() || code != PWQ_ERROR_CRACKLIB_CHECK;
    }

  private:
    const Library& library_;
    pwquality_settings_t* settings_;
};

Error unavailable() {
    return Error(Code::backend_unavailable, "password-check-unavailable",
                 "The quality of the password cannot be checked.")
        .why("The library libpwquality.so.1 cannot be loaded.")
        .hint("Install libpwquality1, or set enforcePasswordPolicy to false for this user.");
}

Error no_dictionary() {
    return Error(Code::backend_unavailable, "password-dictionary-missing",
                 "The quality of the password cannot be checked.")
        .why("The dictionary of cracklib is missing or damaged.")
        .hint("Install cracklib-runtime, or set enforcePasswordPolicy to false for this user.");
}

Result<void> judge(Judge& by, const Secret& fresh, const char* old, const std::string& user) {
    int code = 0;
    const std::string objection = by.objection(fresh, old, user, code);
    if (objection.empty()) return ok();
    if (code == PWQ_ERROR_CRACKLIB_CHECK && !by.dictionary_works()) return no_dictionary();
    return Error(Code::invalid_argument, "password-too-weak",
                 "The new password is too easy to guess.")
        .why(objection + ".")
        .hint(
            "Choose a longer one: several unrelated words are easy to remember and hard to guess.");
}

}  // namespace

Result<void> check_quality(const Secret& fresh, std::string_view user,
                           const std::vector<Secret>& others, const QualityRules& rules) {
    const Library* loaded = library();
    if (loaded == nullptr) return unavailable();
    Judge by(*loaded, rules);
    if (!by.ready()) return unavailable();
    const std::string name(user);
    if (others.empty()) return judge(by, fresh, nullptr, name);
    for (const Secret& old : others) HEARTH_CHECK(judge(by, fresh, old.c_str(), name));
    return ok();
}

}  // namespace hearth::secret
