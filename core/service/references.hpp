// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/home/root.hpp"
#include "core/service/loop.hpp"

namespace hearth::service {

/// Who uses a home: every user of it holds the writing end of a FIFO, and the kernel tells when the
/// last one is gone, however it went. The FIFOs lie in /run/systemd/home until the home is closed,
/// so that a service that starts again finds them, and knows what is still to be closed.
class References {
  public:
    using Gone = std::function<void()>;

    /// A new reference: the end that the client keeps. `gone` is called when the last reference to
    /// the home was closed. `please_suspend`: the client asked for the home to be locked while the
    /// machine sleeps. Errors: reference-fifo.
    Result<UniqueFd> add(const home::Root& root, Loop& loop, const std::string& user,
                         bool please_suspend, Gone gone);
    /// The users of whose references an earlier run of the service has left something.
    static std::set<std::string> left_behind(const home::Root& root);
    /// Finds the references of clients that outlived the service. Errors: reference-fifo.
    /// `gone` is called at once if all of them ended meanwhile. False: there were none.
    Result<bool> restore(const home::Root& root, Loop& loop, const std::string& user,
                         const Gone& gone);
    /// Removes the FIFOs of a home that is closed, or gone.
    void remove(const home::Root& root, const std::string& user);

    [[nodiscard]] bool any() const { return please_.reader || dont_.reader; }
    /// Did all who use it ask for it to be locked while the machine sleeps, and is there one?
    [[nodiscard]] bool may_suspend() const { return please_.reader && !dont_.reader; }

  private:
    struct Side {
        UniqueFd reader;
        std::unique_ptr<Loop::Handle> watch;
        void close() {
            watch.reset();
            reader.reset();
        }
    };
    Result<void> listen(Side& side, const std::string& path, Loop& loop, const Gone& gone);
    Side& side(bool please_suspend) { return please_suspend ? please_ : dont_; }

    Side please_;
    Side dont_;
};

}  // namespace hearth::service
