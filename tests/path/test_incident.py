"""The page for the operator on duty works: its own commands contain what was planted."""

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from resident import Resident
from town import ON, openregie

PAGE = (Path(__file__).parents[2] / "docs" / "incident.md").read_text()
OIN = "00000003990000099000"
OPEN = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from openregie.sealed.web.setup import prepare
folder = Path(sys.argv[1])
prepare(folder)
from openregie.sealed.vault import actions
from openregie.sealed.vault.errors import VaultError
vault = actions.Vault("lindestad", folder)
try:
    opened = actions.open_items(vault, sys.argv[2], after=0, now=datetime.now(UTC))
    print(json.dumps([one.seq for one in opened.items]))
except VaultError as error:
    print(json.dumps(type(error).__name__))
"""


def blocks(section):
    """The commands of each block under a heading of the page, by its number; 0 for the top."""
    part = re.split(r"^## ", PAGE, flags=re.MULTILINE)[section]
    return [block.splitlines() for block in re.findall(r"```sh\n(.+?)```", part, re.DOTALL)]


def follow(lines, check=True, **words):
    """Give the commands of a block, with the operator's own words filled in; what each printed."""
    printed = []
    for line in lines:
        for name, value in words.items():
            line = re.sub(rf"(?<![\w/]){name}(?!\w)", str(value), line)  # noqa: PLW2901
        line = line.replace("/media", str(words["DIR"].parent))  # noqa: PLW2901
        given = line.split()[1:]
        extra = ["--on", ON] if given[0] == "run" else []
        printed.append(openregie(*given, *extra, check=check).stdout)
    return printed


