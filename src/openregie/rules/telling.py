"""What a rule that fired says: its texts filled in, the last day to act, and the trace of why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def tell(
    rule: Rule,
    *,
    on: date,
    held: Sequence[bool | None],
    values: Sequence[Value],
    limits: Sequence[Value],
    measures: Mapping[str, Value],
    act_from: date | None,
    facts: Sequence[str],
    sources: Sequence[Words],
) -> Telling:
    """Put an outcome into words. Shape: `held`, `values`, `limits` one per condition of the rule.

    `sources` are those who delivered the facts. Raises ParameterMissing.
    """
    given = rule.given(on)
    act_by_on = last_day(rule.act_by, act_from)
    told = {m.name: say(measures[m.name], m.unit) for m in rule.measures}
    told["sources"] = enumerate_words([Words(f"uw {w.nl}", f"your {w.en}") for w in sources])
    told["act_by"] = say(act_by_on, Unit.DATE)
    return Telling(
        title=rule.title.fill(told),
        text=rule.text.fill(told),
        why=rule.why.fill(told),
        never=rule.never.fill(told),
        act_by_on=act_by_on,
        steps=_steps(rule, held, values, limits, told),
        given=tuple(
            Given(p.title, say(given[p.name].value, p.unit), given[p.name].article)
            for p in rule.parameters
        ),
        facts=tuple(facts),
    )


def _steps(
    rule: Rule,
    held: Sequence[bool | None],
    values: Sequence[Value],
    limits: Sequence[Value],
    told: Mapping[str, Words],
) -> tuple[Step, ...]:
    scope = group_scope(rule.sets, rule.parameters)
    steps = []
    for number, condition in enumerate(rule.conditions):
        value, limit = sides(condition.test)
        own = {"value": say(values[number], unit_of(value, scope))}
        if limit is not None:
            own["limit"] = say(limits[number], unit_of(limit, scope))
        steps.append(Step(condition.words.fill({**told, **own}), held[number]))
    return tuple(steps)


def last_day(act_by: ActBy | None, start: date | None) -> date | None:
    """The last day to act. A term in days that ends on a free day runs on (workdays.py)."""
    if act_by is None or start is None:
        return None
    if act_by.working_days:
        return add_working_days(start, act_by.working_days)
    return run_on(start + timedelta(days=act_by.days)) if act_by.days else start
