"""SQL and the interpreter say the same of every rule and every input, also when little is known."""

from __future__ import annotations

import json
from datetime import date, timedelta

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from openregie.rules.expressions import parse
from openregie.rules.interpret import add_months, judge
from openregie.rules.meaning import group_scope, row_scope, unit_of
from openregie.rules.parameters import DatedValue, Parameter
from openregie.rules.rule import ActBy, Condition, FactSet, Group, Measure, Rule, Step
from openregie.rules.sql import compile_rule
from openregie.rules.units import Unit
from openregie.rules.vocabulary import FIELDS, Field
from openregie.rules.words import Words
from openregie.terms import Domain, Lane

ON = date(2026, 3, 31)
EMPTY = Words("", "")
LAW = (DatedValue(5000, date(2020, 1, 1), None, "art. 1", "sure"),)
LIMIT = Parameter("limit", Unit.CENTS, EMPTY, LAW)
FIELDS_HERE = FIELDS | {
    "hours": Field("hours", Unit.NUMBER, detail=True),
    "sort": Field("sort", Unit.TEXT, detail=True, choices=("x", "y")),
    "seen_on": Field("seen_on", Unit.DATE, detail=True),
    "urgent": Field("urgent", Unit.BOOLEAN, detail=True),
}
CON = duckdb.connect(":memory:", config={"threads": 1})

dates = st.sampled_from(
    ["today", "period_start", "period_end", "signalled_on", "ends_on", "seen_on"]
)
spans = st.sampled_from(["days(1)", "days(45)", "months(1)", "months(6)"])
day = st.one_of(dates, st.builds("{} {} {}".format, dates, st.sampled_from("+-"), spans))
amount = st.sampled_from(
    ["amount_cents", "limit", "amount_cents * 2", "limit - cents(1)", "cents(0)"]
)
sign = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
leaf = st.one_of(
    st.builds("{} {} {}".format, day, sign, day),
    st.builds("{} {} {}".format, amount, sign, amount),
    st.builds("hours {} {}".format, sign, st.integers(0, 3)),
    st.sampled_from(
        ["crisis", "urgent", "missing(ends_on)", "sort in ('x', 'y')", "sort == 'x'", "sort != 'y'",
         "year(ends_on) == 2026", "days_between(ends_on, today) >= days(3)"]
    ),
)  # fmt: skip


def nested(part):
    return st.recursive(
        part,
        lambda inner: st.one_of(
            st.builds("({} and {})".format, inner, inner),
            st.builds("({} or {})".format, inner, inner),
            st.builds("(not {})".format, inner),
        ),
        max_leaves=5,
    )


groups = nested(
    st.one_of(
        st.builds("count({}) {} {}".format, st.sampled_from("ab"), sign, st.integers(0, 3)),
        st.builds("total({}.amount_cents) {} limit".format, st.sampled_from("ab"), sign),
        st.builds("largest({}.hours) {} 1".format, st.sampled_from("ab"), sign),
        st.builds("earliest(a.ends_on) {} latest(b.signalled_on)".format, sign),
        st.sampled_from(
            ["any(a.urgent)", "all(b.urgent)", "any(b.crisis)", "distinct(a.supplier) >= 2",
             "distinct(b.sort) == 1", "missing(latest(a.seen_on))"]
        ),
    )
)  # fmt: skip

near = st.integers(-70, 10).map(lambda n: ON + timedelta(days=n))
facts = st.fixed_dictionaries(
    {
        "unit": st.sampled_from("uv"),
        "supplier": st.none() | st.sampled_from("ST"),
        "amount_cents": st.none() | st.sampled_from([0, 4999, 5000, 9000]),
        "signalled_on": st.none() | near,
        "ends_on": st.none() | near,
        "crisis": st.booleans(),
        "hours": st.none() | st.integers(0, 3),
        "sort": st.none() | st.sampled_from("xy"),
        "seen_on": st.none() | near,
        "urgent": st.none() | st.booleans(),
    }
)


