#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Debian packages where systemd is the first process, with the real bus, polkit and logind: in a guest whose root is this
machine's. The first process of this suite builds the packages and starts the guest, the one inside has the cases."""
import contextlib
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, guests, packages, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from vm import guest  # noqa: E402

USER, OTHER, WORD = "kim", "eve", "Erstes-Wort-1"
IMAGE, THEIR_IMAGE, NEW, LETTER = "ida", "ada", "Neues-Wort-2", "Liebe Ida"
# As small and as cheap as both let themselves be told.
SMALL = ("--storage=luks", "--enforce-password-policy=no", "--disk-size=64M", "--fs-type=ext4", "--luks-pbkdf-type=pbkdf2")
RULE = """polkit.addRule(function(action, subject) {
    if (action.id == "org.freedesktop.home1.create-home" && subject.user == "games") return polkit.Result.YES;
});
"""
suite = cases.Suite("package booted")


def ahead():
    """Outside: everything that takes a network or a writable checkout, and then the guest."""
    problem = packages.build()
    if problem:
        suite.report("FAIL", "the packages can be built", text=problem)
        return 1
    try:
        packages.theirs()
        packages.of_systemd("udev")
        ending = guest.run("qemu", [sys.executable, "-B", *sys.argv], systemd=True, limit=2400)
    except (guest.Unavailable, cases.Skip) as reason:
        suite.report("skip", "every case", text=str(reason))
        return 0
    if ending.status != 0:
        suite.report("FAIL", "runs to its end", text=ending.problem or f"it ended with status {ending.status}")
    return ending.status


