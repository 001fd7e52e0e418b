"""Declarations: those of the project hold, and every mistake is named by file, line and remedy."""

import re

import pytest

from openregie.blind.streams.declaration import check_all, load_all, read_declaration
from openregie.blind.streams.errors import DeclarationInvalid
from openregie.blind.streams.stream import COMMON_COLUMNS, Kind, Words
from openregie.terms import Domain, Lane
from unit.streams.deliveries import STREAMS

GOOD = """\
stream: library
version: 1
title: {nl: Bibliotheek, en: Library}
says: {nl: "Pas {card}", en: "Card {card}"}
source: {kind: municipality, nl: gemeente, en: municipality}
law: bibliotheekwet
article: "art. 5"
certainty: verify
lanes: [own-view]
purpose: {id: own-situation, nl: tonen, en: showing}
domain: care
fact: provision
kind: events
freshness_days: 45
retention_days: 400
attests:
  - {id: asked, nl: gevraagd, en: asked}
columns:
  - {name: Pas, as: card, type: text, required: true, key: true, nl: pas, en: card}
  - {name: Soort, as: sort, type: choice, choices: [a, b],
     labels: {a: {nl: A, en: A}}, nl: soort, en: sort}
  - {name: Boete, as: fine_cents, type: euros, minimum: 0, maximum: 100, nl: boete, en: fine}
  - {name: Geboren, as: birth_on, type: partial_date, role: birth_on, nl: geboren, en: born}
  - {name: Dag, as: on_day_on, type: date, required: true, event: true, nl: dag, en: day}
"""


def problems(tmp_path, text, name="library"):
    file = tmp_path / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    stream, found = read_declaration(file)
    assert (stream is None) == bool(found)
    return [(problem.line, problem.message) for problem in found]


def test_every_declared_stream_of_the_project_holds():
    assert len(STREAMS) == 17
    assert list(STREAMS) == sorted(STREAMS)
    for stream in STREAMS.values():
        assert stream.table_columns().items() >= COMMON_COLUMNS.items()
        assert stream.retention_days >= 1


def test_a_declaration_becomes_a_stream(tmp_path):
    (tmp_path / "library.yaml").write_text(GOOD)
    (stream,) = load_all(tmp_path).values()
    assert (stream.name, stream.kind, stream.domain) == ("library", Kind.EVENTS, Domain.CARE)
    assert stream.lanes == (Lane.OWN_VIEW,)
    assert stream.says == Words("Pas {card}", "Card {card}")
    assert stream.columns[1].labels == {"a": Words("A", "A")}
    assert [column.field for column in stream.keys] == ["card"]
    assert stream.event.header == "Dag"
    assert {role: c.header for role, c in stream.roles.items()} == {"birth_on": "Geboren"}
    assert list(stream.table_columns())[-5:] == [
        "birth_on",
        "birth_year",
        "birth_month",
        "birth_reported",
        "on_day_on",
    ]
    assert stream.column("Nee") is None
    assert hash(stream.columns[0]) != 0


