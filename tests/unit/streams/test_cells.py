"""What a cell means: every notation that is taken, and every one that is not."""

import json
import random
from datetime import date
from functools import cache

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openregie.blind.streams.conversion import Origin, convert, create_tables, record_id
from openregie.blind.streams.formats import parse
from openregie.terms import is_bsn
from unit.streams.deliveries import BENEFIT, BSNS, RENT, STREAMS, TODAY, person, to_csv

D = date
BENEFITS, POPULATION, RENTS = (STREAMS[n] for n in ("benefits", "population", "rent_arrears"))
WRONG = object()

CASES = [
    # stream, base row, header, field, text, value
    *(
        (BENEFITS, BENEFIT, "bedragPerMaand", "amount_cents", text, value)
        for text, value in [
            ("1401,50", 140_150),
            ("1401.50", 140_150),
            ("1401", 140_100),
            ("0,5", 50),
            ("0", 0),
            (" 12,34 ", 1_234),
            ("10000", 1_000_000),
            ("10000,01", WRONG),
            ("-1", WRONG),
            ("1.234,56", WRONG),
            ("1,234.56", WRONG),
            ("1.234", WRONG),
            ("1 234", WRONG),
            ("\u20ac 12", WRONG),
            ("1e3", WRONG),
            ("NaN", WRONG),
            ("12,", WRONG),
            (",5", WRONG),
            ("\u0661\u0662", WRONG),
            ("99999999999999999999", WRONG),
            ("", WRONG),
        ]
    ),
    *(
        (RENTS, RENT, "bedrag", "amount_cents", text, value)
        for text, value in [
            ("125", 12_500),
            ("0", 0),
            ("007", 700),
            ("100000", 10_000_000),
            ("100001", WRONG),
            ("125,00", WRONG),
            ("125.0", WRONG),
            ("1.250", WRONG),
            ("-5", WRONG),
            ("+5", WRONG),
            ("0x10", WRONG),
            ("1_000", WRONG),
        ]
    ),
    *(
        (RENTS, RENT, "client.Huisnummer", "house_number", text, value)
        for text, value in [
            ("12", 12),
            ("99999", 99_999),
            ("0", WRONG),
            ("12a", WRONG),
            ("1.0", WRONG),
            ("4294967297", WRONG),
        ]
    ),
    *(
        (RENTS, RENT, "client.Postcode", "postcode", text, value)
        for text, value in [
            ("1234AB", "1234AB"),
            ("1234 ab", "1234AB"),
            ("1234\u00a0AB", "1234AB"),
            ("0234AB", WRONG),
            ("1234", WRONG),
            ("1234A1", WRONG),
            ("B-1000", WRONG),
        ]
    ),
    *(
        (RENTS, RENT, "crisissignaal", "crisis", text, value)
        for text, value in [
            ("ja", True),
            ("JA", True),
            ("J", True),
            ("true", True),
            ("1", True),
            ("nee", False),
            ("N", False),
            ("False", False),
            ("0", False),
            ("yes", WRONG),
            ("2", WRONG),
            ("", WRONG),
        ]
    ),
    *(
        (RENTS, RENT, "warmeOverdracht", "warm_handover", text, value)
        for text, value in [
            ("", None),
            ("ja", True),
        ]
    ),
    *(
        (RENTS, RENT, "signaaldatum", "signalled_on", text, value)
        for text, value in [
            ("2026-11-01", D(2026, 11, 1)),
            ("20261101", D(2026, 11, 1)),
            ("01-11-2026", D(2026, 11, 1)),
            ("2026-11-05", D(2026, 11, 5)),
            ("2026-11-06", WRONG),
            ("2026-02-30", WRONG),
            ("2026-2-3", WRONG),
            ("11/01/2026", WRONG),
            ("45962", WRONG),
            ("20260000", WRONG),
            ("0001-01-01", WRONG),
            ("1799-12-31", WRONG),
            ("gisteren", WRONG),
            ("2026-11-01T00:00:00", WRONG),
        ]
    ),
    *(
        (BENEFITS, BENEFIT, "einddatum", "ends_on", text, value)
        for text, value in [
            ("", None),
            ("9999-12-31", D(9999, 12, 31)),
            ("2027-01-01", D(2027, 1, 1)),
        ]
    ),
    *(
        (BENEFITS, BENEFIT, "burgerservicenummer", "bsn", text, value)
        for text, value in [
            (BSNS[1], BSNS[1]),
            ("10000008", "010000008"),
            ("999993654", WRONG),
            ("123456789", WRONG),
            ("000000000", WRONG),
            ("00000000", WRONG),
            ("1234567", WRONG),
            ("9999.93.653", WRONG),
            ("-99993653", WRONG),
            ("9999936530", WRONG),
            ("", WRONG),
        ]
    ),
    *(
        (BENEFITS, BENEFIT, "norm", "norm", text, value)
        for text, value in [
            ("gehuwden", "gehuwden"),
            ("", None),
            ("Gehuwden", WRONG),
            ("gehuwden'; --", WRONG),
        ]
    ),
    *(
        (RENTS, RENT, "status", "status", text, value)
        for text, value in [
            ("  open ", "open"),
            ("\u00a0", None),
            ("e\u0301", "\u00e9"),
            ("a\tb", "a b"),
            ("=cmd|' /C calc'!A0", WRONG),
            ("\t=1", WRONG),
            ("@SUM(1)", WRONG),
            ("-2+3+cmd|' /C calc'!A0", WRONG),
            ("- cmd|' /C calc'!A0", WRONG),
            ("\uff0bSUM(1)", WRONG),
            ("+31", "+31"),
            ("+31(0)612345678", "+31(0)612345678"),
            ("+31 (0)6 1234 5678", "+31 (0)6 1234 5678"),
            ("-", "-"),
            ("-1(hoog)", "-1(hoog)"),
            ("@Home!", "@Home!"),
            ("'t Hart", "'t Hart"),
            ("a=b", "a=b"),
            ("-2", "-2"),
            ("- betaald (deels)", "- betaald (deels)"),
            ("<script>", "<script>"),
            ("'; DROP TABLE quarantine; --", "'; DROP TABLE quarantine; --"),
            ("a\x00b", WRONG),
            ("a\x1bb", WRONG),
            ("a\x7fb", WRONG),
            ("a\u202eb", WRONG),
            ("x" * 4_000, "x" * 4_000),
            ("x" * 4_001, WRONG),
        ]
    ),
]

