"""The impact assessment follows what runs, and leaves to people what only people know."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from openregie.blind import exits
from openregie.blind.streams import declaration
from openregie.cli.papers import dpia, impact, tables

ROOT = Path(__file__).parents[3]
CONTENT, DOCS = ROOT / "content", ROOT / "docs"
STREAMS = declaration.load_all(CONTENT / "streams")


@pytest.fixture
def content(tmp_path):
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def change(content, name, old, new):
    text = (content / name).read_text()
    assert old in text, f"{name} has changed; adapt this test"
    (content / name).write_text(text.replace(old, new, 1))
    return dpia.text(content, DOCS)


def said(content):
    return yaml.safe_load((content / "dpia.yaml").read_text())


def test_the_seventeen_headings_of_the_model_stand_in_order():
    text = dpia.text(CONTENT, DOCS)
    assert [int(n) for n in re.findall(r"^### (\d+)\. ", text, re.MULTILINE)] == list(range(1, 18))
    assert [one[0] for one in re.findall(r"^## (.+)$", text, re.MULTILINE)] == ["A", "B", "C", "D"]


def test_every_stream_column_rule_and_recipient_is_in_it():
    text = dpia.text(CONTENT, DOCS)
    for name, stream in STREAMS.items():
        assert f"`{name}`" in text
        assert f"{stream.retention_days} dagen" in text
        for column in stream.columns:
            assert column.words.nl in text, (name, column.field)
    for rule in (CONTENT / "rules").glob("*.yaml"):
        assert f"[{rule.stem}](rules/{rule.stem}.md)" in text
    for row in yaml.safe_load((CONTENT / "policies" / "law.yaml").read_text())["rows"]:
        assert not row.get("sees") or f"`{row['id']}`" in text


@pytest.mark.parametrize(
    ("name", "old", "new", "seen"),
    [
        ("streams/rent_arrears.yaml", "retention_days: 183", "retention_days: 184", "184 dagen"),
        ("streams/rent_arrears.yaml", "nl: verhuurder,", "nl: huisbaas,", "| huisbaas |"),
        ("policies/teams.yaml", "nl: schuldhulp,", "nl: schuldhulp Zuid,", "schuldhulp Zuid"),
        ("counts.yaml", "epsilon: 0.02", "epsilon: 0.03", "| 0.03 |"),
        ("rules/single-arrears.yaml", 'never:\n  nl: "', 'never:\n  nl: "Nooit! ', "| Nooit! "),
    ],
)  # fmt: skip
def test_what_changes_in_content_changes_in_the_paper(content, name, old, new, seen):
    assert seen not in dpia.text(CONTENT, DOCS)
    assert seen in change(content, name, old, new)


def test_every_stream_of_the_product_is_sorted_and_health_is_special():
    assert set(impact.load(CONTENT).data) == set(STREAMS)
    text = dpia.text(CONTENT, DOCS)
    assert "nog niet ingedeeld" not in text
    assert text.count("**bijzonder (gezondheid)**") == 2


def test_a_stream_that_nobody_sorted_is_for_the_officer(content):
    told = said(content)
    del told["streams"]["benefits"]
    (content / "dpia.yaml").write_text(yaml.safe_dump(told))
    assert "| **in te vullen door de FG** | nog niet ingedeeld |" in dpia.text(content, DOCS)


def test_a_question_stays_open_until_it_is_answered(content):
    before = dpia.text(content, DOCS)
    total = len(impact.load(content).questions)
    assert f"**Nog open**: {total} van {total} vragen" in before
    assert "> **In te vullen** door een jurist (`questions: grondslag`)." in before
    told = said(content)
    for one in told["questions"]:
        if one["id"] == "grondslag":
            one["answer"] = "Artikel 6 lid 1 onder e, zegt onze jurist."
    (content / "dpia.yaml").write_text(yaml.safe_dump(told, allow_unicode=True))
    after = dpia.text(content, DOCS)
    assert "Artikel 6 lid 1 onder e, zegt onze jurist." in after
    assert "questions: grondslag" not in after
    assert f"**Nog open**: {total - 1} van {total} vragen" in after


def test_every_exit_of_the_run_is_in_the_paper():
    named = {name for name, *_ in tables.EXITS}
    leaves = {
        name
        for name, value in vars(exits).items()
        if callable(value)
        and getattr(value, "__module__", "") == exits.__name__
        and not name.startswith("_")
        and not isinstance(value, type)
    }
    assert named == leaves - {"one_line", "reference"}


def test_every_risk_names_a_test_and_every_threat_is_a_risk():
    known = impact.load(CONTENT)
    assert {risk.threat for risk in known.risks} >= set(range(1, 16))
    blocks = re.findall(
        r"^\*\*R\d+\. .+?(?=^\*\*|\Z)", dpia.text(CONTENT, DOCS), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) == len(known.risks)
    for block in blocks:
        assert "::test_" in block, block[:80]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("rest: gewoon, sensitive: [note]", "rest: geheim, sensitive: [note]", "`rest`"),
        ("sensitive: [note]", "sensitive: [noot]", "no column `noot`"),
        ("  benefits: {", "  benefit: {", "stream `benefit` is not declared"),
        ("who: ciso", "who: wethouder", "`who` is one of"),
        ("heading: 6", "heading: 18", "`heading` is 1 to 17"),
        ('chance: ""', "chance: misschien", "laag, middel or hoog"),
        ('title: "Iemand leidt iets af uit brieven, g', "title: Iemand leidt af, g", "unknown key"),
        ("threat: 6, ", "", "names no threat and no test"),
        ("version: 1", "version: 2", "must have `version: 1`"),
        ("version: 1", "version: [", "is not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_remedy(content, old, new, what):
    text = (content / "dpia.yaml").read_text()
    assert old in text
    changed = text.replace(old, new, 1)
    if "unknown key" in what:
        changed = changed.replace('groottes of tijden"', "groottes of tijden", 1)
    (content / "dpia.yaml").write_text(changed)
    (problem,) = [one for one in impact.check(content, STREAMS) if what in one.message]
    assert problem.remedy
    if "version" not in old:
        assert problem.line > 1
