import shutil
from pathlib import Path

import cedarpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregie.policy.book import PolicyBook
from openregie.policy.errors import PolicyInvalid
from openregie.policy.question import Action, AgeBand, Permission, Question, age_band
from openregie.policy.table import compare, page, permits
from openregie.terms import Lane

POLICIES = Path(__file__).parents[3] / "content" / "policies"
BOOK = PolicyBook(POLICIES)
YES = Permission.EXPLICIT


def asked(**changed):
    question = {"law": "wgs", "lane": Lane.WGS, "purpose": "early-debt-help", "fact": "arrears"}
    return BOOK.recipients(**(question | changed))


def opened(team, data, purpose, **more):
    return BOOK.authorize(Question(Action.OPEN, team, *data.split("/"), purpose, **more))


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(POLICIES, tmp_path / "policies")
    return tmp_path / "policies"


def change(folder, name, old, new):
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))


def test_the_debt_team_receives_reported_arrears():
    (decision,) = asked()
    assert decision.question.who == "debt_help"
    assert decision.article.article == "3 lid 1 onder b"
    assert decision.article.sees["nl"].startswith("Schuldhulp ziet")


@pytest.mark.parametrize(
    "changed",
    [
        {"law": "participatiewet"},
        {"law": "wmo", "fact": "provision"},
        {"law": "jeugdwet", "fact": "provision"},
        {"law": "brp", "fact": "person"},
        {"lane": Lane.OWN_VIEW},
        {"lane": Lane.COUNTS},
        {"purpose": "fraud-detection"},
        {"purpose": "debt-help-plan"},
        {"fact": "debt_help"},
    ],
)
def test_what_no_row_names_has_no_recipient(changed):
    assert asked(**changed) == ()


@pytest.mark.parametrize("changed", [{"law": "wgz"}, {"fact": "score"}, {"purpose": "anything"}])
def test_a_name_that_no_list_knows_is_denied(changed):
    assert asked(**changed) == ()
    unknown = BOOK.authorize(Question(Action.OPEN, "police", "wgs", "arrears", "early-debt-help"))
    assert not unknown.allowed
    assert unknown.refusal.unknown == "who"


@pytest.mark.parametrize(
    ("decision", "failed", "nearest"),
    [
        (opened("wmo", "wgs/arrears", "wmo-assessment"), "permission", "wmo-5-1-1-3"),
        (opened("debt_help", "wmo/provision", "debt-help-plan", permission=YES), "data", "wgs-4"),
        (opened("wmo", "wmo/provision", "youth-access", permission=YES), "purpose", "wmo-5-1-1-1"),
        (opened("research", "wmo/provision", "wmo-delivery", permission=YES), "team", "wmo-5-1-2"),
        (
            opened("youth", "jeugdwet/provision", "youth-access", permission=YES,
                   age=AgeBand.FROM_12_TO_15),
            "giver",
            None,
        ),
    ],
)  # fmt: skip
def test_a_refusal_names_the_nearest_permit_and_the_way_that_is_open(decision, failed, nearest):
    assert not decision.allowed
    assert decision.refusal.failed == failed
    assert (decision.refusal.nearest and decision.refusal.nearest.id) == nearest
    for language in ("nl", "en"):
        said = decision.sentence(BOOK.vocabulary.routes, language)
        assert said.endswith(BOOK.vocabulary.routes[failed][language])


