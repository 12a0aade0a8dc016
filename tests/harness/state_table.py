# SPDX-License-Identifier: LGPL-2.1-or-later
"""What may be done with a home in each of its states: the table of org.freedesktop.home1, as clients see it.

A cell is an error's name, or `ok` and after > the state that follows. `waits`: it is answered when what runs is over.
"""

STATES = ("unfixated", "absent", "inactive", "active", "lingering", "busy", "locked", "dirty")
_ROWS = """
Activate               ok>active      HomeAbsent     ok>active           HomeAlreadyActive   ok>active           HomeBusy     HomeLocked          ok>active
ActivateIfReferenced   HomeNotReferenced HomeNotReferenced HomeNotReferenced HomeNotReferenced HomeNotReferenced HomeNotReferenced HomeNotReferenced HomeNotReferenced
Authenticate           ok>inactive    HomeAbsent     ok>inactive         ok>active           ok>lingering        HomeBusy     HomeLocked          ok>inactive
ChangePassword         HomeUnfixated  HomeAbsent     ok>inactive         ok>active           ok>lingering        HomeBusy     HomeLocked          ok>inactive
Create                 UserNameExists UserNameExists UserNameExists      UserNameExists      UserNameExists      UserNameExists UserNameExists    UserNameExists
Deactivate             HomeNotActive  HomeNotActive  HomeNotActive       ok>inactive         HomeBusy>lingering  HomeBusy     HomeLocked          HomeNotActive
Fixate                 ok>inactive    HomeAbsent     HomeAlreadyFixated  HomeAlreadyFixated  HomeAlreadyFixated  HomeBusy     HomeAlreadyFixated  HomeAlreadyFixated
Lock                   HomeNotActive  HomeNotActive  HomeNotActive       cannot>active       cannot>lingering    HomeBusy     HomeLocked          HomeNotActive
Realize                HomeExists     ok>inactive    HomeExists          HomeBusy            HomeBusy            HomeBusy     HomeBusy            HomeExists
Remove                 ok>gone        ok>gone        ok>gone             HomeBusy            HomeBusy            HomeBusy     HomeLocked          ok>gone
Resize                 HomeUnfixated  HomeAbsent     resized>inactive    resized>active      resized>lingering   HomeBusy     HomeLocked          resized>inactive
Unlock                 HomeNotLocked  HomeNotLocked  HomeNotLocked       HomeNotLocked       HomeNotLocked       HomeBusy     ok>active           HomeNotLocked
Unregister             HomeUnfixated  ok>gone        ok>unfixated        HomeBusy            HomeBusy            HomeBusy     HomeLocked          ok>unfixated
Update                 HomeUnfixated  HomeAbsent     ok>inactive         ok>active           ok>lingering        HomeBusy     HomeLocked          ok>inactive
Ref                    HomeNotActive  HomeAbsent     HomeNotActive       ok>active           ok>active           HomeBusy     HomeLocked          HomeNotActive
RefUnrestricted        ok>unfixated   ok>absent      ok>inactive         ok>active           ok>active           ok>busy      ok>locked           ok>dirty
Acquire                ok>active      HomeAbsent     ok>active           ok>active           ok>active           waits        ok>active           ok>active
Release                ok>unfixated   ok>absent      ok>inactive         ok>inactive         HomeBusy>lingering  waits        HomeLocked          ok>dirty
"""
TABLE = {row.split()[0]: dict(zip(STATES, row.split()[1:])) for row in _ROWS.strip().splitlines()}
# What an operation is called while it runs: (state before, operation, state during).
DURING = (
    ("unfixated", "Fixate", "fixating"),
    ("unfixated", "Activate", "fixating-for-activation"),
    ("unfixated", "Acquire", "fixating-for-acquire"),
    ("inactive", "Activate", "activating"),
    ("inactive", "Acquire", "activating-for-acquire"),
    ("active", "Deactivate", "deactivating"),
    ("active", "Lock", "locking"),
    ("locked", "Unlock", "unlocking"),
    ("locked", "Acquire", "unlocking-for-acquire"),
    ("absent", "Realize", "creating"),
    ("inactive", "Remove", "removing"),
    ("inactive", "Update", "updating"),
    ("active", "Update", "updating-while-active"),
    ("inactive", "Resize", "resizing"),
    ("active", "Resize", "resizing-while-active"),
    ("inactive", "ChangePassword", "passwd"),
    ("active", "ChangePassword", "passwd-while-active"),
    ("inactive", "Authenticate", "authenticating"),
    ("active", "Authenticate", "authenticating-while-active"),
    ("active", "Acquire", "authenticating-for-acquire"),
)
# What systemd-homed 252 does not know, or where it dies, or where a later one does otherwise.
NOT_252 = {("Activate", "lingering"), ("ChangePassword", "unfixated"), ("Unregister", "inactive"), ("Ref", "lingering")}
NOT_252 |= {(operation, state) for operation in ("ActivateIfReferenced", "RefUnrestricted") for state in STATES}
