"""Typed look-ups in one mapping of a declaration; a miss becomes a problem and stops nothing."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Self

from openregie.blind.streams.errors import Problem
from openregie.blind.streams.stream import Words
from openregie.blind.streams.yaml_lines import Mapping, Node, Scalar, Sequence


class Fields:
    """Reads one mapping. A wrong value gives a stand-in of the right type and a problem."""

    def __init__(self, file: str, node: Mapping, problems: list[Problem] | None = None) -> None:
        """Share `problems` with the mappings inside."""
        self.file = file
        self.node = node
        self.problems: list[Problem] = [] if problems is None else problems

    def problem(self, key: str, what: str, remedy: str) -> None:
        """Note a problem on the line of `key`, or of the mapping when the key is missing."""
        line = self.node.lines.get(key, self.node.line)
        self.problems.append(Problem(self.file, line, f"`{key}`: {what}; {remedy}"))

    def refuse_unknown(self, known: AbstractSet[str]) -> None:
        """Note every key that the schema does not know."""
        for key in self.node.entries:
            if key not in known:
                self.problem(
                    key, "is no key of this schema", f"use one of {', '.join(sorted(known))}"
                )

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.node.entries

    def text(self, key: str, *, pattern: re.Pattern[str] | None = None) -> str:
        """A filled text."""
        value = self._scalar(key)
        if not isinstance(value, str) or not value.strip():
            self.problem(key, "must be a text", "fill it in, with quotes if it looks like a number")
            return "?"
        if pattern is not None and not pattern.fullmatch(value):
            self.problem(key, "has other characters than allowed", f"use {pattern.pattern}")
        return value

    def integer(self, key: str, *, at_least: int, at_most: int) -> int:
        """A whole number within bounds."""
        value = self._scalar(key)
        if (
            isinstance(value, bool)
            or not isinstance(value, int)
            or not at_least <= value <= at_most
        ):
            self.problem(key, "must be a whole number", f"from {at_least} to {at_most}")
            return at_least
        return int(value or 0)

    def boolean(self, key: str) -> bool:
        """True or false; false when missing."""
        if not self.has(key):
            return False
        value = self._scalar(key)
        if not isinstance(value, bool):
            self.problem(key, "must be true or false", "write true or false without quotes")
            return False
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """One of the allowed texts."""
        value = self._scalar(key)
        if value not in allowed:
            self.problem(key, "is not one of the allowed words", f"use {' | '.join(allowed)}")
            return str(allowed[0])
        return str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of different texts."""
        node = self.node.entries.get(key)
        values = [
            item.value if isinstance(item, Scalar) else None
            for item in (node.items if isinstance(node, Sequence) else ())
        ]
        texts = tuple(value for value in values if isinstance(value, str) and value)
        if not isinstance(node, Sequence) or len(texts) != len(values):
            self.problem(key, "must be a list of texts", "write [one, two], numbers in quotes")
        if len(set(texts)) != len(texts):
            self.problem(key, "has the same word twice", "keep one of the two")
        return texts

    def choices(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """A list of different texts, each allowed."""
        texts = self.texts(key)
        if not set(texts) <= set(allowed):
            self.problem(key, "is not one of the allowed words", f"use {' | '.join(allowed)}")
        return tuple(text for text in texts if text in allowed)

    def mapping(self, key: str) -> Self:
        """A mapping inside this one."""
        node = self.node.entries.get(key)
        if not isinstance(node, Mapping):
            self.problem(key, "must be a mapping", "write {key: value, ...}")
            node = Mapping(self.node.lines.get(key, self.node.line), {}, {})
        return type(self)(self.file, node, self.problems)

    def items(self, key: str) -> list[Self]:
        """A list of mappings."""
        node: Node | None = self.node.entries.get(key)
        if not isinstance(node, Sequence):
            self.problem(key, "must be a list", "write - {key: value, ...} per line, or []")
            return []
        found = []
        for item in node.items:
            if isinstance(item, Mapping):
                found.append(type(self)(self.file, item, self.problems))
            else:
                message = f"`{key}`: an entry is no mapping; write {{key: value, ...}}"
                self.problems.append(Problem(self.file, item.line, message))
        return found

    def words(self) -> Words:
        """The Dutch and the English of this mapping."""
        return Words(nl=self.text("nl"), en=self.text("en"))

    def words_of(self, key: str) -> Words:
        """The Dutch and the English under `key`."""
        inner = self.mapping(key)
        inner.refuse_unknown({"nl", "en"})
        return inner.words()

    def _scalar(self, key: str) -> str | int | bool | None:
        node = self.node.entries.get(key)
        return node.value if isinstance(node, Scalar) else None
