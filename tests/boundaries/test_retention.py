"""Every table and file has a stated term, and when a term ends no byte of it is left."""

import json
import re
import shutil
import sqlite3
from datetime import date, timedelta
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from openregie.blind import memory
from openregie.envelope import custody
from resident import Resident
from town import openregie

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "retention.md").read_text()
STREAM = "rent_arrears"
TERM_DAYS = yaml.safe_load((ROOT / "content" / "streams" / f"{STREAM}.yaml").read_text())[
    "retention_days"
]


def stated(heading):
    """What the first column of a table under a heading names."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def files_of(directory):
    return sorted(
        file.relative_to(directory).as_posix() for file in directory.rglob("*") if file.is_file()
    )


def has_term(name):
    parts = name.count("/")
    return any(
        fnmatch(name, pattern) and pattern.count("/") == parts
        for pattern in stated("Files in a municipality's folder")
    )


@pytest.fixture(scope="module")
def ended(town, tmp_path_factory):
    """The town on the day after the term of its rent arrears; all else was delivered anew."""
    directory = tmp_path_factory.mktemp("ended") / "lindestad"
    shutil.copytree(town.directory, directory)
    before = traces(directory, town)
    manifests = [json.loads(f.read_text()) for f in (directory / "inbox" / STREAM).glob("*.json")]
    newest = max(date.fromisoformat(one["delivered_on"]) for one in manifests)
    on = newest + timedelta(days=TERM_DAYS + 1)
    for file in sorted((directory / "deliveries").glob("*.delivery.json")):
        told = json.loads(file.read_text())
        if told["stream"] == "population":
            told["delivered_on"] = on.isoformat()
            told["covers"]["until_on"] = (on - timedelta(days=1)).isoformat()
            file.write_text(json.dumps(told))
            openregie(
                "deliver", str(file).removesuffix(".delivery.json"), "--dir", directory, "--on", on
            )
    would = openregie("retain", "--dir", directory, "--on", on, "--dry-run", "--json")
    first = openregie("retain", "--dir", directory, "--on", on, "--json")
    openregie("run", "--dir", directory, "--on", on, "--quiet")
    openregie("take-in", "--dir", directory)
    openregie("retain", "--dir", directory, "--on", on + timedelta(days=1))
    again = openregie("retain", "--dir", directory, "--on", on + timedelta(days=1), "--json")
    openregie("retain", "--dir", directory, "--on", on + timedelta(days=40))  # team items too
    told = [json.loads(one.stdout)["ended"] for one in (would, first, again)]
    return directory, before, told


def traces(directory, town):
    """Bytes of what is about the rent: of the delivery, and of what was sealed from it."""
    noor = Resident(directory, town.persona("Noor"))
    rent = next(one for one in noor.of_kind("fact") if one["stream"] == STREAM)
    with sqlite3.connect(directory / "sealed" / "db.sqlite3") as con:
        rows = con.execute(
            "SELECT seq, blob FROM openregie_vault_storeditem WHERE mailbox = ?", [noor.mailbox]
        ).fetchall()
        team = con.execute("SELECT sealed FROM openregie_vault_teamitem").fetchall()
    items = dict(zip((seq for seq, _ in sorted(rows)), noor.items(), strict=True))
    sealed = {seq: bytes(blob) for seq, blob in rows}
    of_rent = [sealed[seq][:48] for seq, one in items.items() if one.get("stream") == STREAM]
    assert of_rent
    assert team
    return {
        "record": rent["record"],
        "items": of_rent,
        "team": [max(text.split('"'), key=len)[:48].encode() for (text,) in team],
        "deliveries": [
            file.read_bytes()[400:448] for file in (directory / "inbox" / STREAM).glob("*.age")
        ],
    }


def holding(directory, part):
    return [name for name in files_of(directory) if part in (directory / name).read_bytes()]


def remembered(directory):
    """Every record that the run's newest memory holds a link of."""
    held = custody.load_run(directory)
    number = max(int(file.stem) for file in (directory / "state").glob("*.age"))
    known = memory.recall(directory / "state", number, identity=held.age_identity)
    return set(pq.read_table(BytesIO(known.kept_links)).column("record_id").to_pylist())


def test_every_file_kind_has_a_stated_term(town, ended):
    for directory in (town.directory, ended[0]):
        assert [name for name in files_of(directory) if not has_term(name)] == []


def test_every_table_has_a_stated_term_and_every_stated_table_exists(town):
    found = set()
    for file in (town.directory / "sealed").glob("*.sqlite3"):
        with sqlite3.connect(file) as con:
            rows = con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            found |= {name for (name,) in rows}
    assert found == set(stated("Tables of the sealed zone"))


def test_the_page_tells_the_days_of_the_terms():
    terms = yaml.safe_load((ROOT / "content" / "retention.yaml").read_text())["terms"]
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|$", PAGE, flags=re.MULTILINE)
    assert {name: int(days) for name, days in rows} == {one["name"]: one["days"] for one in terms}


@pytest.mark.parametrize("kind", ["items", "team", "deliveries"])
def test_no_byte_of_what_ended_is_left_in_the_whole_folder(town, ended, kind):
    directory, before, _ = ended
    for part in before[kind]:
        assert holding(town.directory, part), "the trace must be there before its term ends"
        assert holding(directory, part) == []


def test_the_runs_memory_forgets_the_record(town, ended):
    directory, before, _ = ended
    assert before["record"] in remembered(town.directory)
    assert before["record"] not in remembered(directory)
    assert len(list((directory / "state").glob("*.age"))) == 1


def test_a_dry_run_told_all_that_went_and_the_second_time_there_was_nothing(ended):
    would, first, again = ended[2]
    assert would == first
    assert any(one["what"] == f"deliveries of {STREAM}" for one in first)
    assert again == []


def test_the_log_is_sound_and_still_holds_each_commitment(town, ended):
    directory = ended[0]
    assert json.loads(openregie("log", "verify", "--dir", directory, "--json").stdout)["sound"]
    commits = 'SELECT "commit" FROM openregie_log_entry'
    with sqlite3.connect(town.directory / "sealed" / "db.sqlite3") as con:
        before = set(con.execute(commits).fetchall())
    with sqlite3.connect(directory / "sealed" / "db.sqlite3") as con:
        assert before < set(con.execute(commits).fetchall())