def test_each_answer_carries_the_digest_of_the_policy(folder):
    assert opened("wmo", "wmo/provision", "wmo-delivery").digest == BOOK.digest
    change(folder, "teams.yaml", "schuldhulp", "Schuldhulp")
    assert PolicyBook(folder).digest != BOOK.digest


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("wgs.cedar", "context.purpose", "context.purpouse", "wgs.cedar"),
        ("wgs.cedar", "permit (", "permitt (", "wgs.cedar"),
        ("wgs.cedar", '@id("wgs-4")\n', "", "has no @id"),
        ("wgs.cedar", '@id("wgs-4")', '@id("wgs-8")', "stands twice"),
        ("wgs.cedar", '@id("wgs-4")', '@id("wgs-5")', "no row for policy `wgs-5`"),
        ("law.yaml", "syri\n    effect: outside", "syri\n    effect: permit", "has no policy"),
        ("law.yaml", "certainty: sure", "certainty: perhaps", "law.yaml, row 1: `certainty`"),
        ("law.yaml", "version: 2", "version: 1", "version: 2"),
        ("teams.yaml", "kind: help,", "kind: helper,", "teams.yaml, row 1: `kind`"),
        ("teams.yaml", "id: wmo", "id: debt_help", "stands twice"),
        ("data.yaml", "compartment: money", "box: money", "data.yaml, row 1"),
        ("switches.yaml", 'state: "off"', "state: off", "switches.yaml, row 1: `state`"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_with_its_place(folder, name, old, new, said):
    change(folder, name, old, new)
    with pytest.raises(PolicyInvalid) as refused:
        PolicyBook(folder)
    assert said in str(refused.value)


def test_a_policy_that_compares_two_kinds_of_value_is_refused(folder):
    change(
        folder, "wgs.cedar", 'context.permission == "explicit"', "context.permission.contains(1)"
    )
    with pytest.raises(PolicyInvalid):
        PolicyBook(folder)


def test_a_fault_of_the_engine_means_no(monkeypatch):
    def broken(*_):
        raise RuntimeError

    book = PolicyBook(POLICIES)
    monkeypatch.setattr(cedarpy, "is_authorized_batch", broken)
    law = {"law": "wgs", "lane": Lane.WGS, "purpose": "early-debt-help", "fact": "arrears"}
    assert book.recipients(**law) == ()


def test_an_answer_with_an_error_in_it_means_no(folder):
    """An error while one policy is judged is no reason to believe the others."""
    change(
        folder,
        "wgs.cedar",
        'when { context.lane == Lane::"wgs"',
        'when { 9223372036854775807 + 1 == 0 || context.lane == Lane::"wgs"',
    )
    law = {"law": "wgs", "lane": Lane.WGS, "purpose": "early-debt-help", "fact": "arrears"}
    assert PolicyBook(folder).recipients(**law) == ()


@pytest.fixture
def small(folder):
    """The same policies with short lists: every question of them is soon asked."""
    for name, keep in (
        ("teams", ("debt_help", "wmo", "youth", "youth_provider")),
        ("purposes", ("early-debt-help", "wmo-assessment", "youth-delivery")),
        ("data", ("wgs, fact: arrears", "jeugdwet")),
    ):
        lines = (folder / f"{name}.yaml").read_text().splitlines()
        kept = [one for one in lines if "- {" not in one or any(f": {k}," in one for k in keep)]
        (folder / f"{name}.yaml").write_text("\n".join(kept))
    return folder


def test_a_change_shows_who_gains_and_who_loses(small):
    before, folder = PolicyBook(small), small
    change(folder, "jeugdwet.cedar", 'Team::"youth_provider"', 'Team::"wmo"')
    found = compare(before, PolicyBook(folder))
    assert [(one.team, one.purpose) for one in found.gained] == [("wmo", "youth-delivery")]
    assert [(one.team, one.purpose) for one in found.lost] == [("youth_provider", "youth-delivery")]
    assert found.questions > 2


def test_a_change_of_who_may_say_yes_shows_too(small):
    before, folder = PolicyBook(small), small
    change(folder, "never.cedar", 'context.giver == "self_and_parent"', 'context.giver == "self"')
    found = compare(before, PolicyBook(folder))
    assert (found.gained, found.lost) == ((), ())
    assert found.questions > 0


def test_the_public_page_names_every_permit_and_nothing_else():
    told = page(BOOK)
    for one in permits(BOOK):
        assert BOOK.vocabulary.articles[one.policy].sentence["nl"] in told
    assert told.count("nee, de wet regelt het") == 1
    assert BOOK.vocabulary.articles["wams"].sentence["nl"] not in told


@given(st.integers(0, 120))
def test_an_age_has_one_band(years):
    bounds = {AgeBand.UNDER_12: range(12), AgeBand.FROM_12_TO_15: range(12, 16),
              AgeBand.FROM_16_TO_17: range(16, 18), AgeBand.ADULT: range(18, 121)}  # fmt: skip
    assert years in bounds[age_band(years)]
