"""content/linkage.yaml: when a link is certain, how wide to look, and how to say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from openregie.blind.linkage.comparisons import COMPARISONS
from openregie.blind.linkage.errors import ConfigInvalid, Problem

GUARDS = (
    "bsn_equal",
    "bsn_contradicted",
    "bsn_not_in_register",
    "link_undone",
    "namesake_at_address",
    "minor_without_birth_date",
    "partner_may_be_meant",
    "address_under_investigation",
    "person_died",
    "person_left",
    "organisation",
    "household_only",
    "name_missing",
    "too_close_to_another",
    "nothing_close",
)
"""Reasons that no comparison gives."""

REASON_CODES = (*(code for c in COMPARISONS for code in c.codes), *GUARDS)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities from which a link has a class; `margin_bits` the lead over the next person."""

    certain_with_birth: float
    certain_without_birth: float
    certain_elsewhere: float
    household: float
    review: float
    margin_bits: float
    secret_bits_without_address: float


@dataclass(frozen=True, slots=True)
class Blocking:
    """Bounds on the pairs that are compared."""

    max_residents_at_address: int
    max_namesakes: int


@dataclass(frozen=True, slots=True)
class Learning:
    """When the run learns its own model instead of using the shipped one (model.py)."""

    min_bsn_pairs: int
    prior_pairs: int
    min_records_for_em: int


@dataclass(frozen=True, slots=True)
class Unseen:
    """How often a record is about someone at an address whom the register does not list there.

    `relative`: chance of that, as a share of the chance that a listed person is meant.
    `same_surname`, `same_initials`: chance that such a person shares them with a listed one.
    """

    relative: float
    same_surname: float
    same_initials: float


@dataclass(frozen=True, slots=True)
class LinkConfig:
    """The whole file."""

    version: int
    model: str
    thresholds: Thresholds
    blocking: Blocking
    learning: Learning
    unseen: Unseen
    reasons: Mapping[str, Mapping[str, str]]


_SHARES = (
    "certain_with_birth",
    "certain_without_birth",
    "certain_elsewhere",
    "household",
    "review",
    "relative",
    "same_surname",
    "same_initials",
)
_SECTIONS: Mapping[str, type[Any]] = {
    "thresholds": Thresholds,
    "blocking": Blocking,
    "learning": Learning,
    "unseen": Unseen,
}


def read_config(path: Path) -> LinkConfig:
    """Read content/linkage.yaml. Raises ConfigInvalid with every problem in it."""
    found, problems = _read(path)
    if found is None or problems:
        raise ConfigInvalid(problems)
    return found


def check_config(path: Path) -> tuple[Problem, ...]:
    """Every problem in content/linkage.yaml; empty when it holds."""
    return _read(path)[1]


def _read(path: Path) -> tuple[LinkConfig | None, tuple[Problem, ...]]:
    shown = path.as_posix()
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except (ValueError, RecursionError):
        return None, (Problem(shown, 1, "is not YAML in UTF-8, or nests without end"),)
    except OSError:
        return None, (Problem(shown, 1, "cannot be read; put the file back from the release"),)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        return None, (Problem(shown, line, "is not YAML; check indentation and quotes"),)
    if not isinstance(content, dict) or node is None:
        return None, (Problem(shown, 1, "must hold the sections of the linkage configuration"),)
    lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
    problems: list[Problem] = []
    sections: dict[str, Any] = {}
    for name, kind in _SECTIONS.items():
        line = lines.get(name, 1)
        problems += _check_section(shown, line, name, kind, content.get(name))
        if not problems:
            sections[name] = kind(**content[name])
    problems += _check_rest(shown, lines, content)
    if problems:
        return None, tuple(problems)
    return LinkConfig(
        version=content["version"], model=content["model"], reasons=content["reasons"], **sections
    ), ()


def _check_section(path: str, line: int, name: str, kind: type[Any], section: Any) -> list[Problem]:
    wanted = set(kind.__dataclass_fields__)
    if not isinstance(section, dict):
        return [Problem(path, line, f"`{name}` is missing; it holds {', '.join(sorted(wanted))}")]
    problems = [
        Problem(path, line, f"`{name}` has an unknown key `{key}`; remove it")
        for key in sorted(set(section) - wanted)
    ]
    for key in sorted(wanted):
        value = section.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            problems.append(Problem(path, line, f"`{name}.{key}` must be a number, 0 or more"))
        elif key in _SHARES and not 0 < value < 1:
            problems.append(Problem(path, line, f"`{name}.{key}` must lie between 0 and 1"))
    return problems


def _check_rest(path: str, lines: Mapping[str, int], content: Mapping[str, Any]) -> list[Problem]:
    known = {*_SECTIONS, "version", "model", "reasons"}
    problems = [
        Problem(path, lines.get(key, 1), f"unknown key `{key}`; remove it")
        for key in content
        if key not in known
    ]
    if content.get("version") != 1:
        problems.append(Problem(path, lines.get("version", 1), "`version` must be 1"))
    if not isinstance(content.get("model"), str):
        problems.append(Problem(path, lines.get("model", 1), "`model` must name a model version"))
    reasons = content.get("reasons")
    if not isinstance(reasons, dict):
        return [*problems, Problem(path, 1, "`reasons` is missing; it says each reason in words")]
    line = lines.get("reasons", 1)
    for code in REASON_CODES:
        texts = reasons.get(code)
        if not isinstance(texts, dict) or not all(
            isinstance(texts.get(language), str) for language in ("nl", "en")
        ):
            problems.append(Problem(path, line, f"`reasons.{code}` must have texts `nl` and `en`"))
    problems += [
        Problem(path, line, f"`reasons.{code}` is not a reason of this version; remove it")
        for code in reasons
        if code not in REASON_CODES
    ]
    return problems
