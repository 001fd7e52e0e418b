"""An erasure leaves the commitments in the tree and nothing else; a replay does it again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from openregie.envelope import custody, revocations
from openregie.envelope.revocations import Kind, commitment
from openregie.logbook.checkpoint import LogVerifier
from openregie.sealed.log.models import Entry
from openregie.sealed.log.verification import actions as verification
from openregie.sealed.vault.actions import withdraw
from openregie.sealed.vault.erasure.actions import erase
from openregie.sealed.vault.errors import RolledBack
from openregie.sealed.vault.ledger import actions as ledger
from openregie.sealed.vault.models import KeyEpoch, Relation, Resident, Return, StoredItem, Wrap
from openregie.sealed.vault.tick.actions import tick

from .test_hand_over import Run, intake, line

pytestmark = pytest.mark.django_db(databases=["default", "sessions"], transaction=True)


@pytest.fixture
def both(vault, anna, bram, now):
    """Anna and Bram enrolled, one item each, one run taken in."""
    for one in (anna, bram):
        assert one.enrol().status_code == 201
    run = Run(vault.folder)
    run.hand_over(
        1,
        [run.item(anna, 1), run.item(bram, 1)],
        [run.event(anna), run.event(bram)],
        **{"relations.jsonl": [stated(anna), stated(bram)]},
    )
    intake.take_in_all(vault, clock=timezone.now)
    anna.get("/v1/items")
    tick(vault, now=now)
    return anna, bram


def stated(someone):
    said = {"household": "00", "adults": 1, "epochDueOn": "2027-01-01"}
    return line({"mailbox": someone.mailbox, **said})


def lines_of(vault):
    return revocations.read(vault.folder / revocations.FILE).lines


def kinds(vault):
    return [line.kind for line in lines_of(vault) if line.kind is not Kind.HEAD]


def left_of(mailbox):
    return {
        "items": StoredItem.objects.filter(mailbox=mailbox).count(),
        "keys": KeyEpoch.objects.filter(resident_id=mailbox).count(),
        "wraps": Wrap.objects.filter(key_epoch__resident_id=mailbox).count(),
        "texts": Entry.objects.filter(mailbox=mailbox).exclude(sealed="").count(),
        "relations": Relation.objects.filter(mailbox=mailbox).count(),
        "returns": Return.objects.filter(mailbox=mailbox).count(),
        "residents": Resident.objects.filter(pk=mailbox).count(),
    }


def is_sound(vault):
    origin, key = custody.load_log_public(vault.folder)
    return verification.verify(LogVerifier(origin, key.raw)).is_sound


def test_an_erasure_leaves_nothing_but_commitments(vault, both, now):
    anna, bram = both
    before, bystander = Entry.objects.count(), left_of(bram.mailbox)
    erased = erase(vault, anna.mailbox, now=now)
    assert min(erased.to_json().values()) > 0
    assert set(left_of(anna.mailbox).values()) == {0}
    assert left_of(bram.mailbox) == bystander
    assert Entry.objects.count() == before + 1
    assert not [f for f in vault.folder.glob("inbox/*/*") if anna.mailbox in f.read_text()]
    tick(vault, now=now)
    assert is_sound(vault)


def test_no_ciphertext_of_the_erased_stays_in_the_database_file(vault, both, now):
    anna, _ = both
    blobs = [bytes(one.blob)[:40] for one in StoredItem.objects.filter(mailbox=anna.mailbox)]
    erase(vault, anna.mailbox, now=now)
    stored = [bytes(one.blob)[:40] for one in StoredItem.objects.all()]
    assert blobs
    assert not set(blobs) & set(stored)


def test_erasing_again_changes_nothing(vault, both, now):
    anna, _ = both
    erase(vault, anna.mailbox, now=now)
    entries, ledger_before = Entry.objects.count(), lines_of(vault)
    again = erase(vault, anna.mailbox, now=now)
    assert set(again.to_json().values()) == {0}
    assert Entry.objects.count() == entries
    assert lines_of(vault) == ledger_before


def test_who_was_erased_can_enrol_anew(vault, both, now):
    anna, _ = both
    erase(vault, anna.mailbox, now=now)
    assert anna.enrol().status_code == 201
    tick(vault, now=now)
    assert is_sound(vault)


def test_each_ending_is_in_the_ledger_and_names_nobody(vault, both, now):
    anna, bram = both
    anna.post("/v1/vault/wraps", anna.wrap("device-1", "device"))
    assert anna.delete("/v1/vault/wraps/device-1").status_code == 204
    withdraw(vault, bram.mailbox, bram.keys_return("withdraw"), now=now)
    erase(vault, anna.mailbox, now=now)
    assert kinds(vault) == [Kind.WRAP_REMOVED, Kind.WITHDRAWN, Kind.ERASED]
    text = (vault.folder / revocations.FILE).read_text()
    assert anna.mailbox not in text
    assert bram.mailbox not in text


def test_a_withdrawal_takes_the_relation_away(vault, both, now):
    _, bram = both
    withdraw(vault, bram.mailbox, bram.keys_return("withdraw"), now=now)
    assert left_of(bram.mailbox)["relations"] == 0


def test_a_hand_over_of_before_a_withdrawal_states_nothing_about_who_stopped(vault, both, now):
    anna, bram = both
    withdraw(vault, bram.mailbox, bram.keys_return("withdraw"), now=now)
    told = {"relations.jsonl": [stated(anna), stated(bram)]}
    Run(vault.folder).hand_over(2, [], [], **told)
    intake.take_in_all(vault, clock=timezone.now)
    assert left_of(anna.mailbox)["relations"] == 1
    assert left_of(bram.mailbox)["relations"] == 0


def test_a_replay_ends_what_was_ended_and_nothing_else(vault, both, now):
    anna, bram = both
    bystander = left_of(bram.mailbox)
    line = revocations.Line(Kind.WITHDRAWN, now.date(), commitment(Kind.WITHDRAWN, anna.mailbox))
    done = ledger.replay(vault, [line])
    assert done.residents == 1
    left = left_of(anna.mailbox)
    assert left.pop("residents") == 1
    assert set(left.values()) == {0}
    assert left_of(bram.mailbox) == bystander
    assert Resident.objects.get(pk=anna.mailbox).state == Resident.State.WITHDRAWN
    assert not [f for f in vault.folder.glob("inbox/*/*") if anna.mailbox in f.read_text()]
    assert is_sound(vault)


def test_a_replay_removes_a_wrap_by_its_commitment(vault, both, now):
    anna, _ = both
    anna.post("/v1/vault/wraps", anna.wrap("device-1", "device"))
    what = commitment(Kind.WRAP_REMOVED, anna.mailbox, epoch=1, wrap_id="device-1")
    done = ledger.replay(vault, [revocations.Line(Kind.WRAP_REMOVED, now.date(), what)])
    assert (done.residents, done.wraps) == (0, 1)
    assert [one["wrapId"] for one in anna.get("/v1/vault").json()["wraps"]] == ["code-1"]


def test_a_database_of_before_the_last_head_is_refused(vault, both, now):
    ledger.demand_newest(vault)
    size = lines_of(vault)[-1].size
    revocations.append(
        vault.folder / revocations.FILE, [revocations.Line(Kind.HEAD, now.date(), size=size + 1)]
    )
    with pytest.raises(RolledBack, match="openregie restore"):
        ledger.demand_newest(vault)
