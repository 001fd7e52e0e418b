"""Takes in what a run states beside items: relations replace earlier ones, the rest adds."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from openregie.envelope import handover
from openregie.sealed.vault.intake.chunks.actions import in_chunks
from openregie.sealed.vault.intake.pace import STEP_LINES, Pace
from openregie.sealed.vault.models import HandOver, Label, Relation, Resident, TeamItem

Row = TypeVar("Row", bound=Model)


def take(folder: Path, hand_over: HandOver, pace: Pace) -> None:
    """Take in relations, labels and signals for a team, in short transactions.

    Doing it again after a crash begins anew. Until the hand-over is marked as taken, the statements
    of the one before are in force.
    """
    _remove(Relation.objects.filter(hand_over=hand_over), pace)
    _remove(Label.objects.filter(hand_over=hand_over), pace)
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
    labels = (
        Label(hand_over=hand_over, sealed=line) for line in handover.lines(folder, "labels.jsonl")
    )
    relations = (
        Relation(hand_over=hand_over, mailbox=line["mailbox"], statement=line)
        for line in handover.lines(folder, "relations.jsonl")
    )
    _add(team_items, lambda some: TeamItem.objects.bulk_create(some, ignore_conflicts=True), pace)
    _add(labels, Label.objects.bulk_create, pace)
    _add(relations, _state, pace)
    if Relation.objects.filter(hand_over=hand_over).exists():
        _remove(Relation.objects.exclude(hand_over=hand_over), pace)


def _state(relations: list[Relation]) -> None:
    """Put statements in. INVARIANT: none about who stopped or was erased since the run."""
    named = [one.mailbox for one in relations]
    enrolled = Resident.objects.filter(pk__in=named, state=Resident.State.ENROLLED)
    there = set(enrolled.values_list("pk", flat=True))
    Relation.objects.bulk_create(one for one in relations if one.mailbox in there)


class _Steps:
    """Work whose steps need nothing around them."""

    def __init__(self, act: Callable[[list[Any]], object]) -> None:
        self._act = act

    def begin(self) -> None:
        """Nothing comes before."""

    def step(self, some: list[Any], /) -> None:
        """Put in, or take out, some rows."""
        self._act(some)

    def end(self, last: list[Any], /) -> None:
        """Nothing comes after."""


def _add(rows: Iterable[Row], act: Callable[[list[Row]], object], pace: Pace) -> None:
    waiting = iter(rows)
    steps = iter(lambda: list(itertools.islice(waiting, STEP_LINES)), [])
    in_chunks(_Steps(act), steps, pace)


def _remove(rows: QuerySet[Any], pace: Pace) -> None:
    in_chunks(_Steps(lambda some: rows.filter(pk__in=some).delete()), _keys(rows), pace)


def _keys(rows: QuerySet[Any]) -> Iterator[list[int]]:
    """The primary keys of rows, a step at a time; what was taken out is not asked again."""
    last = 0
    while some := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:STEP_LINES]
    ):
        yield some
        last = some[-1]
