"""A backup that is put back revives nobody: not who withdrew, not who was erased, no wrap."""

import json
import shutil
import sqlite3

import pytest

from openregie.envelope import age, custody, revocations
from openregie.envelope.mailbox import mailbox_of
from resident import Resident, withdraw
from town import ON, openregie


def rows(directory, sql, *bound):
    con = sqlite3.connect(directory / "sealed" / "db.sqlite3")
    try:
        return con.execute(sql, bound).fetchall()
    finally:
        con.close()


def left_of(directory, mailbox):
    tables = {
        "openregie_vault_storeditem": "mailbox",
        "openregie_vault_keyepoch": "resident_id",
        "openregie_vault_relation": "mailbox",
        "openregie_vault_return": "mailbox",
    }
    found = {
        table: rows(directory, f"SELECT count(*) FROM {table} WHERE {column} = ?", mailbox)[0][0]
        for table, column in tables.items()
    }
    files = directory.glob("inbox/*/*.return")
    found["keys returns"] = sum(mailbox in f.read_text() for f in files)
    return found


class Kept:
    """A town of which a backup was made, and then something was revoked."""

    def __init__(self, town, folder):
        self.directory = folder / "lindestad"
        self.folder = folder
        shutil.copytree(town.directory, self.directory)
        self.key, self.file = folder / "backup.key", folder / "t0.age"
        self.back = folder / "back"
        words = ["backup", "--dir", self.directory, "--new-key", self.key, "--to", self.file]
        self.told = json.loads(openregie(*words, "--json").stdout)

    def restore(self, *words, on=ON, check=True):
        here = ["restore", self.file, "--dir", self.back, "--identity", self.key, "--json"]
        here += ["--on", on]
        return openregie(*here, *words, check=check)

    def newest(self):
        return ["--revocations", self.directory / revocations.FILE]

    def run_there(self):
        """Custody is put back by hand; then a run and an intake, as on any day."""
        shutil.copytree(self.directory / "custody", self.back / "custody")
        openregie("run", "--dir", self.back, "--on", ON, "--quiet", "--json")
        openregie("take-in", "--dir", self.back)


@pytest.fixture
def kept(town, tmp_path):
    return Kept(town, tmp_path)


def mailbox(town, name):
    secret = custody.load_tenant_secret(town.directory)
    return mailbox_of(town.persona(name)["bsn"], tenant_secret=secret)


def test_a_backup_that_is_put_back_holds_what_it_held(kept, town):
    kept.restore(*kept.newest())
    for table in ("openregie_vault_storeditem", "openregie_vault_wrap", "openregie_log_entry"):
        count = f"SELECT count(*) FROM {table}"
        assert rows(kept.back, count) == rows(kept.directory, count)
    for part in ("inbox", "state", "handover", "public"):
        for file in (kept.directory / part).rglob("*"):
            if file.is_file():
                assert (kept.back / file.relative_to(kept.directory)).read_bytes() == (
                    file.read_bytes()
                )
    kept.run_there()
    noor = Resident(kept.back, town.persona("Noor"))
    assert {one["id"] for one in noor.items()} == {
        one["id"] for one in Resident(kept.directory, town.persona("Noor")).items()
    }


def test_custody_sessions_and_plain_files_are_in_no_backup(kept):
    archive = age.decrypt(kept.file.read_bytes(), identity=kept.key.read_text().strip())
    for secret in (kept.directory / "custody").rglob("*.json"):
        assert secret.read_bytes() not in archive
    assert (kept.directory / "custody" / "tenant.secret").read_bytes() not in archive
    for plain in (kept.directory / "deliveries").glob("*.csv"):
        assert plain.read_bytes()[-200:] not in archive
    kept.restore(*kept.newest())
    names = {file.name for file in kept.back.iterdir()}
    assert not {"custody", "truth", "demo"} & names


def test_who_withdrew_after_the_backup_does_not_come_back(kept, town):
    noor = Resident(kept.directory, town.persona("Noor"))
    withdraw(kept.directory, noor.mailbox, noor.withdrawal(ON))
    done = json.loads(kept.restore(*kept.newest(), "--log-goes-back").stdout)
    assert done["revoked"]["residents"] == 1
    assert set(left_of(kept.back, noor.mailbox).values()) == {0}
    assert left_of(kept.back, mailbox(town, "Lotte"))["openregie_vault_storeditem"] > 0
    kept.run_there()
    assert set(left_of(kept.back, noor.mailbox).values()) == {0}
    assert json.loads(openregie("log", "verify", "--dir", kept.back, "--json").stdout)["sound"]


def test_who_was_erased_after_the_backup_does_not_come_back(kept, town):
    noor = mailbox(town, "Noor")
    erased = openregie("erase", "--dir", kept.directory, "--mailbox", noor, "--json")
    assert json.loads(erased.stdout)["erased"]["items"] > 0
    kept.restore(*kept.newest(), "--log-goes-back")
    assert set(left_of(kept.back, noor).values()) == {0}
    assert rows(kept.back, "SELECT 1 FROM openregie_vault_resident WHERE mailbox = ?", noor) == []


def test_an_erased_resident_gets_nothing_from_the_next_run(kept, town):
    noor = mailbox(town, "Noor")
    openregie("erase", "--dir", kept.directory, "--mailbox", noor)
    openregie("run", "--dir", kept.directory, "--on", ON, "--quiet", "--json")
    openregie("take-in", "--dir", kept.directory)
    assert set(left_of(kept.directory, noor).values()) == {0}
    said = json.loads(openregie("log", "verify", "--dir", kept.directory, "--json").stdout)
    assert said["sound"]