def rule_of(where_a, where_b, tests, months):
    sets = tuple(
        FactSet(name, ("k",), parse(where), FIELDS_HERE)
        for name, where in (("a", where_a), ("b", where_b))
    )
    for one in sets:
        assert unit_of(one.where, row_scope(one.fields, (LIMIT,))) is Unit.BOOLEAN
    conditions = tuple(Condition(test, parse(test), EMPTY) for test in tests)
    for condition in conditions:
        assert unit_of(condition.test, group_scope(sets, (LIMIT,))) is Unit.BOOLEAN
    measures = (Measure("total", parse("total(a.amount_cents)"), Unit.CENTS),)
    return Rule(
        name="r", version=1, lane=Lane.WGS, law="l", article="a", certainty="sure",
        valid_from=date(2020, 1, 1), valid_until=None, domain=Domain.MONEY, purpose_id="p",
        purpose=EMPTY, audience=(), group=Group.ADDRESS, period_months=months, sets=sets,
        parameters=(LIMIT,), conditions=conditions, measures=measures,
        act_by=ActBy(parse("latest(b.ends_on)")), counterpart=None, title=EMPTY, text=EMPTY,
        why=EMPTY, never=EMPTY, step=Step(EMPTY, 1, "#"), offers=(), file="r.yaml",
    )  # fmt: skip


def rows_of(told):
    rows = []
    for number, fact in enumerate(told):
        details = {key: fact[key] for key in ("hours", "sort", "seen_on", "urgent")}
        fixed = {"fact_id": f"{number:02}", "kind": "k", "stream": "s"}
        held = {name: fact.get(name) for name in FIELDS}
        rows.append(
            held | fixed | {"unit": fact["unit"], "details": json.dumps(details, default=str)}
        )
    return rows


TYPES = {Unit.CENTS: pa.int64(), Unit.DATE: pa.date32(), Unit.BOOLEAN: pa.bool_()}


def by_sql(rule, rows):
    names = {name: TYPES.get(field.unit, pa.string()) for name, field in FIELDS.items()}
    names |= dict.fromkeys(("unit", "kind", "details"), pa.string())
    table = pa.table({n: pa.array([row[n] for row in rows], kind) for n, kind in names.items()})
    CON.register("source", table)
    query = compile_rule(rule, source="source", on=ON)
    found = CON.execute(query.text).fetchall()
    return {row[0]: dict(zip(query.columns, row, strict=True)) for row in found}


@settings(max_examples=150, deadline=None)
@given(
    nested(leaf), nested(leaf), st.lists(groups, min_size=1, max_size=3),
    st.integers(1, 3), st.lists(facts, max_size=8),
)  # fmt: skip
def test_both_say_the_same(where_a, where_b, tests, months, told):
    rule, rows = rule_of(where_a, where_b, tests, months), rows_of(told)
    found = by_sql(rule, rows)
    for unit in "uv":
        judged = judge(rule, [row for row in rows if row["unit"] == unit], on=ON)
        assert (judged.fires is True) == (unit in found)
        if unit in found:
            row, outcome = found[unit], judged.outcome
            assert row["period_start"] == judged.period_start
            assert tuple(row["facts"]) == outcome.facts
            assert row["measure_total"] == outcome.measures["total"]
            assert row["act_from"] == outcome.act_from
            values = [row[f"value_{i}"] for i in range(len(tests))]
            assert values == list(outcome.values)


@given(st.dates(date(1900, 1, 31), date(2100, 1, 1)), st.integers(-240, 240))
def test_months_are_added_as_the_database_adds_them(start, months):
    ((expected,),) = CON.execute(
        "SELECT CAST($day + to_months(CAST($months AS INTEGER)) AS DATE)",
        {"day": start, "months": months},
    ).fetchall()
    assert add_months(start, months) == expected
