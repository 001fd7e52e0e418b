import json
from datetime import date, timedelta

import pytest

from openregie.synth import deliveries, personas
from openregie.synth.municipality import make
from openregie.terms import is_bsn

ON = date(2026, 11, 1)
DAYS = [date(2026, 11, day) for day in (1, 14, 15, 23)] + [date(2027, 3, 1), date(2028, 2, 29)]


def rows_about(composed, bsn):
    found = {}
    for delivery in composed:
        for row, origin in zip(delivery.rows(), delivery.origins(), strict=True):
            if origin.bsn == bsn and delivery.stream != "population":
                cells = dict(zip(delivery.headers, row, strict=True))
                found.setdefault(delivery.stream, []).append(cells)
    return found


def test_the_sheet_has_three_enrolled_and_at_least_six_who_can(synthetic_folder):
    sheet = json.loads((synthetic_folder / "demo" / "personas.json").read_text("utf-8"))
    keys = {"name", "bsn", "birthYear", "initials", "enrolled", "code", "story_nl", "story_en"}
    assert all(set(one) == keys for one in sheet)
    assert [one["enrolled"] for one in sheet[:3]] == [True] * 3
    assert sum(not one["enrolled"] for one in sheet) >= 6
    assert all(one["code"] is None and is_bsn(one["bsn"]) for one in sheet)
    assert sheet[0]["name"] == "Noor Bakker"
    assert sheet[0]["initials"] == "N."


def test_the_people_of_the_demo_bear_the_same_numbers_in_every_town(synthetic_town):
    other = make(300, seed=99, on=date(2027, 3, 4))
    assert {p.bsn for p in other.persons} >= personas.NUMBERS
    assert {p.bsn for p in synthetic_town.persons} >= personas.NUMBERS


def test_several_things_stand_out_for_noor(composed):
    noor = rows_about(composed, personas.NOOR.bsn)
    (rent,), (premium,) = noor["rent_arrears"], noor["health_premium_arrears"]
    assert (rent["bedrag"], premium["bedrag"]) == (640, 318)
    assert rent["signaaldatum"].month == premium["signaaldatum"].month
    assert premium["client.Burgerservicenummer"] == personas.NOOR.bsn
    assert noor["benefits"][0]["norm"] == "alleenstaande_ouder"
    assert noor["tax_remission"][0]["kwijtschelding"] == "geen_aanvraag"
    assert noor["wmo_allocations"]
    (help_for_sem,) = rows_about(composed, personas.SEM.bsn)["youth_allocations"]
    assert ON < help_for_sem["toewijzingEinddatum"] <= ON + timedelta(days=60)
    assert help_for_sem["nietVoorOuder"] is False


def test_noor_alone_holds_authority_over_sem(synthetic_town):
    known = {person.bsn: person for person in synthetic_town.persons}
    sem, noor = known[personas.SEM.bsn], known[personas.NOOR.bsn]
    assert (sem.parent1_bsn, sem.parent2_bsn, sem.authority) == (noor.bsn, None, "1")
    assert sem.household == noor.household


def test_a_cut_off_is_announced_to_ahmet_while_his_benefit_ends(composed):
    ahmet = rows_about(composed, personas.AHMET.bsn)
    assert ahmet["energy_arrears"][0]["crisissignaal"] is True
    assert ON < ahmet["benefits"][0]["einddatum"] <= ON + timedelta(days=60)
    earlier = ahmet["water_arrears"][0]["signaaldatum"]
    assert (ahmet["energy_arrears"][0]["signaaldatum"] - earlier).days < 183


def test_nothing_stands_out_for_lotte_and_nothing_is_known_of_tom(composed):
    assert set(rows_about(composed, personas.LOTTE.bsn)) == {"tax_remission", "job_seekers"}
    assert rows_about(composed, personas.TOM.bsn) == {}


def test_a_housemate_of_daan_is_behind_with_the_rent_and_daan_is_not(composed):
    assert "rent_arrears" in rows_about(composed, personas.RICK.bsn)
    assert "rent_arrears" not in rows_about(composed, personas.DAAN.bsn)


@pytest.mark.parametrize("day", DAYS)
def test_the_stories_hold_on_any_day(day):
    earlier, later = personas.recent(day)
    assert (earlier.year, earlier.month) == (later.year, later.month)
    assert earlier < later <= day
    assert (day - earlier).days <= 31
    composed = deliveries.compose(make(300, seed=1, on=day), seed=1)
    assert len(rows_about(composed, personas.NOOR.bsn)) == 5
