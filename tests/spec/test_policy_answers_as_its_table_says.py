"""Every combination of data, team, purpose, permission, age and giver, against a table by hand."""

import itertools
import shutil
from pathlib import Path

import pytest
import yaml

from openregie.policy.book import PolicyBook
from openregie.policy.question import Action, AgeBand, Giver, Permission, Question
from openregie.policy.table import every_question
from openregie.terms import Lane

ROOT = Path(__file__).parents[2]
TABLE = yaml.safe_load((Path(__file__).parent / "policy" / "who_may_see_what.yaml").read_text())
MONEY = {"wgs/arrears", "wgs/debt_help", "participatiewet/benefit", "invorderingswet/municipal_tax"}
PROPER = {
    (AgeBand.UNDER_12, Giver.PARENT),
    (AgeBand.FROM_12_TO_15, Giver.SELF_AND_PARENT),
    (AgeBand.FROM_16_TO_17, Giver.SELF),
    (AgeBand.ADULT, Giver.SELF),
    (AgeBand.ADULT, Giver.CURATOR),
}
DETECTION = "fraud-detection"


@pytest.fixture(scope="module")
def book():
    return PolicyBook(ROOT / "content" / "policies")


def may_say_yes(question):
    if question.giver is Giver.BEWINDVOERDER:
        return question.age is AgeBand.ADULT and question.data in MONEY
    if question.giver is Giver.MENTOR:
        return question.age is AgeBand.ADULT and question.data not in MONEY
    return (question.age, question.giver) in PROPER


def expected(question):
    rows = TABLE[question.action]
    named = [
        row
        for row in rows
        if question.who in row["teams"]
        and question.data in row["data"]
        and question.purpose in row["purposes"]
    ]
    if question.action is Action.RECEIVE:
        return any(row["lane"] == question.lane for row in named)
    return bool(named) and question.permission is Permission.EXPLICIT and may_say_yes(question)


def test_every_combination_is_answered_as_the_table_says(book):
    asked = list(every_question(book.vocabulary))
    known = book.vocabulary
    per_sharing = len(Permission) * len(Giver) * len(AgeBand) + len(Lane)
    assert len(asked) == len(known.data) * len(known.teams) * len(known.purposes) * per_sharing
    wrong = [
        one
        for one, allowed in zip(asked, book.allows(asked), strict=True)
        if allowed is not expected(one)
    ]
    assert wrong == []
    assert sum(expected(one) for one in asked) > 100


@pytest.mark.parametrize(
    ("action", "row"), [(action, row) for action in TABLE for row in TABLE[action]]
)
def test_each_row_is_decided_by_the_policy_it_names(book, action, row):
    for team, data, purpose in itertools.product(row["teams"], row["data"], row["purposes"]):
        law, fact = data.split("/")
        lane = Lane(row.get("lane", Lane.OWN_VIEW))
        yes = Permission.EXPLICIT
        question = Question(Action(action), team, law, fact, purpose, lane=lane, permission=yes)
        decision = book.authorize(question)
        assert decision.allowed
        assert [one.id for one in decision.articles] == [row["by"]]


def all_data(book):
    return [(one.law, one.fact) for one in book.vocabulary.data.values()]


def test_duo_and_the_travel_card(book):
    """Collected under one purpose, asked for to detect: denied to everyone, and no way is shown."""
    for (law, fact), team in itertools.product(all_data(book), book.vocabulary.teams):
        decision = book.authorize(
            Question(Action.OPEN, team, law, fact, DETECTION, permission=Permission.EXPLICIT)
        )
        assert not decision.allowed
        assert "detection-never" in {one.id for one in decision.articles}
        assert decision.refusal.failed == "never"


def test_the_all_life_domains_form(book):
    """No team may see every life domain for any purpose, also not with a resident's yes."""
    for team, purpose in itertools.product(book.vocabulary.teams, book.vocabulary.purposes):
        seen = {
            (law, fact)
            for law, fact in all_data(book)
            if book.authorize(
                Question(Action.OPEN, team, law, fact, purpose, permission=Permission.EXPLICIT)
            ).allowed
        }
        domains = {("wgs", "arrears"), ("suwi", "job_seeking"), ("wmo", "provision")}
        assert not domains <= seen
        assert len(seen) <= 5, "Wmo 5.1.1 lid 3 is the widest, and needs an explicit yes"


def test_the_relationship(book):
    """Who lives with whom, and who left a benefit, is open to no team for any purpose."""
    facts = [("brp", "person"), ("participatiewet", "outcome")]
    for (law, fact), team, purpose, permission in itertools.product(
        facts, book.vocabulary.teams, book.vocabulary.purposes, Permission
    ):
        asked = Question(Action.OPEN, team, law, fact, purpose, permission=permission)
        assert not book.authorize(asked).allowed


@pytest.mark.parametrize("team", ["enforcement", "social_investigation"])
def test_enforcement_is_denied_everywhere(book, team):
    asked = [one for one in every_question(book.vocabulary) if one.who == team]
    assert len(asked) > 10_000
    assert not any(book.allows(asked))


@pytest.mark.parametrize(
    ("switch", "team", "data", "purpose"),
    [
        ("wams", "wmo", ("wgs", "arrears"), "cross-domain-plan"),
        ("proactive", "svb", ("participatiewet", "benefit"), "non-take-up"),
    ],
)
def test_a_bill_acts_only_when_its_switch_is_on(tmp_path, switch, team, data, purpose):
    asked = Question(Action.OPEN, team, *data, purpose, permission=Permission.EXPLICIT)
    folder = tmp_path / "policies"
    shutil.copytree(ROOT / "content" / "policies", folder)
    assert not PolicyBook(folder).authorize(asked).allowed
    file = folder / "switches.yaml"
    file.write_text(file.read_text().replace(f'{switch}, state: "off"', f'{switch}, state: "on"'))
    assert PolicyBook(folder).authorize(asked).allowed
