from pathlib import Path

import pytest

from openregie.policy.errors import PolicyInvalid
from openregie.policy.recipients import load, recipients
from openregie.terms import Lane

LAW = Path(__file__).parents[3] / "content/policies/law.yaml"


def asked(**changed):
    question = {"law": "wgs", "lane": Lane.WGS, "purpose": "early-debt-help", "fact": "arrears"}
    return recipients(load(LAW), **(question | changed))


def test_the_debt_team_receives_reported_arrears():
    (row,) = asked()
    assert (row.team, row.article) == ("debt_help", "3 lid 1 onder b")


@pytest.mark.parametrize(
    "changed",
    [
        {"law": "participatiewet"},
        {"law": "wmo"},
        {"law": "jeugdwet"},
        {"lane": Lane.OWN_VIEW},
        {"lane": Lane.COUNTS},
        {"purpose": "fraud-detection"},
        {"fact": "benefit"},
    ],
)
def test_what_no_row_names_has_no_recipient(changed):
    assert asked(**changed) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("certainty: sure", "certainty: perhaps", "`certainty` is"),
        ("lane: wgs", "lane: everything", "`lane` is one of"),
        ("team: debt_help", "teams: debt_help", "unknown field `teams`"),
        ("version: 1", "version: 2", "version: 1"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_place(tmp_path, old, new, said):
    broken = tmp_path / "law.yaml"
    broken.write_text(LAW.read_text().replace(old, new))
    with pytest.raises(PolicyInvalid, match=said):
        load(broken)
