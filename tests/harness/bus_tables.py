# SPDX-License-Identifier: LGPL-2.1-or-later
"""The interfaces of org.freedesktop.home1, as introspection tells about them.

Methods: name -> (arguments in, arguments out, notes). Properties: name -> (type, access, note on the signal of changes).
Notes: "root" for methods that only root may call.
"""

_CHANGE = "org.freedesktop.DBus.Property.EmitsChangedSignal"
_PRIVILEGED = "org.freedesktop.systemd1.Privileged"


def table_of(interface):
    """The same form of what an object tells: an <interface> element."""
    table = {}
    for method in interface.iter("method"):
        arguments = {"in": [], "out": []}
        for argument in method.iter("arg"):
            arguments[argument.get("direction")].append(f'{argument.get("type")} {argument.get("name")}')
        notes = {note.get("name"): note.get("value") for note in method.iter("annotation")}
        word = "root" if notes.get(_PRIVILEGED) == "true" else "anybody"
        table[method.get("name")] = (", ".join(arguments["in"]), ", ".join(arguments["out"]), word)
    for one in interface.iter("property"):
        notes = {note.get("name"): note.get("value") for note in one.iter("annotation")}
        table[one.get("name")] = (one.get("type"), one.get("access"), notes.get(_CHANGE, "true"))
    return table


_REAL = "s home_state, u gid, s real_name, s home_directory, s shell, o bus_path"
_RECORD = "s user_record, b incomplete, o bus_path"
_BLOBS = "s user_record, a{sh} blobs, t flags"
MANAGER = {
    "AutoLogin": ("a(sso)", "read", "true"),
    "GetHomeByName": ("s user_name", f"u uid, {_REAL}", "anybody"),
    "GetHomeByUID": ("u uid", f"s user_name, {_REAL}", "anybody"),
    "GetUserRecordByName": ("s user_name", _RECORD, "anybody"),
    "GetUserRecordByUID": ("u uid", _RECORD, "anybody"),
    "ListHomes": ("", "a(susussso) home_areas", "anybody"),
    "ActivateHome": ("s user_name, s secret", "", "anybody"),
    "ActivateHomeIfReferenced": ("s user_name, s secret", "", "anybody"),
    "DeactivateHome": ("s user_name", "", "root"),
    "RegisterHome": ("s user_record", "", "anybody"),
    "AdoptHome": ("s image_path, t flags", "", "anybody"),
    "UnregisterHome": ("s user_name", "", "anybody"),
    "CreateHome": ("s user_record", "", "anybody"),
    "CreateHomeEx": (_BLOBS, "", "anybody"),
    "RealizeHome": ("s user_name, s secret", "", "anybody"),
    "RemoveHome": ("s user_name", "", "anybody"),
    "FixateHome": ("s user_name, s secret", "", "root"),
    "AuthenticateHome": ("s user_name, s secret", "", "anybody"),
    "UpdateHome": ("s user_record", "", "anybody"),
    "UpdateHomeEx": (_BLOBS, "", "anybody"),
    "ResizeHome": ("s user_name, t size, s secret", "", "anybody"),
    "ChangePasswordHome": ("s user_name, s new_secret, s old_secret", "", "anybody"),
    "LockHome": ("s user_name", "", "root"),
    "UnlockHome": ("s user_name, s secret", "", "root"),
    "AcquireHome": ("s user_name, s secret, b please_suspend", "h send_fd", "anybody"),
    "RefHome": ("s user_name, b please_suspend", "h send_fd", "root"),
    "RefHomeUnrestricted": ("s user_name, b please_suspend", "h send_fd", "root"),
    "ReleaseHome": ("s user_name", "", "root"),
    "ListSigningKeys": ("", "a(sst) keys", "anybody"),
    "GetSigningKey": ("s name", "s pem, t flags", "anybody"),
    "AddSigningKey": ("s name, s pem, t flags", "", "anybody"),
    "RemoveSigningKey": ("s name, t flags", "", "anybody"),
    "LockAllHomes": ("", "", "root"),
    "DeactivateAllHomes": ("", "", "root"),
    "Rebalance": ("", "", "root"),
}
HOME = {
    "UserName": ("s", "read", "const"),
    "UID": ("u", "read", "true"),
    "UnixRecord": ("(suusss)", "read", "true"),
    "State": ("s", "read", "false"),
    "UserRecord": ("(sb)", "read", "invalidates"),
    "Activate": ("s secret", "", "anybody"),
    "ActivateIfReferenced": ("s secret", "", "anybody"),
    "Deactivate": ("", "", "root"),
    "Unregister": ("", "", "anybody"),
    "Realize": ("s secret", "", "anybody"),
    "Remove": ("", "", "anybody"),
    "Fixate": ("s secret", "", "root"),
    "Authenticate": ("s secret", "", "anybody"),
    "Update": ("s user_record", "", "anybody"),
    "UpdateEx": (_BLOBS, "", "anybody"),
    "Resize": ("t size, s secret", "", "anybody"),
    "ChangePassword": ("s new_secret, s old_secret", "", "anybody"),
    "Lock": ("", "", "root"),
    "Unlock": ("s secret", "", "root"),
    "Acquire": ("s secret, b please_suspend", "h send_fd", "root"),
    "Ref": ("b please_suspend", "h send_fd", "root"),
    "RefUnrestricted": ("b please_suspend", "h send_fd", "root"),
    "Release": ("", "", "root"),
}
LOG_CONTROL = {
    "LogLevel": ("s", "readwrite", "false"),
    "LogTarget": ("s", "readwrite", "false"),
    "SyslogIdentifier": ("s", "read", "false"),
}
# Calls that polkit decides about, for those who are neither root nor the owner. None: the user.
FOR_POLKIT = [
    ("ActivateHome", "ss", None, "{}"),
    ("ActivateHomeIfReferenced", "ss", None, "{}"),
    ("RegisterHome", "s", '{"userName":"bob"}'),
    ("AdoptHome", "st", "/home/bob.homedir", 0),
    ("UnregisterHome", "s", None),
    ("CreateHome", "s", '{"userName":"bob"}'),
    ("CreateHomeEx", "sa{sh}t", '{"userName":"bob"}', {}, 0),
    ("RealizeHome", "ss", None, "{}"),
    ("RemoveHome", "s", None),
    ("AuthenticateHome", "ss", None, "{}"),
    ("UpdateHome", "s", '{"userName":"ada"}'),
    ("UpdateHomeEx", "sa{sh}t", '{"userName":"ada"}', {}, 0),
    ("ResizeHome", "sts", None, 2**64 - 1, "{}"),
    ("ChangePasswordHome", "sss", None, "{}", "{}"),
]
