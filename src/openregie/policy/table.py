"""Every question that can be asked, and what the policy answers: who may see what, and why."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openregie.policy.book import PolicyBook
from openregie.policy.question import Action, AgeBand, Giver, Permission, Question
from openregie.policy.vocabulary import Vocabulary
from openregie.terms import Lane

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Permit:
    """One thing that one team may see for one purpose, by one policy."""

    policy: str
    action: Action
    team: str
    data: str
    purpose: str


def every_question(known: Vocabulary) -> Iterator[Question]:
    """Yield every question about receiving and sharing that known names can make."""
    for data, team, purpose in itertools.product(known.data.values(), known.teams, known.purposes):
        asked = (team, data.law, data.fact, purpose)
        for lane in Lane:
            yield Question(Action.RECEIVE, *asked, lane=lane)
        for permission, giver, age in itertools.product(Permission, Giver, AgeBand):
            yield Question(Action.OPEN, *asked, permission=permission, giver=giver, age=age)


def allowed_questions(book: PolicyBook) -> Iterator[Question]:
    """Yield every question that the policy answers with yes."""
    waiting = every_question(book.vocabulary)
    while some := list(itertools.islice(waiting, _AT_ONCE)):
        for question, allowed in zip(some, book.allows(some), strict=True):
            if allowed:
                yield question


def permits(book: PolicyBook) -> tuple[Permit, ...]:
    """Return what may be seen by law or with a resident's yes, in the order of the lists."""
    return tuple(
        Permit(one.policy, asked.action, asked.who, asked.data, asked.purpose)
        for one in book.permitted
        if (asked := one.question).action is not Action.COLLECT
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """Who gains and who loses access when one policy takes the place of another."""

    gained: tuple[Permit, ...]
    lost: tuple[Permit, ...]
    questions: int
    """So many single questions are answered otherwise, also where no team gains or loses."""


def compare(before: PolicyBook, after: PolicyBook) -> Difference:
    """Compare two policies over every question of both.

    Shape: a permit is the same when team, data, purpose and action are; its policy may differ.
    """
    old, new = _by_content(permits(before)), _by_content(permits(after))
    was, now = set(allowed_questions(before)), set(allowed_questions(after))
    return Difference(
        gained=tuple(one for key, one in new.items() if key not in old),
        lost=tuple(one for key, one in old.items() if key not in new),
        questions=len(was ^ now),
    )


def _by_content(found: tuple[Permit, ...]) -> dict[tuple[str, ...], Permit]:
    return {(one.action, one.team, one.data, one.purpose): one for one in found}


FILE = "policies.md"


def page(book: PolicyBook) -> str:
    """Return the public page: who may see what, and why, from what the policy answers."""
    known = book.vocabulary
    grouped: dict[tuple[str, Action], list[Permit]] = defaultdict(list)
    for one in permits(book):
        grouped[one.policy, one.action].append(one)
    lines = [
        "# Wie mag wat zien, en waarom",
        "",
        "Geschreven door `openregie check --write-docs`, uit de antwoorden van het beleid zelf.",
        "Elke mogelijke vraag is gesteld; wat hier niet staat, mag niet. Een jurist moet de",
        "artikelen nog nakijken (`verify`).",
        "",
        "| team | ziet | waarvoor | moet u ja zeggen? | artikel | uitleg |",
        "|---|---|---|---|---|---|",
    ]
    for (policy, action), rows in grouped.items():
        article = known.articles[policy]
        asks = "nee, de wet regelt het" if action is Action.RECEIVE else "ja, altijd"
        cells = (
            _names(known.teams[one.team].name["nl"] for one in rows),
            _names(known.data[one.data].name["nl"] for one in rows),
            _names(known.purposes[one.purpose].name["nl"] for one in rows),
            asks,
            f"{article.law} {article.article} ({article.certainty})",
            article.sentence["nl"],
        )
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "## Wat nooit mag", ""]
    lines += [
        f"- {one.sentence['nl']}" for one in known.articles.values() if one.effect == "forbid"
    ]
    lines += ["", "## Wat niet via deze pagina loopt", ""]
    lines += [
        f"- {one.law} {one.article}: {one.sentence['nl']}"
        for one in known.articles.values()
        if one.effect == "outside"
    ]
    lines += ["", "## Wat een team kan doen als het antwoord nee is", ""]
    lines += [f"- {route['nl']}" for route in known.routes.values()]
    return "\n".join(lines) + "\n"


def _names(names: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(names))
