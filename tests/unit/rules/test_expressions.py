import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregie.rules.errors import ExpressionRefused
from openregie.rules.expressions import MAX_LENGTH, Binary, Call, Literal, Member, Name, parse
from openregie.rules.meaning import Scope, unit_of
from openregie.rules.units import Unit
from openregie.rules.vocabulary import DAYS, FIELDS, Field

ROW = Scope({**FIELDS, **{name: Field(name, unit) for name, unit in DAYS.items()},
             "remission": Field("remission", Unit.TEXT, detail=True, choices=("yes", "no")),
             "threshold": Field("threshold", Unit.CENTS)})  # fmt: skip
GROUP = Scope(
    {"today": Field("today", Unit.DATE), "threshold": Field("threshold", Unit.CENTS)},
    {"reports": FIELDS},
)


def test_and_binds_closer_than_or():
    tree = parse("crisis or crisis and crisis")
    assert isinstance(tree, Binary)
    assert tree.operator == "or"


def test_a_call_over_a_field_of_a_set_is_read():
    tree = parse("total(reports.amount_cents) >= threshold")
    assert isinstance(tree, Binary)
    assert tree.left == Call("total", (Member("reports", "amount_cents", 7),), 1)
    assert tree.right == Name("threshold", 32)


def test_texts_stand_in_single_quotes():
    assert parse("'a or b'") == Literal("a or b", Unit.TEXT, 1)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("count(", 7),
        ("1 <", 4),
        ("1 < 2 < 3", 7),
        ("crisis crisis", 8),
        ("__import__('os')", 1),
        ("a.b.c", 4),
        ("'open", 1),
        ("1.5", 2),
        ("Amount > 3", 1),
        ("x[0]", 2),
        ("lambda: 1", 7),
        ("a; drop", 2),
        ("9999999999999999", 1),
        ("é", 1),
        ("'a''b'", 4),
        ("supplier in ()", 14),
        ("reports.", 9),
        ("not", 4),
    ],
)
def test_what_is_not_in_the_language_is_refused_with_its_column(text, column):
    with pytest.raises(ExpressionRefused) as refused:
        parse(text)
    assert refused.value.column == column
    assert refused.value.remedy


@pytest.mark.parametrize("text", ["(" * 500 + "1" + ")" * 500, "not " * 200 + "crisis"])
def test_deep_nesting_is_refused_and_does_not_break_the_reader(text):
    with pytest.raises(ExpressionRefused, match=r"deep|long"):
        parse(text)


def test_a_condition_has_a_longest_length():
    with pytest.raises(ExpressionRefused, match="long"):
        parse("1 + " * MAX_LENGTH + "1")


@given(st.text(max_size=80) | st.text("()'. andornti=<>+-*,1", max_size=120))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    column = 1
    try:
        unit_of(parse(text), ROW)
    except ExpressionRefused as refused:
        column = refused.column
    assert 1 <= column <= len(text) + 1


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("amount_cents >= cents(7500)", Unit.BOOLEAN),
        ("amount_cents + threshold * 3 - cents(1)", Unit.CENTS),
        ("today + days(60)", Unit.DATE),
        ("today - months(6)", Unit.DATE),
        ("year(today)", Unit.NUMBER),
        ("days_between(started_on, today) > days(30)", Unit.BOOLEAN),
        ("missing(ends_on) or ends_on >= today", Unit.BOOLEAN),
        ("remission in ('yes', 'no')", Unit.BOOLEAN),
        ("crisis == true", Unit.BOOLEAN),
    ],
)
def test_units_that_fit(text, unit):
    assert unit_of(parse(text), ROW) is unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("count(reports)", Unit.NUMBER),
        ("distinct(reports.subject) >= 2", Unit.BOOLEAN),
        ("distinct(reports.subject)", Unit.PERSONS),
        ("latest(reports.ends_on)", Unit.DATE),
        ("any(reports.crisis) and not all(reports.crisis)", Unit.BOOLEAN),
        ("largest(reports.amount_cents)", Unit.CENTS),
    ],
)
def test_units_over_sets(text, unit):
    assert unit_of(parse(text), GROUP) is unit


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("amount_cents >= 75", "cents is compared with number"),
        ("amount_cents + 1", "no meaning"),
        ("today + 60", "no meaning"),
        ("today + today", "no meaning"),
        ("days(1) + months(1)", "no meaning"),
        ("amount_cents * amount_cents", "cannot be multiplied"),
        ("amount_cents * 20000", "too large"),
        ("amount_cents * 2 * 2", "cannot be multiplied"),
        ("supplier < 'b'", "no less or more"),
        ("crisis and 1", "not boolean"),
        ("not today", "not boolean"),
        ("remission == 'maybe'", "never says this"),
        ("'maybe' == remission", "never says this"),
        ("remission in ('yes', 'maybe')", "never says this"),
        ("remission in (1, 2)", "compared with"),
        ("salary > cents(1)", "unknown name"),
        ("eval('x')", "unknown function"),
        ("count(reports)", "counts over facts"),
        ("reports.crisis", "holds many facts"),
        ("cents(today)", "written number"),
        ("months(5000)", "too large"),
        ("year()", "other arguments"),
        ("days_between(today)", "other arguments"),
    ],
)
def test_units_that_do_not_fit_are_refused(text, what):
    with pytest.raises(ExpressionRefused, match=what):
        unit_of(parse(text), ROW)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("reports", "a set is no value"),
        ("count(bills)", "takes a set"),
        ("count(reports.crisis)", "takes a set"),
        ("total(reports)", "takes a field"),
        ("total(bills.amount_cents)", "takes a field"),
        ("total(reports.salary)", "unknown field"),
        ("total(reports.supplier)", "is text"),
        ("any(reports.amount_cents)", "is cents"),
        ("earliest(reports.supplier)", "is text"),
        ("amount_cents > cents(1)", "unknown name"),
    ],
)
def test_over_sets_too(text, what):
    with pytest.raises(ExpressionRefused, match=what):
        unit_of(parse(text), GROUP)
