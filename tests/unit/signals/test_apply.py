import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from openregie.blind.signals.apply import apply
from openregie.blind.signals.errors import TableMissing
from openregie.blind.situations.assess import assess
from openregie.rules.book import read
from unit.situations.town import ON, STREAMS, Town, reader

RULES = read(Path(__file__).parents[3] / "content")


@pytest.fixture
def town():
    return Town()


def run(town, *readers, on=ON):
    assess(town.con, on=on, readers=[reader(r) for r in readers], streams=STREAMS.values())
    return apply(town.con, rules=RULES, on=on)


def arrears(town, record, person, stream="rent_arrears", **more):
    columns = {"amount_cents": 10000, "signalled_on": "2026-11-03", "crisis": False} | more
    town.record(stream, record, person, **columns)


def fired(town, rule):
    return town.rows(f"SELECT reader, address_id, facts FROM signals WHERE rule = '{rule}'")


def test_two_suppliers_on_one_address_reach_the_debt_team_without_enrolment(town):
    town.person("100", partner_bsn="200")
    town.person("200", partner_bsn="100")
    arrears(town, "x", "100")
    arrears(town, "y", "200", "water_arrears")
    run(town)
    assert fired(town, "multiple-arrears") == [(None, "A", '["x", "y"]')]
    assert [p for (p,) in town.rows("SELECT person FROM signal_subjects")] == ["100", "200"]
    assert town.rows("SELECT * FROM signals WHERE lane = 'own-view'") == []


def test_a_partner_who_reads_sees_no_sign_of_the_others_arrears(town):
    town.person("100", partner_bsn="200")
    town.person("200", partner_bsn="100")
    arrears(town, "x", "100")
    arrears(town, "y", "200", "water_arrears")
    run(town, "100", "200")
    assert fired(town, "own-multiple-arrears") == []
    arrears(town, "z", "100", "energy_arrears")
    run(town, "100", "200")
    assert fired(town, "own-multiple-arrears") == [("100", None, '["x", "z"]')]


def test_a_disputed_fact_counts_no_more_in_the_own_view(town):
    town.person("100")
    arrears(town, "x", "100")
    arrears(town, "y", "100", "water_arrears")
    town.insert(
        "corrections", record_id="c", mailbox="box-100", record_id_meant="x", correction="paid",
        happened_on="2026-11-12", row_number=1,
    )  # fmt: skip
    run(town, "100")
    assert fired(town, "own-multiple-arrears") == []
    assert len(fired(town, "multiple-arrears")) == 1


def test_the_values_hold_the_texts_filled_in(town):
    town.person("100")
    arrears(town, "x", "100", amount_cents=40000)
    arrears(town, "y", "100", "health_premium_arrears", amount_cents=24050)
    run(town, "100")
    ((told, act_by),) = town.rows(
        "SELECT \"values\", act_by_on FROM signals WHERE rule = 'own-multiple-arrears'"
    )
    values = json.loads(told)
    assert values["title"]["nl"] == "Er staan nog 2 rekeningen open"
    assert values["text"]["nl"] == (
        "Dit komt van uw verhuurder en uw zorgverzekeraar. Samen is het € 640,50. Klopt dat?"
    )
    assert values["total"] == 64050
    assert act_by == date(2026, 12, 1)
    assert [step["held"] for step in values["steps"]] == [True, True]


def test_a_signal_keeps_its_id_from_day_to_day(town):
    town.person("100")
    arrears(town, "x", "100")
    arrears(town, "y", "100", "water_arrears")
    run(town, "100")
    before = town.rows("SELECT * FROM signals")
    run(town, "100", on=date(2026, 11, 16))
    assert town.rows("SELECT * FROM signals") == before


def test_the_report_counts_lanes_apart(town):
    town.person("100")
    arrears(town, "x", "100")
    arrears(town, "y", "100", "water_arrears")
    report = run(town, "100")
    assert (report.wgs, report.own_view) == tuple(
        town.rows("SELECT count(*) FROM signals WHERE lane = 'wgs'")[0]
        + town.rows("SELECT count(*) FROM signals WHERE lane = 'own-view'")[0]
    )


def test_an_empty_town_has_empty_tables(town):
    assert run(town).wgs == 0
    assert town.rows("SELECT * FROM signals") == []
    assert town.rows("SELECT * FROM signal_subjects") == []


def test_without_situations_the_missing_step_is_named():
    with pytest.raises(TableMissing, match="assess"):
        apply(duckdb.connect(":memory:"), rules=RULES, on=ON)
