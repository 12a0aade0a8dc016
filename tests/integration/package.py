#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Debian packages: what is in them, and what is left when they have been installed, used, swapped and removed.

The machine that they are installed on is this one: its root with an overlay over it, and no systemd as its first process.
`package-booted` does the same where systemd runs."""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, packages, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402

USER, WORD = "kim", "Erstes-Wort-1"
ROOT, LAYER = "/mnt/root", "/mnt/layer"
PLUGINS = {"hearth-plugin-fido2": "auth-fido2", "hearth-plugin-fscrypt": "fscrypt", "hearth-plugin-luks": "luks",
           "hearth-plugin-pkcs11": "auth-pkcs11", "hearth-plugin-subvolume": "subvolume"}
# What dpkg, apt and what they call write for themselves, and what belongs to people.
KEPT = re.compile(r"/(var/(lib/(dpkg|apt|systemd/deb-systemd-helper-(en|dis)abled|pam)|log|cache/(apt|debconf|man|ldconfig))|run"
                  r"|etc/(ld\.so\.cache|pam\.d/common-[a-z-]+|systemd/homed\.conf|.*-)|tmp|root|dev|proc|sys)(/|$)")
PEOPLE = re.compile(r"/(home/kim\.homedir|var/lib/systemd/home/(kim\.identity|local\.(private|public)))(/|$)|/var/lib/systemd/home$")

ENABLED = "/etc/systemd/system/multi-user.target.wants/hearthd.service"  # stays until a purge, as every setting

suite = cases.Suite("package")
machine = None
if not sandbox.is_ahead():  # the checkout cannot be written to in there
    problem = packages.build()
    if problem:
        suite.report("FAIL", "the packages can be built", text=problem)
        sys.exit(1)
sandbox.enter()


def inside(*command, fails=False, **variables):
    """Runs a command on that machine; returns what it printed."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive",
                   **variables}
    enter = ["nsenter", f"--mount=/proc/{machine.pid}/ns/mnt", "--"]
    done = subprocess.run([*enter, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, env=environment, cwd="/", check=False)
    check((done.returncode != 0) == fails, f"{' '.join(command)}: {done.returncode}: {done.stdout}")
    return done.stdout


def set_up():
    """The machine: everything that is written to it is in LAYER/upper."""
    for folder in (ROOT, f"{LAYER}/upper", f"{LAYER}/work"):
        os.makedirs(folder, mode=0o755)
    layers = f"lowerdir=/,upperdir={LAYER}/upper,workdir={LAYER}/work"
    subprocess.run(["mount", "-t", "overlay", "-o", layers, "overlay", ROOT], check=True)
    for name, kind in (("proc", "proc"), ("sys", "sysfs"), ("run", "tmpfs"), ("tmp", "tmpfs")):
        subprocess.run(["mount", "-t", kind, kind, f"{ROOT}/{name}"], check=True)
    subprocess.run(["mount", "--rbind", "/dev", f"{ROOT}/dev"], check=True)
    with open(f"{ROOT}/usr/sbin/policy-rc.d", "w", encoding="ascii") as file:
        file.write("#!/bin/sh\nexit 101\n")
    os.chmod(f"{ROOT}/usr/sbin/policy-rc.d", 0o755)
    # Homes need a file system that is no overlay.
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "homes", f"{ROOT}/home"], check=True)
    for state in ("lib", "cache"):  # of whoever tried homes on this machine
        shutil.rmtree(f"{ROOT}/var/{state}/systemd/home", ignore_errors=True)
    if os.path.exists(f"{ROOT}/var/lib/man-db/auto-update"):
        os.unlink(f"{ROOT}/var/lib/man-db/auto-update")  # or every installation reads every page
    switch_root()
    return written()


def switch_root():
    """Starts the process whose namespace has that machine as its root: from a chroot the kernel makes no user namespace, and with
    that no mapping of owners."""
    global machine
    command = f"cd {ROOT} && pivot_root . . && umount -l . && echo ready && exec sleep infinity"
    machine = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "sh", "-c", command], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, text=True)
    equal(machine.stdout.readline(), "ready\n", "the root of the machine")


def install(*paths):
    """Installs package files as an administrator does, without a network."""
    folder = f"{ROOT}/tmp/packages"
    os.makedirs(folder, exist_ok=True)
    for path in paths:
        subprocess.run(["cp", path, folder], check=True)
    names = [f"/tmp/packages/{os.path.basename(path)}" for path in paths]
    return inside("apt-get", "-q", "-y", "--no-install-recommends", "-o", "APT::Sandbox::User=root", "install", *names)