def test_what_ended_after_the_backup_does_not_come_back(kept):
    past = "2027-11-01"
    assert list(kept.directory.glob("inbox/rent_arrears/*.age"))
    kept.restore(*kept.newest(), on=past)
    assert not list(kept.back.glob("inbox/rent_arrears/*.age"))
    assert list(kept.back.glob("inbox/rent_arrears/*.gone"))
    assert list(kept.back.glob("inbox/tax_remission/*.age"))
    assert rows(kept.back, "SELECT count(*) FROM openregie_vault_teamitem") == [(0,)]


def test_what_residents_said_after_the_backup_still_holds(kept, town):
    noor = Resident(kept.directory, town.persona("Noor"))
    rent, *_ = (one for one in noor.of_kind("fact") if one["stream"] == "rent_arrears")
    noor.tell("corrections", {"record": rent["record"], "kind": "not_me", "note": "", "at": ON})
    noor.tell("objections", {"stream": "benefits", "action": "object", "at": ON})
    ledger = (kept.directory / revocations.FILE).read_text()
    assert ledger.count('"sent"') == 2
    assert noor.mailbox not in ledger
    done = json.loads(kept.restore(*kept.newest(), "--log-goes-back").stdout)
    assert done["putBack"] == 2
    kept.run_there()
    streams = {one["stream"] for one in Resident(kept.back, town.persona("Noor")).of_kind("fact")}
    assert "health_premium_arrears" in streams
    assert not {"rent_arrears", "benefits"} & streams


def test_what_somebody_said_who_then_stopped_is_not_put_back(kept, town):
    noor = Resident(kept.directory, town.persona("Noor"))
    noor.tell("objections", {"stream": "benefits", "action": "object", "at": ON})
    openregie("erase", "--dir", kept.directory, "--mailbox", noor.mailbox)
    done = json.loads(kept.restore(*kept.newest(), "--log-goes-back").stdout)
    assert done["putBack"] == 0
    assert set(left_of(kept.back, noor.mailbox).values()) == {0}


def test_what_was_said_under_a_newer_key_of_backups_needs_that_key_too(kept, town):
    newer = kept.folder / "newer.key"
    openregie("backup", "--dir", kept.directory, "--new-key", newer)
    noor = Resident(kept.directory, town.persona("Noor"))
    noor.tell("objections", {"stream": "benefits", "action": "object", "at": ON})
    refused = kept.restore(*kept.newest(), "--log-goes-back", check=False)
    assert refused.returncode == 3
    assert "second line" in refused.stderr
    assert not kept.back.exists()
    kept.key.write_text(kept.key.read_text() + newer.read_text())
    done = json.loads(kept.restore(*kept.newest(), "--log-goes-back").stdout)
    assert done["putBack"] == 1


def test_without_the_ledger_nothing_is_put_back(kept):
    done = kept.restore(check=False)
    assert done.returncode == 2
    assert "withdrew or was erased" in done.stderr
    assert not kept.back.exists()


def test_where_the_ledger_is_lost_nobody_keeps_their_keys(kept, town):
    kept.restore("--revocations-lost")
    for name in ("Noor", "Lotte"):
        assert set(left_of(kept.back, mailbox(town, name)).values()) == {0}


def test_a_ledger_of_before_the_backup_is_refused(kept):
    old = kept.folder / "old.jsonl"
    old.write_bytes(b"")
    done = kept.restore("--revocations", old, check=False)
    assert done.returncode == 3
    assert "does not continue" in done.stderr
    assert not kept.back.exists()


def test_a_log_that_would_go_back_is_refused_with_a_remedy(kept, town):
    openregie("erase", "--dir", kept.directory, "--mailbox", mailbox(town, "Noor"))
    done = kept.restore(*kept.newest(), check=False)
    assert done.returncode == 3
    assert "it would go back" in done.stderr
    assert "newer backup" in done.stderr
    assert not kept.back.exists()


def test_an_older_database_that_is_copied_back_by_hand_is_not_taken_for_the_newest(kept, town):
    before = kept.folder / "db.before"
    shutil.copy(kept.directory / "sealed" / "db.sqlite3", before)
    openregie("erase", "--dir", kept.directory, "--mailbox", mailbox(town, "Noor"))
    for file in (kept.directory / "sealed").glob("db.sqlite3*"):
        file.unlink()
    shutil.copy(before, kept.directory / "sealed" / "db.sqlite3")
    done = openregie("take-in", "--dir", kept.directory, check=False)
    assert done.returncode == 3
    assert "openregie restore" in done.stderr


def test_a_truncated_changed_or_foreign_backup_puts_nothing_back(kept):
    whole = kept.file.read_bytes()
    for broken in (whole[:-1], whole[: len(whole) // 2], whole[:-20] + b"x" + whole[-19:], b"x"):
        kept.file.write_bytes(broken)
        done = kept.restore(*kept.newest(), check=False)
        assert done.returncode == 3
        assert not kept.back.exists()


def test_nothing_is_put_back_over_what_is_there(kept):
    kept.back.mkdir()
    (kept.back / "something").write_text("here")
    assert kept.restore(*kept.newest(), check=False).returncode == 3
    assert [file.name for file in kept.back.iterdir()] == ["something"]


def test_neither_key_nor_backup_may_lie_in_the_folder_they_save(kept):
    for option in ("--to", "--new-key"):
        words = ["backup", "--dir", kept.directory, option, kept.directory / "here"]
        assert openregie(*words, check=False).returncode == 2
