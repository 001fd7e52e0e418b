"""Parsers of what suppliers and browsers lay down: files, manifests, cells, returns."""

import datetime as dt
import json
from dataclasses import replace

import duckdb

from fuzz.target import CANARY, Broken, Target, folder, same
from hostile import cells as hostile_cells
from hostile import parquet_files, texts
from hostile.delivery import PLANTED, csv_of
from openregie.blind.streams import cells
from openregie.blind.streams.brp_testset import looks_like_testset, read_testset
from openregie.blind.streams.csv_file import read_csv
from openregie.blind.streams.encoding import decode, decode_utf8
from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.formats import is_lines, parse
from openregie.blind.streams.json_file import read_json
from openregie.blind.streams.manifest import parse_json_object, parse_manifest
from openregie.blind.streams.parquet_file import read_parquet
from openregie.blind.streams.returns import ReturnReader
from openregie.blind.streams.stream import Column, ColumnType
from openregie.envelope import age
from openregie.envelope.errors import AgeRefused
from unit.streams.deliveries import (
    BENEFIT,
    IDENTITY,
    LOG_PUBLIC,
    RECIPIENT,
    RUN_KEYS,
    STREAMS,
    TODAY,
    manifest_of,
    to_csv,
)
from unit.streams.test_brp_testset import HOME, PERSON, person_lists

_RENT = STREAMS["rent_arrears"]
_SMALL = 20_000


def _rows(raw):
    """Nothing is lost: every row of the file stands in the table or apart, once."""
    numbers = [*raw.table.column("#").to_pylist(), *(row.row_number for row in raw.shapeless)]
    same(sorted(numbers), list(range(1, raw.rows + 1)))
    for row in raw.shapeless:
        json.loads(row.row)


def _files(*cases):
    return [data for case in cases if len(data := case.bytes()) < _SMALL]


def _csv_seeds():
    yield from _files(*texts.ENCODINGS, *texts.SHAPES, *hostile_cells.CELLS)
    yield from (csv_of(delimiter=delimiter) for delimiter in ";\t")
    yield csv_of().replace(b"\r\n", b"\r")
    yield b'"ID";' + csv_of(delimiter=";")


def _json_seeds():
    yield from _files(*texts.JSON_FILES)
    signal = {"ID": "1", "client": {"Achternaam": CANARY}, "bedrag": 1.50}
    yield json.dumps({"leveringen": [{"vroegsignalen": [signal]}]}).encode()
    yield json.dumps(PLANTED).encode() + b"\n" + json.dumps(signal).encode()


def _parquet_seeds():
    yield from _files(*parquet_files.ALL)
    yield parquet_files.honest(compression="none", use_dictionary=False)
    yield parquet_files.honest(data_page_version="2.0", compression="gzip")
    yield parquet_files.crafted()


def _decode(data):
    text, _ = decode(data)
    if not text.startswith("\ufeff"):  # a second mark would pass for the first
        same(decode(text.encode("utf-8"))[0], text)
    decode_utf8(data)
    is_lines(data)


def _manifest(data):
    manifest = parse_manifest(parse_json_object(data))
    same(parse_manifest(manifest.to_json()), manifest)


def _manifest_seeds():
    good = manifest_of(csv_of(), "rent_arrears")
    yield json.dumps(good).encode()
    yield json.dumps(good | {"supplier": {"name": CANARY, "oin": CANARY}}).encode()
    yield json.dumps(good | {"delivered_on": CANARY, "attests": [CANARY, 1]}).encode()
    yield json.dumps(good | {"v": 1.0, "covers": {"from_on": "2026-02-30"}}).encode()
    yield b'{"v":1,"v":1}'
    yield b"[" * 3_000


_COLUMNS = tuple(
    Column(
        header=f"c{number}",
        field=f"c{number}",
        type=kind,
        words={},
        choices=("open",) if kind is ColumnType.CHOICE else (),
    )
    for number, kind in enumerate(ColumnType)
)


def _cell_query():
    """One SELECT that judges each text of a list as every type there is, as the run does."""
    names = [(column, f"t{n}", f"p{n}") for n, column in enumerate(_COLUMNS)]
    texts_of = ", ".join(
        f"{cells.cleaned(replace(column, header='cell'), present=True)} AS {t}"
        for column, t, _ in names
    )
    read = ", ".join(f"{cells.prepared(column, t)} AS {p}" for column, t, p in names)
    rules = [cells.cell_rule(column, t, p) for column, t, p in names]
    judged = ", ".join(f"CASE WHEN {r.valid} THEN ({r.key})::VARCHAR END" for r in rules)
    return (
        f"WITH given AS (SELECT unnest(?) AS cell), cleaned AS (SELECT DATE '{TODAY}' AS "
        f"delivered_on, {texts_of} FROM given), prepared AS (SELECT *, {read} FROM cleaned) "
        f"SELECT {judged} FROM prepared"
    )


