"""Places in the tree, proofs, and what `openregie log verify` finds."""

from __future__ import annotations

import base64
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone

from openregie.envelope import custody
from openregie.logbook import checkpoint
from openregie.logbook.checkpoint import Checkpoint as Head
from openregie.logbook.checkpoint import LogVerifier
from openregie.logbook.entry import leaf_of
from openregie.logbook.proof import verify_consistency, verify_inclusion
from openregie.logbook.tree import MemoryStore, Tree
from openregie.sealed.log.actions import append_given
from openregie.sealed.log.errors import ChainBroken
from openregie.sealed.log.events import Given
from openregie.sealed.log.models import Checkpoint, Entry, Node
from openregie.sealed.log.tree.actions import consistency, proof_hashes, sequence
from openregie.sealed.log.verification.actions import verify
from openregie.sealed.vault import keyring

pytestmark = pytest.mark.django_db


@pytest.fixture
def signer(tenant):
    return keyring.log_signer(tenant.dir)


@pytest.fixture
def log(tenant):
    origin, key = custody.load_log_public(tenant.dir)
    return LogVerifier(origin, key.raw)


def append(count, *, start=0):
    with transaction.atomic():
        append_given(
            [
                Given("items.sealed", f"{n:064x}", f"mailbox-{n % 7}", n // 7 + 1, None)
                for n in range(start, start + count)
            ],
            day=timezone.now().date(),
        )


def grow(signer, *batches):
    start = 0
    for count in batches:
        append(count, start=start)
        assert sequence(signer, now=timezone.now()) == count
        start += count


def test_an_entry_is_only_written_inside_the_transaction_of_its_act(transactional_db):
    with pytest.raises(ChainBroken, match="inside the transaction"):
        append_given([Given("items.sealed", "0" * 64, "m", 1, None)], day=timezone.now().date())


def test_the_tree_in_tables_is_the_tree_in_memory(signer):
    grow(signer, 1, 2, 5, 13)
    memory = Tree(MemoryStore())
    memory.extend(leaf_of(type="items.sealed", commit=f"{n:064x}") for n in range(21))
    head = checkpoint.verify(Checkpoint.objects.get(size=21).note, log=signer.verifier)
    assert head.root == memory.root()
    assert Node.objects.count() == 21 + 10 + 5 + 2 + 1


def test_every_entry_proves_its_place_and_every_head_continues_the_one_before(signer):
    grow(signer, 3, 4, 9)
    heads = [
        checkpoint.verify(one.note, log=signer.verifier)
        for one in Checkpoint.objects.order_by("size")
    ]
    newest = Checkpoint.objects.order_by("-size").first()
    for entry in Entry.objects.all():
        hashes = [base64.b64decode(text) for text in proof_hashes(entry, newest)]
        leaf = leaf_of(type=entry.type, commit=entry.commit)
        verify_inclusion(leaf, index=entry.index, size=16, proof=hashes, root=heads[-1].root)
    for old, new in pairwise(heads):
        verify_consistency(
            old_size=old.size,
            old_root=old.root,
            size=new.size,
            root=new.root,
            proof=consistency(old.size, new.size),
        )


def test_a_sound_log_verifies(signer, log):
    grow(signer, 5, 8)
    append(1, start=13)
    report = verify(log)
    assert report.is_sound
    assert (report.entries, report.waiting, report.checkpoints, report.chains) == (13, 1, 2, 7)


def test_an_empty_log_verifies(log):
    assert verify(log).is_sound


def test_an_edited_entry_is_found_at_its_place(signer, log):
    grow(signer, 20)
    Entry.objects.filter(index=11).update(commit="f" * 64)
    report = verify(log)
    assert report.first_wrong_index == 11


def test_a_deleted_entry_is_found_at_its_place(signer, log):
    grow(signer, 20)
    Entry.objects.filter(index=4).delete()
    report = verify(log)
    assert report.first_wrong_index == 4
    assert any("gap" in one.text for one in report.findings)


def test_an_edit_that_also_rewrites_the_tree_is_dated_by_the_signed_heads(signer, log):
    grow(signer, 8, 8)
    Entry.objects.filter(index=9).update(commit="f" * 64)
    Node.objects.all().delete()
    Entry.objects.update(index=None)
    heads = list(Checkpoint.objects.all())
    Checkpoint.objects.all().delete()
    sequence(signer, now=timezone.now())
    Checkpoint.objects.all().delete()
    Checkpoint.objects.bulk_create(heads)
    report = verify(log)
    assert report.first_wrong_index == 8
    assert "from 8 up to 15" in report.findings[0].text


def test_a_head_that_the_log_did_not_sign_is_found(signer, log, tenant):
    grow(signer, 4)
    forged = checkpoint.LogSigner(signer.name, bytes(32))
    note = Head(signer.name, 4, bytes(32)).sign(forged)
    Checkpoint.objects.update(note=note)
    assert not verify(log).is_sound


def test_a_changed_hash_inside_the_tree_is_found(signer, log):
    grow(signer, 8)
    Node.objects.filter(level=1, position=2).update(hash=bytes(32))
    assert verify(log).first_wrong_index in {0, 4}
