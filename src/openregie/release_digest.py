"""The digest of a release: what runs here, as a name that anybody can compute with `sha256sum`.

Source: docs/specs/release.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from openregie import __version__

LABEL = "openregie/release/v1"
PACKAGE = Path(__file__).resolve().parent
CONTENT = (
    "streams",
    "rules",
    "parameters",
    "policies",
    "laws.yaml",
    "counts.yaml",
    "linkage.yaml",
)
"""What of content/ decides a run; its digest stands in the receipt too."""
_WRITTEN = frozenset({".yaml", ".cedar", ".cedarschema"})
_CACHE = "__pycache__"
_COMPILED = ".mo"
"""Texts of the pages, compiled at set-up from the .po beside them."""


@dataclass(frozen=True, slots=True)
class Release:
    """What runs: version, and the digests (hexadecimal) of the package and of content/."""

    version: str
    package: str
    content: str

    @property
    def digest(self) -> str:
        """One name for all of it: 64 hexadecimal digits."""
        text = f"{LABEL}\nversion {self.version}\npackage {self.package}\ncontent {self.content}\n"
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, str]:
        """As the log names it."""
        told = {"version": self.version, "package": self.package, "content": self.content}
        return {**told, "digest": self.digest}

    @classmethod
    def from_json(cls, told: Any) -> Self:
        """Read what `to_json` wrote. Raises ValueError."""
        try:
            made = cls(str(told["version"]), str(told["package"]), str(told["content"]))
            whole = told["digest"] == made.digest
        except (KeyError, TypeError) as error:
            raise ValueError("release: a field is missing") from error
        if not whole:
            raise ValueError("release: the digest is not that of its fields")
        return made


def measure(content: Path, *, package: Path = PACKAGE) -> Release:
    """Measure the package that is loaded and the content that it would run with. About 20 ms."""
    return Release(__version__, digest_of(package), content_digest(content))


def content_digest(content: Path) -> str:
    """Digest of what in content/ decides a run."""
    files = [file for name in CONTENT for file in _files(content / name) if file.suffix in _WRITTEN]
    return _digest(_listing(files, content))


def digest_of(folder: Path) -> str:
    """Digest of a folder: of its listing. Raises ValueError."""
    return _digest(listing(folder))


def listing(folder: Path) -> str:
    """Every file as `sha256sum` prints it, by path in bytes; without what Python and set-up made.

    Units: one line a file, "<64 hexadecimal digits>  <path below the folder>". Raises ValueError
    for a name that would make two lines of one.
    """
    return _listing(_files(folder), folder)


def _files(place: Path) -> list[Path]:
    found = [place] if place.is_file() else place.rglob("*")
    return [
        file
        for file in found
        if file.is_file() and _CACHE not in file.parts and file.suffix != _COMPILED
    ]


def _listing(files: Iterable[Path], top: Path) -> str:
    named = {file.relative_to(top).as_posix(): file for file in files}
    lines = []
    for name in sorted(named, key=str.encode):
        if "\n" in name or "\\" in name:
            raise ValueError("release: a file has a line end or `\\` in its name; remove it")
        with named[name].open("rb") as opened:
            lines.append(f"{hashlib.file_digest(opened, 'sha256').hexdigest()}  {name}\n")
    return "".join(lines)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