PARTIAL = [
    # text, day, year, month, reported
    ("1968-03-17", D(1968, 3, 17), 1968, 3, True),
    ("19680317", D(1968, 3, 17), 1968, 3, True),
    ("17-03-1968", D(1968, 3, 17), 1968, 3, True),
    ("19680000", None, 1968, None, True),
    ("1968", None, 1968, None, True),
    ("1968-00-00", None, 1968, None, True),
    ("1968-03", None, 1968, 3, True),
    ("19680300", None, 1968, 3, True),
    ("00000000", None, None, None, True),
    ("0000-00-00", None, None, None, True),
    ("", None, None, None, False),
    ("19680015", *[WRONG] * 4),
    ("19681300", *[WRONG] * 4),
    ("19680230", *[WRONG] * 4),
    ("00001200", *[WRONG] * 4),
    ("17991231", *[WRONG] * 4),
    ("1968-3", *[WRONG] * 4),
    ("68", *[WRONG] * 4),
    ("20261106", *[WRONG] * 4),
    ("2027", *[WRONG] * 4),
    ("2026", None, 2026, None, True),
]


def converted(stream, rows):
    """Records by row number, and quarantined rows by row number."""
    con = duckdb.connect(":memory:")
    create_tables(con, [stream])
    raw = parse(to_csv(rows), stream)
    origin = Origin.of_file(
        delivery_id="d", supplier="s", supplier_oin="1", delivered_on=TODAY, oldest_on=date.min
    )
    counts = convert(con, stream, raw, origin)
    assert counts.accepted + counts.quarantined + counts.expired == len(rows)
    good = con.sql(f'SELECT * FROM "{stream.name}"').to_arrow_table().to_pylist()
    bad = con.sql("SELECT * FROM quarantine").to_arrow_table().to_pylist()
    return ({row["row_number"]: row for row in rows_} for rows_ in (good, bad))


