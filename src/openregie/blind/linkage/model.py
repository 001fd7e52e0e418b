"""The linkage model: how often traits agree for the same person (m) and for two others (u)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from math import log2
from types import MappingProxyType
from typing import Any

from openregie.blind.linkage.comparisons import COMPARISONS
from openregie.blind.linkage.errors import ModelInvalid

FORMAT = "openregie/linkage-model/v1"
_DIGITS = 6
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Model:
    """A versioned model. Shape of `probabilities`: level code -> (m, u), each in (0, 1)."""

    version: str
    learnt_from: str
    """`shipped`, `bsn-pairs` or `em`."""
    pairs: int
    """Pairs of the same person it learnt from."""
    share_in_register: float
    """Share of the records that are about someone in the register."""
    probabilities: Mapping[str, tuple[float, float]]

    def to_json(self) -> str:
        """One JSON text; the same model gives the same bytes."""
        return json.dumps(
            {
                "format": FORMAT,
                "version": self.version,
                "learnt_from": self.learnt_from,
                "pairs": self.pairs,
                "share_in_register": self.share_in_register,
                "probabilities": {k: list(v) for k, v in sorted(self.probabilities.items())},
            },
            indent=1,
            sort_keys=True,
        )

    @property
    def digest(self) -> str:
        """First 16 hex of the SHA-256 of its JSON: names it in receipts."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def prior_bits(self, people: int) -> float:
        """Bits for one person before anything is compared, against the record being nobody's."""
        share = self.share_in_register
        return log2(share / (1 - share)) - log2(max(people, 1))


def make_model(
    *,
    version: str,
    learnt_from: str,
    pairs: int,
    share_in_register: float,
    probabilities: Mapping[str, tuple[float, float]],
) -> Model:
    """Check and round: six decimals, none zero. Raises ModelInvalid when a level is missing."""
    wanted = {code for comparison in COMPARISONS for code in comparison.codes}
    if set(probabilities) != wanted:
        raise ModelInvalid(
            f"linkage model `{version}`: its levels are not those of this release; learn it again"
        )
    if not 0 < share_in_register < 1:
        raise ModelInvalid(f"linkage model `{version}`: share_in_register must lie between 0 and 1")
    rounded = {code: (_round(m), _round(u)) for code, (m, u) in probabilities.items()}
    return Model(
        version=version,
        learnt_from=learnt_from,
        pairs=pairs,
        share_in_register=round(share_in_register, _DIGITS),
        probabilities=MappingProxyType(dict(sorted(rounded.items()))),
    )


def _round(probability: float) -> float:
    if not 0 <= probability <= 1:
        raise ModelInvalid("linkage model: a probability is not between 0 and 1; learn it again")
    return round(min(max(probability, _LEAST), 1 - _LEAST), _DIGITS)


def read_model(text: str) -> Model:
    """Read a model from its JSON. Raises ModelInvalid."""
    try:
        content: Any = json.loads(text)
        if content["format"] != FORMAT:
            raise ModelInvalid(f"linkage model: format must be `{FORMAT}`; learn it again")
        return make_model(
            version=str(content["version"]),
            learnt_from=str(content["learnt_from"]),
            pairs=int(content["pairs"]),
            share_in_register=float(content["share_in_register"]),
            probabilities={
                k: (float(m), float(u)) for k, (m, u) in content["probabilities"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelInvalid("linkage model: not the JSON of a model; learn it again") from error


def shipped_model(version: str = "default-1") -> Model:
    """The model that comes with this release, for deliveries too small to learn from."""
    if not version.replace("-", "").isalnum():
        raise ModelInvalid("linkage model: a version is letters, digits and hyphens")
    file = resources.files(__package__).joinpath("models", f"{version}.json")
    if not file.is_file():
        raise ModelInvalid(
            f"linkage model `{version}` does not come with this release; "
            "name another one in content/linkage.yaml"
        )
    return read_model(file.read_text(encoding="utf-8"))


def blend(
    prior: Model,
    counts: Mapping[str, float],
    *,
    prior_pairs: int,
    version: str,
    learnt_from: str,
) -> Model:
    """Learn m from counted levels, starting from a prior worth `prior_pairs` pairs."""
    learnt: dict[str, tuple[float, float]] = {}
    total_pairs = 0.0
    for comparison in COMPARISONS:
        total = sum(counts.get(code, 0.0) for code in comparison.codes)
        total_pairs = max(total_pairs, total)
        for code in comparison.codes:
            m, u = prior.probabilities[code]
            learnt[code] = ((counts.get(code, 0) + prior_pairs * m) / (total + prior_pairs), u)
    made = make_model(
        version=version,
        learnt_from=learnt_from,
        pairs=round(total_pairs),
        share_in_register=prior.share_in_register,
        probabilities=learnt,
    )
    return replace(made, version=f"{version}-{made.digest[:8]}")
