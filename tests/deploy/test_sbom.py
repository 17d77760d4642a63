"""Every package is listed, with a licence that may be used here."""

from __future__ import annotations

import importlib.util
import json
import re
import sys

import pytest

LOCKS = ("requirements.txt", "requirements-production.txt", "requirements-dev.txt")


@pytest.fixture(scope="module")
def sbom(root):
    spec = importlib.util.spec_from_file_location("sbom", root / ".ci" / "sbom.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["sbom"] = module  # dataclasses look it up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["sbom"]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_licence_of_a_lock_is_allowed(sbom, root, lock) -> None:
    assert sbom.find_offences(list(sbom.read_lock(root / lock))) == []


@pytest.mark.parametrize(
    ("licence", "is_allowed"),
    [
        ("MIT", True), ("Apache-2.0 AND CNRI-Python", True), ("LGPL-2.1", True),
        ("GNU Lesser General Public License v2 (LGPLv2)", True), ("MPL-2.0 AND MIT", True),
        ("GPL-3.0-only", False), ("AGPL-3.0", False), ("MIT OR GPL-2.0", False),
        ("GNU Affero General Public License v3", False), ("SSPL-1.0", False), ("unknown", False),
        ("Other/Proprietary License", False), ("Apache-2.0 WITH Commons Clause", False),
    ],
)  # fmt: skip
def test_the_policy(sbom, licence, is_allowed) -> None:
    package = sbom.Package("p", "1", (), licence)
    assert (sbom.find_offences([package]) == []) == is_allowed


def test_the_sbom_lists_every_pin_of_the_image_once(sbom, root) -> None:
    lock = root / "requirements-production.txt"
    pins = set(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.MULTILINE))
    packages = list(sbom.read_lock(lock))
    document = json.loads(sbom.render_sbom(packages, lock.name))
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    components = document["components"]
    assert {(one["name"], one["version"]) for one in components} == pins
    assert len({one["bom-ref"] for one in components}) == len(components)
    assert all(one["properties"] for one in components)  # hashes
    assert sbom.render_sbom(packages, lock.name) == sbom.render_sbom(packages[::-1], lock.name)


def test_what_was_reviewed_is_still_in_a_lock(sbom, root) -> None:
    named = {one.name for lock in LOCKS for one in sbom.read_lock(root / lock)}
    assert set(sbom.REVIEWED) <= named
