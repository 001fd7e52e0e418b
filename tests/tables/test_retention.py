"""The day before its term ends a row or part is there; the day after it is gone, to the byte."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from openregie.envelope import handover
from openregie.envelope.handover import HandOverRefused
from openregie.envelope.suites import SignatureAlgorithm
from openregie.policy import keeping
from openregie.sealed.vault.erasure.actions import erase
from openregie.sealed.vault.models import HandOver, Label, Return, StoredItem, TeamItem
from openregie.sealed.vault.retention.actions import spend_taken, sweep
from openregie.sealed.vault.tick.actions import tick

from .test_hand_over import Run, intake, line

pytestmark = pytest.mark.django_db(databases=["default", "sessions"], transaction=True)

ROOT = Path(__file__).parents[2]
TERMS = keeping.load(ROOT / "content" / "retention.yaml")
TODAY = timezone.now().date()
POSTED, RELEASED = TODAY - timedelta(days=1), TODAY


@pytest.fixture
def taken(vault, anna, now):
    """A hand-over with something of everything, taken in today."""
    assert anna.enrol().status_code == 201
    run = Run(vault.folder)
    run.hand_over(
        1,
        [run.item(anna, 1)],
        [run.event(anna)],
        **{
            "labels.jsonl": [line({"postOn": str(POSTED), "labels": 1, "sealed": "L" * 99})],
            "team.jsonl": [
                line({"team": "debt_help", "ref": "r1", "releaseOn": str(RELEASED), "sealed": "T"})
            ],
            "receipt.json": [line({"number": 1})],
            "returns/0001.jsonl": [line({"stream": "rent_arrears", "sealed": "R"})],
        },
    )
    intake.take_in_all(vault, clock=timezone.now)
    tick(vault, now=now)
    return vault.folder / "handover" / "1"


def ended(vault, on, *, dry=False):
    return {one.what: one.number for one in sweep(vault, TERMS, on=on, dry=dry)}


def names(folder):
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def after(term, start, days):
    return start + timedelta(days=TERMS.days[term] + days)


def test_a_label_goes_the_day_after_posting(vault, taken):
    assert "labels" not in ended(vault, POSTED)
    assert Label.objects.count() == 1
    assert ended(vault, after("labels", POSTED, 0))["labels"] == 1
    assert not Label.objects.exists()


def test_a_team_item_goes_when_its_term_ends_and_not_a_day_earlier(vault, taken):
    assert "team items" not in ended(vault, after("team_items", RELEASED, 0))
    assert ended(vault, after("team_items", RELEASED, 1))["team items"] == 1
    assert not TeamItem.objects.exists()


def test_the_note_of_a_return_goes_after_it_was_passed_on(vault, taken):
    assert Return.objects.exclude(written_at=None).count() == 1
    assert "sent returns" not in ended(vault, after("sent_returns", TODAY, 0))
    assert ended(vault, after("sent_returns", TODAY, 1))["sent returns"] == 1


def test_sealed_parts_go_once_they_are_in_and_what_must_stay_stays(vault, taken):
    day = HandOver.objects.get().day
    assert "hand over parts" not in ended(vault, day)
    assert ended(vault, after("hand_over_parts", day, 0))["hand over parts"] == 4
    assert names(taken) == {"manifest.json", "receipt.json", "returns/0001.jsonl", "spent"}
    assert "returned rows" not in ended(vault, after("returned_rows", day, 0))
    assert ended(vault, after("returned_rows", day, 1))["returned rows"] == 1
    assert names(taken) == {"manifest.json", "receipt.json", "spent"}
    assert StoredItem.objects.count() == 1


def test_what_is_not_taken_in_yet_loses_no_part(vault, taken):
    run = Run(vault.folder)
    folder = run.hand_over(2, [], [], **{"team.jsonl": [line({"any": "thing"})]})
    before = names(folder)
    ended(vault, TODAY + timedelta(days=5000))
    assert names(folder) == before


def test_a_spent_hand_over_is_recognised_and_never_taken_in_again(vault, taken):
    verify = Run(vault.folder).keys.signers[SignatureAlgorithm.ED25519].verify_key
    spend_taken(vault)
    assert handover.glance(taken, verify=verify, tenant="lindestad").number == 1
    assert intake.take_in_all(vault, clock=timezone.now) == []
    with pytest.raises(HandOverRefused):
        handover.read(taken, verify=verify, tenant="lindestad")


def test_a_mark_excuses_no_changed_receipt(vault, taken):
    verify = Run(vault.folder).keys.signers[SignatureAlgorithm.ED25519].verify_key
    spend_taken(vault)
    (taken / "receipt.json").unlink()
    with pytest.raises(HandOverRefused):
        handover.glance(taken, verify=verify, tenant="lindestad")


def test_a_hand_over_without_the_mark_that_lost_a_part_is_refused(vault, taken):
    verify = Run(vault.folder).keys.signers[SignatureAlgorithm.ED25519].verify_key
    (taken / "items.jsonl").unlink()
    with pytest.raises(HandOverRefused):
        handover.glance(taken, verify=verify, tenant="lindestad")


def test_a_dry_run_says_the_same_and_takes_nothing(vault, taken):
    on = TODAY + timedelta(days=400)
    before = names(taken)
    would = ended(vault, on, dry=True)
    assert names(taken) == before
    assert TeamItem.objects.exists()
    assert ended(vault, on) == would
    assert ended(vault, on) == {}


def test_no_byte_of_the_erased_stays_in_hand_overs(vault, taken, anna, now):
    blob = bytes(StoredItem.objects.get().blob)
    wraps = anna.get("/v1/vault").json()["wraps"][0]["blobs"]["money"]
    text = max((taken / "items.jsonl").read_text().split('"'), key=len)[:60]
    assert raw(vault.folder, text.encode())
    erase(vault, anna.mailbox, now=now)
    spend_taken(vault)
    for part in (text.encode(), blob[:60], wraps.encode()):
        assert not raw(vault.folder, part)


def raw(folder, part):
    """Files of the folder, and pages of the database, that hold these bytes."""
    found = [file for file in folder.rglob("*") if file.is_file() and part in file.read_bytes()]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        tables = cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            rows = cursor.execute(f'SELECT * FROM "{table}"').fetchall()
            found += [table for row in rows if part in str(row).encode() or part in blobs(row)]
    return found


def blobs(row):
    return b"|".join(cell for cell in row if isinstance(cell, bytes))
