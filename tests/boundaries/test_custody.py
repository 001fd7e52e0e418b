"""The ceremony as two organisations do it: by commands, in processes of their own."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from openregie.envelope import base64url, custody
from openregie.sealed.vault import keyring
from town import ON, openregie

PAGE = Path(__file__).parents[2] / "docs" / "custody.md"


class Place:
    """A copy of the town, and the media of two organisations beside it."""

    def __init__(self, town, tmp_path):
        self.dir = tmp_path / "lindestad"
        shutil.copytree(town.directory, self.dir)
        self.keys = custody.load_run(self.dir)
        self.secret = custody.load_tenant_secret(self.dir)
        for name in "abcdef":
            (tmp_path / name).mkdir()
        self.share = {name: tmp_path / name / f"{name}.share" for name in "abcdef"}

    def split(self):
        places = ["--to", self.share["a"], "--to", self.share["b"], "--spare", self.share["c"]]
        return openregie("custody", "split", "--dir", self.dir, *places, "--json")

    def custody(self, verb, *words, check=True):
        return openregie("custody", verb, "--dir", self.dir, *words, check=check)

    def given(self, names):
        return [word for name in names for word in ("--share", self.share[name])]

    def run(self, names="", check=True, **environment):
        words = ["--dir", self.dir, "--on", ON, "--json", "--quiet", *self.given(names)]
        return openregie("run", *words, check=check, **environment)

    def status(self):
        return json.loads(self.custody("status", "--json", check=False).stdout)

    def files(self):
        return {
            path.relative_to(self.dir): path.read_bytes()
            for path in sorted(self.dir.rglob("*"))
            if path.is_file() and path.name != "run.lock"
        }


@pytest.fixture
def place(town, tmp_path):
    return Place(town, tmp_path)


def test_a_run_with_two_shares_gives_the_receipt_of_a_run_with_plain_keys(place):
    plain = json.loads(place.run().stdout)
    shutil.rmtree(place.dir / "handover" / str(plain["number"]))
    place.split()
    for pair in ("ab", "ca"):
        assert json.loads(place.run(pair).stdout)["decisions"] == plain["decisions"]


def test_one_share_none_or_a_strangers_runs_nothing_and_changes_nothing(place, town, tmp_path):
    place.split()
    before = place.files()
    (tmp_path / "x").mkdir()
    other = Place(town, tmp_path / "x")
    other.split()
    place.share["o"] = other.share["b"]
    for names, code, said in (
        ("", 4, "two shares open them"),
        ("a", 3, "two are needed"),
        ("aa", 3, "same share twice"),
        ("ao", 3, "another ceremony"),
        ("ad", 3, "cannot be read"),
    ):
        done = place.run(names, check=False)
        assert (done.returncode, said in done.stderr) == (code, True), (names, done.stderr)
    assert place.files() == before


def test_an_insider_with_the_whole_disk_and_a_share_finds_no_secret(place):
    place.split()
    place.run("ab")
    secrets = [key.secret for key in place.keys.kem.values()]
    secrets += [signer.secret for signer in place.keys.signers.values()]
    secrets += [place.keys.age_identity.encode(), place.secret]
    seen = [*place.files().values(), place.share["a"].read_bytes()]
    for secret in secrets:
        for found in (secret, secret.hex().encode(), base64url.encode(secret).encode()):
            assert not any(found in content for content in seen)


def test_shares_come_through_the_environment_or_a_file_descriptor(place):
    place.split()
    named = f"{place.share['a']}{os.pathsep}{place.share['b']}"
    assert place.run(OPENREGIE_SHARES=named).returncode == 0
    handles = [os.open(place.share[name], os.O_RDONLY) for name in "ab"]
    words = [w for handle in handles for w in ("--share", f"/dev/fd/{handle}")]
    command = [sys.executable, "-m", "openregie.cli", "run", "--dir", str(place.dir), "--quiet"]
    done = subprocess.run(
        [*command, "--on", ON, *words],
        pass_fds=handles,
        capture_output=True,
        text=True,
        check=False,
    )
    for handle in handles:
        os.close(handle)
    assert done.returncode == 0, done.stderr


def test_two_people_type_their_shares_and_nothing_shows(place):
    place.split()
    typed = []
    for name in "ab":
        lines = json.loads(place.share[name].read_text())["run"]
        typed += lines if name == "a" else ["".join(lines)]
    typed.insert(1, typed[1][:-1] + ("0" if typed[1][-1] != "0" else "1"))
    command = [sys.executable, "-m", "openregie.cli", "run", "--dir", str(place.dir), "--quiet"]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [*command, "--on", ON, "--share", "-", "--share", "-"])
    shown = b""
    for line in typed:
        while not re.search(rb"line \d of 5: ?$", shown[-20:]):
            shown += os.read(terminal, 1024)
        os.write(terminal, line.encode() + b"\n")
        shown += b"|"
    try:
        while chunk := os.read(terminal, 1024):
            shown += chunk
    except OSError:
        pass  # the terminal closes when the command ends
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown
    assert b"line 2: differs from the printed line 2" in shown
    assert not any(line[:9].encode() in shown for line in typed)


def test_a_process_holds_the_keys_for_runs_and_logins_until_it_is_told(place):
    place.split()
    place.custody("unlock", "--for", "5m", *place.given("ab"))
    try:
        assert place.status()["held"] == ["run", "mailbox"]
        for _ in range(2):
            assert place.run().returncode == 0
        assert keyring.tenant_secret(place.dir) == place.secret
        again = place.custody("unlock", *place.given("ab"), check=False)
        assert (again.returncode, "openregie custody lock" in again.stderr) == (3, True)
    finally:
        place.custody("lock")
    assert place.status()["held"] == []
    assert place.run(check=False).returncode == 4


def test_a_run_without_any_network_still_reaches_who_holds_the_keys(place):
    unshare = ["unshare", "--net", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*unshare, "true"], check=False).returncode:
        pytest.skip("this system does not let us make a network namespace")
    place.split()
    place.custody("unlock", "--for", "5m", *place.given("ab"))
    try:
        command = [*unshare, sys.executable, "-m", "openregie.cli", "run", "--dir", str(place.dir)]
        done = subprocess.run([*command, "--on", ON, "--quiet"], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    finally:
        place.custody("lock")


def test_who_serves_logins_can_hold_the_mailbox_secret_alone(place):
    place.split()
    place.custody("unlock", "--only", "mailbox", *place.given("bc"))
    try:
        assert place.status()["held"] == ["mailbox"]
        assert place.run(check=False).returncode == 4
    finally:
        place.custody("lock")


def test_a_rotation_with_new_run_keys_loses_no_delivery_no_return_and_no_memory(place):
    plain = json.loads(place.run().stdout)
    shutil.rmtree(place.dir / "handover" / str(plain["number"]))
    place.split()
    to = ["--to", place.share["d"], "--to", place.share["e"]]
    place.custody("rotate", *place.given("ac"), *to, "--new-run-keys", "--on", ON)
    assert custody.load_run_public(place.dir).age_recipient != place.keys.age_recipient
    after = json.loads(place.run("de").stdout)
    assert (after["decisions"], after["files"]) == (plain["decisions"], plain["files"])
    old = place.run("ab", check=False)
    assert (old.returncode, "another ceremony" in old.stderr) == (3, True)
    (earlier,) = place.status()["earlier"]
    assert earlier["until"] == "2027-12-06"
    assert earlier["returns"] >= 3


def test_a_lost_share_is_answered_with_the_spare(place):
    place.split()
    place.share["b"].unlink()
    to = ["--to", place.share["d"], "--to", place.share["e"], "--spare", place.share["f"]]
    said = json.loads(place.custody("recover", *place.given("ac"), *to, "--json").stdout)
    assert said["done"] == "recovered"
    assert place.run("ef").returncode == 0
    assert place.run("ac", check=False).returncode == 3


def test_status_tells_a_demo_from_a_municipality_that_forgot(place, tmp_path):
    told = place.custody("status")
    assert "on purpose: a synthetic municipality" in told.stdout
    real = tmp_path / "real"
    made = openregie("init", "--dir", real, "--tenant", "echt", "--name", "Gemeente Echt")
    assert "custody split --fresh" in made.stdout
    told = openregie("custody", "status", "--dir", real, check=False)
    assert told.returncode == 1
    assert "whoever reads this disk opens everything" in told.stdout
    assert "custody give teams/debt_help" in told.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["split", "--to", "a"], 2),
        (["rotate", "--to", "a", "--to", "b", "--old-until", "2027-01-01"], 2),
        (["unlock", "--for", "8"], 2),
        (["unlock", "--for", "99d"], 2),
        (["rotate", "--to", "a", "--to", "b"], 4),
        (["give", "teams/none", "--to", "x"], 3),
        (["print", "no.share", "--to", "x.html"], 3),
    ],
)
def test_a_wrong_command_ends_with_its_code_and_a_remedy(place, words, code):
    where = [] if words[0] == "print" else ["--dir", place.dir]
    done = openregie("custody", *words, *where, check=False)
    assert done.returncode == code, done.stderr
    assert done.stderr.strip()


def commands_of_the_page():
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line.split() for line in lines if line.startswith("openregie ")]


def test_the_page_for_the_two_organisations_works_command_by_command(tmp_path):
    for medium in ("a", "b", "c", "a2", "b2", "c2", "a3", "b3", "c3", "team"):
        (tmp_path / "media" / medium).mkdir(parents=True)
    commands = commands_of_the_page()
    assert {words[2] for words in commands if words[1] == "custody"} >= {
        "split",
        "print",
        "status",
        "unlock",
        "lock",
        "rotate",
        "recover",
        "mend",
        "give",
    }
    try:
        for words in commands:
            real = [w.replace("/media/", f"{tmp_path}/media/") for w in words[1:]]
            real = [str(tmp_path / "DIR") if w == "DIR" else w for w in real]
            done = openregie(*real, check=False)
            wanted = {0, 1} if words[2] == "status" else {0}
            assert done.returncode in wanted, (words, done.stderr)
    finally:
        if (tmp_path / "DIR").exists():
            openregie("custody", "lock", "--dir", tmp_path / "DIR", check=False)
