"""What domain people wrote, as one run needs it: streams, rules, laws, recipients, counts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from openregie.blind.items import counted
from openregie.blind.items.counted import Counts
from openregie.blind.items.facts import Wording
from openregie.blind.linkage.config import LinkConfig, read_config
from openregie.blind.streams.declaration import load_all
from openregie.blind.streams.stream import Stream
from openregie.policy import recipients
from openregie.rules import book
from openregie.rules.book import RuleBook

READ = (
    "streams",
    "rules",
    "parameters",
    "policies",
    "laws.yaml",
    "counts.yaml",
    "linkage.yaml",
)
"""What of content/ decides a run; its digest stands in the receipt."""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything in content/ that decides a run."""

    streams: Mapping[str, Stream]
    rules: RuleBook
    wording: Wording
    counts: Counts
    linkage: LinkConfig
    digest: str


def load(directory: Path) -> Content:
    """Read content/. Raises the error of the first package whose file does not fit its form."""
    streams = load_all(directory / "streams")
    laws = yaml.safe_load((directory / "laws.yaml").read_text(encoding="utf-8"))
    policy = recipients.load(directory / "policies" / "law.yaml")
    return Content(
        streams=streams,
        rules=book.read(directory),
        wording=Wording(streams, laws, policy),
        counts=counted.load(directory / "counts.yaml", streams),
        linkage=read_config(directory / "linkage.yaml"),
        digest=_digest(directory),
    )


def _digest(directory: Path) -> str:
    whole = hashlib.sha256()
    for name in READ:
        place = directory / name
        for file in sorted(place.rglob("*.yaml")) if place.is_dir() else [place]:
            whole.update(file.relative_to(directory).as_posix().encode() + b"\0")
            whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()
