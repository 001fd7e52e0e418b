"""Every logbook vector verifies in Python, or is refused for the reason it names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openregie.logbook import checkpoint, entry, errors, proof
from openregie.logbook.checkpoint import Checkpoint, LogSigner, LogVerifier, Note
from openregie.logbook.entry import ChainHead, Entry
from openregie.logbook.tree import Tree, leaf_hash

FOLDER = Path(__file__).resolve().parents[3] / "vectors" / "logbook"


def vectors(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


TREE = vectors("tree")
CHAIN = vectors("entry")
LOG = vectors("checkpoint")
PROOFS = vectors("proof")


def refused_with(name: str) -> Any:
    return pytest.raises(
        errors.LogbookError, check=lambda error: type(error) is getattr(errors, name)
    )


def test_the_tree_has_the_roots_and_proofs_of_the_vectors() -> None:
    tree = Tree()
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in TREE["leaves"]]
    tree.extend(leaves)
    roots = [bytes.fromhex(root) for root in TREE["roots"]]
    assert [tree.root(size) for size in range(len(leaves) + 1)] == roots
    for case in TREE["inclusion"]:
        index, size = case["index"], case["size"]
        path = [bytes.fromhex(h) for h in case["proof"]]
        assert tree.inclusion_proof(index, size) == path
        proof.verify_inclusion(leaves[index], index=index, size=size, proof=path, root=roots[size])
    for case in TREE["consistency"]:
        old, size = case["oldSize"], case["size"]
        path = [bytes.fromhex(h) for h in case["proof"]]
        assert tree.consistency_proof(old, size) == path
        proof.verify_consistency(
            old_size=old, old_root=roots[old], size=size, root=roots[size], proof=path
        )


def chain() -> list[tuple[Entry, bytes]]:
    return [entry.opened(case["opened"]) for case in CHAIN["cases"]]


def test_entries_give_the_commitments_and_leaves_of_the_vectors() -> None:
    for case in CHAIN["cases"]:
        one, salt = entry.opened(case["opened"])
        entry.verify_commit(one, salt, case["commit"])
        assert one.with_salt(salt) == case["opened"]
        assert entry.leaf_data(type=one.type, commit=case["commit"]).decode() == case["leafData"]
        assert entry.leaf_of(type=one.type, commit=case["commit"]).hex() == case["leafHash"]


def test_the_chain_verifies_whole_and_from_a_remembered_head() -> None:
    head = entry.verify_chain(chain(), chain="run", mailbox=CHAIN["mailbox"])
    assert head == ChainHead(3, CHAIN["cases"][2]["commit"])
    first = ChainHead(1, CHAIN["cases"][0]["commit"])
    rest = chain()[1:]
    assert entry.verify_chain(rest, chain="run", mailbox=CHAIN["mailbox"], after=first) == head
    assert entry.verify_chain([], chain="run", mailbox=CHAIN["mailbox"], after=head) == head


@pytest.mark.parametrize("order", CHAIN["brokenChains"], ids=str)
def test_a_gap_a_repetition_or_a_swap_breaks_the_chain(order: list[int]) -> None:
    with refused_with("ChainBroken"):
        entry.verify_chain([chain()[at] for at in order], chain="run", mailbox=CHAIN["mailbox"])


def test_an_edited_or_foreign_entry_breaks_the_chain() -> None:
    first, salt = chain()[0]
    edited = Entry("run", 1, None, {**first.event, "day": "2026-12-01"}, first.mailbox)
    with refused_with("ChainBroken"):
        entry.verify_chain([(edited, salt), *chain()[1:]], chain="run", mailbox=CHAIN["mailbox"])
    with refused_with("CommitmentBroken"):
        entry.verify_commit(edited, salt, CHAIN["cases"][0]["commit"])
    for where in ({"chain": "run", "mailbox": "x"}, {"chain": "vault", "mailbox": first.mailbox}):
        with refused_with("ChainBroken"):
            entry.verify_chain(chain(), **where)


EVENT = {"v": 1, "type": "items.sealed"}


@pytest.mark.parametrize(
    "fields",
    [
        ("other", 1, None, EVENT),
        ("run", 0, None, EVENT),
        ("run", True, None, EVENT),
        ("run", 1, "0" * 64, EVENT),
        ("run", 2, None, EVENT),
        ("run", 2, "x" * 64, EVENT),
        ("run", 1, None, {"v": 1}),
        ("run", 1, None, {"v": 2, "type": "items.sealed"}),
        ("run", 1, None, {"v": 1, "type": "Items"}),
    ],
)
def test_an_entry_that_could_never_be_verified_is_refused(fields: tuple[Any, ...]) -> None:
    with refused_with("MalformedEntry"):
        Entry(*fields)


def test_what_is_no_entry_is_refused() -> None:
    good = CHAIN["cases"][0]["opened"]
    for bad in (None, {}, [], {**good, "salt": "xyz"}, {**good, "entry": {}}, {**good, "entry": 1}):
        with refused_with("MalformedEntry"):
            entry.opened(bad)
    one, _ = entry.opened(good)
    with refused_with("MalformedEntry"):
        entry.commit_of(one, b"short")
    with refused_with("MalformedEntry"):
        entry.commit_of(Entry("run", 1, None, {**EVENT, "x": float("nan")}), bytes(32))
    with refused_with("MalformedEntry"):
        entry.leaf_data(type="items.sealed", commit="x")


def test_a_commitment_without_its_salt_says_nothing() -> None:
    one, _ = entry.opened(CHAIN["cases"][0]["opened"])
    assert entry.new_salt() != entry.new_salt()
    assert entry.commit_of(one, entry.new_salt()) != entry.commit_of(one, entry.new_salt())


VERIFIER = LogVerifier.from_text(LOG["vkey"])


def test_checkpoints_verify_and_say_what_the_vectors_say() -> None:
    for case in LOG["cases"]:
        told = checkpoint.verify(case["text"], log=VERIFIER)
        assert (told.size, told.root.hex()) == (case["size"], case["root"])
        assert told.origin == VERIFIER.name
        assert Note.from_text(case["text"]).to_text() == case["text"]


@pytest.mark.parametrize("case", LOG["refused"], ids=lambda c: c["name"])
def test_checkpoints_are_refused(case: dict[str, Any]) -> None:
    with refused_with(case["error"]):
        checkpoint.verify(case["text"], log=VERIFIER)


def test_a_published_note_of_another_implementation_verifies() -> None:
    """The example of Go's sumdb/note documentation."""
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"  # noqa: E501
    )
    key = LogVerifier.from_text(
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    )
    note = Note.from_text(text)
    key.verify(note)
    assert key.to_text().startswith("PeterNeumann+c74f20a3+")
    with refused_with("CheckpointForged"):
        key.verify(Note(note.text + "x\n", note.signatures))