def written():
    """Everything that is on the machine now and was not before, or is gone, but for what is KEPT."""
    out = []
    for folder, folders, names in os.walk(f"{LAYER}/upper"):
        shown = folder.removeprefix(f"{LAYER}/upper")
        new = [name for name in folders if not os.path.lexists(f"/{shown}/{name}")]
        out += [f"{shown}/{name}" for name in new + names if not KEPT.match(f"{shown}/{name}")]
        folders[:] = [name for name in folders if not KEPT.match(f"{shown}/{name}")]
    return sorted(out)


@suite.case("every file is in one package, and belongs to root")
def _():
    owners = {}
    for name, path in packages.built().items():
        for file, (mode, owner) in packages.files(path).items():
            check(file not in owners, f"{file} is in {name} and in {owners.get(file)}")
            owners[file] = name
            check(owner == "root/root" and (mode[0] == "l" or mode[5] == mode[8] == "-"), f"{file}: {mode} {owner}")
    equal(sorted(packages.built()), ["hearth", "hearth-dev", *PLUGINS], "packages")
    for package, plugin in PLUGINS.items():
        equal(owners[f"/usr/lib/hearth/builtin-0/{plugin}.so"], package, "package of its .so")
    installed = os.environ["HEARTH_PREFIX"]
    missing = [path for path in (os.path.join(folder, name).removeprefix(installed) for folder, _, names in os.walk(installed)
                                 for name in names)
               if not any(f"/usr{path}{end}" in owners or f"{path}{end}" in owners for end in ("", ".gz"))]
    equal(missing, [], "files that an installation has and no package")


@suite.case("nobody gets libraries for a storage that is not used")
def _():
    needs = {name: packages.field(path, "Depends") for name, path in packages.built().items()}
    for word in ("libcryptsetup", "libblkid", "libfido2", "libp11-kit", "libsmbclient"):
        check(word not in needs["hearth"], f"hearth needs {word}: {needs['hearth']}")
    check("libcryptsetup12" in needs["hearth-plugin-luks"], needs["hearth-plugin-luks"])
    for plugin in PLUGINS:
        check(re.search(r"\bhearth \(= ", needs[plugin]), f"{plugin} needs {needs[plugin]}")


@suite.case(f"lintian finds {'nothing' if packages.as_shipped() else 'no error'}")
def _():
    least = "error,warning,info,pedantic,experimental" if packages.as_shipped() else "error"
    found = subprocess.run(["lintian", "-EI", "--pedantic", f"--fail-on={least}", "--tag-display-limit=0", packages.source(),
                            *packages.built().values()], capture_output=True, text=True, check=False)
    print("\n".join(f"     | {line}" for line in found.stdout.splitlines()), flush=True)
    equal(found.returncode, 0, f"exit status of lintian: {found.stdout}{found.stderr}")


@suite.case("installed, used, swapped for systemd-homed and back, removed: homes stay, and nothing else")
def _():
    built = packages.built()
    before = set_up()
    ours = [built["hearth"], *(built[name] for name in PLUGINS)]
    install(*ours)
    check("luks" in inside("homectl", "plugins"), "plugins are found")
    check("Created" in inside("homectl", "create", USER, "--storage=directory", "--enforce-password-policy=no", NEWPASSWORD=WORD), "create")
    use()
    if theirs := packages.theirs():
        install(*theirs)
        check("systemd" in inside("homectl", "--version"), "whose homectl it is")
        mine = [path for path in written() if "hearth" in path and not path.startswith("/var/lib/systemd/home/")]
        equal(mine, [ENABLED], "left of ours")
        install(*ours)
        check("Hearth" in inside("homectl", "--version"), "whose homectl it is")
        use()
    remove("remove")
    use_again(ours)
    remove("purge")
    equal([path for path in written() if not PEOPLE.match(path) and path not in before], [], "left behind")
    check(os.path.isdir(f"{ROOT}/home/{USER}.homedir"), "the home is there")


def use():
    """The home opens, and closes."""
    inside("homectl", "activate", USER, PASSWORD=WORD)
    inside("sh", "-c", f"test -f /home/{USER}/.identity")
    inside("homectl", "deactivate", USER)


def use_again(ours):
    """What was removed and not purged knows everything when it comes back."""
    install(*ours)
    use()


def remove(how):
    """Removes everything of both."""
    names = ["hearth", *PLUGINS, *packages.THEIRS]
    inside("dpkg", f"--{how}", *names)
    states = inside("dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n").splitlines()
    equal([line for line in states if line.split()[0] in names and line.endswith(" installed")], [], "packages that are installed")


cases.main(suite)
