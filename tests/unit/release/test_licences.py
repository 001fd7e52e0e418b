"""Every part that is locked carries a licence that the project allows."""

import json
import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LISTED = tomllib.loads((ROOT / "requirements" / "licences.toml").read_text())
NPM = json.loads((ROOT / "package-lock.json").read_text())["packages"]
CLASSIFIERS = {
    "MIT License": {"MIT", "MIT-0"},
    "BSD License": {"BSD-2-Clause", "BSD-3-Clause"},
    "Apache Software License": {"Apache-2.0"},
    "Mozilla Public License 2.0 (MPL 2.0)": {"MPL-2.0"},
    "Python Software Foundation License": {"PSF-2.0"},
    "Zope Public License": {"ZPL-2.1"},
}
"""A classifier names a family; the list says which of it."""


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def locked():
    files = sorted((ROOT / "requirements").glob("*.txt"))
    texts = [file.read_text() for file in files]
    return sorted({name for text in texts for name in re.findall(r"(?m)^([\w.-]+)==", text)})


def may(expression):
    """One side of OR is enough; of AND each is asked."""
    choices = [choice.split(" AND ") for choice in expression.split(" OR ")]
    return any(set(choice) <= set(LISTED["allowed"]) for choice in choices)


def told(metadata):
    """What a package says of itself: licences any of which may stand on the list; None: nothing."""
    if expression := metadata.get("License-Expression"):
        return {expression}
    classifiers = [value for value in metadata.get_all("Classifier", []) if "License ::" in value]
    names = [CLASSIFIERS.get(value.split(" :: ")[-1]) for value in classifiers]
    assert None not in names, f"{metadata['Name']}: read its licence, then teach this test"
    return set().union(*names) if names else None


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("", False),
    ],
)
def test_one_licence_of_a_choice_is_enough_and_all_of_a_sum_are_asked(expression, allowed):
    assert may(expression) is allowed


def test_every_locked_python_package_has_an_allowed_licence():
    wrong = [name for name in locked() if not may(LISTED["python"].get(plain(name), ""))]
    assert locked()
    assert not wrong, "read their licences, then write them into requirements/licences.toml"


def test_every_locked_npm_package_has_an_allowed_licence():
    wrong = [path for path, part in NPM.items() if not may(part.get("license", ""))]
    assert NPM
    assert not wrong


def test_the_list_names_no_package_that_is_no_longer_locked():
    assert set(LISTED["python"]) == {plain(name) for name in locked()}


def test_what_an_installed_package_says_of_its_licence_is_what_the_list_says():
    looked = 0
    for found in distributions():
        listed = LISTED["python"].get(plain(found.metadata["Name"]))
        said = told(found.metadata) if listed else None
        if said:
            looked += 1
            assert listed in said, f"{found.metadata['Name']}: {said}"
    assert looked > 40
