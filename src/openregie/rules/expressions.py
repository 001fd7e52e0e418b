"""The small language of conditions: read, never evaluated by Python. Its grammar is in ADR 0004.

reports.amount_cents + cents(500) >= threshold and not missing(ends_on)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from openregie.rules.errors import ExpressionRefused
from openregie.rules.units import Unit

MAX_LENGTH = 1_000
MAX_DEPTH = 40
MAX_NUMBER = 1_000_000_000_000
COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false"})

_TOKEN = re.compile(
    r"(?P<space>[ \t\n]+)|(?P<number>[0-9]+)|(?P<text>'[^'\\\n]*')|(?P<word>[a-z][a-z0-9_]*)"
    r"|(?P<sign>==|!=|<=|>=|<|>|\+|-|\*|\(|\)|,|\.)"
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out."""

    value: bool | int | str
    unit: Unit
    at: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    """A field of a fact, a parameter, a set of facts, or a day of the run."""

    name: str
    at: int = 1


@dataclass(frozen=True, slots=True)
class Member:
    """A field of the facts in a set: `reports.supplier`."""

    owner: str
    name: str
    at: int = 1


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]
    at: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    operand: Node
    at: int = 1


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides and what stands between them: and, or, a comparison, + - *."""

    operator: str
    left: Node
    right: Node
    at: int = 1


@dataclass(frozen=True, slots=True)
class Among:
    """Whether a value is one of those listed."""

    operand: Node
    choices: tuple[Literal, ...]
    at: int = 1


Node = Literal | Name | Member | Call | Not | Binary | Among


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Node:
    """The expression as a tree. Raises ExpressionRefused with the column, what and remedy."""
    if len(text) > MAX_LENGTH:
        raise ExpressionRefused(1, "the condition is too long", "split it into several conditions")
    reader = _Reader(_tokens(text), len(text) + 1)
    tree = reader.either(0)
    if reader.here.kind != "end":
        reader.refuse("something is left over here", "join conditions with `and` or `or`")
    return tree


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            remedy = "use names in lower case, whole numbers, 'text' and == != < <= > >= + - *"
            raise ExpressionRefused(at + 1, "a sign that is not in the language", remedy)
        if found.lastgroup != "space":
            kind = "keyword" if found.group() in KEYWORDS else found.lastgroup
            tokens.append(_Token(kind, found.group(), at + 1))
        at = found.end()
    return tokens


class _Reader:
    """Reads left to right, one function per level of precedence."""

    def __init__(self, tokens: list[_Token], end: int) -> None:
        self._tokens = [*tokens, _Token("end", "", end)]
        self._position = 0

    @property
    def here(self) -> _Token:
        return self._tokens[self._position]

    def refuse(self, what: str, remedy: str) -> NoReturn:
        raise ExpressionRefused(self.here.at, what, remedy)

    def take(self, *texts: str) -> _Token | None:
        token = self.here
        if token.text in texts and token.kind != "text":
            self._position += 1
            return token
        return None

    def demand(self, text: str) -> None:
        if self.take(text) is None:
            self.refuse(f"`{text}` is missing", f"write `{text}` here")

    def either(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            self.refuse("the condition is nested too deep", "split it into several conditions")
        left = self.both(depth)
        while token := self.take("or"):
            left = Binary("or", left, self.both(depth), token.at)
        return left

    def both(self, depth: int) -> Node:
        left = self.opposite(depth)
        while token := self.take("and"):
            left = Binary("and", left, self.opposite(depth), token.at)
        return left

    def opposite(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            self.refuse("the condition is nested too deep", "split it into several conditions")
        if token := self.take("not"):
            return Not(self.opposite(depth + 1), token.at)
        return self.comparison(depth)

    def comparison(self, depth: int) -> Node:
        left = self.sum(depth)
        if token := self.take("in"):
            return Among(left, self.choices(), token.at)
        if token := self.take(*COMPARISONS):
            left = Binary(token.text, left, self.sum(depth), token.at)
            if self.here.text in COMPARISONS and self.here.kind == "sign":
                self.refuse("two comparisons in a row", "join them with `and`")
        return left

    def choices(self) -> tuple[Literal, ...]:
        self.demand("(")
        found = [self.literal()]
        while self.take(","):
            found.append(self.literal())
        self.demand(")")
        return tuple(found)

    def sum(self, depth: int) -> Node:
        left = self.product(depth)
        while token := self.take("+", "-"):
            left = Binary(token.text, left, self.product(depth), token.at)
        return left

    def product(self, depth: int) -> Node:
        left = self.atom(depth)
        while token := self.take("*"):
            left = Binary("*", left, self.atom(depth), token.at)
        return left

    def atom(self, depth: int) -> Node:
        if self.take("("):
            inside = self.either(depth + 1)
            self.demand(")")
            return inside
        if self.here.kind != "word":
            return self.literal()
        token = self.here
        self._position += 1
        if self.take("."):
            member = self.here
            if member.kind != "word":
                self.refuse("a field is missing", "write the name of a field after the dot")
            self._position += 1
            return Member(token.text, member.text, token.at)
        if self.take("("):
            return Call(token.text, self.arguments(depth), token.at)
        return Name(token.text, token.at)

    def arguments(self, depth: int) -> tuple[Node, ...]:
        if self.take(")"):
            return ()
        found = [self.either(depth + 1)]
        while self.take(","):
            found.append(self.either(depth + 1))
        self.demand(")")
        return tuple(found)

    def literal(self) -> Literal:
        token = self.here
        if token.kind == "number":
            if len(token.text) > len(str(MAX_NUMBER)) or int(token.text) > MAX_NUMBER:
                self.refuse("the number is too large", "write a number up to a million million")
            self._position += 1
            return Literal(int(token.text), Unit.NUMBER, token.at)
        if token.kind == "text":
            self._position += 1
            return Literal(token.text[1:-1], Unit.TEXT, token.at)
        if self.take("true", "false"):
            return Literal(token.text == "true", Unit.BOOLEAN, token.at)
        return self.refuse("a value is missing", "write a name, a number, 'text' or ( )")
