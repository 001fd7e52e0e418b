"""A declaration as JSON: what a supplier's own browser needs to judge a file before it leaves.

Read by browser/streams/declaration.js; nothing secret is in it. `minimum` and `maximum` are as in
`Column`: for amounts in euro cents.
"""

from __future__ import annotations

from openregie.blind.streams.stream import Column, Stream, Words

VERSION = 1


def published(stream: Stream) -> dict[str, object]:
    """The declaration of one stream as JSON."""
    return {
        "v": VERSION,
        "stream": stream.name,
        "version": stream.version,
        "title": _words(stream.title),
        "source": {"kind": stream.source_kind, **_words(stream.source)},
        "freshnessDays": stream.freshness_days,
        "attests": [{"id": one.condition_id, **_words(one.words)} for one in stream.attests],
        "columns": [published_column(column) for column in stream.columns],
    }


def published_column(column: Column) -> dict[str, object]:
    """One column as JSON."""
    return {
        "header": column.header,
        "field": column.field,
        "type": column.type.value,
        **_words(column.words),
        "required": column.required,
        "event": column.event,
        "role": column.role,
        "choices": list(column.choices),
        "minimum": column.minimum,
        "maximum": column.maximum,
    }


def _words(words: Words) -> dict[str, str]:
    return {"nl": words.nl, "en": words.en}
