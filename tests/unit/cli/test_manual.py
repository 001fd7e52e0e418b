import shutil
from pathlib import Path

import pytest

from openregie.cli import manual, written_docs
from openregie.cli.main import Verbs

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"


def test_the_manual_is_up_to_date():
    assert (DOCS / manual.FILE).read_text() == manual.text(), written_docs.REMEDY


def test_the_manual_has_every_verb_in_the_order_of_the_path():
    words = [words for words, _ in manual.pages()]
    assert [one[1] for one in words if len(one) == 2] == list(Verbs.modules)
    assert ("openregie", "log", "verify") in words


def test_every_verb_teaches():
    for words, helped in manual.pages():
        assert helped.startswith("Usage: " + " ".join(words))
        assert "Exit codes:" in helped
        assert max(map(len, helped.splitlines())) <= manual.WIDTH + 4


def test_the_manual_does_not_depend_on_the_terminal(monkeypatch):
    before = manual.text()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERMINAL_WIDTH", "40")
    assert manual.text() == before


@pytest.fixture
def checkout(tmp_path):
    """Content, tables and written pages as in the repository, to be spoiled."""
    for name in ("content", "tests/spec/tables"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "docs").mkdir()
    written_docs.write(tmp_path / "docs", tmp_path / "content")
    return tmp_path


def problems(checkout):
    return [str(p) for p in written_docs.check(checkout / "docs", checkout / "content")]


def test_pages_that_are_up_to_date_are_no_problem(checkout):
    assert problems(checkout) == []


def test_a_page_that_somebody_edited_is_named_at_its_line(checkout):
    page = checkout / "docs" / "rules" / "multiple-arrears.md"
    lines = page.read_text().splitlines()
    lines[4] = "Everything is confirmed."
    page.write_text("\n".join(lines) + "\n")
    (problem,) = problems(checkout)
    assert problem.startswith("docs/rules/multiple-arrears.md:5: is out of date")
    assert "--write-docs" in problem


def test_a_page_that_is_missing_or_about_nothing_is_named(checkout):
    (checkout / "docs" / "rules" / "multiple-arrears.md").unlink()
    (checkout / "docs" / "rules" / "gone.md").write_text("# gone")
    assert ["gone" in one or "is missing" in one for one in problems(checkout)] == [True, True]


def test_writing_mends_every_page(checkout):
    (checkout / "docs" / "rules" / "multiple-arrears.md").write_text("")
    written = written_docs.write(checkout / "docs", checkout / "content")
    assert f"docs/{manual.FILE}" in written
    assert "docs/rules/multiple-arrears.md" in written
    assert problems(checkout) == []


def test_a_table_of_cases_with_a_mistake_is_a_problem(checkout):
    table = checkout / "tests" / "spec" / "tables" / "multiple-arrears.yaml"
    table.write_text(table.read_text().replace("fires: true", "fires: perhaps", 1))
    (problem,) = written_docs.check_tables(checkout / "content")
    assert problem.path == "tests/spec/tables/multiple-arrears.yaml"
    assert problem.remedy


def test_where_there_is_no_docs_folder_nothing_is_out_of_date(checkout):
    shutil.rmtree(checkout / "docs")
    assert written_docs.beside(checkout / "content") is None
    assert written_docs.check(None, checkout / "content") == []
