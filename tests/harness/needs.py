# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes on built-in plugins that get all but one of the things that their manifests ask for."""
import json
import os
import shutil
import subprocess

from harness.cases import check
from harness.disks import btrfs, disk
from harness.hearth import PREFIX, Hearth

USER, WORD, NEW = "kim", "Altes-Wort-1", "Neues-Wort-2"
SUBVOLUME = 256  # the inode of the top folder of each
INSTALLED = "/mnt/prefix"  # a copy of the installation, whose plugins are changed
# What keeps homes of each kind: a file system, how it is made and mounted, and how a home is.
PLACES = {"directory": ("ext4", ("-O", "quota,project"), "prjquota", ("--disk-size=100M",)),
          "subvolume": ("btrfs", (), "", ("--disk-size=100M",)),
          "fscrypt": ("ext4", ("-O", "encrypt"), "", ()),
          "luks": ("ext4", (), "", ("--disk-size=64M", "--fs-type=ext4", "--luks-pbkdf-type=pbkdf2",
                                    "--luks-pbkdf-force-iterations=1000"))}


def folder(top=INSTALLED):
    """Where the built-in plugins are, in the copy or in another installation."""
    return next(os.path.join(path, "builtin-0") for path, names, _ in os.walk(top) if "builtin-0" in names)


def _manifest_of(name):
    """The bytes of a plugin, and from where to where its manifest is."""
    with open(f"{folder(PREFIX)}/{name}.so", "rb") as file:
        content = file.read()
    begin = content.index(b'{"abi":')
    return content, begin, content.index(b"\0", begin)


def _declared(name):
    content, begin, end = _manifest_of(name)
    return json.loads(content[begin:end])["needs"]


def devices_of(name):
    """The devices in its manifest."""
    return _declared(name)["devices"]


def needs_of(name):
    """What its manifest asks for, one by one: ("capabilities", "CAP_CHOWN"), ("network", True). Devices are not among it: they
    are taken away where there are cgroups, see the suite limits."""
    needs = _declared(name)
    return [("capabilities", item) for item in needs["capabilities"]] + [("network", True)] * needs["network"]


def install(name, without=None):
    """Puts the plugin into the copy, with a manifest that leaves that out; its length stays."""
    content, begin, end = _manifest_of(name)
    manifest = json.loads(content[begin:end])
    if without:
        kind, item = without
        manifest["needs"][kind] = isinstance(item, str) and [one for one in manifest["needs"][kind] if one != item]
    text = json.dumps(manifest, separators=(",", ":")).encode()
    with open(f"{folder()}/{name}.so", "wb") as file:
        file.write(content[:begin] + text[:-1].ljust(end - begin - 1) + text[-1:] + content[end:])


def write(hearth):
    """Files as people have them: one that others may not see, and a folder where each removes what is their own alone."""
    hearth.write_letter(USER)
    sticky = f"{hearth.homes}/{USER}/sticky"
    os.mkdir(sticky)
    os.chmod(sticky, 0o1777)
    with open(f"{sticky}/file", "w", encoding="ascii"):
        os.chown(f"{sticky}/file", hearth.uid(USER), -1)
    os.chown(sticky, hearth.uid(USER), -1)


def mounted_by_name(hearth):
    """An image is mounted from the name that its mapping has for everybody, also where udev does not run."""
    source = subprocess.run(["findmnt", "-n", "-o", "SOURCE", f"{hearth.homes}/{USER}"], capture_output=True, text=True,
                            check=True).stdout
    return None if source.startswith(f"/dev/mapper/home-{USER}") else f"the home is mounted from {source.strip()}"


def restore(hearth):
    """A home as people bring it back from a copy: a subvolume is a folder then, and an image belongs to who copied it."""
    home = f"{hearth.homes}/{USER}.homedir"
    if os.path.isdir(home) and os.stat(home).st_ino == SUBVOLUME:
        subprocess.run(["cp", "-a", home, f"{home}.copy"], check=True)
        btrfs("subvolume", "delete", home)
        os.rename(f"{home}.copy", home)
    if os.path.isfile(f"{hearth.homes}/{USER}.home"):
        os.chown(f"{hearth.homes}/{USER}.home", hearth.uid(USER), hearth.uid(USER))


OWN = {"write": write, "restore": restore, "look": mounted_by_name}  # steps that are not homectl's


def life(hearth, name, options):
    """The life of a home, until something fails: what that was, or None."""
    larger = (("resize", USER, "96M"), ("look",)) if name == "luks" else ()
    smaller = (("resize", USER, "64M"),) if name == "luks" else ()
    steps = (("create", USER, f"--storage={name}", "--enforce-password-policy=no", "--rate-limit-burst=1000000", *options),
             ("activate", USER), ("write",), *larger, ("deactivate", USER), ("passwd", USER), ("restore",), *smaller,
             ("activate", USER), ("update", USER, "--location=Barn"), ("deactivate", USER), ("remove", USER))
    password = WORD
    for step in steps:
        if step[0] in OWN:
            if wrong := OWN[step[0]](hearth):
                return wrong
            continue
        new = {"create": WORD, "passwd": NEW}.get(step[0])
        done = hearth.homectl(*step, password=password, new=new)
        if done.status != 0:
            return done
        password = NEW if step[0] == "passwd" else password
    return None


def remove_node():
    """Where udev does not run a node can outlive its mapping, when that had to end in a hurry; the next one would be found by it."""
    node = f"/dev/mapper/home-{USER}"
    if os.path.exists(node) and not os.path.islink(node):
        os.unlink(node)


def lives(name, without=None):
    """Installs the plugin, and tries: what failed, or None."""
    kind, features, mounted, options = PLACES[name]
    remove_node()
    install(name, without)
    try:
        with disk(kind, "/mnt/machine", mounted, features) as root:
            hearth = Hearth(root)
            hearth.prefix = INSTALLED
            return life(hearth, name, options)
    finally:
        install(name)


def _suffices(suite, name):
    """The case that what is declared is enough."""
    @suite.case(f"{name}: a home lives with what the manifest says")
    def _():
        failed = lives(name)
        check(failed is None, f"it does not: {failed!r}")


def _is_needed(suite, name, item):
    """The case that one item is needed."""
    @suite.case(f"{name}: it does not without {item[1] if isinstance(item[1], str) else item[0]}")
    def _():
        failed = lives(name, item)
        check(failed is not None, "it lives as well")
        ids = set() if isinstance(failed, str) else set(failed.ids)
        check(not {"storage-refused", "storage-unknown"} & ids, f"the plugin is not used at all: {failed!r}")


def add_cases(suite, *names):
    """The cases for these plugins: what is declared suffices, and nothing of it can be left out."""
    shutil.copytree(PREFIX, INSTALLED, symlinks=True)
    for name in names:
        _suffices(suite, name)
        for need in needs_of(name):
            _is_needed(suite, name, need)