def test_a_cosignature_of_somebody_unknown_does_no_harm() -> None:
    text = LOG["cases"][-1]["text"] + "\u2014 witness.example AAAAAAAA\n"
    assert checkpoint.verify(text, log=VERIFIER).size == 13


def test_a_key_signs_only_its_own_log() -> None:
    signer = LogSigner("a.example", bytes(32))
    with refused_with("MalformedCheckpoint"):
        Checkpoint("b.example", 0, bytes(32)).sign(signer)
    for name in ("", "a b", "a+b"):
        with refused_with("MalformedCheckpoint"):
            LogSigner(name, bytes(32)).sign("x\n")
    with refused_with("MalformedCheckpoint"):
        signer.sign("no newline at the end")


@pytest.mark.parametrize("text", ["", "a+b", LOG["vkey"][:-4], LOG["vkey"].replace("+", " ")])
def test_note_keys_that_are_none_are_refused(text: str) -> None:
    with refused_with("MalformedCheckpoint"):
        LogVerifier.from_text(text)


def test_a_rollback_and_an_edited_history_are_two_different_alarms() -> None:
    tree = Tree()
    tree.extend(leaf_hash(bytes.fromhex(leaf)) for leaf in TREE["leaves"])
    old, new = (Checkpoint("a", size, tree.root(size)) for size in (3, 7))
    path = tree.consistency_proof(3, 7)
    checkpoint.extends(old, new, proof=path)
    with refused_with("Rollback"):
        checkpoint.extends(new, old, proof=path)
    with refused_with("HistoryEdited"):
        checkpoint.extends(old, Checkpoint("a", 7, tree.root(8)), proof=path)
    with refused_with("HistoryEdited"):
        checkpoint.extends(old, Checkpoint("b", 7, tree.root(7)), proof=path)


def check(text: str, leaf: bytes) -> proof.TlogProof:
    told = proof.TlogProof.from_text(text)
    head = checkpoint.verify(told.checkpoint, log=VERIFIER)
    proof.verify_inclusion(
        leaf, index=told.index, size=head.size, proof=told.hashes, root=head.root
    )
    return told


def test_a_proof_text_stands_alone() -> None:
    for case in PROOFS["cases"]:
        told = check(case["text"], bytes.fromhex(case["leafHash"]))
        assert told.index == case["index"]
        assert (told.extra.hex() if told.extra is not None else None) == case["extra"]
        assert told.to_text() == case["text"]


@pytest.mark.parametrize("case", PROOFS["refused"], ids=lambda c: c["name"])
def test_proof_texts_are_refused(case: dict[str, Any]) -> None:
    with refused_with(case["error"]):
        check(case["text"], bytes.fromhex(PROOFS["cases"][0]["leafHash"]))
