"""No key opens for a release that the log does not name; who goes on stands in receipt and log."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from openregie.envelope import handover
from openregie.envelope.custody import load_run_public
from openregie.envelope.suites import SignatureAlgorithm
from openregie.release_digest import PACKAGE, measure
from town import ON, openregie

CONTENT = Path(__file__).parents[2] / "content"


class Place:
    """A town whose keys are in shares, a content/ and a package of its own."""

    def __init__(self, town, tmp_path):
        self.dir = tmp_path / "lindestad"
        self.content = tmp_path / "content"
        self.source = tmp_path / "src"
        shutil.copytree(town.directory, self.dir)
        shutil.copytree(CONTENT, self.content)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PACKAGE, self.source / "openregie", ignore=ignored)
        for name in "ab":
            (tmp_path / name).mkdir()
        self.shares = [tmp_path / name / f"{name}.share" for name in "ab"]
        to = [word for share in self.shares for word in ("--to", share)]
        openregie("custody", "split", "--dir", self.dir, *to)
        self.given = [word for share in self.shares for word in ("--share", share)]
        self.no_share = ["--share", tmp_path / "none", "--share", tmp_path / "no"]

    def call(self, *words, check=True):
        """A command of this place's own package, with its own content."""
        words = [*words, "--dir", self.dir, "--content", self.content]
        return openregie(*words, check=check, PYTHONPATH=str(self.source))

    def run(self, *words, check=True):
        return self.call("run", "--on", ON, "--json", "--quiet", *words, check=check)

    def change(self, what):
        file = {
            "content": self.content / "rules" / "single-arrears.yaml",
            "package": self.source / "openregie" / "blind" / "exits.py",
        }[what]
        file.write_text(file.read_text() + "# one line more\n")

    def log(self):
        """The tenant's own chain, as events."""
        with sqlite3.connect(self.dir / "sealed" / "db.sqlite3") as con:
            rows = con.execute(
                "SELECT sealed FROM openregie_log_entry WHERE mailbox = '' ORDER BY seq"
            ).fetchall()
        con.close()
        return [json.loads(text)["entry"]["event"] for (text,) in rows]

    def files(self):
        return {
            path.relative_to(self.dir): path.read_bytes()
            for path in self.dir.rglob("*")
            if path.is_file() and path.name not in {"run.lock", "progress.json"}
        }


@pytest.fixture
def place(town, tmp_path):
    return Place(town, tmp_path)


def test_the_demo_logs_its_own_release(town):
    release = measure(CONTENT)
    assert town.receipt["release"] == {**release.to_json(), "logged": True}


@pytest.mark.parametrize("what", ["content", "package"])
def test_no_key_opens_for_a_changed_file(place, what):
    assert json.loads(place.run(*place.given).stdout)["release"]["logged"] is True
    place.change(what)
    before = place.files()
    for verb in (["run", "--on", ON, "--quiet"], ["custody", "unlock", "--for", "5m"]):
        # Shares that are nowhere: had one been read, the refusal would speak of it.
        for shares in (place.given, place.no_share):
            done = place.call(*verb, *shares, check=False)
            assert done.returncode == 3, done.stderr
            assert "the log names another one" in done.stderr
            assert "openregie log release" in done.stderr
    assert place.files() == before
    said = json.loads(place.call("log", "release", "--json").stdout)
    assert said["new"] is True
    after = json.loads(place.run(*place.given).stdout)["release"]
    assert after == {name: said[name] for name in after if name != "logged"} | {"logged": True}


@pytest.mark.parametrize("proof", ["forged", "gone", "broken"])
def test_without_a_proof_no_key_opens(place, proof):
    file = place.dir / "public" / "release.json"
    told = json.loads(file.read_text())
    if proof == "forged":
        place.change("content")
        release = measure(place.content, package=place.source / "openregie")
        told["entry"]["event"]["release"] = release.to_json()
        file.write_text(json.dumps(told))
    elif proof == "gone":
        file.unlink()
    else:
        file.write_text("{")
    done = place.run(*place.given, check=False)
    said = {"forged": "proves nothing", "gone": "names no release yet", "broken": "cannot be read"}
    assert (done.returncode, said[proof] in done.stderr) == (3, True), done.stderr


def test_who_goes_on_stands_in_the_signed_receipt_and_in_the_log(place):
    place.change("content")
    receipt = json.loads(place.run("--unlogged", *place.given).stdout)
    assert receipt["release"]["logged"] is False
    folder = place.dir / "handover" / str(receipt["number"])
    verify = load_run_public(place.dir).verify[SignatureAlgorithm.ED25519]
    handover.read(folder, verify=verify, tenant="lindestad")
    assert json.loads((folder / "receipt.json").read_text()) == receipt
    assert [event["type"] for event in place.log()] == ["release.logged"]
    for _ in range(2):
        openregie("take-in", "--dir", place.dir)
    last = place.log()[1:]
    assert [(event["type"], event["run"]) for event in last] == [
        ("release.unlogged", receipt["number"])
    ]
    assert last[0]["release"] == receipt["release"]
    assert "sound" in openregie("log", "verify", "--dir", place.dir).stdout


def test_an_unlock_goes_on_for_the_run_alone_and_each_run_asks_again(place):
    place.change("content")
    done = place.call("custody", "unlock", "--unlogged", *place.given, check=False)
    assert (done.returncode, "--only run" in done.stderr) == (2, True)
    place.call("custody", "unlock", "--unlogged", "--only", "run", "--for", "5m", *place.given)
    try:
        assert place.run(check=False).returncode == 3
        assert json.loads(place.run("--unlogged").stdout)["release"]["logged"] is False
    finally:
        openregie("custody", "lock", "--dir", place.dir)


def test_logging_a_release_again_changes_nothing_in_the_log(place):
    said = json.loads(place.call("log", "release", "--json").stdout)
    assert (said["new"], len(place.log())) == (False, 1)
    (place.dir / "public" / "release.json").unlink()
    place.call("log", "release")
    assert place.run(*place.given).returncode == 0
