"""content/dpia.yaml: what only people know of an impact assessment, read and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from openregie.blind.streams.stream import Column, ColumnType, Stream
from openregie.cli.problem import Problem

FILE = "dpia.yaml"
HEADINGS = 17
"""Headings of the government's model."""
LEVELS = ("", "laag", "middel", "hoog")
_TOP = {"version", "streams", "questions", "risks"}
_STREAM = {"about", "rest", "identifying", "sensitive", "special"}
_QUESTION = {"id", "heading", "who", "question", "answer"}
_RISK = {"id", "title", "harm", "measure", "chance", "severity"}
_IDENTIFYING = (ColumnType.POSTCODE, ColumnType.PARTIAL_DATE)
_MONEY = (ColumnType.EUROS, ColumnType.DECIMAL_EUROS)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Sort(StrEnum):
    """What kind of personal data a column holds, the most protected first."""

    SPECIAL = "bijzonder"
    NUMBER = "nationaal nummer"
    SENSITIVE = "gevoelig"
    MONEY = "financieel"
    IDENTIFYING = "identificerend"
    PLAIN = "gewoon"


class Who(StrEnum):
    """Who answers a question."""

    MUNICIPALITY = "gemeente"
    OFFICER = "fg"
    LAWYER = "jurist"
    SECURITY = "ciso"


@dataclass(frozen=True, slots=True)
class Data:
    """What a person said of one stream's data: about whom, and which columns ask more care."""

    about: str
    rest: Sort
    identifying: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    special: tuple[str, ...] = ()
    special_kind: str = ""

    def sort_of(self, column: Column) -> Sort:
        """The kind of one column."""
        if column.field in self.special:
            return Sort.SPECIAL
        if column.type is ColumnType.BSN:
            return Sort.NUMBER
        if column.field in self.sensitive:
            return Sort.SENSITIVE
        if column.type in _MONEY:
            return Sort.MONEY
        if column.role or column.type in _IDENTIFYING or column.field in self.identifying:
            return Sort.IDENTIFYING
        return self.rest


@dataclass(frozen=True, slots=True)
class Question:
    """What only people can say, under a heading of the model. Without an answer it stays open."""

    id: str
    heading: int
    who: Who
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk for people. `threat` is its number in docs/security.md; 0 when it is no attack."""

    id: str
    threat: int
    title: str
    harm: str
    measure: str
    chance: str
    severity: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """All of content/dpia.yaml."""

    data: Mapping[str, Data]
    questions: tuple[Question, ...]
    risks: tuple[Risk, ...]

    def under(self, heading: int) -> tuple[Question, ...]:
        """The questions under one heading."""
        return tuple(one for one in self.questions if one.heading == heading)


def load(content: Path) -> Impact:
    """Read the file. Raises KeyError, TypeError or ValueError where `check` names the problem."""
    said = yaml.load((content / FILE).read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
    return Impact(
        {name: _data(one) for name, one in said["streams"].items()},
        tuple(_question(one) for one in said["questions"]),
        tuple(_risk(one) for one in said["risks"]),
    )


def check(content: Path, streams: Mapping[str, Stream]) -> list[Problem]:
    """Every problem of the file, by line; none where a municipality has no such file."""
    if not (content / FILE).is_file():
        return [Problem(FILE, 1, "is missing", "put the release's file back")]
    try:
        text = (content / FILE).read_text(encoding="utf-8")
        said = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError, OSError):
        return [Problem(FILE, 1, "is not YAML", "check indentation, colons and quotes")]
    lines = text.splitlines()
    if not isinstance(said, dict) or set(said) != _TOP or said["version"] != 1:
        what = "must have `version: 1`, `streams`, `questions` and `risks`"
        return [Problem(FILE, 1, what, "compare with the release")]
    try:
        found = [*_streams(said["streams"], streams), *_questions(said), *_risks(said)]
    except (AttributeError, TypeError, KeyError):
        return [Problem(FILE, 1, "does not have the form it needs", "compare with the release")]
    return [Problem(FILE, _line(lines, name), what, remedy) for name, what, remedy in found]


_Found = Iterator[tuple[str, str, str]]


def _streams(said: Mapping[str, Any], streams: Mapping[str, Stream]) -> _Found:
    for name, one in said.items():
        if name not in streams:
            yield name, f"stream `{name}` is not declared", "remove the entry"
            continue
        if unknown := set(one) - _STREAM:
            yield name, f"stream `{name}`: unknown key `{min(unknown)}`", "remove it"
            continue
        if one.get("rest") not in {Sort.PLAIN.value, Sort.SENSITIVE.value}:
            yield name, f"stream `{name}`: `rest` is gewoon or gevoelig", "choose one"
        if not str(one.get("about", "")).strip():
            yield name, f"stream `{name}`: `about` is empty", "say whom the data are about"
        fields = {column.field for column in streams[name].columns}
        special = one.get("special", {}).get("columns", [])
        named = [*one.get("identifying", []), *one.get("sensitive", []), *special]
        for field in sorted(set(named) - fields):
            yield name, f"stream `{name}`: no column `{field}`", "name a column by its `as`"


def _questions(said: Mapping[str, Any]) -> _Found:
    for one in said["questions"]:
        name = str(one.get("id"))
        if set(one) != _QUESTION:
            yield (
                name,
                f"question `{name}`: needs exactly {', '.join(sorted(_QUESTION))}",
                "mend it",
            )
        elif one["who"] not in set(Who) or one["heading"] not in range(1, HEADINGS + 1):
            what = f"question `{name}`: `who` is one of {', '.join(Who)}, `heading` is 1 to 17"
            yield name, what, "mend it"


def _risks(said: Mapping[str, Any]) -> _Found:
    for one in said["risks"]:
        name = str(one.get("id"))
        if missing := _RISK - set(one):
            yield name, f"risk `{name}`: `{min(missing)}` is missing", "add it"
        elif unknown := set(one) - _RISK - {"threat", "tests"}:
            yield name, f"risk `{name}`: unknown key `{min(unknown)}`", "quote a text with a comma"
        elif one["chance"] not in LEVELS or one["severity"] not in LEVELS:
            what = f"risk `{name}`: chance and severity are laag, middel or hoog"
            yield name, what, "choose one, or leave it empty"
        elif not one.get("threat") and not one.get("tests"):
            yield name, f"risk `{name}`: names no threat and no test", "name what guards it"


def _data(one: Mapping[str, Any]) -> Data:
    special = one.get("special", {})
    return Data(
        one["about"],
        Sort(one["rest"]),
        tuple(one.get("identifying", ())),
        tuple(one.get("sensitive", ())),
        tuple(special.get("columns", ())),
        special.get("kind", ""),
    )


def _question(one: Mapping[str, Any]) -> Question:
    answer = str(one["answer"] or "").strip()
    return Question(one["id"], one["heading"], Who(one["who"]), one["question"], answer)


def _risk(one: Mapping[str, Any]) -> Risk:
    return Risk(
        one["id"],
        one.get("threat", 0),
        one["title"],
        one["harm"],
        one["measure"],
        one["chance"] or "",
        one["severity"] or "",
        tuple(one.get("tests", ())),
    )


def _line(lines: list[str], name: str) -> int:
    """The line where an entry begins: `name:` of a stream, or `id: name` of the others."""
    starts = (f"{name}:", f"- {{id: {name},", f"- id: {name}")
    return next((at for at, line in enumerate(lines, 1) if line.strip().startswith(starts)), 1)
