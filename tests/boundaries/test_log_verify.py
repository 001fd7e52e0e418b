"""Whoever changes the log's file is caught by one command that needs only the public key."""

import json
import shutil
import sqlite3

import pytest

from openregie.envelope import custody
from openregie.logbook.checkpoint import Checkpoint, LogSigner
from openregie.logbook.entry import leaf_of
from openregie.logbook.tree import MemoryStore, Tree
from town import openregie

ENTRY, NODE, HEAD = "openregie_log_entry", "openregie_log_node", "openregie_log_checkpoint"


@pytest.fixture
def copy(town, tmp_path):
    """The town's folder, to be tampered with; the log's private key is not in it."""
    directory = tmp_path / "lindestad"
    shutil.copytree(town.directory, directory)
    (directory / "custody" / "log.key").unlink()
    return directory


def tamper(directory, *statements):
    with sqlite3.connect(directory / "sealed" / "db.sqlite3") as con:
        for statement in statements:
            assert con.execute(statement).rowcount > 0, "the tampering changed nothing"
    con.close()


def verify(directory):
    done = openregie("log", "verify", "--dir", directory, "--json", check=False)
    return done.returncode, json.loads(done.stdout)


def test_an_untouched_log_is_sound(copy):
    code, said = verify(copy)
    assert (code, said["sound"], said["findings"]) == (0, True, [])
    assert said["entries"] > 0
    assert said["firstWrongIndex"] is None


@pytest.mark.parametrize(
    "statement",
    [
        f'UPDATE {ENTRY} SET "commit" = \'{"0" * 64}\' WHERE "index" = 2',
        f"UPDATE {ENTRY} SET type = 'key.withdrawn' WHERE \"index\" = 2",
        f'DELETE FROM {ENTRY} WHERE "index" = 2',
    ],
    ids=["a commitment was rewritten", "a kind of event was rewritten", "an entry was removed"],
)
def test_a_changed_entry_is_found_at_its_place(copy, statement):
    tamper(copy, statement)
    code, said = verify(copy)
    assert code == 1
    assert said["firstWrongIndex"] == 2


def test_a_changed_entry_is_found_when_the_tree_was_recomputed_to_match(copy):
    tamper(copy, f'UPDATE {ENTRY} SET "commit" = \'{"0" * 64}\' WHERE "index" = 2')
    store = MemoryStore()
    with sqlite3.connect(copy / "sealed" / "db.sqlite3") as con:
        rows = con.execute(f'SELECT type, "commit" FROM {ENTRY} ORDER BY "index"').fetchall()
        Tree(store).extend(leaf_of(type=kind, commit=commit) for kind, commit in rows)
        for (level, position), value in store._hashes.items():
            place = (value, level, position)
            con.execute(f"UPDATE {NODE} SET hash = ? WHERE level = ? AND position = ?", place)
    con.close()
    code, said = verify(copy)
    assert code == 1
    assert any("differs from what was signed" in one["text"] for one in said["findings"])


def test_a_head_that_the_log_did_not_sign_is_found(copy):
    tamper(copy, f"UPDATE {HEAD} SET note = replace(note, 'lindestad', 'elsewhere')")
    code, said = verify(copy)
    assert code == 1
    assert said["findings"]


def test_a_log_whose_end_was_cut_off_is_found_by_its_signed_head(copy):
    last = f'(SELECT max("index") FROM {ENTRY})'
    tamper(copy, f'DELETE FROM {ENTRY} WHERE "index" = {last}')
    code, said = verify(copy)
    assert code == 1
    assert said["firstWrongIndex"] is not None


def test_people_read_where_the_log_is_wrong(copy):
    tamper(copy, f'UPDATE {ENTRY} SET "commit" = \'{"0" * 64}\' WHERE "index" = 2')
    done = openregie("log", "verify", "--dir", copy, check=False)
    assert done.returncode == 1
    assert "wrong: entry 2:" in done.stdout
    assert "NOT SOUND" in done.stdout


def test_a_folder_without_a_log_says_what_to_do(tmp_path):
    directory = tmp_path / "empty"
    openregie("init", "--dir", directory, "--tenant", "leeg", "--name", "Gemeente Leeg")
    done = openregie("log", "verify", "--dir", directory, check=False)
    assert done.returncode == 4
    assert "holds no log yet" in done.stderr
    assert "what to do: " in done.stderr
    assert not (directory / "sealed" / "db.sqlite3").exists()


def cut_off_and_sign_anew(town, directory, size):
    """What the holder of the private key could do: end the log earlier, as if always so."""
    key = custody.load_log_key(town.directory)
    signer = LogSigner(key.origin, key.signer.secret)
    store = MemoryStore()
    with sqlite3.connect(directory / "sealed" / "db.sqlite3") as con:
        for table, column in ((ENTRY, '"index"'), (NODE, "((position + 1) << level) - 1")):
            con.execute(f"DELETE FROM {table} WHERE {column} >= {size}")
        con.execute(f"DELETE FROM {HEAD}")
        rows = con.execute(f'SELECT type, "commit" FROM {ENTRY} ORDER BY "index"').fetchall()
        tree = Tree(store)
        tree.extend(leaf_of(type=kind, commit=commit) for kind, commit in rows)
        note = Checkpoint(key.origin, tree.size, tree.root()).sign(signer)
        con.execute(f"INSERT INTO {HEAD} VALUES (1, ?, ?, '2026-11-01')", (size, note))
    con.close()


def test_a_log_that_was_cut_off_and_signed_anew_is_found_by_a_head_kept_elsewhere(
    town, copy, tmp_path
):
    head = tmp_path / "head.txt"
    openregie("log", "verify", "--dir", copy, "--keep", head)
    kept = openregie("log", "verify", "--dir", copy, "--kept", head, "--json")
    assert json.loads(kept.stdout)["continuesKept"] is True
    cut_off_and_sign_anew(town, copy, 3)
    assert verify(copy)[1]["sound"] is True
    done = openregie("log", "verify", "--dir", copy, "--kept", head, check=False)
    assert done.returncode == 1
    assert "fewer entries than the kept head" in done.stdout


def test_a_head_of_another_log_is_refused(copy, tmp_path):
    head = tmp_path / "head.txt"
    openregie("log", "verify", "--dir", copy, "--keep", head)
    head.write_text(head.read_text().replace("lindestad", "elsewhere"))
    done = openregie("log", "verify", "--dir", copy, "--kept", head, check=False)
    assert done.returncode == 3
    assert "checkpoint" in done.stderr