@cache
def results(name):
    cases = [case for case in CASES if case[0].name == name]
    good, bad = converted(cases[0][0], [case[1] | {case[2]: case[4]} for case in cases])
    return {
        (case[2], case[4]): (good.get(number), bad.get(number))
        for number, case in enumerate(cases, start=1)
    }


@pytest.mark.parametrize("case", CASES, ids=[f"{case[2]} {case[4][:30]!a}" for case in CASES])
def test_a_cell_is_read_or_its_row_waits(case):
    stream, _, header, field, text, value = case
    good, bad = results(stream.name)[header, text]
    if value is WRONG:
        assert good is None
        assert bad["column_name"] == header
        assert bad["reason"].startswith(f"column `{header}`: ")
        assert json.loads(bad["row"])[header] == text
    else:
        assert bad is None
        assert good[field] == value


def test_dates_known_in_part_keep_what_is_known():
    rows = [person(0, geboortedatum=text) for text, *_ in PARTIAL]
    good, bad = converted(POPULATION, rows)
    for number, (text, day, year, month, reported) in enumerate(PARTIAL, start=1):
        if day is WRONG:
            assert bad[number]["column_name"] == "geboortedatum", text
        else:
            found = good[number]
            assert (found["birth_on"], found["birth_year"], found["birth_month"]) == (
                day,
                year,
                month,
            )
            assert found["birth_reported"] is reported


def test_a_row_with_several_mistakes_names_them_all():
    _, bad = converted(RENTS, [RENT | {"bedrag": "x", "client.Postcode": "y", "ID": ""}])
    assert bad[1]["column_name"] == "ID"
    assert bad[1]["reason"] == (
        "column `ID`: empty, but required; column `client.Postcode`: not a postcode (1234AB); "
        "column `bedrag`: not whole euros (write 1250, no separators), from 0 to 100000"
    )


def test_the_elfproef_in_sql_is_the_elfproef():
    numbers = random.Random(1).sample(range(1_000_000_000), 3_000)
    texts = [f"{number:09d}" for number in numbers]
    good, bad = converted(BENEFITS, [BENEFIT | {"burgerservicenummer": text} for text in texts])
    for number, text in enumerate(texts, start=1):
        assert (number in good) == is_bsn(text)
        assert (number in bad) != is_bsn(text)


KEYS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp"]), min_size=1, max_size=8
).filter(lambda key: key[0] not in "=\uff1d+@-\uff0b\uff0d\uff20")
"""What begins as a formula may go back to its source."""


@given(st.lists(KEYS, min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_record_ids_in_sql_are_those_of_canonical_json(keys):
    good, bad = converted(RENTS, [RENT | {"ID": key} for key in keys])
    assert not bad
    seen = []
    for number, _ in enumerate(keys, start=1):
        key = good[number]["signal_id"]
        seen.append(key)
        assert good[number]["record_id"] == record_id(
            "rent_arrears", "1", [key], occurrence=seen.count(key)
        )


CELL = st.one_of(
    st.sampled_from(["", "ja", "12", "1,5", "2026-11-01", "19680000", "1234AB", "Huur", BSNS[0]]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)


@given(st.lists(st.dictionaries(st.sampled_from(list(RENT)), CELL, max_size=4), max_size=12))
@settings(max_examples=30, deadline=None)
def test_every_row_is_accepted_or_waits_and_none_is_lost(changes):
    rows = [RENT | change for change in changes]
    if rows:
        good, bad = converted(RENTS, rows)
        assert sorted([*good, *bad]) == list(range(1, len(rows) + 1))
        for number, row in bad.items():
            assert json.loads(row["row"]) == rows[number - 1]
