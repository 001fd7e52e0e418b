"""YAML with line numbers, so that a mistake in content/ can be named by its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from openregie.blind.streams.errors import Problem

_INTEGER = "tag:yaml.org,2002:int"
_BOOLEAN = "tag:yaml.org,2002:bool"
_NULL = "tag:yaml.org,2002:null"
_TRUE = {"yes", "true", "on"}
_MAX_DIGITS = 20
"""Of a whole number; a longer one stays text, and is no number anywhere."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value and the line it stands on."""

    line: int
    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list and the line it starts on."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their nodes and lines, and the line the mapping starts on."""

    line: int
    entries: dict[str, Node]
    lines: dict[str, int]


Node = Scalar | Sequence | Mapping


def read_yaml(file: Path) -> tuple[Node, list[Problem]]:
    """The document as nodes, and every problem of form. Unreadable text gives an empty mapping."""
    empty = Mapping(1, {}, {})
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        return empty, [Problem(file.name, 1, "not UTF-8; save the file as UTF-8")]
    except OSError:
        return empty, [Problem(file.name, 1, "cannot be read; check the rights on the file")]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return empty, [Problem(file.name, line, "not YAML; check indentation, colons and quotes")]
    except (yaml.YAMLError, RecursionError):
        reason = "not YAML; remove control characters and endless nesting"
        return empty, [Problem(file.name, 1, reason)]
    if root is None:
        return empty, [Problem(file.name, 1, "is empty; write a declaration or remove the file")]
    problems: list[Problem] = []
    return _node(root, 1, file.name, problems, set()), problems


def _node(node: yaml.Node, line: int, file: str, problems: list[Problem], seen: set[int]) -> Node:
    if id(node) in seen:  # an alias may nest without end
        problems.append(Problem(file, line, "uses an alias (*); write the value out"))
        return Scalar(line, None)
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, file, problems, seen)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(
            line,
            tuple(
                _node(item, item.start_mark.line + 1, file, problems, seen) for item in node.value
            ),
        )
    return Scalar(line, _scalar(node))


def _mapping(node: yaml.MappingNode, file: str, problems: list[Problem], seen: set[int]) -> Mapping:
    entries: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append(Problem(file, line, "a key is not a word; use a plain word as key"))
            continue
        name = str(key.value)
        if name in entries:
            problems.append(Problem(file, line, f"`{name}` stands twice; keep one of the two"))
        entries[name] = _node(value, line, file, problems, seen)
        lines[name] = line
    return Mapping(node.start_mark.line + 1, entries, lines)


def _scalar(node: yaml.Node) -> str | int | bool | None:
    text = str(node.value)
    if node.tag == _NULL:
        return None
    if node.tag == _BOOLEAN:
        return text.lower() in _TRUE
    if node.tag == _INTEGER and text.lstrip("-").isdecimal() and len(text) <= _MAX_DIGITS:
        return int(text)
    return text
