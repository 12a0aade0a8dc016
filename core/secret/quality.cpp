// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/quality.hpp"

#include <dlfcn.h>
#include <pwquality.h>
#include <string.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

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
    decltype(&pwquality_generate) generate = nullptr;
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
                          find(handle, "pwquality_generate", library->generate) &&
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

    /// cracklib refuses everything when its dictionary is missing, so ask it about something that
    /// it never minds. Nothing random: it minds one of twelve, for letters in a row.
    bool dictionary_works() {
        const auto harmless = Secret::copy_of("9w.Kf2!tRz7qLx4#Vb8mHd3+Yc6pJs1g");
        if (!harmless) return true;
        int code = 0;
        return objection(*harmless, nullptr, {}, code).empty() || code != PWQ_ERROR_CRACKLIB_CHECK;
    }

    /// Nothing: the library could not make one.
    std::optional<Secret> make() {
        constexpr int kBits = 64;
        char* text = nullptr;
        if (library_.generate(settings_, kBits, &text) < 0 || text == nullptr) return std::nullopt;
        auto copy = Secret::copy_of(text);
        ::explicit_bzero(text, std::strlen(text));
        std::free(text);  // NOLINT: the library's
        if (!copy) return std::nullopt;
        return *std::move(copy);
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

std::vector<Secret> suggest_passwords(std::size_t count) {
    std::vector<Secret> out;
    const Library* loaded = library();
    if (loaded == nullptr) return out;
    Judge by(*loaded, {});
    while (by.ready() && out.size() < count) {
        auto made = by.make();
        if (!made) break;
        out.push_back(*std::move(made));
    }
    return out;
}

}  // namespace hearth::secret