def run(*command, fails=False, **variables):
    """Runs a command; returns what it printed."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive",
                   **variables}
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=environment, timeout=600, check=False)
    check((done.returncode != 0) == fails, f"{' '.join(command)}: {done.returncode}: {done.stdout}")
    return done.stdout


def wait_for(condition, problem, seconds=180):
    """Waits until it holds; what runs here is slow."""
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, problem)
        time.sleep(1)


def as_games(*command, **options):
    """The same as somebody who has no rights, and no session."""
    return run("setpriv", "--reuid=games", "--regid=games", "--clear-groups", *command, **options)


def state(user):
    """What homectl says of a home."""
    rows = json.loads(run("homectl", "list", "--json=short"))
    return next((row["state"] for row in rows if row["name"] == user), None)


def install(*paths):
    """Installs package files. apt takes minutes here to think, and man-db to read every page over 9p. A container's
    policy-rc.d, of this machine, lets no package start its service."""
    for path in ("/var/lib/man-db/auto-update", "/usr/sbin/policy-rc.d"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
    return run("dpkg", "--install", *paths)


PLUGINS = ("hearth-plugin-luks", "hearth-plugin-subvolume")


def ours():
    """Hearth with two plugins; each package costs seconds here."""
    return [packages.built()[name] for name in ("hearth", *PLUGINS)]


def letter(user):
    """What was written into a home."""
    with open(f"/home/{user}/letter", encoding="ascii") as file:
        return file.read()


def write_letter(user):
    """Writes it, as the owner would."""
    with open(f"/home/{user}/letter", "w", encoding="ascii") as file:
        file.write(LETTER)
    home = os.stat(f"/home/{user}")
    os.chown(f"/home/{user}/letter", home.st_uid, home.st_gid)


def written_before_sleep():
    """Whether the kernel writes what is cached of all file systems before it sleeps, which one that is locked would not let it."""
    with open("/sys/power/sync_on_suspend", encoding="ascii") as file:
        return file.read().strip()


@suite.case("a machine with udevd, and with a disk for homes")
def _():
    install(*packages.of_systemd("udev"))
    run("modprobe", "-a", "dm-crypt", "loop")
    run("truncate", "-s", "1G", "/homes.img")
    run("mkfs.ext4", "-q", "/homes.img")
    run("mount", "-o", "loop", "/homes.img", "/home")
    run("systemctl", "restart", "systemd-udevd.service")
    equal(run("systemctl", "is-active", "systemd-udevd.service").strip(), "active", "unit")


@suite.case("it is installed, and the service runs")
def _():
    install(*ours())
    equal(run("systemctl", "is-active", "hearthd.service", "systemd-homed.service", "hearth-activate.service").split(), ["active"] * 3, "units")
    equal(run("systemctl", "is-enabled", "hearthd.service").strip(), "enabled", "unit")
    run("homectl", "create", USER, "--storage=directory", "--enforce-password-policy=no", NEWPASSWORD=WORD)
    equal(state(USER), "inactive", "state")
    run("homectl", "activate", USER, PASSWORD=WORD)
    check(run("getent", "passwd", USER).startswith(f"{USER}:x:"), "the name service knows the user")


@suite.case("the bus starts it by its name")
def _():
    run("systemctl", "stop", "hearthd.service")
    check(USER in run("busctl", "call", "org.freedesktop.home1", "/org/freedesktop/home1", "org.freedesktop.home1.Manager",
                      "ListHomes"), "its list")
    equal(state(USER), "active", "state")


@suite.case("each worker is in a cgroup with limits")
def _():
    for name, least in (("memory.max", 1 << 20), ("pids.max", 256)):
        limit = run("sh", "-c", f"homectl authenticate {USER} & for i in $(seq 500); do cat /sys/fs/cgroup/system.slice/"
                    f"hearthd.service/worker-*/{name} 2>/dev/null && break; sleep 0.02; done; wait", PASSWORD=WORD).split()
        check(limit and limit[0].isdigit() and int(limit[0]) >= least, f"{name}: {limit}")


@suite.case("the service is started anew, and upgraded, under an open home")
def _():
    run("systemctl", "restart", "hearthd.service")
    equal(state(USER), "active", "state")
    run("dpkg", "--install", packages.built()["hearth"])  # over itself, which is an upgrade
    equal(state(USER), "active", "state after an upgrade")
    check(sandbox.mounts_below(f"/home/{USER}"), "it is mounted")


@suite.case("polkit is asked, and says no, and yes where there is a rule")
def _():
    as_games("homectl", "create", OTHER, "--storage=directory", "--enforce-password-policy=no", NEWPASSWORD=WORD, fails=True)
    equal(state(OTHER), None, "state")
    with open("/etc/polkit-1/rules.d/50-games.rules", "w", encoding="ascii") as file:
        file.write(RULE)
    for _attempt in range(20):
        time.sleep(0.5)  # polkitd reads its rules again when it notices
        words = ["homectl", "create", OTHER, "--storage=directory", "--enforce-password-policy=no"]
        if subprocess.run(["setpriv", "--reuid=games", "--regid=games", "--clear-groups", *words], stdin=subprocess.DEVNULL,
                          capture_output=True, env={"PATH": "/usr/bin", "NEWPASSWORD": WORD}, check=False).returncode == 0:
            break
    equal(state(OTHER), "inactive", "state")
    as_games("homectl", "remove", OTHER, fails=True)
    run("homectl", "remove", OTHER)


@suite.case("logind waits for it")
def _():
    held = run("systemd-inhibit", "--list", "--no-pager")
    check("hearthd" in held and "sleep" in held, held)


@suite.case("a home in an image is made and opened")
def _():
    run("homectl", "create", IMAGE, *SMALL, "--luks-pbkdf-force-iterations=1000", NEWPASSWORD=WORD)
    run("homectl", "activate", IMAGE, PASSWORD=WORD)
    write_letter(IMAGE)
    run("sync", "-f", f"/home/{IMAGE}")


@suite.case("when the machine sleeps, a home whose users asked for it is locked, and its key is gone until somebody unlocks it")
def _():
    # The machine goes through all of it but for the last step, and comes back after five seconds.
    with open("/sys/power/pm_test", "w", encoding="ascii") as file:
        file.write("freezer")
    words = ["homectl", "with", IMAGE, "--", "sleep", "1000"]
    user = subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True,
                            env={"PATH": "/usr/bin:/bin", "PASSWORD": WORD, "SYSTEMD_PLEASE_SUSPEND_HOME": "1"})
    try:
        wait_for(lambda: "sleep 1000 " in sandbox.processes().values(), "nobody uses the home")
        run("systemctl", "suspend")
        wait_for(lambda: "PM: suspend exit" in run("journalctl", "-q", "-k", "-o", "cat"), "the machine does not sleep")
        equal((state(IMAGE), state(USER)), ("locked", "active"), "states")
        equal(run("dmsetup", "info", "-c", "--noheadings", "-o", "suspended", f"home-{IMAGE}").strip(), "Suspended", "the mapping")
        equal(written_before_sleep(), "0", "what the kernel is told")
        run("homectl", "unlock", IMAGE, PASSWORD="wrong", fails=True)
        run("homectl", "unlock", IMAGE, PASSWORD=WORD)
        equal((state(IMAGE), letter(IMAGE)), ("active", LETTER), "state and letter")
        equal(written_before_sleep(), "1", "what the kernel is told afterwards")
    finally:
        os.killpg(user.pid, signal.SIGKILL)
        user.wait()


@suite.case("what closes homes at the end closes them")
def _():
    run("systemctl", "stop", "hearth-activate.service")
    equal([state(user) for user in (USER, IMAGE)], ["inactive"] * 2, "states")
    run("systemctl", "start", "hearth-activate.service")


@suite.case("systemd-homed takes its place, opens the home, and goes")
def _():
    run("dpkg", "--remove", "hearth", *PLUGINS)
    install(*packages.theirs())
    equal(run("systemctl", "is-active", "systemd-homed.service").strip(), "active", "unit")
    check("hearthd" not in run("systemctl", "show", "-P", "ExecStart", "systemd-homed.service"), "what the unit starts")
    check("systemd" in run("homectl", "--version"), "whose homectl it is")
    run("homectl", "activate", USER, PASSWORD=WORD)
    check(os.path.exists(f"/home/{USER}/.identity"), "its files")
    run("homectl", "deactivate", USER)
    run("homectl", "create", OTHER, "--storage=directory", "--enforce-password-policy=no", NEWPASSWORD=WORD)


@suite.case("it opens the image as well, changes its password, and makes one of its own")
def _():
    run("homectl", "passwd", IMAGE, PASSWORD=WORD, NEWPASSWORD=NEW)
    run("homectl", "activate", IMAGE, PASSWORD=NEW)
    equal(letter(IMAGE), LETTER, "the letter")
    run("homectl", "deactivate", IMAGE)
    run("homectl", "create", THEIR_IMAGE, *SMALL, "--luks-pbkdf-time-cost=10ms", NEWPASSWORD=WORD)
    run("homectl", "activate", THEIR_IMAGE, PASSWORD=WORD)
    write_letter(THEIR_IMAGE)
    run("homectl", "deactivate", THEIR_IMAGE)


@suite.case("Hearth comes back, and has all homes")
def _():
    run("dpkg", "--remove", "systemd-homed")
    install(*ours())
    check("hearthd" in run("systemctl", "show", "-P", "ExecStart", "systemd-homed.service"), "what the unit starts")
    for user in (USER, OTHER):
        run("homectl", "activate", user, PASSWORD=WORD)
        check(os.path.exists(f"/home/{user}/.identity"), f"files of {user}")
    for user, word in ((IMAGE, NEW), (THEIR_IMAGE, WORD)):
        run("homectl", "activate", user, PASSWORD=word)
        equal(letter(user), LETTER, f"the letter of {user}")
        run("homectl", "passwd", user, PASSWORD=word, NEWPASSWORD="Drittes-Wort-3")


@suite.case("removed: homes that nobody uses are closed, and stay")
def _():
    run("dpkg", "--purge", "hearth", *PLUGINS, *packages.THEIRS)
    for user, name in ((USER, "homedir"), (OTHER, "homedir"), (IMAGE, "home"), (THEIR_IMAGE, "home")):
        check(not sandbox.mounts_below(f"/home/{user}") and os.path.exists(f"/home/{user}.{name}"), f"the home of {user}")
        check(os.path.exists(f"/var/lib/systemd/home/{user}.identity"), f"the record of {user}")
    check("not-found" in run("systemctl", "show", "-P", "LoadState", "hearthd.service"), "the unit")
    for folder in ("/etc/systemd/system", "/etc/systemd/system/multi-user.target.wants", "/etc/systemd/system/hearthd.service.wants"):
        links = [name for name in os.listdir(folder) if "home" in name or "hearthd" in name] if os.path.isdir(folder) else []
        equal(links, [], folder)


@suite.case("nobody complained in the journal")
def _():
    lines = run("journalctl", "-q", "-p", "warning", "-o", "cat", "-u", "hearthd.service", "-u", "hearth-activate.service").strip()
    equal(lines, "", "warnings")


if guests.inside():
    cases.main(suite)
else:
    sys.exit(ahead())
