"""Takes in what a run hands over: checked first, then mailbox by mailbox, in short transactions."""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, QuerySet

from openregie.envelope import handover
from openregie.envelope.handover import Manifest
from openregie.envelope.suites import SignatureAlgorithm
from openregie.sealed.log import actions as log
from openregie.sealed.log.tree.actions import sequence
from openregie.sealed.vault import keyring
from openregie.sealed.vault.actions import Vault
from openregie.sealed.vault.errors import HandOverRefused
from openregie.sealed.vault.intake import parts
from openregie.sealed.vault.intake.parts import Delivery
from openregie.sealed.vault.models import (
    HandOver,
    KeyEpoch,
    Label,
    Relation,
    Resident,
    StoredItem,
    TeamItem,
)

CHUNK_SECONDS = 0.1
"""About how long one transaction of the intake may last: no web request waits longer."""
_FIRST_CHUNK_LINES = 100
_MOST_CHUNK_LINES = 2_000
Row = TypeVar("Row")
_STATEMENTS = 500
"""So many relations, labels or team items go in, or out, in one transaction."""


def take_in_all(vault: Vault, *, clock: Callable[[], datetime]) -> list[HandOver]:
    """Take in every finished hand-over that is not in yet, and give its events their places.

    Raises HandOverRefused when a folder holds another hand-over than the one of its number that
    is in: passing it by would lose what it says.
    """
    folder = vault.folder / "handover"
    if folder.is_dir():
        # INVARIANT: nothing is taken in of which a power cut could still undo the number.
        handover.sync(folder)
    taken = HandOver.objects.filter(state=HandOver.State.TAKEN)
    done = dict(taken.values_list("number", "digest"))
    numbers = handover.numbers(folder)
    for number in numbers:
        if number in done and _digest(folder / str(number)) != done[number]:
            raise _another(number)
    new = [take_in(vault, folder / str(n), clock=clock) for n in numbers if n not in done]
    sequence(keyring.log_signer(vault.folder), now=clock())
    return new


def take_in(
    vault: Vault,
    folder: Path,
    *,
    clock: Callable[[], datetime],
    timer: Callable[[], float] = time.monotonic,
) -> HandOver:
    """Take in one hand-over. Doing it again, or going on after a crash, changes nothing twice.

    Raises envelope.handover.HandOverRefused when it is not the run's, HandOverRefused when its
    number is not the next.
    """
    verify = keyring.run_public(vault.folder).verify[SignatureAlgorithm.ED25519]
    manifest = handover.read(folder, verify=verify, tenant=vault.tenant)
    hand_over = _begin(manifest, digest=_digest(folder))
    if hand_over.state == HandOver.State.TAKEN:
        return hand_over
    for chunk in _chunks(parts.deliveries(folder, after=hand_over.reached), timer):
        _take_chunk(vault, hand_over, chunk)
    _take_statements(folder, hand_over)
    HandOver.objects.filter(pk=hand_over.pk, state=HandOver.State.TAKING).update(
        state=HandOver.State.TAKEN, finished_at=clock()
    )
    hand_over.refresh_from_db()
    return hand_over


def _begin(manifest: Manifest, *, digest: str) -> HandOver:
    """The hand-over's row: a new one, or the one of an earlier attempt."""
    with transaction.atomic():
        known = HandOver.objects.filter(pk=manifest.number).first()
        if known is not None:
            if known.digest != digest:
                raise _another(manifest.number)
            return known
        last = HandOver.objects.order_by("-number").first()
        expected = last.number + 1 if last else 1
        if manifest.number != expected or (last and last.state != HandOver.State.TAKEN):
            raise HandOverRefused(
                f"hand-over {manifest.number}: number {expected} comes first; take that in"
            )
        return HandOver.objects.create(
            number=manifest.number,
            digest=digest,
            day=date.fromisoformat(manifest.day),
            state=HandOver.State.TAKING,
        )


def _chunks(deliveries: Iterable[Delivery], timer: Callable[[], float]) -> Iterator[list[Delivery]]:
    """Groups of whole mailboxes, as many lines as the last groups' pace allows in CHUNK_SECONDS."""
    chunk: list[Delivery] = []
    room = _FIRST_CHUNK_LINES
    for delivery in deliveries:
        chunk.append(delivery)
        lines = sum(one.lines for one in chunk)
        if lines >= room:
            began = timer()
            yield chunk
            took = max(timer() - began, 1e-4)
            room = max(1, min(_MOST_CHUNK_LINES, int(lines * CHUNK_SECONDS / took / 2)))
            chunk = []
    if chunk:
        yield chunk