def opened(directory, resident):
    """What the vault hands to a resident who is logged in: sequence numbers, or a refusal."""
    words = [sys.executable, "-c", OPEN, str(directory), resident.mailbox]
    done = subprocess.run(
        words, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    return json.loads(done.stdout)


@pytest.fixture
def own_town(town, tmp_path):
    directory = tmp_path / "lindestad"
    shutil.copytree(town.directory, directory)
    return directory


def plant(directory, bsn):
    """A source writes somebody else's citizen number in a debt file: certain, and wrong."""
    file = directory / "deliveries" / "wrong.csv"
    with file.open("w", newline="") as out:
        rows = csv.writer(out, delimiter=";")
        rows.writerow(["dossiernummer", "burgerservicenummer", "aanmelddatum", "fase", "einddatum"])
        rows.writerow(["X-1", bsn, "2026-10-01", "stabilisatie", ""])
    told = ["--stream", "debt_files", "--supplier", "Andere afdeling", "--oin", OIN]
    made = openregie("deliver", file, "--dir", directory, "--on", ON, *told, "--json")
    openregie("run", "--dir", directory, "--on", ON, "--json", "--quiet")
    openregie("take-in", "--dir", directory)
    (found,) = re.findall(r'"deliveryId": "([0-9a-f]{16})"', made.stdout)
    return found


def debt_of(resident):
    return [one for one in resident.of_kind("fact") if one["factKind"] == "debt_help"]


def test_a_wrong_link_is_contained_mended_and_lifted_by_the_commands_of_the_page(own_town, town):
    lotte, noor = (Resident(own_town, town.persona(name)) for name in ("Lotte", "Noor"))
    before, of_noor = opened(own_town, lotte), opened(own_town, noor)
    assert before
    assert debt_of(lotte) == []
    delivery = plant(own_town, town.persona("Lotte")["bsn"])
    assert len(debt_of(lotte)) == 1, "the mistake is really there"
    wrong = set(opened(own_town, lotte)) - set(before)
    assert wrong

    contain, mend = blocks(1)
    words = {"DIR": own_town, "RUN": 2, "DELIVERY": delivery}
    _, told = follow(contain, **words)
    assert not set(opened(own_town, lotte)) & wrong, "contained: nothing of that run comes out"
    assert opened(own_town, noor) == of_noor, "who got nothing in that run loses nothing"
    assert lotte.mailbox in told
    assert noor.mailbox not in told

    follow(mend, **words)
    assert debt_of(lotte) == []
    assert not set(opened(own_town, lotte)) & wrong
    assert set(before) - set(opened(own_town, lotte)) == set()
    assert json.loads(openregie("incident", "status", "--dir", own_town, "--json").stdout) == {
        "holds": {},
        "setAside": [delivery],
    }
    openregie("log", "verify", "--dir", own_town)


def test_a_delivery_that_was_set_aside_comes_back_whole(own_town, town):
    lotte = Resident(own_town, town.persona("Lotte"))
    delivery = plant(own_town, town.persona("Lotte")["bsn"])
    words = ["incident", "set-aside", "--delivery", delivery, "--dir", own_town]
    openregie(*words)
    assert openregie(*words, check=False).returncode == 3
    openregie(*words, "--undo")
    again = openregie("run", "--dir", own_town, "--on", ON, "--json", "--quiet")
    assert json.loads(again.stdout)["items"] == {"sealed": {"s1": 0}, "removed": 0}
    openregie("take-in", "--dir", own_town)
    assert len(debt_of(lotte)) == 1


def test_a_stolen_code_opens_nothing_after_the_commands_of_the_page(own_town, town):
    noor, lotte = (Resident(own_town, town.persona(name)) for name in ("Noor", "Lotte"))
    of_lotte = opened(own_town, lotte)
    contain, mend = blocks(2)
    words = {"DIR": own_town, "MAILBOX": noor.mailbox}
    follow(contain, **words)
    assert opened(own_town, noor) == "Held"
    assert opened(own_town, lotte) == of_lotte
    follow(mend, **words)
    assert opened(own_town, noor) == "NotEnrolled"
    openregie("run", "--dir", own_town, "--on", ON, "--json", "--quiet")
    openregie("take-in", "--dir", own_town)
    assert opened(own_town, noor) == "NotEnrolled"
    assert noor.items() == [], "what the run still sealed to the stolen keys was never stored"
    assert opened(own_town, lotte) == of_lotte


def test_everybody_is_closed_at_once_and_open_again_after(own_town, town):
    noor = Resident(own_town, town.persona("Noor"))
    before = opened(own_town, noor)
    follow(blocks(0)[0], DIR=own_town)
    assert opened(own_town, noor) == "Held"
    openregie("incident", "lift", "everybody", "--dir", own_town)
    assert opened(own_town, noor) == before


def test_a_hold_that_cannot_be_read_closes_all(own_town, town):
    noor = Resident(own_town, town.persona("Noor"))
    (own_town / "holds.json").write_text("{")
    assert opened(own_town, noor) == "HoldsBroken"


def test_a_copied_share_is_worth_nothing_after_the_commands_of_the_page(own_town):
    media = own_town.parent
    for name in ("a", "b", "c", "a2", "b2", "c2", "a3", "b3", "c3"):
        (media / name).mkdir()
    share = {
        n: media / n / f"{n[0].upper()}.share" for n in ("a", "b", "c", "a2", "b2", "a3", "b3")
    }
    places = ["--to", share["a"], "--to", share["b"], "--spare", share["c"]]
    openregie("custody", "split", "--dir", own_town, *places)

    def runs(*names):
        given = [word for name in names for word in ("--share", share[name])]
        words = ["--dir", own_town, "--on", ON, "--quiet", *given]
        return openregie("run", *words, check=False).returncode == 0

    assert runs("a", "b")
    follow(blocks(3)[0], DIR=own_town)
    assert not runs("a", "b")
    assert not runs("b", "a3"), "the copied share is worth nothing beside a new one either"
    assert runs("a3", "b3")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["hold"], 2),
        (["hold", "--run", "1", "--everybody"], 2),
        (["hold", "--mailbox", "Noor"], 2),
        (["hold", "--run", "99"], 3),
        (["lift", "run-99"], 3),
        (["set-aside", "--delivery", "0123456789abcdef"], 3),
    ],
)
def test_a_wrong_command_changes_nothing_and_says_what_to_do(town, words, code):
    done = openregie("incident", *words, "--dir", town.directory, check=False)
    assert done.returncode == code
    assert not (town.directory / "holds.json").exists()


def test_every_command_of_the_page_exists():
    lines = [line for at in range(7) for block in blocks(at) for line in block]
    assert len(lines) > 10
    for verb in {tuple(w for w in line.split()[1:3] if w[0] != "-") for line in lines}:
        assert openregie(*verb, "--help").returncode == 0
