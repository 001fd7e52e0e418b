import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from openregie.cli import content_check
from openregie.cli.main import main

CONTENT = Path(__file__).parents[3] / "content"


@pytest.fixture
def content(tmp_path):
    """A copy of content/, to be spoiled; no docs/ beside it, so only content is judged."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def spoil(content, name, old, new):
    file = content / name
    text = file.read_text()
    assert old in text, f"{name} has changed; adapt this test"
    file.write_text(text.replace(old, new, 1))
    return content_check.check(content)


def test_the_content_of_the_product_is_sound():
    assert [str(problem) for problem in content_check.check(CONTENT)] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "what"),
    [
        ("streams/rent_arrears.yaml", "kind: events", "kind: event", 16, "`kind`"),
        ("streams/rent_arrears.yaml", "law: wgs", "law: wgz", 7, "law `wgz` has no name"),
        ("rules/multiple-arrears.yaml", "lane: wgs", "lane: everyone", 5, "`lane`"),
        ("rules/multiple-arrears.yaml", "law: wgs", "law: wgz", 6, "law `wgz` has no name"),
        ("parameters/arrears_threshold.yaml", "unit: cents", "unit: euro", 4, "`unit`"),
        ("laws.yaml", "en: Youth Act", "fr: Loi", 5, "law `jeugdwet` has no name in `en`"),
        ("linkage.yaml", "margin_bits: 4", "margin_bits: four", 6, "`thresholds.margin_bits`"),
        ("policies/law.yaml", "certainty: sure", "certainty: perhaps", 7, "`certainty`"),
        ("policies/law.yaml", "law: wgs", "law: wgz", 49, "law `wgz` has no name"),
        ("policies/teams.yaml", "id: wmo", "id: debt_help", 6, "`debt_help` stands twice"),
        ("policies/wgs.cedar", "context.lane ==", "context.lain ==", 1, "wgs.cedar"),
        ("counts.yaml", "stream: outcomes", "stream: wmo_allocations", 14, "lane `counts`"),
        ("themes/zandhaven.css", "--or-radius: 4px;", "", 1, "`--or-radius` is missing"),
    ],
)
def test_each_kind_of_file_names_its_mistake_by_file_line_and_remedy(
    content, name, old, new, line, what
):
    (problem,) = [one for one in spoil(content, name, old, new) if what in str(one)]
    assert problem.path == f"content/{name}"
    assert problem.line == line
    assert problem.remedy or " must be " in problem.message or "` is `" in problem.message


def test_a_stream_whose_purpose_no_policy_permits_is_a_problem(content):
    found = spoil(content, "streams/job_seekers.yaml", "id: own-situation", "id: fraud-detection")
    (problem,) = [one for one in found if "no policy permits" in one.message]
    assert problem.path == "content/streams/job_seekers.yaml"
    assert "`fraud-detection` with `suwi/job_seeking` in lane `own-view`" in problem.message
    assert problem.remedy


@pytest.mark.parametrize(
    "name",
    [
        "streams/benefits.yaml",
        "rules/multiple-arrears.yaml",
        "laws.yaml",
        "linkage.yaml",
        "policies/law.yaml",
        "counts.yaml",
    ],
)
def test_a_file_that_is_no_yaml_is_one_problem_and_hides_no_other(content, name):
    (content / name).write_text("a: [")
    (content / "themes" / "zandhaven.css").write_text("")
    paths = {problem.path for problem in content_check.check(content)}
    assert {f"content/{name}", "content/themes/zandhaven.css"} <= paths


@pytest.mark.parametrize("name", ["laws.yaml", "linkage.yaml", "policies/law.yaml", "counts.yaml"])
def test_a_file_that_is_gone_is_a_problem(content, name):
    (content / name).unlink()
    assert f"content/{name}" in {problem.path for problem in content_check.check(content)}


@pytest.mark.parametrize("name", ["policies/law.yaml", "counts.yaml"])
@pytest.mark.parametrize("text", ["[]", "version: 1\nrows: 7\ncounts: 7\n", "rows: [7]", "x"])
def test_a_file_of_another_form_never_stops_the_check(content, name, text):
    (content / name).write_text(text)
    assert f"content/{name}" in {problem.path for problem in content_check.check(content)}


def test_problems_come_out_as_json_with_exit_code_1(content):
    (content / "laws.yaml").unlink()
    done = CliRunner().invoke(main, ["check", "--content", str(content), "--json"])
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["sound"] is False
    assert told["problems"][0]["path"] == "content/laws.yaml"
    assert told["problems"][0]["remedy"]


def test_sound_content_ends_with_code_0(content):
    done = CliRunner().invoke(main, ["check", "--content", str(content)])
    assert done.exit_code == 0, done.output
    assert "content is sound" in done.output
