from collections import Counter
from datetime import date

import pytest

from openregie.synth.days import age, earliest
from openregie.synth.errors import SynthError, TooFewResidents
from openregie.synth.municipality import make
from openregie.synth.people import Kind, Tenure
from openregie.terms import is_bsn

ON = date(2026, 11, 1)


def years(person):
    return age(person.birth, on=ON)


def of_kind(town, kind):
    return [person for person in town.residents() if person.kind is kind]


def test_a_town_has_exactly_the_residents_asked_for(synthetic_town):
    assert len(synthetic_town.residents()) == 5_000


def test_a_town_too_small_for_every_household_is_refused_with_a_remedy():
    with pytest.raises(TooFewResidents, match="at least 300 residents"):
        make(299, seed=1, on=ON)
    assert issubclass(TooFewResidents, SynthError)


def test_the_smallest_town_holds_every_kind_of_household():
    town = make(300, seed=1, on=ON)
    assert {person.kind for person in town.residents()} == set(Kind)
    assert len(town.residents()) == 300


def test_every_kind_of_household_is_present(synthetic_town):
    assert {person.kind for person in synthetic_town.residents()} == set(Kind)


def test_every_citizen_number_passes_the_elfproef_and_is_given_once(synthetic_town):
    numbers = [person.bsn for person in synthetic_town.persons]
    assert len(set(numbers)) == len(numbers)
    assert all(is_bsn(number) and number.startswith("9") for number in numbers)


def test_same_seed_same_town_and_another_seed_another_town():
    assert make(600, seed=3, on=ON) == make(600, seed=3, on=ON)
    assert make(600, seed=3, on=ON).persons != make(600, seed=4, on=ON).persons


def test_progress_reaches_the_total():
    told = []
    make(6_000, seed=1, on=ON, progress=lambda *report: told.append(report))
    assert told[-1] == ("residents", 6_000, 6_000)
    assert len(told) > 1


def test_a_leap_day_and_the_last_day_of_a_year_make_a_town():
    for day in (date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1)):
        assert len(make(300, seed=2, on=day).residents()) == 300


def test_nobody_is_born_after_the_day_or_older_than_a_person_gets(synthetic_town):
    assert all(0 <= years(person) <= 105 for person in synthetic_town.persons)


def test_parents_are_at_least_fifteen_years_older_than_their_children(synthetic_town):
    known = {person.bsn: person for person in synthetic_town.persons}
    pairs = [
        (child, known[number])
        for child in synthetic_town.persons
        for number in (child.parent1_bsn, child.parent2_bsn)
        if number in known
    ]
    assert len(pairs) > 1_000
    assert all(years(parent) - years(child) >= 15 for child, parent in pairs)


def test_partners_name_each_other_and_live_at_one_address(synthetic_town):
    known = {person.bsn: person for person in synthetic_town.residents()}
    couples = [p for p in known.values() if p.partner_bsn is not None]
    assert len(couples) > 1_000
    for person in couples:
        partner = known[person.partner_bsn]
        assert partner.partner_bsn == person.bsn
        assert partner.address == person.address
        assert partner.surname == person.partner_surname


def test_authority_is_stated_for_minors_and_for_no_one_else(synthetic_town):
    for person in synthetic_town.residents():
        assert bool(person.authority) == (years(person) < 18)
    used = {person.authority for person in synthetic_town.residents()}
    assert {"1", "12", ""} < used


def test_housemates_of_a_student_house_are_each_a_household(synthetic_town):
    students = of_kind(synthetic_town, Kind.STUDENT_HOUSE)
    houses = Counter(person.address.address_id for person in students)
    assert max(houses.values()) >= 4
    assert len({person.household for person in students}) == len(students)


def test_co_parents_live_apart_and_each_child_at_one_address(synthetic_town):
    children = [p for p in of_kind(synthetic_town, Kind.CO_PARENTS) if p.role == "child"]
    known = {person.bsn: person for person in synthetic_town.residents()}
    assert children
    for child in children:
        first = known[child.parent1_bsn].address
        second = known[child.parent2_bsn].address if child.parent2_bsn else None
        assert first != second
        assert child.address in {first, second}


