"""What domain people wrote, as one run needs it: streams, rules, laws, recipients, counts."""

from __future__ import annotations

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
from openregie.policy.book import PolicyBook
from openregie.release_digest import Release, measure
from openregie.rules import book
from openregie.rules.book import RuleBook


@dataclass(frozen=True, slots=True)
class Content:
    """Everything in content/ that decides a run."""

    streams: Mapping[str, Stream]
    rules: RuleBook
    wording: Wording
    counts: Counts
    linkage: LinkConfig
    release: Release

    @property
    def digest(self) -> str:
        """Digest of what in content/ decides a run."""
        return self.release.content


def load(directory: Path) -> Content:
    """Read content/. Raises the error of the first package whose file does not fit its form."""
    streams = load_all(directory / "streams")
    laws = yaml.safe_load((directory / "laws.yaml").read_text(encoding="utf-8"))
    policy = PolicyBook(directory / "policies")
    return Content(
        streams=streams,
        rules=book.read(directory),
        wording=Wording(streams, laws, policy),
        counts=counted.load(directory / "counts.yaml", streams),
        linkage=read_config(directory / "linkage.yaml"),
        release=measure(directory),
    )
