"""Read content/streams/: one file per stream, every problem named by file and line."""

from __future__ import annotations

import re
from pathlib import Path

from openregie.blind.streams import yaml_lines
from openregie.blind.streams.declared_columns import read_columns
from openregie.blind.streams.errors import DeclarationInvalid, Problem
from openregie.blind.streams.fields import Fields
from openregie.blind.streams.stream import ADAPTERS, Condition, Kind, Stream
from openregie.terms import Domain, Lane

_KEYS = frozenset(
    [
        "stream",
        "version",
        "title",
        "source",
        "law",
        "article",
        "decree",
        "certainty",
        "lanes",
        "purpose",
        "domain",
        "fact",
        "says",
        "kind",
        "freshness_days",
        "retention_days",
        "attests",
        "adapters",
        "sealed_return",
        "columns",
    ]
)
_CERTAINTIES = ("sure", "verify")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MAX_DAYS = 36_500  # a hundred years: for as long as the municipality keeps it


def load_all(directory: Path) -> dict[str, Stream]:
    """Every declared stream by name, sorted. Raises DeclarationInvalid with all problems."""
    streams, problems = check_all(directory)
    if problems:
        raise DeclarationInvalid(problems)
    return streams


def check_all(directory: Path) -> tuple[dict[str, Stream], tuple[Problem, ...]]:
    """The streams that hold, by name, and every problem of those that do not."""
    files = sorted(directory.glob("*.yaml"))
    if not files:
        message = "holds no stream declaration (*.yaml); point at content/streams/"
        return {}, (Problem(directory.name, 1, message),)
    streams: dict[str, Stream] = {}
    problems: list[Problem] = []
    for file in files:
        stream, found = read_declaration(file)
        problems.extend(found)
        if stream is not None:
            streams[stream.name] = stream
    return streams, tuple(problems)


def read_declaration(file: Path) -> tuple[Stream | None, tuple[Problem, ...]]:
    """One declaration; None when it has a problem."""
    root, problems = yaml_lines.read_yaml(file)
    if not isinstance(root, yaml_lines.Mapping):
        return None, (Problem(file.name, root.line, "is no mapping; start with `stream: name`"),)
    if problems:
        return None, tuple(problems)
    fields = Fields(file.name, root)
    fields.refuse_unknown(_KEYS)
    stream = _stream(fields)
    _check_whole(fields, stream, file.stem)
    found = tuple(sorted(fields.problems, key=lambda problem: problem.line))
    return (None, found) if found else (stream, ())


def _stream(fields: Fields) -> Stream:
    source, purpose = fields.mapping("source"), fields.mapping("purpose")
    source.refuse_unknown({"kind", "nl", "en"})
    purpose.refuse_unknown({"id", "nl", "en"})
    return Stream(
        name=fields.text("stream", pattern=_NAME),
        version=fields.integer("version", at_least=1, at_most=10_000),
        title=fields.words_of("title"),
        source_kind=source.text("kind", pattern=_NAME),
        source=source.words(),
        law=fields.text("law", pattern=_NAME),
        article=fields.text("article"),
        decree=fields.text("decree") if fields.has("decree") else None,
        certainty=fields.choice("certainty", _CERTAINTIES),
        lanes=tuple(Lane(lane) for lane in fields.choices("lanes", tuple(Lane))),
        purpose_id=purpose.text("id", pattern=re.compile(r"[a-z][a-z0-9-]*")),
        purpose=purpose.words(),
        domain=Domain(fields.choice("domain", tuple(Domain))),
        fact=fields.text("fact", pattern=_NAME),
        kind=Kind(fields.choice("kind", tuple(Kind))),
        freshness_days=fields.integer("freshness_days", at_least=1, at_most=_MAX_DAYS),
        retention_days=fields.integer("retention_days", at_least=1, at_most=_MAX_DAYS),
        says=fields.words_of("says") if fields.has("says") else None,
        attests=_conditions(fields),
        adapters=fields.choices("adapters", ADAPTERS) if fields.has("adapters") else (),
        sealed_return=fields.boolean("sealed_return"),
        columns=read_columns(fields),
    )


def _conditions(fields: Fields) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    for item in fields.items("attests"):
        item.refuse_unknown({"id", "nl", "en"})
        conditions.append(Condition(item.text("id", pattern=_NAME), item.words()))
        if [c.condition_id for c in conditions].count(conditions[-1].condition_id) > 1:
            item.problem("id", "this condition stands twice", "keep one of the two")
    return tuple(conditions)


def _check_whole(fields: Fields, stream: Stream, stem: str) -> None:
    if stream.name != stem:
        fields.problem(
            "stream", "differs from the file's name", f"call the file {stream.name}.yaml"
        )
    if not stream.lanes:
        fields.problem("lanes", "names no lane", "name at least one lane")
    if not stream.keys:
        fields.problem("columns", "no column is `key: true`", "mark what names one record")
    events = [column for column in stream.columns if column.event]
    if stream.kind is Kind.EVENTS and len(events) != 1:
        what = "a stream of events needs exactly one `event: true` column"
        fields.problem("columns", what, "mark the day the record is about")
    if stream.kind is Kind.SNAPSHOT and events:
        what = "a snapshot has no `event` column"
        fields.problem("columns", what, "remove `event` or declare `kind: events`")
    known = {column.field for column in stream.columns}
    for text in (stream.says.nl, stream.says.en) if stream.says else ():
        if not set(_PLACEHOLDER.findall(text)) <= known:
            fields.problem("says", "a {placeholder} is no column", "use a name given with `as`")
    if stream.sealed_return and stream.kind is not Kind.EVENTS:
        fields.problem("sealed_return", "only events come back sealed", "declare `kind: events`")
