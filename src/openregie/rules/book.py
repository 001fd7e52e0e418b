"""All rules of a municipality, read and checked together: `read` and `check`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

from openregie.rules.errors import Problem, RulesInvalid
from openregie.rules.located import Form
from openregie.rules.parameters import UNITS, DatedValue, Parameter, overlaps
from openregie.rules.reading import read_rule
from openregie.rules.rule import Rule
from openregie.rules.units import Unit
from openregie.rules.vocabulary import FIELDS, Vocabulary, read_vocabulary
from openregie.rules.words import Words

_MAX_VALUE = 1_000_000_000_000


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Every rule in every version, by name and version, and who delivers which stream."""

    rules: tuple[Rule, ...]
    sources: Mapping[str, Words]

    def in_force(self, on: date) -> tuple[Rule, ...]:
        """The rules that hold on a day, by name."""
        return tuple(rule for rule in self.rules if rule.in_force(on))

    def find(self, name: str, version: int) -> Rule:
        """One rule in one version. Raises KeyError."""
        for rule in self.rules:
            if (rule.name, rule.version) == (name, version):
                return rule
        raise KeyError((name, version))


def read(content: Path) -> RuleBook:
    """The rules under content/. Raises RulesInvalid with every problem."""
    book, problems = _read(content)
    if problems:
        raise RulesInvalid(problems)
    return book


def check(content: Path) -> list[Problem]:
    """Every problem of content/rules and content/parameters: file, line, what and remedy."""
    return sorted(_read(content)[1])


def _read(content: Path) -> tuple[RuleBook, list[Problem]]:
    vocabulary = read_vocabulary(content / "streams")
    problems: list[Problem] = []
    parameters: dict[str, Parameter] = {}
    for file in sorted((content / "parameters").glob("*.yaml")):
        parameter, found = read_parameter(file)
        problems += found
        if parameter is not None:
            parameters[parameter.name] = parameter
    rules: list[Rule] = []
    for file in sorted((content / "rules").glob("*.yaml")):
        rule, found = read_rule(file, vocabulary, parameters)
        problems += found
        if rule is not None:
            rules.append(rule)
    rules.sort(key=lambda rule: (rule.name, rule.version))
    problems += _together(rules, vocabulary)
    return RuleBook(tuple(rules), vocabulary.sources), problems


def _together(rules: list[Rule], vocabulary: Vocabulary) -> list[Problem]:
    names = {rule.name for rule in rules}
    problems = [
        Problem(rule.file, 1, "names a counterpart that is not there", "correct the name")
        for rule in rules
        if rule.counterpart is not None and rule.counterpart not in names
    ]
    for one, other in combinations(rules, 2):
        if one.name == other.name and _overlap(one, other):
            what = f"holds on the same days as version {one.version}"
            problems.append(Problem(other.file, 1, what, "end the older version the day before"))
    if not vocabulary.kinds:
        problems.append(Problem("streams", 1, "no stream is declared", "add content/streams/"))
    return problems


def _overlap(one: Rule, other: Rule) -> bool:
    first, second = sorted((one, other), key=lambda rule: rule.valid_from)
    return first.valid_until is None or first.valid_until >= second.valid_from


def read_parameter(file: Path) -> tuple[Parameter | None, list[Problem]]:
    """The parameter of one file, and every problem; None when it has one."""
    form = Form(file)
    if form.problems:
        return None, form.problems
    form.only((), {"parameter", "unit", "title", "open_term", "values"})
    name = form.text("parameter", pattern=r"[a-z][a-z0-9_]*")
    parameter = Parameter(
        name=name,
        unit=Unit(form.choice(UNITS, "unit")),
        title=form.words("title"),
        values=tuple(_value(form, row) for row in form.rows("values")),
        open_term=form.get("open_term") is True,
    )
    if name != file.stem or name in FIELDS:
        form.problem(("parameter",), "differs from the file's name", f"call it {name}.yaml")
    if not parameter.values:
        form.problem(("values",), "has no value", "add a row with value, valid_from and article")
    if overlaps(parameter.values):
        form.problem(("values",), "two values hold on one day", "end one before the next begins")
    return (None, sorted(form.problems)) if form.problems else (parameter, [])


def _value(form: Form, row: int) -> DatedValue:
    path = ("values", row)
    form.only(path, {"value", "valid_from", "valid_until", "article", "certainty", "source"})
    value = DatedValue(
        form.whole(*path, "value", least=0, most=_MAX_VALUE),
        form.day(*path, "valid_from"),
        form.last_day(*path, "valid_until"),
        form.text(*path, "article"),
        form.choice(("sure", "verify"), *path, "certainty"),
    )
    if value.valid_until is not None and value.valid_until < value.valid_from:
        form.problem((*path, "valid_until"), "lies before valid_from", "correct one of the two")
    return value
