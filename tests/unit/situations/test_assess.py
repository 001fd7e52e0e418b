from datetime import date

import pytest

from openregie.blind.situations.assess import assess
from openregie.blind.situations.errors import TableMissing
from unit.situations.town import ON, STREAMS, Town, reader


@pytest.fixture
def town():
    return Town()


def run(town, *readers, on=ON):
    return assess(town.con, on=on, readers=[reader(r) for r in readers], streams=STREAMS.values())


def arrears(town, record, person, **more):
    columns = {"amount_cents": 10000, "signalled_on": "2026-11-03", "crisis": False} | more
    town.record("rent_arrears", record, person, **columns)


def test_a_fact_carries_law_domain_and_details_but_nobodys_name(town):
    town.person("100", secrecy=0)
    arrears(town, "x", "100", surname="Jansen", street="Dorpsstraat", status="open")
    run(town, "100")
    ((kind, domain, law, amount, address, details),) = town.rows(
        "SELECT kind, domain, law, amount_cents, address_id, details FROM facts"
    )
    assert (kind, domain, law, amount, address) == ("arrears", "housing", "wgs", 10000, "A")
    assert "open" in details
    assert "Jansen" not in details
    assert "Dorpsstraat" not in details


def test_a_partner_bsn_stands_in_no_details(town):
    town.person("100")
    town.record("benefits", "b", "100", bsn="100", partner_bsn="999", scheme="ioaw")
    run(town, "100")
    ((details,),) = town.rows("SELECT details FROM facts")
    assert "999" not in details
    assert "100" not in details


def test_a_reader_sees_own_facts_and_nobody_elses(town):
    town.person("100")
    town.person("200")
    arrears(town, "x", "100")
    arrears(town, "y", "200")
    run(town, "100")
    assert town.rows("SELECT * FROM visible") == [("100", "x", "self")]


def test_who_did_not_enrol_is_in_no_own_view_table(town):
    town.person("100", partner_bsn="200")
    town.person("200", partner_bsn="100")
    town.record("benefits", "mine", "100")
    town.record("benefits", "theirs", "200")
    town.record("wmo_allocations", "care", "200")
    run(town, "100")
    assert town.rows("SELECT fact_id FROM facts") == [("mine",)]
    assert town.rows("SELECT DISTINCT reader FROM visible") == [("100",)]
    assert town.rows("SELECT person FROM readers") == [("100",)]


def test_the_wgs_lane_holds_everybody_delivered_without_enrolment(town):
    town.person("100")
    arrears(town, "x", "100")
    arrears(town, "h", None, **{"class": "household", "household_address": "A"})
    arrears(town, "doubt", None, **{"class": "review"})
    arrears(town, "none", None, **{"class": "none"})
    run(town)
    assert town.rows("SELECT fact_id, subject, address_id FROM facts") == [
        ("h", None, "A"),
        ("x", "100", "A"),
    ]
    assert town.rows("SELECT fact_id, place, person FROM fact_places") == [
        ("h", "A", None),
        ("x", "A", "100"),
    ]
    assert town.rows("SELECT * FROM visible") == []


def test_a_fact_known_only_to_a_household_is_seen_by_nobody(town):
    town.person("100")
    arrears(town, "h", None, **{"class": "household", "household_address": "A"})
    run(town, "100")
    assert town.rows("SELECT * FROM visible") == []


def test_a_secret_address_stands_in_no_fact_but_is_a_place_for_the_law(town):
    town.person("100", secrecy=7)
    arrears(town, "x", "100")
    run(town, "100")
    assert town.rows("SELECT address_id FROM facts") == [(None,)]
    assert town.rows("SELECT address_id FROM fact_places") == [("A",)]


CHILD = {"parent1_bsn": "100", "parent2_bsn": "200"}


def family(town, born, home="A", **more):
    town.person("100")
    town.person("200", home="B")
    town.person("300", born, home, **(CHILD | more))
    town.record("youth_allocations", "y", "300", not_for_parent=more.get("nfp", False))


@pytest.mark.parametrize(
    ("born", "readers"),
    [
        ("2014-11-16", ["100", "200"]),  # eleven: parents only
        ("2014-11-15", ["100", "200", "300"]),  # twelve today: both
        ("2010-11-16", ["100", "200", "300"]),  # fifteen
        ("2010-11-15", ["300"]),  # sixteen today: nobody else
    ],
)
def test_age_decides_who_sees_a_childs_facts(town, born, readers):
    family(town, born, authority="12")
    run(town, "100", "200", "300")
    assert [r for (r,) in town.rows("SELECT reader FROM visible ORDER BY 1")] == readers


@pytest.mark.parametrize(
    ("authority", "readers"),
    [("1", ["100"]), ("2", ["200"]), ("12", ["100", "200"]), ("1D", ["100"]), ("2D", ["200"]),
     ("D", []), (None, [])],
)  # fmt: skip
def test_only_a_parent_with_authority_sees(town, authority, readers):
    family(town, "2018-01-01", authority=authority)
    run(town, "100", "200")
    assert [r for (r,) in town.rows("SELECT reader FROM visible ORDER BY 1")] == readers


@pytest.mark.parametrize("said", [True, None])
def test_what_is_not_for_a_parent_reaches_no_parent_also_when_the_answer_is_missing(town, said):
    town.person("100")
    town.person("300", "2013-01-01", parent1_bsn="100", authority="1")
    town.record("youth_allocations", "y", "300", not_for_parent=said)
    run(town, "100", "300")
    assert town.rows("SELECT reader, why FROM visible") == [("300", "self")]


