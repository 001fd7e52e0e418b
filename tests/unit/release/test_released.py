"""A file alone shows that the log names a release; a forged one shows nothing."""

import copy
import json
import os

import pytest

from openregie.logbook.checkpoint import Checkpoint, LogSigner
from openregie.logbook.entry import Entry, commit_of, leaf_of, new_salt
from openregie.logbook.errors import LogbookError
from openregie.logbook.proof import TlogProof
from openregie.logbook.released import verify_released
from openregie.logbook.tree import MemoryStore, Tree
from openregie.release_digest import Release

ORIGIN = "openregie.example/log/lindestad"
RELEASE = Release("1.2.3", "a" * 64, "b" * 64)
OTHER = Release("1.2.3", "c" * 64, "b" * 64)
SIGNER = LogSigner(ORIGIN, os.urandom(32))


def event(release=RELEASE, kind="release.logged"):
    return {"v": 1, "type": kind, "at": "2026-11-25T10:00:00+00:00", "release": release.to_json()}


def logged(entry=None, *, signer=SIGNER):
    """What public/release.json says once the log has five other entries and this one."""
    entry, salt = entry or Entry("vault", 1, None, event()), new_salt()
    tree = Tree(MemoryStore())
    tree.extend([leaf_of(type="key.added", commit=f"{n:064x}") for n in range(5)])
    index = tree.extend([leaf_of(type=entry.type, commit=commit_of(entry, salt))])
    head = Checkpoint(ORIGIN, tree.size, tree.root()).sign(signer)
    proof = TlogProof(index, tuple(tree.inclusion_proof(index, tree.size)), head)
    return {"v": 1, **entry.with_salt(salt), "proof": proof.to_text()}


def test_what_the_log_names_is_told():
    told = json.loads(json.dumps(logged()))
    assert verify_released(told, log=SIGNER.verifier) == RELEASE


def changed(told, change):
    made = copy.deepcopy(told)
    change(made)
    return made


def lines(told, change):
    rows = told["proof"].split("\n")
    change(rows)
    told["proof"] = "\n".join(rows)


FORGERIES = {
    "another release": lambda t: t["entry"]["event"].update(release=OTHER.to_json()),
    "a digest that is not of its fields": lambda t: t["entry"]["event"]["release"].update(
        digest="0" * 64
    ),
    "no release": lambda t: t["entry"]["event"].pop("release"),
    "another salt": lambda t: t.update(salt="0" * 64),
    "another place": lambda t: lines(t, lambda rows: rows.__setitem__(1, "index 4")),
    "a hash less": lambda t: lines(t, lambda rows: rows.pop(2)),
    "no proof": lambda t: t.pop("proof"),
    "a proof that is no text": lambda t: t.update(proof=1),
    "another version": lambda t: t.update(v=2),
    "a changed head": lambda t: t.update(proof=t["proof"].replace("\n6\n", "\n7\n")),
}


@pytest.mark.parametrize("change", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_file_shows_nothing(change):
    told = logged()
    forged = changed(told, change)
    assert forged != told
    with pytest.raises(LogbookError):
        verify_released(forged, log=SIGNER.verifier)


def test_a_head_that_another_signed_shows_nothing():
    told = logged(signer=LogSigner(ORIGIN, os.urandom(32)))
    with pytest.raises(LogbookError):
        verify_released(told, log=SIGNER.verifier)


@pytest.mark.parametrize(
    "entry",
    [
        Entry("vault", 1, None, event(), "a-mailbox"),
        Entry("run", 1, None, event()),
        Entry("vault", 1, None, event(kind="release.unlogged")),
    ],
    ids=["of a resident", "of the run", "of another kind"],
)
def test_an_entry_that_is_in_the_log_but_not_the_vaults_word_shows_nothing(entry):
    with pytest.raises(LogbookError, match="something else"):
        verify_released(logged(entry), log=SIGNER.verifier)


@pytest.mark.parametrize("told", [None, [], "text", {}, {"v": 1}, {"v": 1, "entry": 3}])
def test_what_is_no_such_file_shows_nothing(told):
    with pytest.raises(LogbookError):
        verify_released(told, log=SIGNER.verifier)
