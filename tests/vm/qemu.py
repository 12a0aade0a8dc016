# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU: Debian's own kernel on an emulated PC. It has everything that an installed Debian has, and computes slowly."""
import shutil

from vm import stock

SYSTEMD = True
PROGRAM = "qemu-system-x86_64"
# Calibrating clocks hangs now and then when this machine is busy. The rest is time saved at boot.
PARAMETERS = ("console=ttyS0 loglevel=3 panic=-1 tsc=unstable lpj=10000000 no_timer_check mitigations=off nokaslr "
              "random.trust_cpu=on cryptomgr.notests raid=noautodetect audit=0")


def missing(home):
    """Why there cannot be such a guest here, or None."""
    for program, package in ((PROGRAM, "qemu-system-x86"), (stock.BUSYBOX, "busybox-static"), ("depmod", "kmod")):
        if not shutil.which(program):
            return f"the package {package} is not installed"
    try:
        stock.prepare(home)
    except stock.Failed as reason:
        return str(reason)
    return None


def modules(home):
    """The folder of the kernel's modules, as the guest sees it."""
    return f"{stock.prepare(home)}/lib/modules"


def command(home, folder, memory, output):
    """What runs the guest, with a descriptor for its output."""
    kernel = stock.prepare(home)
    options = {
        "-machine": ["q35,graphics=off"], "-accel": ["tcg,thread=multi"], "-cpu": ["max"], "-smp": ["1"], "-m": [str(memory)],
        "-display": ["none"], "-kernel": [f"{kernel}/vmlinux"], "-initrd": [f"{kernel}/initramfs"], "-append": [PARAMETERS],
        "-add-fd": [f"fd={output},set=1"], "-serial": ["chardev:console"],
        "-fsdev": ["local,id=root,path=/,security_model=none,readonly=on,multidevs=remap",
                   f"local,id=share,path={folder}/share,security_model=none"],
        "-object": ["rng-random,id=random,filename=/dev/urandom"],
        "-chardev": [f"file,id=console,path={folder}/console,append=on", "file,id=output,path=/dev/fdset/1,append=on"],
        "-device": ["virtio-9p-pci,fsdev=root,mount_tag=root", "virtio-9p-pci,fsdev=share,mount_tag=share",
                    "virtio-rng-pci,rng=random", "virtio-serial-pci", "virtserialport,chardev=output,name=hearth-vm",
                    "isa-debug-exit,iobase=0xf4,iosize=1"],
    }
    return [PROGRAM, "-nodefaults", "-no-user-config", "-no-reboot",
            *(word for option, values in options.items() for value in values for word in (option, value))]
