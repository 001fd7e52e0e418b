"""Every rule against its table of cases, in SQL and in the interpreter; and its public page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from openregie.rules import pages
from openregie.rules.book import check, read
from openregie.rules.cases import read_tables
from openregie.rules.interpret import judge
from openregie.rules.sql import compile_rule
from openregie.rules.telling import Teller, last_day
from openregie.rules.vocabulary import FIELDS

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
BOOK = read(CONTENT)
TABLES = read_tables(Path(__file__).parent / "tables")
RULES = {rule.name: rule for rule in BOOK.rules}
CASES = [(name, case) for table in TABLES for name in table.rules for case in table.cases]
TYPES = {"boolean": pa.bool_(), "date": pa.date32(), "cents": pa.int64()}


@pytest.fixture(scope="module")
def con():
    return duckdb.connect(":memory:", config={"threads": 1})


def by_sql(con, rule, case):
    """The row of one case as the query gives it; None when the rule is silent."""
    names = ["unit", "kind", *FIELDS, "details"]
    types = [TYPES.get(FIELDS[name].unit if name in FIELDS else "", pa.string()) for name in names]
    rows = [{"unit": "u"} | dict(row) for row in case.rows]
    held = pa.table(
        {
            name: pa.array([row.get(name) for row in rows], kind)
            for name, kind in zip(names, types, strict=True)
        }
    )
    con.register("cases", held)
    query = compile_rule(rule, source="cases", on=case.on)
    found = con.execute(query.text).fetchall()
    return dict(zip(query.columns, found[0], strict=True)) if found else None


@pytest.mark.parametrize(
    ("name", "case"), CASES, ids=[f"{name}: {case.name}" for name, case in CASES]
)
def test_given_these_facts_the_rule_says_this(con, name, case):
    rule = RULES[name]
    judged, row = judge(rule, case.rows, on=case.on), by_sql(con, rule, case)
    assert (judged.fires is True) == case.fires
    assert (row is not None) == case.fires
    if row is None:
        return
    outcome = judged.outcome
    assert tuple(row["facts"]) == outcome.facts
    assert tuple(row["streams"]) == outcome.streams
    assert row["act_from"] == outcome.act_from
    assert {m.name: row[f"measure_{m.name}"] for m in rule.measures} == dict(outcome.measures)
    places = range(len(rule.conditions))
    assert tuple(row[f"value_{i}"] for i in places) == tuple(outcome.values)
    assert last_day(rule.act_by, outcome.act_from) == case.act_by_on
    assert case.facts is None or outcome.facts == case.facts
    assert {key: outcome.measures[key] for key in case.values} == dict(case.values)


def test_every_rule_has_a_table():
    assert set(RULES) == {name for table in TABLES for name in table.rules}


def test_the_rules_hold_without_a_problem():
    assert check(CONTENT) == []


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_page_says_what_the_rule_and_its_table_say(name):
    made = pages.pages(BOOK, TABLES)[f"{name}.md"]
    page = ROOT / "docs" / "rules" / f"{name}.md"
    hint = "make the pages again: openregie.rules.pages.write"
    assert page.read_text(encoding="utf-8") == made, hint


def test_no_page_is_left_of_a_rule_that_is_gone():
    made = pages.pages(BOOK, TABLES)
    assert {file.name for file in (ROOT / "docs" / "rules").glob("*.md")} == set(made)


@pytest.mark.parametrize("name", sorted(RULES))
def test_no_text_a_resident_reads_has_an_open_place(name):
    fired = [c for n, c in CASES if n == name and c.fires]
    teller = Teller(RULES[name], on=date(2026, 11, 15), sources=BOOK.sources)
    for case in fired:
        telling = teller.tell(judge(RULES[name], case.rows, on=case.on).outcome)
        told = [telling.title, telling.text, telling.why, telling.never]
        for words in [*told, *(step.words for step in telling.steps)]:
            assert "{" not in words.nl + words.en
            assert "…" not in words.nl + words.en
