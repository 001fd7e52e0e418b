"""Which permit a refused question came nearest to, among all that the policies permit."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openregie.policy.engine import Verdict
from openregie.policy.question import Action, Permission, Question
from openregie.policy.vocabulary import Vocabulary
from openregie.terms import Lane

Ask = Callable[[Sequence[Question]], list[Verdict]]
ORDER = ("permission", "data", "purpose", "team")
"""What can fail, from what a resident can still give to what the asker can change least."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The permit, and the failed condition that the asker can change least."""

    policy: str
    failed: str


@dataclass(frozen=True, slots=True)
class Permitted:
    """A question that a policy answers with yes, when an adult decides for themselves."""

    question: Question
    policy: str


def permitted(known: Vocabulary, ask: Ask) -> tuple[Permitted, ...]:
    """Return everything that some policy permits; ages and givers play no part here."""
    questions = list(_questions(known))
    return tuple(
        Permitted(question, verdict.policies[0])
        for question, verdict in zip(questions, ask(questions), strict=True)
        if verdict.allowed
    )


def find_nearest(question: Question, permits: Sequence[Permitted]) -> Nearest | None:
    """Return the permit of the same action that the fewest conditions part from the question.

    Of equals the one whose failed condition is most in the resident's hands. None: no permit.
    """
    best = min(
        (
            (len(failed), [ORDER.index(one) for one in failed], number)
            for number, permit in enumerate(permits)
            if permit.question.action is question.action
            and (failed := _failed(question, permit.question))
        ),
        default=None,
    )
    if best is None:
        return None
    return Nearest(permits[best[2]].policy, ORDER[max(best[1])])


def _failed(asked: Question, permit: Question) -> list[str]:
    """The conditions of a permit that a question does not meet, in the order of ORDER."""
    met = {
        "permission": asked.action is not Action.OPEN or asked.permission is permit.permission,
        "data": asked.data == permit.data,
        "purpose": asked.purpose == permit.purpose
        and (asked.action is not Action.RECEIVE or asked.lane is permit.lane),
        "team": asked.who == permit.who,
    }
    return [condition for condition in ORDER if not met[condition]]


def _questions(known: Vocabulary) -> list[Question]:
    everyone = [*known.teams], [*known.data.values()], [*known.purposes]
    found = []
    for team, data, purpose in itertools.product(*everyone):
        asked = (team, data.law, data.fact, purpose)
        found.append(Question(Action.OPEN, *asked, permission=Permission.EXPLICIT))
        found += [Question(Action.RECEIVE, *asked, lane=lane) for lane in Lane]
    for lane, data, purpose in itertools.product(Lane, *everyone[1:]):
        found.append(Question(Action.COLLECT, str(lane), data.law, data.fact, purpose))
    return found
