"""Takes away what is past its term in the sealed zone. Running it again takes nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from openregie.envelope import handover
from openregie.policy.keeping import Ended, Terms
from openregie.sealed.vault.actions import Vault, empty_journal
from openregie.sealed.vault.models import HandOver, Label, Return, TeamItem


def sweep(vault: Vault, terms: Terms, *, on: date, dry: bool = False) -> list[Ended]:
    """Delete labels after posting, team items and sent returns after their term, old parts.

    INVARIANT: manifest, receipt and counts of every hand-over stay: the next run continues from
    the first, and intake recognises each hand-over by it. `dry` deletes nothing.
    """
    ended: list[Ended] = []
    with transaction.atomic():
        last = on - timedelta(days=terms.days["labels"])
        posted = [one.pk for one in Label.objects.all() if one.sealed["postOn"] <= str(last)]
        ended += _delete("labels", Label.objects.filter(pk__in=posted), dry=dry)
        oldest_on = on - timedelta(days=terms.days["team_items"])
        ended += _delete("team_items", TeamItem.objects.filter(release_on__lt=oldest_on), dry=dry)
        oldest_on = on - timedelta(days=terms.days["sent_returns"])
        sent = Return.objects.filter(written_at__date__lt=oldest_on)
        ended += _delete("sent_returns", sent, dry=dry)
        if not dry:
            transaction.on_commit(empty_journal)
    taken = HandOver.objects.filter(state=HandOver.State.TAKEN)
    for name, day in (("hand_over_parts", "day__lte"), ("returned_rows", "day__lt")):
        oldest_on = on - timedelta(days=terms.days[name])
        folders = [_folder(vault, one) for one in taken.filter(**{day: oldest_on}).order_by("pk")]
        ended += _spend(folders, name, rows=name == "returned_rows", dry=dry)
    return ended


def spend_taken(vault: Vault) -> None:
    """Take away the sealed parts of every hand-over that is in: an erasure does not wait."""
    taken = HandOver.objects.filter(state=HandOver.State.TAKEN).order_by("pk")
    list(_spend([_folder(vault, one) for one in taken], "hand_over_parts", rows=False, dry=False))


def _delete(name: str, rows: QuerySet[Any], *, dry: bool) -> Iterator[Ended]:
    if number := rows.count():
        if not dry:
            rows.delete()
        yield Ended(name.replace("_", " "), number, 0, f"term `{name}`")


def _spend(folders: list[Path], name: str, *, rows: bool, dry: bool) -> Iterator[Ended]:
    files = [file for folder in folders for file in handover.spendable(folder, rows=rows)]
    if not files:
        return
    size = sum(file.stat().st_size for file in files)
    if not dry:
        for folder in folders:
            handover.spend(folder, rows=rows)
    yield Ended(name.replace("_", " "), len(files), size, f"term `{name}`")


def _folder(vault: Vault, one: HandOver) -> Path:
    return vault.folder / "handover" / str(one.pk)
