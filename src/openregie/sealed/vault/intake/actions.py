"""Takes in what a run hands over: checked first, then mailbox by mailbox, in short transactions."""

from __future__ import annotations

import functools
import hashlib
import operator
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from openregie.envelope import handover
from openregie.envelope.handover import Manifest
from openregie.envelope.suites import SignatureAlgorithm
from openregie.sealed.log import actions as log
from openregie.sealed.log.events import Given
from openregie.sealed.log.tree.actions import sequence
from openregie.sealed.vault import keyring
from openregie.sealed.vault.actions import Vault
from openregie.sealed.vault.errors import HandOverRefused
from openregie.sealed.vault.intake import parts
from openregie.sealed.vault.intake.chunks import actions as chunks
from openregie.sealed.vault.intake.pace import STEP_LINES, Pace
from openregie.sealed.vault.intake.parts import Slice
from openregie.sealed.vault.intake.statements import actions as statements
from openregie.sealed.vault.models import HandOver, KeyEpoch, Resident, StoredItem
from openregie.sealed.vault.releases import actions as releases


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
    pace: Pace | None = None,
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
    pace = pace or Pace()
    chunks.in_chunks(_Mailboxes(vault, hand_over), _steps(folder, hand_over), pace)
    statements.take(folder, hand_over, pace)
    _end(folder, hand_over, now=clock())
    hand_over.refresh_from_db()
    return hand_over


def _end(folder: Path, hand_over: HandOver, *, now: datetime) -> None:
    """Mark a hand-over as taken; the log says of which run it did not name the release before."""
    with transaction.atomic():
        still = HandOver.objects.filter(pk=hand_over.pk, state=HandOver.State.TAKING)
        if still.update(state=HandOver.State.TAKEN, finished_at=now):
            for receipt in handover.lines(folder, "receipt.json"):
                releases.note_unlogged(receipt.get("release"), run=hand_over.number, now=now)


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


def _steps(folder: Path, hand_over: HandOver) -> Iterator[list[Slice]]:
    """Slices of mailboxes, so many together as are one step, from where an attempt before ended."""
    step: list[Slice] = []
    lines = 0
    for one in parts.slices(
        folder, after=hand_over.reached, lines=hand_over.reached_lines, most=STEP_LINES
    ):
        if lines + one.lines > STEP_LINES:
            yield step
            step, lines = [], 0
        step.append(one)
        lines += one.lines
    if step:
        yield step


class _Mailboxes:
    """What goes into the mailboxes: events first, then what is removed, then what is added."""

    def __init__(self, vault: Vault, hand_over: HandOver) -> None:
        self._vault = vault
        self._hand_over = hand_over
        self._totals: Counter[str] = Counter()
        self._mark: dict[str, Any] = {
            "reached": hand_over.reached,
            "reached_lines": hand_over.reached_lines,
        }

    def begin(self) -> None:
        """Only one intake at a time can go on.

        INVARIANT: a line goes in once, also when two intakes are at work on one hand-over.
        """
        self._totals.clear()
        still = HandOver.objects.filter(
            pk=self._hand_over.pk,
            state=HandOver.State.TAKING,
            **self._mark,
        )
        if not still.update(state=HandOver.State.TAKING):
            raise HandOverRefused(
                f"hand-over {self._hand_over.pk}: another intake is busy with it; "
                "wait until it has ended"
            )

    def step(self, slices: list[Slice], /) -> None:
        """One step: some mailboxes, or some of one mailbox."""
        kids = _kids_of([one.mailbox for one in slices])
        self._totals["events"] += self._take_events(slices, kids)
        self._totals["items_removed"] += _remove(slices)
        # INVARIANT: an item for keys that are not in force any more is never stored.
        rows = [
            _row(item)
            for one in slices
            for item in one.add
            if item.kid in kids.get(one.mailbox, frozenset())
            and item.header.tenant == self._vault.tenant
        ]
        StoredItem.objects.bulk_create(rows)
        self._totals["items_added"] += len(rows)
        self._totals["skipped"] += sum(len(one.add) for one in slices) - len(rows)
        for one in slices:
            if one.ends:
                self._mark = {"reached": one.mailbox, "reached_lines": 0}
            else:
                self._mark = {**self._mark, "reached_lines": one.after + one.lines}

    def end(self, slices: list[Slice], /) -> None:  # noqa: ARG002 - the steps kept count
        """Move the mark of what is done, in the same transaction."""
        totals = {name: F(name) + number for name, number in self._totals.items()}
        HandOver.objects.filter(pk=self._hand_over.pk).update(**self._mark, **totals)

    def _take_events(self, slices: list[Slice], kids: Mapping[str, frozenset[str]]) -> int:
        """Append the run's events; note whose keys in force this run sealed to."""
        given: list[Given] = []
        sealed_to: list[str] = []
        for one in slices:
            for event in one.events:
                readable = event.sealed is not None and event.sealed.get("kid") in kids.get(
                    one.mailbox, frozenset()
                )
                sealed_to += [one.mailbox] * readable
                sealed = event.sealed if readable else None
                given.append(Given(event.type, event.commit, one.mailbox, event.seq, sealed))
        appended = log.append_given(given, day=self._hand_over.day) if given else 0
        if sealed_to:
            Resident.objects.filter(pk__in=sealed_to).update(sealed_by=self._hand_over.number)
        return appended


def _remove(slices: list[Slice]) -> int:
    places = [Q(mailbox=one.mailbox, seq__in=one.remove) for one in slices if one.remove]
    if not places:
        return 0
    return StoredItem.objects.filter(functools.reduce(operator.or_, places)).delete()[0]


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


def _digest(folder: Path) -> str:
    manifest = folder / handover.MANIFEST
    return hashlib.sha256(manifest.read_bytes() if manifest.is_file() else b"").hexdigest()


def _another(number: int) -> HandOverRefused:
    return HandOverRefused(
        f"hand-over {number}: another one of that number is in already; restore the folder of "
        f"hand-over {number} and the run's memory of that number from one backup"
    )
