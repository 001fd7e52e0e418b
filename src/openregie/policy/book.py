"""The policy in force: one function that decides, and one that says for whom an item exists."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from openregie.policy import vocabulary as lists
from openregie.policy.decision import Decision, Refusal
from openregie.policy.engine import Engine, Verdict
from openregie.policy.errors import PolicyInvalid
from openregie.policy.nearest import Permitted, find_nearest, permitted
from openregie.policy.question import Action, Question
from openregie.policy.vocabulary import Article, Vocabulary
from openregie.terms import Lane

REMEMBERED = 65_536
"""So many answers are kept: the whole table of a municipality is about this large."""


class PolicyBook:
    """The policies of one content/ folder, validated, with their digest.

    Raises `PolicyInvalid` when a file does not fit, or policies and law.yaml do not name the same.
    """

    def __init__(self, directory: Path) -> None:
        """Read and validate content/policies."""
        self.vocabulary: Vocabulary = lists.load(directory)
        self._engine = Engine(directory, self.vocabulary)
        _check_articles(self._engine.ids, self.vocabulary.articles)
        self.digest = _digest(directory)
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._decide)

    def authorize(self, question: Question) -> Decision:
        """Decide one question; the answer names what decided, or the way that is open instead."""
        return self._remembered(question)

    def allows(self, questions: Sequence[Question]) -> list[bool]:
        """Decide many questions at once, without explanations."""
        known = [one for one in questions if self._unknown(one) is None]
        verdicts = iter(self._engine.ask(known))
        return [self._unknown(one) is None and next(verdicts).allowed for one in questions]

    def recipients(self, *, law: str, lane: Lane, purpose: str, fact: str) -> tuple[Decision, ...]:
        """Return the teams that a law gives this item, without anyone's permission.

        Empty means: the resident alone. Asked when an item is sealed.
        """
        asked = (
            self.authorize(Question(Action.RECEIVE, team, law, fact, purpose, lane=lane))
            for team in self.vocabulary.teams
        )
        return tuple(decision for decision in asked if decision.allowed)

    def _decide(self, question: Question) -> Decision:
        if (missing := self._unknown(question)) is not None:
            return self._answer(question, (), Refusal("never", missing, None))
        verdict = self._engine.ask([question])[0]
        articles = tuple(self.vocabulary.articles[one] for one in verdict.policies)
        if verdict.allowed:
            return self._answer(question, articles, None)
        return self._answer(question, articles, self._refusal(question, verdict))

    def _answer(
        self, question: Question, articles: tuple[Article, ...], refusal: Refusal | None
    ) -> Decision:
        return Decision(question, refusal is None, articles, refusal, self.digest)

    def _refusal(self, question: Question, verdict: Verdict) -> Refusal:
        """Say why not, and which lawful way is open instead."""
        if verdict.policies:
            giver = verdict.policies == ("permission-giver",)
            return Refusal("giver" if giver else "never", None, None)
        found = find_nearest(question, self.permitted)
        if found is None:
            return Refusal("team", None, None)
        return Refusal(found.failed, None, self.vocabulary.articles[found.policy])

    @cached_property
    def permitted(self) -> tuple[Permitted, ...]:
        """Everything that an adult may be seen of by someone, with the policy: asked once."""
        return permitted(self.vocabulary, self._engine.ask)

    def _unknown(self, question: Question) -> str | None:
        """Return what the question names that no list knows: such a question is denied."""
        known = self.vocabulary
        who = [str(lane) for lane in Lane] if question.action is Action.COLLECT else known.teams
        for kind, name, names in (
            ("who", question.who, who),
            ("data", question.data, known.data),
            ("purpose", question.purpose, known.purposes),
        ):
            if name not in names:
                return kind
        return None


def _check_articles(ids: Sequence[str], articles: Mapping[str, Article]) -> None:
    acting = {one.id for one in articles.values() if one.effect != "outside"}
    if missing := set(ids) - acting:
        raise PolicyInvalid(f"law.yaml: no row for policy `{min(missing)}`; say its article there")
    if unused := acting - set(ids):
        raise PolicyInvalid(
            f"law.yaml: row `{min(unused)}` has no policy; write it, or set `effect: outside`"
        )


def _digest(directory: Path) -> str:
    whole = hashlib.sha256()
    for file in sorted(one for one in directory.iterdir() if one.is_file()):
        whole.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()
