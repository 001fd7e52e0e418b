from collections import Counter
from datetime import date

import pytest

from openregie.synth import debts
from openregie.synth.arrears import supplier_of
from openregie.synth.municipality import make
from openregie.synth.people import Tenure
from openregie.synth.personas import NUMBERS

ON = date(2026, 11, 1)


@pytest.fixture(scope="module")
def owed():
    return debts.signals(make(20_000, seed=11, on=ON), seed=11)


def month(debt):
    return debt.signalled_on.year, debt.signalled_on.month


def test_four_signals_a_month_per_thousand_residents_for_seven_months(owed):
    months = Counter(map(month, owed))
    assert sorted(months) == [(2026, number) for number in range(4, 11)]
    assert all(abs(count - 80) <= 2 for count in months.values())


def test_the_mix_of_streams_follows_the_monitor(owed):
    count = Counter(debt.stream for debt in owed)
    for stream, share in debts.STREAM_SHARES:
        assert abs(count[stream] / len(owed) - share) < 0.03


def test_one_in_nine_is_multiple_two_in_five_successive_half_single(owed):
    newest = [debt for debt in owed if month(debt) == (2026, 10)]
    here = Counter(debt.address.address_id for debt in newest)
    multiple = [debt for debt in newest if here[debt.address.address_id] > 1]
    successive = [
        debt
        for debt in newest
        if here[debt.address.address_id] == 1
        and any(
            past.address.address_id == debt.address.address_id
            and month(past) < month(debt)
            and (debt.signalled_on - past.signalled_on).days <= 183
            for past in owed
        )
    ]
    assert abs(len(multiple) / len(newest) - 0.11) < 0.04
    assert abs(len(successive) / len(newest) - 0.40) < 0.06


def test_a_quarter_of_energy_signals_announces_a_cut_off(owed):
    energy = [debt for debt in owed if debt.stream == "energy_arrears"]
    assert abs(sum(debt.crisis for debt in energy) / len(energy) - 0.25) < 0.12


def test_only_rented_homes_have_rent_arrears(owed):
    for debt in owed:
        if debt.stream == "rent_arrears" and debt.about == "resident":
            assert debt.address.tenure in {Tenure.SOCIAL, Tenure.PRIVATE}


def test_some_rows_are_about_businesses_and_people_from_elsewhere(owed):
    about = Counter(debt.about for debt in owed)
    assert abs(about["elsewhere"] / len(owed) - 0.06) < 0.03
    assert about["business"] > 0
    assert about["business_of_resident"] > 0
    assert all((debt.debtor is None) == (debt.about in {"business", "elsewhere"}) for debt in owed)


def test_chance_gives_the_demos_people_no_debts(owed):
    assert not any(debt.debtor and debt.debtor.bsn in NUMBERS for debt in owed)


def test_a_home_keeps_its_landlord(owed):
    kept = {}
    for debt in owed:
        if debt.stream == "rent_arrears":
            slug = kept.setdefault(debt.address.address_id, supplier_of(debt).slug)
            assert slug == supplier_of(debt).slug


def test_days_and_amounts_are_possible(owed):
    for debt in owed:
        assert debt.started_on < debt.signalled_on <= ON
        assert 25 <= debt.amount_euros <= 9_500


def test_a_day_late_in_the_month_counts_its_own_month():
    town = make(300, seed=1, on=date(2026, 11, 23))
    newest = max(debt.signalled_on for debt in debts.signals(town, seed=1))
    assert date(2026, 11, 1) <= newest <= date(2026, 11, 23)
