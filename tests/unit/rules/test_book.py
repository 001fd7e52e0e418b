import shutil
from datetime import date
from pathlib import Path

import pytest

from openregie.rules.book import check, read
from openregie.rules.errors import ParameterMissing, RulesInvalid

CONTENT = Path(__file__).parents[3] / "content"
RULE = "single-arrears.yaml"


@pytest.fixture
def content(tmp_path):
    for folder in ("streams", "parameters"):
        shutil.copytree(CONTENT / folder, tmp_path / folder)
    (tmp_path / "rules").mkdir()
    shutil.copy(CONTENT / "rules" / RULE, tmp_path / "rules")
    return tmp_path


def change(content, old, new, file=f"rules/{RULE}"):
    path = content / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(content, text):
    lines = (content / "rules" / RULE).read_text(encoding="utf-8").splitlines()
    first = [number for number, line in enumerate(lines, 1) if line.startswith(text)]
    return (first or [number for number, line in enumerate(lines, 1) if text in line])[0]


def test_a_rule_that_holds_has_no_problem(content):
    assert check(content) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "what"),
    [
        ("lane: wgs", "lane: secret", "lane:", "`lane` is missing or unknown"),
        ("version: 1", "version: one", "version:", "no such number"),
        ('article: "', 'artikel: "', "artikel:", "unknown key `artikel`"),
        ("valid_from: 2021-01-01", "valid_from: soon", "valid_from:", "no date"),
        ("valid_until:", "valid_until: 2020-01-01", "valid_until:", "before valid_from"),
        ("group: address", "group: reader", "group:", "does not fit the lane"),
        ("[arrears]", "[gossip]", "reports: {", "unknown kind of fact `gossip`"),
        ("[arrears]", "[benefit]", "reports: {", "not in lane wgs"),
        ("date: signalled_on", "date: birthday", "reports: {", "unknown name `birthday`"),
        ("date: signalled_on", "date: supplier", "reports: {", "compared with"),
        ("same: period", "same: week", "reports: {", "`same` is missing or unknown"),
        ("same: period", "days_back: -1", "reports: {", "no such number"),
        (", same: period", "", "reports: {", "names no window"),
        ("count(earlier) == 0", "count(later) == 0", "count(later)", "`count` takes a set"),
        (">= arrears_threshold", ">= 75", ">= 75", "cents is compared with number"),
        (">= arrears_threshold", ">= treshold", ">= treshold", "unknown name `treshold`"),
        ("count(earlier) == 0", "count(earlier)", 'count(earlier)"', "gives number"),
        ("[arrears_threshold,", "[threshold,", "parameters:", "unknown parameter `threshold`"),
        ("period: {calendar_months: 2}", "", "over:", "a period that is not given"),
        ("Het gaat om {total}.", "Het gaat om {sum}.", "{sum}", "`{sum}` is no value"),
        ("Het gaat om {total}.", "Dit is een signaal.", "een signaal", "the word `signaal`"),
        ("minutes: 5", "minutes: 0", "minutes: 0", "no such number"),
        ("where: team", "where: court", "where: court", "`where` is missing or unknown"),
        ("rule: single-arrears", "rule: other", "rule:", "differs from the file's name"),
        ("days: 28", "days: 28, working_days: 3", "act_by:", "counts days in two ways"),
        ('"latest(reports.signalled_on)"', '"count(reports)"', "act_by:", "gives number"),
        ("reports: {", "amount_cents: {", "amount_cents: {", "cannot be the name of a set"),
        ("version: 1", "version: 1\nversion: 2", "version: 2", "`version` stands twice"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_remedy(content, old, new, at, what):
    change(content, old, new)
    problems = check(content)
    matching = [p for p in problems if what in p.what and p.line == line_of(content, at)]
    assert matching, problems
    assert all(p.file == RULE and p.remedy for p in problems)


def test_every_mistake_shows_at_once(content):
    change(content, "lane: wgs", "lane: secret")
    change(content, "minutes: 5", "minutes: 0")
    change(content, "Het gaat om {total}.", "Het gaat om {sum}.")
    assert len(check(content)) >= 3


@pytest.mark.parametrize("text", ["", "- a list", "a: [", "a: 2026-13-45", "\x00", "é: {"])
def test_a_file_that_is_no_rule_is_a_problem_and_no_crash(content, text):
    (content / "rules" / "broken.yaml").write_text(text, encoding="utf-8")
    assert any(problem.file == "broken.yaml" for problem in check(content))


def test_a_file_that_is_not_utf8_is_a_problem(content):
    (content / "rules" / "broken.yaml").write_bytes(b"rule: \xff\xfe")
    assert any(problem.file == "broken.yaml" for problem in check(content))


def test_an_own_view_rule_has_no_other_audience_than_the_resident(content):
    shutil.copy(CONTENT / "rules" / "provision-ending.yaml", content / "rules")
    change(
        content, "audience: [resident]", "audience: [resident, debt_team]",
        "rules/provision-ending.yaml",
    )  # fmt: skip
    assert any("for the resident alone" in problem.what for problem in check(content))


def test_a_detail_never_says_what_is_not_declared(content):
    name = "benefit-without-tax-remission.yaml"
    shutil.copy(CONTENT / "rules" / name, content / "rules")
    change(content, "== 'geen_aanvraag'", "== 'geen'", f"rules/{name}")
    assert any("`remission` never says this" in problem.what for problem in check(content))


def test_two_versions_may_not_hold_on_one_day(content):
    text = (content / "rules" / RULE).read_text(encoding="utf-8")
    newer = text.replace("version: 1", "version: 2").replace("2021-01-01", "2027-01-01")
    (content / "rules" / "single-arrears.v2.yaml").write_text(newer, encoding="utf-8")
    assert any("same days as version 1" in problem.what for problem in check(content))
    change(content, "valid_until:", "valid_until: 2026-12-31")
    assert check(content) == []
    book = read(content)
    assert [rule.version for rule in book.in_force(date(2026, 12, 31))] == [1]
    assert [rule.version for rule in book.in_force(date(2027, 1, 1))] == [2]
    assert book.find("single-arrears", 2).version == 2


def test_a_counterpart_must_exist(content):
    shutil.copy(CONTENT / "rules" / "own-multiple-arrears.yaml", content / "rules")
    assert any("counterpart" in problem.what for problem in check(content))


PARAMETER = "parameters/arrears_threshold.yaml"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("value: 7500", "value: -1", "no such number"),
        ("value: 7500", "value: 75.00", "no such number"),
        ("unit: cents", "unit: euros", "`unit` is missing or unknown"),
        ("certainty: sure", "certainty: maybe", "`certainty` is missing or unknown"),
        ("parameter: arrears_threshold", "parameter: other", "differs from the file's name"),
        (', article: "', ', lid: "', "`article` is missing"),
        ("values:", "values: []\nolder:", "has no value"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_parameter_is_named(content, old, new, what):
    change(content, old, new, PARAMETER)
    found = [problem for problem in check(content) if problem.file == "arrears_threshold.yaml"]
    assert any(what in problem.what for problem in found), found


def test_two_values_may_not_hold_on_one_day(content):
    row = "  - {value: 9000, valid_from: 2027-01-01, certainty: sure, article: raad}\n"
    path = content / PARAMETER
    path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8")
    assert any("two values hold" in problem.what for problem in check(content))
    change(content, "valid_until: ,", "valid_until: 2026-12-31,", PARAMETER)
    rule = read(content).rules[0]
    assert rule.given(date(2026, 12, 31))["arrears_threshold"].value == 7500
    assert rule.given(date(2027, 1, 1))["arrears_threshold"].value == 9000


def test_a_day_without_a_value_is_an_error_that_names_the_parameter(content):
    with pytest.raises(ParameterMissing, match="arrears_threshold"):
        read(content).rules[0].given(date(2020, 1, 1))


def test_reading_refuses_with_every_problem(content):
    change(content, "lane: wgs", "lane: secret")
    with pytest.raises(RulesInvalid) as refused:
        read(content)
    assert "single-arrears.yaml:" in str(refused.value)