MISTAKES = [
    # what to replace, by what, line, words
    ("version: 1", "version: one", 2, "`version`: must be a whole number; from 1"),
    ("version: 1", "version: true", 2, "`version`: must be a whole number"),
    ("stream: library", "stream: books", 1, "differs from the file's name"),
    ("stream: library", "stream: Library", 1, "other characters than allowed"),
    (
        "title: {nl: Bibliotheek, en: Library}",
        "title: {nl: Bibliotheek}",
        3,
        "`en`: must be a text",
    ),
    (
        "title: {nl: Bibliotheek, en: Library}",
        "title: Bibliotheek",
        3,
        "`title`: must be a mapping",
    ),
    ("Pas {card}", "Pas {number}", 4, "a {placeholder} is no column"),
    ("law: bibliotheekwet", "law: ", 6, "`law`: must be a text"),
    ("law: bibliotheekwet\n", "", 1, "`law`: must be a text"),
    ("certainty: verify", "certainty: maybe", 8, "use sure | verify"),
    ("lanes: [own-view]", "lanes: [everything]", 9, "use wgs | own-view | counts"),
    ("lanes: [own-view]", "lanes: []", 9, "names no lane"),
    ("lanes: [own-view]", "lanes: [wgs, wgs]", 9, "the same word twice"),
    ("lanes: [own-view]", "lanes: own-view", 9, "must be a list of texts"),
    ("domain: care", "domain: sport", 11, "use money | housing | care | work | family"),
    ("kind: events", "kind: stream", 13, "use snapshot | events"),
    ("kind: events", "kind: snapshot", 18, "a snapshot has no `event` column"),
    ("freshness_days: 45", "freshness_days: 0", 14, "from 1 to 36500"),
    ("freshness_days: 45", "fresh_days: 45", 14, "`fresh_days`: is no key of this schema"),
    ("attests:\n", "attests:\n  - {id: asked, nl: x, en: x}\n", 18, "stands twice"),
    ("attests:\n  -", "attests:\n  - asked\n  -", 17, "an entry is no mapping"),
    ("  - {name: Pas", "  - {name: Dag", 24, "this header stands twice"),
    ("as: card", "as: record_id", 19, "`record_id` is taken already"),
    ("as: sort", "as: birth_year", 23, "`birth_year` is taken already"),
    ("as: fine_cents", "as: fine", 22, "must end in `_cents`"),
    ("as: on_day_on", "as: day", 24, "must end in `_on`"),
    ("minimum: 0, maximum: 100", "minimum: 5, maximum: 1", 22, "above the maximum"),
    ("type: text", "type: text, minimum: 1", 19, "only numbers and amounts have bounds"),
    ("type: text", "type: words", 19, "use text | bsn"),
    ("choices: [a, b],\n", "\n", 20, "`choices` and `type: choice` go together"),
    ("labels: {a:", "labels: {c:", 21, "`c`: is no key of this schema"),
    ("role: birth_on", "role: surname", 23, "role `surname` has type text"),
    ("role: birth_on", "role: mother", 23, "use bsn | initials"),
    ("required: true, key: true", "key: true", 19, "must be filled"),
    ("required: true, key: true", "required: yes please, key: true", 19, "true or false"),
    ("key: true", "event: false", 18, "no column is `key: true`"),
    ("type: date, required", "type: text, required", 24, "an event column is a whole date"),
    ("version: 1", "version: 1\nversion: 2", 3, "`version` stands twice"),
    ("version: 1", "version: &a 1\nadapters: *a", 3, "uses an alias"),
    ("version: 1", "version: {", 4, "not YAML"),
    ("version: 1", "? [a]\n: 1\nversion: 1", 2, "a key is not a word"),
    ("version: 1", "version: 1\nadapters: [excel]", 3, "use brp-testset"),
    ("version: 1", "version: 1\nsealed_return: maybe", 3, "must be true or false"),
    ("kind: events\n", "kind: snapshot\nsealed_return: true\n", 14, "only events come back sealed"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), MISTAKES)
def test_a_mistake_is_named_by_its_line_and_remedy(tmp_path, old, new, line, words):
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new, 1))
    assert any(at == line and words in message for at, message in found), found
    assert all("; " in message for _, message in found)


@pytest.mark.parametrize("text", ["", "# nothing", "[]", "x", "\t", "a: b: c", "\x07", "- [" * 500])
def test_a_file_that_is_no_declaration_is_named(tmp_path, text):
    assert problems(tmp_path, text)


def test_a_file_in_another_encoding_is_named(tmp_path):
    (tmp_path / "library.yaml").write_bytes("stream: é".encode("cp1252"))
    _, found = read_declaration(tmp_path / "library.yaml")
    assert [str(problem) for problem in found] == [
        "library.yaml, line 1: not UTF-8; save the file as UTF-8"
    ]
    _, (found,) = read_declaration(tmp_path / "absent.yaml")
    assert "cannot be read" in found.message


def test_one_bad_file_leaves_the_others_readable_but_never_loads_silently(tmp_path):
    (tmp_path / "library.yaml").write_text(GOOD)
    (tmp_path / "other.yaml").write_text(GOOD)
    streams, found = check_all(tmp_path)
    assert list(streams) == ["library"]
    assert [problem.path for problem in found] == ["other.yaml"]
    with pytest.raises(DeclarationInvalid, match=r"other\.yaml, line 1"):
        load_all(tmp_path)


def test_an_empty_folder_is_a_mistake(tmp_path):
    with pytest.raises(DeclarationInvalid, match=re.escape("holds no stream declaration")):
        load_all(tmp_path)