def _take_chunk(vault: Vault, hand_over: HandOver, chunk: list[Delivery]) -> None:
    """One transaction: for each mailbox its event first, then what is removed and added."""
    with transaction.atomic():
        _claim(hand_over, chunk[-1].mailbox)
        mailboxes = [delivery.mailbox for delivery in chunk]
        kids = _kids_of(mailboxes)
        added = removed = events = skipped = 0
        rows: list[StoredItem] = []
        for delivery in chunk:
            mine = kids.get(delivery.mailbox, frozenset())
            events += _take_events(delivery, hand_over, mine)
            gone = StoredItem.objects.filter(mailbox=delivery.mailbox, seq__in=delivery.remove)
            removed += gone.delete()[0] if delivery.remove else 0
            # INVARIANT: an item for keys that are not in force any more is never stored.
            fitting = [
                item
                for item in delivery.add
                if item.kid in mine and item.header.tenant == vault.tenant
            ]
            skipped += len(delivery.add) - len(fitting)
            rows += [_row(item) for item in fitting]
        StoredItem.objects.bulk_create(rows)
        added = len(rows)
        HandOver.objects.filter(pk=hand_over.pk).update(
            items_added=F("items_added") + added,
            items_removed=F("items_removed") + removed,
            events=F("events") + events,
            skipped=F("skipped") + skipped,
        )
    hand_over.reached = chunk[-1].mailbox


def _claim(hand_over: HandOver, reached: str) -> None:
    """Move the mark of what is done; only one intake at a time can.

    INVARIANT: a mailbox goes in once, also when two intakes are at work on one hand-over.
    """
    still = HandOver.objects.filter(
        pk=hand_over.pk, state=HandOver.State.TAKING, reached=hand_over.reached
    )
    if not still.update(reached=reached):
        raise HandOverRefused(
            f"hand-over {hand_over.pk}: another intake is busy with it; wait until it has ended"
        )


def _take_events(delivery: Delivery, hand_over: HandOver, mine: frozenset[str]) -> int:
    """Append the run's events about one mailbox; note that this run sealed to the keys in force."""
    appended = 0
    for event in delivery.events:
        readable = event.sealed if event.sealed and event.sealed.get("kid") in mine else None
        appended += log.append_given(
            event.type,
            commit=event.commit,
            mailbox=delivery.mailbox,
            seq=event.seq,
            day=hand_over.day,
            sealed=readable,
        )
        if readable:
            Resident.objects.filter(pk=delivery.mailbox).update(sealed_by=hand_over.number)
    return appended


def _kids_of(mailboxes: list[str]) -> dict[str, frozenset[str]]:
    """Per mailbox the names of the keys in force; a resident who withdrew has none."""
    epochs = KeyEpoch.objects.filter(
        resident_id__in=mailboxes,
        resident__state=Resident.State.ENROLLED,
        epoch=F("resident__epoch"),
    )
    return {
        one.resident_id: frozenset(key["kid"] for key in one.compartments.values())
        for one in epochs
    }


def _row(item: Any) -> StoredItem:
    return StoredItem(
        mailbox=item.header.mailbox,
        seq=item.header.seq,
        kid=item.kid,
        suite=item.suite,
        day=date.fromisoformat(item.header.day),
        bucket=item.bucket,
        message=item.header.message,
        blob=item.blob,
    )


def _take_statements(folder: Path, hand_over: HandOver) -> None:
    """What the run says beside items: relations replace earlier ones, labels and team items add.

    In short transactions; doing it again after a crash begins anew. Until the hand-over is marked
    as taken, the statements of the one before are in force.
    """
    _remove(Relation.objects.filter(hand_over=hand_over))
    _remove(Label.objects.filter(hand_over=hand_over))
    relations = (
        Relation(hand_over=hand_over, mailbox=line["mailbox"], statement=line)
        for line in handover.lines(folder, "relations.jsonl")
        # INVARIANT: nothing is stated about who stopped or was erased since the run.
        if Resident.objects.filter(pk=line["mailbox"], state=Resident.State.ENROLLED).exists()
    )
    labels = (
        Label(hand_over=hand_over, sealed=line) for line in handover.lines(folder, "labels.jsonl")
    )
    team_items = (
        TeamItem(
            hand_over=hand_over,
            team=line["team"],
            ref=line["ref"],
            release_on=date.fromisoformat(line["releaseOn"]),
            sealed=line["sealed"],
        )
        for line in handover.lines(folder, "team.jsonl")
    )
    for fresh in _some_at_a_time(team_items):
        TeamItem.objects.bulk_create(fresh, ignore_conflicts=True)
    for sealed in _some_at_a_time(labels):
        Label.objects.bulk_create(sealed)
    stated = 0
    for said in _some_at_a_time(relations):
        stated += len(Relation.objects.bulk_create(said))
    if stated:
        _remove(Relation.objects.exclude(hand_over=hand_over))


def _some_at_a_time(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while some := list(itertools.islice(waiting, _STATEMENTS)):
        yield some


def _remove(rows: QuerySet[Any]) -> None:
    """Delete rows, a few at a time."""
    while some := list(rows.values_list("pk", flat=True)[:_STATEMENTS]):
        rows.filter(pk__in=some).delete()


def _digest(folder: Path) -> str:
    manifest = folder / handover.MANIFEST
    return hashlib.sha256(manifest.read_bytes() if manifest.is_file() else b"").hexdigest()


def _another(number: int) -> HandOverRefused:
    return HandOverRefused(
        f"hand-over {number}: another one of that number is in already; restore the folder of "
        f"hand-over {number} and the run's memory of that number from one backup"
    )
