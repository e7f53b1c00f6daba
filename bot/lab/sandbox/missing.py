"""Says why programs cannot be confined here, and the command that mends it. It mends nothing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bot.lab.sandbox import seccomp
from bot.lab.sandbox.host import PATH, Tools

#: Package managers, how they install, and what they call (bubblewrap, libseccomp, util-linux).
INSTALL = {
    "apt-get": ("apt-get install", "bubblewrap", "libseccomp2", "util-linux"),
    "dnf": ("dnf install", "bubblewrap", "libseccomp", "util-linux"),
    "pacman": ("pacman -S", "bubblewrap", "libseccomp", "util-linux"),
    "zypper": ("zypper install", "bubblewrap", "libseccomp2", "util-linux"),
    "apk": ("apk add", "bubblewrap", "libseccomp", "util-linux"),
}
#: Kernel settings that forbid user namespaces: (file, value that forbids, setting that allows).
FORBIDDING = (
    ("/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces=15000"),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "kernel.apparmor_restrict_unprivileged_userns=0",
    ),
)
BEGINS = "Programs cannot be run here, since they cannot be confined"
NEEDED = ("--size", "--add-seccomp-fd", "--args")


def parts(tools: Tools, platform: str = sys.platform) -> str | None:
    """What is not installed, or None. Starts nothing."""
    if platform != "linux":
        return f"{BEGINS}: that takes Linux. On Windows use WSL2, on macOS a virtual machine with Linux."
    for position, name in ((1, tools.bwrap), (3, tools.prlimit)):
        if tools.path(name) is None:
            return f"{BEGINS}: {Path(name).name} is missing. {_get(position)}"
    try:
        seccomp.version(tools.libseccomp)
    except OSError:
        return f"{BEGINS}: {tools.libseccomp} is missing. {_get(2)}"
    return None


def old(usage: str) -> str | None:
    """That bubblewrap is too old, by what its --help says, or None."""
    if all(flag in usage for flag in NEEDED):
        return None
    return f"{BEGINS}: this bubblewrap is too old; 0.7 or newer is needed. Update the system. {_get(1)}"


def refused(said: str) -> str:
    """Why a sandbox did not start, from what was said on the way."""
    for file, value, setting in FORBIDDING:
        path = Path(file)
        if path.exists() and path.read_text().strip() == value and _about_namespaces(said):
            return (
                f"{BEGINS}: this machine's settings forbid user namespaces. "
                f"Allow them with `sudo sysctl -w {setting}` (and in /etc/sysctl.d/, to last)."
            )
    if "proc" in said and "mount" in said.lower():
        return (
            f"{BEGINS}: a container that hides parts of /proc refuses a fresh one ({_short(said)}). "
            "Run Viva outside of the container, or give it `--security-opt systempaths=unconfined "
            "--security-opt seccomp=unconfined`."
        )
    mend = (
        "In a container, allow user namespaces: `--security-opt seccomp=unconfined`."
        if _about_namespaces(said)
        else "Once that is mended, `viva lab status` tells whether it works."
    )
    return f"{BEGINS}: a sandbox does not start here ({_short(said)}). {mend}"


def _about_namespaces(said: str) -> bool:
    """Whether it was the making of one that failed, in any of bubblewrap's wordings."""
    about = ("namespace", "uid map", "gid map", "rtm_newaddr", "loopback", "operation not permitted", "no space left")
    return any(word in said.lower() for word in about)


def _short(said: str) -> str:
    lines = said.strip().splitlines()
    return lines[-1][:200] if lines else "it says nothing"


def _get(position: int) -> str:
    for manager, names in INSTALL.items():
        if shutil.which(manager, path=PATH):
            return f"Get it with `sudo {names[0]} {names[position]}`."
    return f"Get it from the system's packages: {INSTALL['apt-get'][position]}."
