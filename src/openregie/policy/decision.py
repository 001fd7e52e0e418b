"""What the policy answers: yes or no, by which article, and in words a resident reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openregie.policy.question import Question
from openregie.policy.vocabulary import Article


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: the condition that failed, what no list knows, and the nearest permit.

    `failed` is one of vocabulary.ROUTES: it names the sentence that tells the lawful way.
    """

    failed: str
    unknown: str | None
    nearest: Article | None


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer. `articles` are of the policies that decided; empty when denied by default."""

    question: Question
    allowed: bool
    articles: tuple[Article, ...]
    refusal: Refusal | None
    digest: str

    @property
    def article(self) -> Article | None:
        """Return what the answer stands on: what decided, or for a default deny the nearest."""
        if self.articles:
            return self.articles[0]
        return self.refusal.nearest if self.refusal else None

    def sentence(self, routes: Mapping[str, Mapping[str, str]], language: str) -> str:
        """Return the answer in plain words; a refusal ends with the lawful way."""
        said = [article.sentence[language] for article in self.articles[:1]]
        if self.refusal is not None:
            said.append(routes[self.refusal.failed][language])
        return " ".join(said)