def test_three_generations_share_one_household(synthetic_town):
    people = of_kind(synthetic_town, Kind.THREE_GENERATIONS)
    roles = {}
    for person in people:
        roles.setdefault(person.household, set()).add(person.role)
    assert all({"head", "partner", "child", "grandparent"} <= found for found in roles.values())


def test_two_households_share_an_address(synthetic_town):
    for kind in (Kind.SHARED_ADDRESS, Kind.LODGER):
        people = of_kind(synthetic_town, kind)
        homes = {}
        for person in people:
            homes.setdefault(person.address.address_id, set()).add(person.household)
        assert all(len(households) == 2 for households in homes.values())


def test_people_without_a_home_are_registered_at_the_town_hall(synthetic_town):
    people = of_kind(synthetic_town, Kind.NO_FIXED_ADDRESS)
    assert {person.address_kind for person in people} == {"B"}
    assert {person.address.tenure for person in people} == {Tenure.OFFICE}
    assert len({person.address.address_id for person in people}) == 1


def test_institutions_are_marked_and_nobody_else_is(synthetic_town):
    for person in synthetic_town.persons:
        inside = person.kind is Kind.INSTITUTION
        assert inside == (person.address.tenure is Tenure.INSTITUTION)


def test_who_died_or_left_is_in_the_register_and_no_resident(synthetic_town):
    gone = [person for person in synthetic_town.persons if not person.present]
    dates = [person.died_on or person.left_on for person in gone]
    assert any(person.died_on for person in gone)
    assert any(person.left_on for person in gone)
    assert all(0 <= (ON - day).days <= 365 for day in dates)


def test_some_widows_keep_their_late_spouses_name(synthetic_town):
    kept = [p for p in synthetic_town.residents() if p.partner_surname and not p.partner_bsn]
    assert any(person.name_use in {"P", "V"} for person in kept)


def test_the_register_has_secret_addresses_investigations_and_representatives(synthetic_town):
    residents = synthetic_town.residents()
    assert {p.secrecy for p in residents} >= {0, 7}
    assert any(p.under_investigation for p in residents)
    assert any(p.curatele for p in residents)
    assert any(p.bewind and p.representative_bsn for p in residents)
    numbers = {p.bsn for p in synthetic_town.persons}
    represented = [p for p in residents if p.representative_bsn]
    assert all(p.representative_bsn in numbers - {p.bsn} for p in represented)


def test_some_births_are_partly_known_or_on_the_first_of_january(synthetic_town):
    migrants = [p for p in synthetic_town.residents() if p.origin != "dutch"]
    assert any(not p.birth.complete for p in migrants)
    assert sum(p.birth[1:] == (1, 1) for p in migrants) / len(migrants) > 0.02
    assert all(p.birth.complete for p in synthetic_town.residents() if p.origin == "dutch")


def test_there_are_twins_and_juniors():
    town = make(20_000, seed=5, on=ON)
    born = Counter((p.parent1_bsn, p.birth) for p in town.persons if p.parent1_bsn)
    assert any(count == 2 for count in born.values())
    known = {p.bsn: p for p in town.persons}
    juniors = [
        p
        for p in town.residents()
        if p.parent2_bsn in known
        and known[p.parent2_bsn].given_names == p.given_names
        and known[p.parent2_bsn].surname == p.surname
    ]
    assert juniors


def test_addresses_are_well_formed_and_distinct(synthetic_town):
    places = synthetic_town.addresses
    assert len({place.address_id for place in places}) == len(places)
    doors = {(p.postcode, p.number, p.letter, p.addition) for p in places}
    assert len(doors) == len(places)
    assert all(len(place.address_id) == 16 and place.address_id.isdecimal() for place in places)
    assert len({place.neighbourhood for place in places}) == 20
    assert any(place.letter for place in places)
    assert any(place.addition for place in places)


def test_people_live_where_they_moved_after_they_were_born(synthetic_town):
    for person in synthetic_town.persons:
        assert earliest(person.address_since) >= earliest(person.birth)
        assert earliest(person.address_since) <= ON
