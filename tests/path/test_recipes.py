"""The recipes of DEVELOPERS.md work: its own blocks become a stream and a rule, and are read."""

import csv
import json
import re
import shutil
import textwrap
from pathlib import Path

import pytest

from resident import Resident
from town import ON, openregie

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "DEVELOPERS.md").read_text()
MOST_PLACES = 5
OIN = "00000003990000010000"


def blocks():
    """Each YAML block of the page that says in its first line which file it is."""
    found = re.findall(r"^( *)```yaml\n(.*?)^\1```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    texts = [textwrap.dedent(text) for _, text in found]
    return {text.splitlines()[0].removeprefix("# content/"): text for text in texts}


ADDED = "# add to content/"


@pytest.mark.parametrize("recipe", ["stream", "rule"])
def test_a_recipe_has_at_most_five_places(recipe):
    part = PAGE.split(f"## Recipe: add a {recipe}\n")[1].split("\n## ")[0]
    places = re.findall(r"^\d+\. \*\*", part, flags=re.MULTILINE)
    assert 1 <= len(places) <= MOST_PLACES


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """The content of the product, with the blocks of the page added and nothing else changed."""
    folder = tmp_path_factory.mktemp("recipes") / "content"
    shutil.copytree(ROOT / "content", folder)
    for name, text in blocks().items():
        if name.startswith(ADDED):
            with (folder / name.removeprefix(ADDED)).open("a") as opened:
                opened.write(text.split("\n", 1)[1])
            continue
        assert not (folder / name).exists(), f"{name} exists; give the recipe another name"
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def after(town, content, tmp_path_factory):
    """Noor after a delivery of the new stream: her receipt before and her items."""
    directory = tmp_path_factory.mktemp("recipes") / "lindestad"
    shutil.copytree(town.directory, directory)
    noor = town.persona("Noor")
    file = directory / "deliveries" / "policies.csv"
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened, delimiter=";")
        rows.writerow(["polisnummer", "bsn", "premie", "ingangsdatum", "einddatum"])
        rows.writerow(["P-1", noor["bsn"], "32,50", "2026-01-01", "2026-11-30"])
    place = ["--dir", directory, "--content", content, "--on", ON]
    told = ["--stream", "health_policies", "--supplier", "Gemeente Lindestad", "--oin", OIN]
    openregie("deliver", file, *place, *told)
    receipt = json.loads(openregie("run", *place, "--json", "--quiet").stdout)
    openregie("take-in", "--dir", directory)
    return receipt, Resident(directory, noor)


def test_the_page_holds_a_stream_and_a_rule():
    assert sorted(Path(name).parent.name for name in blocks()) == ["policies", "rules", "streams"]


def test_content_with_the_recipes_is_sound(content):
    assert "content is sound" in openregie("check", "--content", content).stdout


def test_a_new_stream_is_linked_and_read_by_its_resident_alone(after):
    receipt, noor = after
    assert receipt["links"]["health_policies"] == {"certain": 1}
    (fact,) = [one for one in noor.of_kind("fact") if one["stream"] == "health_policies"]
    assert fact["title"]["nl"] == "Gemeentepolis"
    assert fact["amountCents"] == 3_250
    assert fact["law"]["article"] == "35 lid 3"
    assert fact["audience"] == ["resident"]


def test_a_new_rule_tells_its_resident(after):
    _, noor = after
    (signal,) = [one for one in noor.of_kind("signal") if one["rule"] == "health-policy-ending"]
    assert signal["title"]["nl"] == "Uw polis stopt op 30 november"
    assert signal["actByOn"] == "2026-11-30"
