"""Fetches shared libraries of Debian packages, each held to the archive's signature.

The mirror and its keys are those of the machine's own apt sources; signature and
SHA256 of all that is fetched are checked. Needs `gpgv` and `dpkg-deb` on PATH. Standard
library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import lzma
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SUITE = "trixie"
TIMEOUT_S = 60


class Refusal(Exception):
    """One line for the reader: the rule, what was found, the way out."""


@dataclass(frozen=True)
class Mirror:
    """A Debian archive as an apt source names it, with the keys that sign it."""

    address: str
    keyring: Path


@dataclass(frozen=True)
class Package:
    """One entry of a suite's index of packages."""

    name: str
    version: str
    path: str
    sha256: str


def read_stanzas(text: str) -> Iterator[dict[str, str]]:
    """The stanzas of a Debian control file, fields by name."""
    for block in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if line[:1].isspace():
                fields[name] = f"{fields.get(name, '')}\n{line.strip()}"
            elif ":" in line:
                name, _, value = line.partition(":")
                fields[name] = value.strip()
        if fields:
            yield fields


def find_mirror(sources: Path) -> Mirror:
    """The Debian archive among the apt sources below `sources` (/etc/apt)."""
    keys = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
    texts = [path.read_text("utf-8") for path in sorted(sources.glob("*.list.d/*"))]
    for text in texts:
        for stanza in read_stanzas(text):
            for address in stanza.get("URIs", "").split():
                if address.rstrip("/").endswith("/debian"):
                    keyring = Path(stanza.get("Signed-By", keys))
                    return Mirror(address=address.rstrip("/"), keyring=keyring)
    lists = [*sources.glob("sources.list"), *sources.glob("*.list.d/*.list")]
    for path in lists:
        for line in path.read_text("utf-8").splitlines():
            match = re.match(r"deb\s+(?:\[[^]]*]\s+)?(\S+/debian)/?\s", line)
            if match:
                return Mirror(address=match[1], keyring=keys)
    raise Refusal(
        f"the apt sources in {sources} must name a Debian archive, none does; run "
        "this on Debian, or use a machine whose glibc is 2.39 or newer"
    )


def fetch(address: str) -> bytes:
    """The bytes at `address`."""
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_S) as response:
            return bytes(response.read())
    except (urllib.error.URLError, OSError) as err:
        raise Refusal(f"{address} cannot be fetched ({err}); try again later") from err


def fetch_checked(address: str, sha256: str) -> bytes:
    """The bytes at `address`, refused unless their SHA256 is the expected one."""
    content = fetch(address)
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise Refusal(
            f"{address} must have SHA256 {sha256}, it has {found}; try again, and if "
            "it stays so ask who runs the mirror"
        )
    return content


def read_signed(content: bytes, keyring: Path) -> str:
    """The text inside a signed InRelease file, its signature checked by gpgv."""
    with tempfile.TemporaryDirectory() as folder:
        signed, text = Path(folder, "InRelease"), Path(folder, "Release")
        signed.write_bytes(content)
        done = subprocess.run(
            ["gpgv", "--keyring", str(keyring), "--output", str(text), str(signed)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            reason = " ".join(done.stderr.split())
            raise Refusal(f"InRelease must be signed by {keyring}: {reason}")
        return text.read_text("utf-8")


def find_packages(index: str, names: Iterable[str]) -> list[Package]:
    """The entries of `names` in the text of a Packages file."""
    wanted = set(names)
    found = {
        stanza["Package"]: Package(
            name=stanza["Package"],
            version=stanza["Version"],
            path=stanza["Filename"],
            sha256=stanza["SHA256"],
        )
        for stanza in read_stanzas(index)
        if stanza.get("Package") in wanted
    }
    if missing := sorted(wanted - found.keys()):
        raise Refusal(f"{SUITE} must hold {missing[0]}, its index does not")
    return [found[name] for name in names]


def read_index(mirror: Mirror, suite: str = SUITE) -> str:
    """The text of the suite's index of packages, signature and SHA256 checked."""
    base = f"{mirror.address}/dists/{suite}"
    name = "main/binary-amd64/Packages.xz"
    release = read_signed(fetch(f"{base}/InRelease"), mirror.keyring)
    match = re.search(rf"^ ([0-9a-f]{{64}}) +\d+ {re.escape(name)}$", release, re.M)
    if match is None:
        raise Refusal(f"{base}/InRelease must list {name}, it does not")
    folder = name.rpartition("/")[0]
    content = fetch_checked(f"{base}/{folder}/by-hash/SHA256/{match[1]}", match[1])
    return lzma.decompress(content).decode("utf-8")


def unpack_libraries(mirror: Mirror, packages: Iterable[Package], into: Path) -> None:
    """Puts the shared libraries of `packages` into one flat folder."""
    into.mkdir(parents=True)
    for package in packages:
        content = fetch_checked(f"{mirror.address}/{package.path}", package.sha256)
        with tempfile.TemporaryDirectory() as folder:
            archive, tree = Path(folder, "package.deb"), Path(folder, "tree")
            archive.write_bytes(content)
            subprocess.run(["dpkg-deb", "-x", str(archive), str(tree)], check=True)
            for library in sorted(tree.glob("usr/lib/x86_64-linux-gnu/*.so*")):
                shutil.copy2(library, into / library.name)
        print(f"{package.name} {package.version}", file=sys.stderr)