def test_a_birth_year_alone_counts_as_the_oldest_possible_child(town):
    town.person("100")
    town.person("300", None, birth_year=2010, parent1_bsn="100", authority="1")
    town.record("youth_allocations", "y", "300", not_for_parent=False)
    run(town, "100")
    assert town.rows("SELECT * FROM visible") == []


def test_a_reader_who_died_or_left_reads_nothing(town):
    town.person("100", died_on="2026-11-15")
    town.person("200", left_on="2026-11-15")
    arrears(town, "x", "100")
    arrears(town, "y", "200")
    assert run(town, "100", "200").readers == 0
    assert town.rows("SELECT * FROM visible") == []
    assert town.rows("SELECT * FROM fact_places") == []


def test_the_day_before_a_death_still_counts(town):
    town.person("100", died_on="2026-11-15")
    assert run(town, on=date(2026, 11, 14)).residents == 1


def test_a_death_of_which_only_the_year_is_known_has_happened(town):
    town.person("100")
    town.insert("population", record_id="r-100", died_year=2020)
    town.person("200")
    town.insert("population", record_id="r-200")
    assert run(town).residents == 1


def correct(town, person, record, kind, day="2026-11-12", row=1):
    town.insert(
        "corrections", record_id=f"c{row}{day}", mailbox=f"box-{person}", record_id_meant=record,
        correction=kind, happened_on=day, delivered_on=day, row_number=row,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "disputed"),
    [(["paid"], True), (["wrong"], True), (["not_me"], False), (["paid", "undo"], False),
     (["paid", "undo", "wrong"], True)],
)  # fmt: skip
def test_the_last_word_of_the_resident_marks_a_fact_disputed(town, kinds, disputed):
    town.person("100")
    arrears(town, "x", "100")
    for row, kind in enumerate(kinds):
        correct(town, "100", "x", kind, row=row)
    run(town, "100")
    assert town.rows("SELECT disputed FROM facts") == [(disputed,)]


def test_nobody_disputes_a_fact_they_cannot_see(town):
    town.person("100")
    town.person("200")
    arrears(town, "x", "100")
    correct(town, "200", "x", "paid")
    run(town, "100", "200")
    assert town.rows("SELECT disputed FROM facts") == [(False,)]


def test_an_objection_hides_that_stream(town):
    town.person("100")
    town.record("benefits", "b", "100")
    arrears(town, "x", "100")
    town.object("100", "benefits")
    run(town, "100")
    assert town.rows("SELECT fact_id FROM visible") == [("x",)]


def test_an_objection_of_a_child_holds_for_a_parent_also_after_the_child_stopped(town):
    town.person("100")
    town.person("200", born="2012-01-01", authority="1", parent1_bsn="100")
    town.record("youth_allocations", "y", "200", not_for_parent=False)
    run(town, "100")
    assert town.rows("SELECT reader, fact_id FROM visible") == [("100", "y")]
    town.object("200", "youth_allocations")
    run(town, "100")
    assert town.rows("SELECT reader, fact_id FROM visible") == []


def test_strangers_at_one_address_are_no_place_together(town):
    for name in ("100", "200", "300"):
        town.person(name)
        arrears(town, f"x{name}", name)
    arrears(town, "h", None, **{"class": "household", "household_address": "A"})
    run(town)
    assert town.rows("SELECT count(DISTINCT place), count(*) FROM fact_places") == [(4, 4)]


def test_a_couple_the_register_does_not_tie_is_one_place_but_two_households(town):
    for name in ("100", "200"):
        town.person(name)
        arrears(town, f"x{name}", name)
    assert run(town).households == 2
    assert town.rows("SELECT count(DISTINCT place) FROM fact_places") == [(1,)]


def test_a_postal_address_and_an_institution_keep_everybody_apart(town):
    for name in ("100", "200"):
        town.person(name, home="post", address_kind="B", partner_bsn={"100": "200"}.get(name))
        arrears(town, f"x{name}", name)
    for name in ("300", "400"):
        town.person(name, home="inst", institution=name == "300")
        arrears(town, f"x{name}", name)
    assert run(town).households == 4
    assert town.rows("SELECT count(DISTINCT place) FROM fact_places") == [(4,)]


def test_relatives_are_named_as_the_reader_knows_them(town):
    town.person("100", partner_bsn="200")
    town.person("200", partner_bsn="100")
    town.person("300", "2015-01-01", parent1_bsn="100", parent2_bsn="200")
    town.person("400", "2012-01-01")
    run(town, "100")
    assert town.rows("SELECT person, relation FROM relatives") == [
        ("100", "self"),
        ("200", "partner"),
        ("300", "child"),
        ("400", "other"),
    ]


def test_a_missing_step_is_named():
    import duckdb  # noqa: PLC0415

    with pytest.raises(TableMissing, match="streams"):
        assess(duckdb.connect(":memory:"), on=ON, readers=[], streams=[])


def test_the_same_day_gives_the_same_tables(town):
    for name in ("300", "100", "200"):
        town.person(name)
        arrears(town, f"x{name}", name)
    run(town, "100")
    first = [town.rows(f"SELECT * FROM {t}") for t in ("households", "facts", "visible")]
    run(town, "100")
    assert [town.rows(f"SELECT * FROM {t}") for t in ("households", "facts", "visible")] == first
