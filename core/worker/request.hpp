// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/home/blobs.hpp"
#include "core/home/neighbours.hpp"
#include "core/record/user_record.hpp"
#include "core/secret/secrets.hpp"

namespace hearth::worker {

/// One operation, as a host asks a worker for it.
struct Request {
    /// create, activate, deactivate, authenticate, repair, update, passwd, resize, lock, unlock,
    /// rebalance, remove, adopt, fixate, register, unregister, recover. Of a service also acquire:
    /// a reference to the home, opened as far as it is closed.
    std::string verb;
    /// The user; for adopt the absolute path of the image (below the root); for recover ""
    /// (everything).
    std::string subject;
    /// Names the operation in every log (see operation_id.hpp); "": whoever runs it gives it a
    /// name.
    std::string operation;
    /// create, register and update: the record as it should become, unsigned or signed; the worker
    /// adds binding and signature. fixate: what is known of the home before it is open: names, and
    /// a binding with storage, image path and UID.
    std::optional<record::UserRecord> record;
    /// What may open the home: candidate passwords and so on.
    secret::Secrets secrets;
    /// create and passwd: the new password(s); the worker hashes them.
    std::vector<secret::Secret> new_passwords;
    /// create and update: the secrets of those entries in the record that have no hash yet
    /// (recovery keys as text, of tokens the raw bytes), in the order in which they stand there.
    std::vector<secret::Secret> new_keys;
    /// passwd and create: accept what the password policy would refuse (create: also in the
    /// record).
    bool skip_quality = false;
    /// rebalance: bytes. resize: bytes; 0: as small as possible; UINT64_MAX - 1: as large as
    /// possible; UINT64_MAX: as the record says.
    std::uint64_t size = UINT64_MAX;
    /// resize: a share of the largest possible size instead, of 2^32-1, which is all of it.
    std::optional<std::uint64_t> size_share;
    /// deactivate: the home keeps its size, whatever its record says: for the end of a machine's
    /// run.
    bool keep_size = false;
    /// deactivate: whoever uses the home, because what it is kept on was pulled out. One that is
    /// still there is refused.
    bool forced = false;
    /// create: the home has its record on this machine already, and gets what it is kept in.
    bool realize = false;
    /// update: the host's record alone; the home follows when it is opened.
    bool offline = false;
    /// Use up one of the attempts that the home's record allows. A service counts those of
    /// strangers itself, so that they cannot keep the owner out.
    bool counted = true;
    /// Of a service: nobody wants to hear what happens meanwhile. Telling it wakes two processes.
    bool silent = false;
    /// acquire: the home may be locked while the machine sleeps.
    bool please_suspend = false;
    /// create, register and update: the files that belong to the record, all of them; the worker
    /// reads them. Nothing: they stay as they are.
    std::optional<home::BlobFiles> blobs;
    /// create and register, of a service, which knows the other homes: what of them such a record
    /// could collide with. Nothing: the worker reads all records.
    std::optional<home::Neighbours> neighbours;
};

/// A request of nothing but a verb and whose home it is about.
[[nodiscard]] Request plain_request(std::string verb, std::string subject);

struct Reply {
    /// The record after the operation, with binding and status; never with secrets.
    std::optional<record::UserRecord> record;
    /// Things that went wrong without being the goal, in words for people.
    std::vector<std::string> warnings;
};

}  // namespace hearth::worker
