"""The pages that say which test guards what name tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (
    DOCS / "security.md",
    ROOT / "DEVELOPERS.md",
    DOCS / "dpia.md",
    DOCS / "incident.md",
)
THREATS = 15


def named(page):
    """Every `path::test` of a page, and every `path` of a JavaScript test with its title."""
    text = page.read_text()
    python = re.findall(r"`(tests/[\w/.]+\.py)::(?:\w+::)?(\w+)`", text)
    script = re.findall(r"`(browser/tests/[\w.]+\.js)` \(([^)]+)\)", text)
    return python, script


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_exists(page):
    python, script = named(page)
    assert python
    for file, name in python:
        assert re.search(rf"def {name}\(", (ROOT / file).read_text()), f"{file}::{name}"
    for file, title in script:
        assert f"test('{title}'" in (ROOT / file).read_text(), f"{file}: {title}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_is_named_in_a_form_that_is_checked(page):
    python, _ = named(page)
    text = page.read_text()
    assert len(re.findall(r"::test_", text)) == len(python)


def test_every_threat_says_what_stands_in_the_way_and_which_test_performs_it():
    threats = re.split(r"^### ", PAGES[0].read_text(), flags=re.MULTILINE)[1:]
    assert [int(threat.split(".")[0]) for threat in threats] == list(range(1, THREATS + 1))
    for threat in threats:
        assert "\nTests: `" in threat, threat.splitlines()[0]
