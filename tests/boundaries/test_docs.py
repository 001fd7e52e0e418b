"""What the documents name exists."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATH = ROOT / "docs" / "path.md"


def stops():
    return re.findall(r"^## (\d+)\. (.+?)$", PATH.read_text(), flags=re.MULTILINE)


def functions():
    return sorted(set(re.findall(r"`(openregie(?:\.\w+)+)`", PATH.read_text())))


def test_the_path_has_thirteen_stops_in_order():
    assert [int(number) for number, _ in stops()] == list(range(1, 14))


@pytest.mark.parametrize("name", functions())
def test_each_function_of_the_path_exists(name):
    module, _, attribute = name.rpartition(".")
    assert hasattr(importlib.import_module(module), attribute), name


@pytest.mark.parametrize("name", sorted(re.findall(r"`(browser/[\w/.]+\.js)`", PATH.read_text())))
def test_each_browser_module_of_the_path_exists(name):
    assert (ROOT / name).is_file()


def test_a_decision_has_the_number_of_its_file():
    for file in sorted((ROOT / "docs" / "adr").glob("*.md")):
        heading = file.read_text().splitlines()[0]
        assert heading.startswith(f"# {file.name[:4]} "), file.name


def test_decisions_are_numbered_without_gaps():
    numbers = [int(f.name[:4]) for f in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_glossary_has_one_entry_per_word_in_order():
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", (ROOT / "GLOSSARY.md").read_text(), re.MULTILINE
    )
    words = [row for row in rows if row not in {"word", "---"}]
    assert words == sorted(words, key=str.casefold)
    assert len(words) == len(set(words))


def test_every_relative_link_leads_somewhere():
    for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text()):
            assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_every_make_target_in_the_readme_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)`", (ROOT / "README.md").read_text()))
    assert named <= targets


def test_modules_are_named_after_the_thing_inside():
    bags = [
        "utils",
        "helpers",
        "common",
        "misc",
        "base",
        "core",
        "services",
        "managers",
        "handlers",
    ]
    for file in [*(ROOT / "src").rglob("*.py"), *(ROOT / "browser").rglob("*.js")]:
        if "vendor" not in file.parts:
            assert file.stem not in bags, file


def test_no_module_is_longer_than_four_hundred_lines():
    for file in [*(ROOT / "src").rglob("*.py"), *(ROOT / "browser").rglob("*.js")]:
        if "vendor" not in file.parts and "migrations" not in file.parts:
            assert len(file.read_text().splitlines()) <= 400, file
