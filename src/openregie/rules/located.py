"""YAML with line numbers, and a form that collects every mistake in it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from openregie.rules.errors import Problem
from openregie.rules.words import Words

Path_ = tuple[str | int, ...]


YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel has it: the same result, eight times as fast."""


class Form:
    """One YAML document, asked for one field at a time; every mistake becomes a Problem.

    A field that is wrong gives a harmless value of its type, so that all mistakes show at once.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._lines: dict[Path_, int] = {}
        self.data = self._load()

    def _load(self) -> dict[str, Any]:
        try:
            root = yaml.compose(self.file.read_text(encoding="utf-8"), Loader=YAML_LOADER)
            data = self._build(root, ()) if root is not None else None
        except (OSError, UnicodeDecodeError):
            self.problem((), "cannot be read as UTF-8 text", "save the file as UTF-8")
            return {}
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            self._lines[()] = mark.line + 1 if mark else 1
            self.problem((), "not YAML", "check indentation, colons, quotes and dates")
            return {}
        if not isinstance(data, dict):
            self.problem((), "is no mapping", "write `name: value` lines")
            return {}
        return data

    def _build(self, node: yaml.Node, path: Path_) -> Any:
        self._lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            found: dict[str, Any] = {}
            for key_node, value in node.value:
                key = str(key_node.value)
                self._lines[(*path, key)] = key_node.start_mark.line + 1
                if key in found:
                    self.problem((*path, key), f"`{key}` stands twice", "keep one of the two")
                found[key] = self._build(value, (*path, key))
            return found
        if isinstance(node, yaml.SequenceNode):
            return [self._build(item, (*path, i)) for i, item in enumerate(node.value)]
        return yaml.SafeLoader("").construct_object(node)

    def problem(self, path: Path_, what: str, remedy: str) -> None:
        """Note a mistake at the line of a field, or of the nearest field around it."""
        while path and path not in self._lines:
            path = path[:-1]
        self.problems.append(Problem(self.file.name, self._lines.get(path, 1), what, remedy))

    def get(self, *path: str | int) -> Any:
        """What stands at a path; None when nothing does."""
        here: Any = self.data
        for part in path:
            if isinstance(here, dict):
                here = here.get(part)
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                here = here[part]
            else:
                return None
        return here

    def only(self, path: Path_, keys: Collection[str]) -> None:
        """Refuse every key of a mapping that is not in `keys`."""
        here = self.get(*path)
        for key in here if isinstance(here, dict) else ():
            if key not in keys:
                remedy = f"remove it or choose one of: {', '.join(sorted(keys))}"
                self.problem((*path, key), f"unknown key `{key}`", remedy)

    def text(self, *path: str | int, pattern: str | None = None) -> str:
        """A text that is not empty."""
        found = self.get(*path)
        if not isinstance(found, str) or not found.strip():
            self.problem(path, f"`{path[-1]}` is missing or no text", "write a text")
            return ""
        if pattern is not None and re.fullmatch(pattern, found) is None:
            remedy = "use lower case letters, digits and hyphens"
            self.problem(path, f"`{path[-1]}` has another form", remedy)
            return ""
        return found.strip()

    def choice(self, choices: Collection[str], *path: str | int) -> str:
        """One of the choices."""
        found = self.get(*path)
        if found not in choices:
            remedy = f"choose one of: {', '.join(choices)}"
            self.problem(path, f"`{path[-1]}` is missing or unknown", remedy)
            return next(iter(choices))
        return str(found)

    def whole(self, *path: str | int, least: int, most: int, missing: int | None = None) -> int:
        """A whole number within bounds; `missing` is what an absent field means."""
        found = self.get(*path)
        if found is None and missing is not None:
            return missing
        if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
            remedy = f"write a whole number from {least} to {most}"
            self.problem(path, f"`{path[-1]}` is missing or no such number", remedy)
            return least
        return found

    def day(self, *path: str | int) -> date:
        """A date, written as 2026-11-05."""
        found = self.get(*path)
        if type(found) is not date:
            self.problem(path, f"`{path[-1]}` is missing or no date", "write it as 2026-11-05")
            return date(1900, 1, 1)
        return found

    def last_day(self, *path: str | int) -> date | None:
        """A date, or nothing for no end."""
        return None if self.get(*path) is None else self.day(*path)

    def words(self, *path: str | int) -> Words:
        """A text in both languages: `{nl: ..., en: ...}`; other keys are left alone."""
        return Words(self.text(*path, "nl"), self.text(*path, "en"))

    def texts(self, *path: str | int) -> tuple[str, ...]:
        """A list of texts."""
        found = self.get(*path)
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self.problem(path, f"`{path[-1]}` is missing or no list of texts", "write [one, two]")
            return ()
        return tuple(found)

    def names(self, *path: str | int) -> list[str]:
        """Keys of a mapping, in the order written."""
        found = self.get(*path)
        if found is None:
            return []
        if not isinstance(found, dict):
            self.problem(path, f"`{path[-1]}` is no mapping", "write `name: value` lines")
            return []
        return list(found)

    def rows(self, *path: str | int) -> range:
        """Positions in a list; an absent list is empty."""
        found = self.get(*path)
        if found is None:
            return range(0)
        if not isinstance(found, list):
            self.problem(path, f"`{path[-1]}` is no list", "start each row with `- `")
            return range(0)
        return range(len(found))