_QUERY = _cell_query()
_CON = duckdb.connect(":memory:", config={"threads": 1, "temp_directory": ""})


def _judged(given):
    return _CON.execute(_QUERY, [given]).fetchall()


def _cell(data):
    """Each line is a cell. A text that passed is clean: it stays what it is."""
    given = data.decode("utf-8", "replace").split("\n")
    text_at = [column.type for column in _COLUMNS].index(ColumnType.TEXT)
    passed = []
    for row in _judged(given):
        for column, found in zip(_COLUMNS, row, strict=True):
            if found is None:
                continue
            if column.type is ColumnType.DATE:
                dt.date.fromisoformat(found)
            if column.type in {ColumnType.INTEGER, ColumnType.EUROS, ColumnType.DECIMAL_EUROS}:
                int(found)
        passed += [row[text_at]] if row[text_at] is not None else []
    if passed:
        same(sorted(row[text_at] for row in _judged(passed)), sorted(passed))


def _cell_seeds():
    cases = ("-0", "1.234,56", "=1", "+31(0)6", "2026-02-29", "1968-00", "00000000", "9" * 12)
    more = ("999993653", "1234 ab", "ja", "open", "{}", "@SUM(1)", "- cmd|'/C calc'!A0", "")
    yield "\n".join((*cases, *more)).encode()
    yield from (case.encode() for case in cases)
    yield "\u061c e\u0301 \u00a0\ufeff".encode()


def _return(data):
    inbox = folder("inbox")
    (inbox / "a.return").write_bytes(data)
    for name in ("corrections", "keys"):
        reader = ReturnReader(keys=RUN_KEYS, log=LOG_PUBLIC, on=TODAY)
        opened = reader.read(inbox, STREAMS[name])
        same(opened.raw.rows + len(opened.refused) + opened.waiting, 1)
        for one in opened.refused:
            if CANARY in one.reason.lower():
                raise Broken("a refused return repeats its input")


def _return_seeds():
    good = {"v": 1, "stream": "corrections", "mailbox": CANARY, "suite": "s1"}
    good |= {"kid": CANARY, "blob": "AAAA"}
    yield json.dumps(good).encode()
    yield json.dumps(good | {"stream": CANARY}).encode()
    yield json.dumps(good | {"stream": "keys", "suite": CANARY, "log": {"proof": CANARY}}).encode()
    yield b'{"v":1,"blob":"\\ud800"}'


def _age(data):
    plain = age.decrypt(data, identity=IDENTITY)
    same(age.decrypt(age.encrypt(plain, to=RECIPIENT), identity=IDENTITY), plain)


def _age_seeds():
    yield age.encrypt(b"", to=RECIPIENT)
    yield age.encrypt(CANARY.encode() * 3, to=RECIPIENT)
    yield b"age-encryption.org/v1\n-> X25519 zeehond\n"


def _testset(data):
    """Judged as the door does: what does not begin as a list is none."""
    if not looks_like_testset(data):
        raise DeliveryRefused(("no list of test persons",))
    raw = read_testset(data, STREAMS["population"])
    same(raw.table.num_rows + len(raw.shapeless), raw.rows)
    if CANARY in "".join(raw.dropped).lower():
        raise Broken("what was dropped repeats the input")


def _testset_seeds():
    person = PERSON | HOME | {"08.H": "58", "05.H": "7" * 5_000}
    good = person_lists((CANARY, person), ("", HOME | {"08.H": "58"}), ("b", PERSON))
    yield good
    yield good.replace(b"06.88.10", CANARY.encode())
    yield good.replace(b";", b"", 3)


def _streams(read, stream=_RENT):
    return lambda data: _rows(read(data, stream))


ALL = (
    Target("csv", _streams(read_csv), (DeliveryRefused,), _csv_seeds),
    Target("json", _streams(read_json), (DeliveryRefused,), _json_seeds),
    Target(
        "parquet", _streams(read_parquet), (DeliveryRefused,), _parquet_seeds, 16_384, changes=100
    ),
    Target(
        "format",
        _streams(parse, STREAMS["benefits"]),
        (DeliveryRefused,),
        lambda: [to_csv([BENEFIT]), *_json_seeds()],
    ),
    Target("testset", _testset, (DeliveryRefused,), _testset_seeds, 8192),
    Target("encoding", _decode, (DeliveryRefused,), lambda: _files(*texts.ENCODINGS)),
    Target("manifest", _manifest, (DeliveryRefused,), _manifest_seeds),
    Target("cell", _cell, (), _cell_seeds, 256, changes=60),
    Target("return", _return, (), _return_seeds),
    Target("age", _age, (AgeRefused,), _age_seeds),
)
