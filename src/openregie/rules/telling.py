"""What a rule that fired says: its texts filled in, the last day to act, and the trace of why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from openregie.rules.meaning import group_scope, unit_of
from openregie.rules.rule import ActBy, Rule
from openregie.rules.sql import sides
from openregie.rules.units import Unit, Value
from openregie.rules.words import Words, enumerate_words, say
from openregie.rules.workdays import add_working_days, run_on


@dataclass(frozen=True, slots=True)
class Step:
    """One condition in plain words, and whether it held; None is not known."""

    words: Words
    held: bool | None


@dataclass(frozen=True, slots=True)
class Given:
    """One parameter that counted: what it is, its value and the article it comes from."""

    title: Words
    value: Words
    article: str


@dataclass(frozen=True, slots=True)
class Telling:
    """All that can be said of one outcome of one rule. `facts` are fact ids."""

    title: Words
    text: Words
    why: Words
    never: Words
    act_by_on: date | None
    steps: tuple[Step, ...]
    given: tuple[Given, ...]
    facts: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As `signals.values` keeps it: texts in both languages, no identifier but the facts."""
        return {
            "title": self.title.to_json(),
            "text": self.text.to_json(),
            "why": self.why.to_json(),
            "never": self.never.to_json(),
            "steps": [{**step.words.to_json(), "held": step.held} for step in self.steps],
            "parameters": [
                {"title": g.title.to_json(), "value": g.value.to_json(), "article": g.article}
                for g in self.given
            ],
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule found of one unit. Shape: `held`, `values`, `limits` one per condition.

    `facts` are fact ids, `streams` those they came from.
    """

    held: Sequence[bool | None]
    values: Sequence[Value]
    limits: Sequence[Value]
    measures: Mapping[str, Value]
    act_from: date | None
    facts: Sequence[str]
    streams: Sequence[str]


class Teller:
    """Puts the outcomes of one rule on one day into words. Raises ParameterMissing."""

    def __init__(self, rule: Rule, *, on: date, sources: Mapping[str, Words]) -> None:
        self._rule = rule
        self._sources = {
            stream: Words(f"uw {source.nl}", f"your {source.en}")
            for stream, source in sources.items()
        }
        given = rule.given(on)
        self._given = tuple(
            Given(p.title, say(given[p.name].value, p.unit), given[p.name].article)
            for p in rule.parameters
        )
        self._parameters = {p.name: say(given[p.name].value, p.unit) for p in rule.parameters}
        scope = group_scope(rule.sets, rule.parameters)
        pairs = [sides(condition.test) for condition in rule.conditions]
        self._units = [
            (unit_of(value, scope), unit_of(limit, scope) if limit is not None else Unit.TEXT)
            for value, limit in pairs
        ]

    def tell(self, outcome: Outcome) -> Telling:
        """All that can be said of one outcome."""
        rule = self._rule
        act_by_on = last_day(rule.act_by, outcome.act_from)
        told = {m.name: say(outcome.measures[m.name], m.unit) for m in rule.measures}
        told |= self._parameters
        told["sources"] = _enumerate_once(self._sources[stream] for stream in outcome.streams)
        told["act_by"] = say(act_by_on, Unit.DATE)
        return Telling(
            title=rule.title.fill(told),
            text=rule.text.fill(told),
            why=rule.why.fill(told),
            never=rule.never.fill(told),
            act_by_on=act_by_on,
            steps=self._steps(outcome, told),
            given=self._given,
            facts=tuple(outcome.facts),
        )

    def _steps(self, outcome: Outcome, told: Mapping[str, Words]) -> tuple[Step, ...]:
        steps = []
        for number, condition in enumerate(self._rule.conditions):
            unit, limit_unit = self._units[number]
            value, limit = outcome.values[number], outcome.limits[number]
            own = {"value": say(value, unit), "limit": say(limit, limit_unit)}
            steps.append(Step(condition.words.fill({**told, **own}), outcome.held[number]))
        return tuple(steps)


def _enumerate_once(parts: Iterable[Words]) -> Words:
    """Each source once: two streams of the municipality are one `uw gemeente`."""
    return enumerate_words(sorted(set(parts), key=lambda part: part.nl))


def last_day(act_by: ActBy | None, start: date | None) -> date | None:
    """The last day to act. A term in days that ends on a free day runs on (workdays.py)."""
    if act_by is None or start is None:
        return None
    if act_by.working_days:
        return add_working_days(start, act_by.working_days)
    return run_on(start + timedelta(days=act_by.days)) if act_by.days else start
