"""Everything that can be wrong in content/, from every package that reads it, in one list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from openregie.blind.items import counted
from openregie.blind.linkage.config import check_config
from openregie.blind.streams import declaration
from openregie.blind.streams.stream import Stream
from openregie.cli import themes
from openregie.cli.init import TEAMS
from openregie.cli.papers import impact
from openregie.cli.problem import Problem
from openregie.insight.errors import InsightError
from openregie.policy import keeping
from openregie.policy.book import PolicyBook
from openregie.policy.errors import PolicyError
from openregie.policy.question import Action, Question
from openregie.policy.table import permits
from openregie.policy.vocabulary import LISTS
from openregie.rules import book as rule_book

LANGUAGES = ("nl", "en")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same rules, ten times as quick
_LISTS = {"rows", "terms", "teams", "purposes", "data", "switches"}
_SEES_LAW = ("streams", "rules", "policies")


def check(content: Path) -> list[Problem]:
    """Every problem of content/, by file and line."""
    streams, _ = declaration.check_all(content / "streams")
    found = [
        *_streams(content),
        *_rules(content),
        *_laws(content),
        *_linkage(content),
        *_policies(content, streams),
        *_counts(content, streams),
        *_retention(content),
        *_themes(content),
        *impact.check(content, streams),
    ]
    return sorted({_shown(problem, content) for problem in found})


def _streams(content: Path) -> Iterator[Problem]:
    for one in declaration.check_all(content / "streams")[1]:
        yield Problem(f"streams/{one.path}", one.line, *_split(one.message))


def _rules(content: Path) -> Iterator[Problem]:
    try:
        problems = rule_book.check(content)
    except (yaml.YAMLError, OSError, KeyError, TypeError, ValueError, AttributeError):
        yield Problem("rules", 1, "cannot be judged while a stream is broken", "mend that first")
        return
    for one in problems:
        yield Problem(_find(content, one.file), one.line, one.what, one.remedy)


def _linkage(content: Path) -> Iterator[Problem]:
    for one in check_config(content / "linkage.yaml"):
        yield Problem("linkage.yaml", one.line, *_split(one.message))


def _themes(content: Path) -> Iterator[Problem]:
    for one in themes.check(content / "themes"):
        yield Problem(f"themes/{one.path}", one.line, one.message, one.remedy)


def _policies(content: Path, streams: dict[str, Stream]) -> Iterator[Problem]:
    """What is wrong in content/policies, and every stream whose linking no policy permits."""
    folder = content / "policies"
    broken = False
    for name in LISTS:
        root = _compose(folder / name, f"policies/{name}")
        if isinstance(root, Problem):
            broken = True
            yield root
    if broken:
        return
    try:
        book = PolicyBook(folder)
    except PolicyError as error:
        yield _policy_problem(folder, str(error))
        return
    except (OSError, KeyError, TypeError, ValueError, AttributeError, IndexError):
        yield Problem(
            "policies", 1, "does not have the form of its package", "compare with the release"
        )
        return
    yield from _received(book)
    yield from _permitted(book, streams)


def _policy_problem(folder: Path, said: str) -> Problem:
    """A refusal of the policy package, with the line of the row or policy that it names."""
    name, _, rest = said.partition(": ")
    name, _, row = name.partition(", ")
    if not (folder / name).is_file():
        return Problem("policies", 1, *_split(said))
    root = _compose(folder / name, name) if name.endswith(".yaml") else None
    line = 1 if root is None or isinstance(root, Problem) else _line_of(root, row)
    return Problem(f"policies/{name}", line, *_split(rest))


def _received(book: PolicyBook) -> Iterator[Problem]:
    """Every team that a law gives something needs a key to open it with."""
    for one in permits(book):
        if one.action is Action.RECEIVE and one.team not in TEAMS:
            what = f"team `{one.team}` receives by law and has no key"
            yield Problem("policies", 1, what, f"permit one of: {', '.join(TEAMS)}")


def _permitted(book: PolicyBook, streams: dict[str, Stream]) -> Iterator[Problem]:
    """A stream may be declared only where a policy permits its purpose in each of its lanes."""
    for stream in streams.values():
        for lane in stream.lanes:
            asked = Question(Action.COLLECT, str(lane), stream.law, stream.fact, stream.purpose_id)
            decision = book.authorize(asked)
            if not decision.allowed:
                yield Problem(
                    f"streams/{stream.name}.yaml",
                    1,
                    f"no policy permits purpose `{asked.purpose}` with `{asked.data}` in lane "
                    f"`{lane}`",
                    "name a purpose and a kind of data of content/policies, or have a policy made",
                )


def _counts(content: Path, streams: dict[str, Stream]) -> Iterator[Problem]:
    file = content / "counts.yaml"
    yield from _read(file, "counts.yaml", lambda: counted.load(file, streams), InsightError)


def _retention(content: Path) -> Iterator[Problem]:
    file = content / "retention.yaml"
    yield from _read(file, "retention.yaml", lambda: keeping.load(file), PolicyError)


def _read(
    file: Path, shown: str, load: Callable[[], object], refused: type[Exception]
) -> Iterator[Problem]:
    """The first problem that a package names when it reads its file."""
    root = _compose(file, shown)
    if isinstance(root, Problem):
        yield root
        return
    try:
        load()
    except refused as error:
        said = str(error).removeprefix(f"{file.name}, ").removeprefix(f"{file.name}: ")
        yield Problem(shown, _line_of(root, said), *_split(said))
    except KeyError as error:
        yield Problem(shown, 1, f"a row has no `{error.args[0]}`", "add it")
    except (TypeError, ValueError, AttributeError, IndexError):
        yield Problem(shown, 1, "does not have the form of its package", "compare with the release")


def _laws(content: Path) -> Iterator[Problem]:
    """Every law that a file names has a name for residents, in both languages."""
    root = _compose(content / "laws.yaml", "laws.yaml")
    if isinstance(root, Problem):
        yield root
        return
    named = dict(_entries(root))
    for key, node in named.items():
        texts = {name: value.value for name, value in _entries(node)}
        if missing := [one for one in LANGUAGES if not str(texts.get(one, "")).strip()]:
            what = f"law `{key}` has no name in `{missing[0]}`"
            yield Problem("laws.yaml", node.start_mark.line + 1, what, "add it")
    for folder in _SEES_LAW:
        for file in sorted((content / folder).rglob("*.yaml")):
            shown = file.relative_to(content).as_posix()
            used = _compose(file, shown)
            if isinstance(used, Problem):
                continue  # its own check names it
            for law, line in _used_laws(used):
                if law not in named:
                    remedy = "add a row with nl and en to laws.yaml"
                    yield Problem(shown, line, f"law `{law}` has no name", remedy)


def _used_laws(node: yaml.Node) -> Iterator[tuple[str, int]]:
    for key, value in _entries(node):
        if key == "law" and isinstance(value, yaml.ScalarNode):
            yield str(value.value), value.start_mark.line + 1
        elif key == "rows" and isinstance(value, yaml.SequenceNode):
            for row in value.value:
                yield from _used_laws(row)


def _compose(file: Path, shown: str) -> yaml.Node | Problem:
    """The YAML of a file with its lines, or why there is none."""
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError):
        return Problem(shown, 1, "cannot be read as UTF-8 text", "put the file back")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        remedy = "check indentation, colons and quotes"
        return Problem(shown, mark.line + 1 if mark else 1, "is not YAML", remedy)
    if not isinstance(root, yaml.MappingNode):
        return Problem(shown, 1, "is no mapping", "write `name: value` lines")
    return root


def _entries(node: yaml.Node) -> Iterable[tuple[str, Any]]:
    if not isinstance(node, yaml.MappingNode):
        return ()
    return ((str(key.value), value) for key, value in node.value)


def _line_of(root: yaml.Node, message: str) -> int:
    """Line of the row that a message names by number ("row 3") or by name ("count `x`")."""
    number, name = re.search(r"row (\d+)", message), re.search(r"count `([^`]*)`", message)
    for key, value in _entries(root):
        if not isinstance(value, yaml.SequenceNode):
            continue
        if number and key in _LISTS and int(number.group(1)) <= len(value.value):
            return int(value.value[int(number.group(1)) - 1].start_mark.line) + 1
        for row in value.value:
            if name and any(k == "count" and v.value == name.group(1) for k, v in _entries(row)):
                return int(row.start_mark.line) + 1
    return 1


def _split(message: str) -> tuple[str, str]:
    """What is wrong and what to do about it: our messages put a semicolon between."""
    what, _, remedy = message.partition("; ")
    return what, remedy


def _find(content: Path, name: str) -> str:
    """Where a file of the rules stands: a rule, a parameter, a table of cases or a stream."""
    for folder in ("rules", "parameters", "streams"):
        for file in sorted((content / folder).rglob(Path(name).name)):
            if file.as_posix().endswith(name):
                return file.relative_to(content).as_posix()
    return name


def _shown(problem: Problem, content: Path) -> Problem:
    path = f"{content.name}/{problem.path}"
    return Problem(path, problem.line, problem.message, problem.remedy)
