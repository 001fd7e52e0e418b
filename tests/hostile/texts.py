"""Hostile CSV and JSON files: encodings, shapes, bombs."""

import bz2
import gzip
import io
import json
import lzma
import zipfile

from hostile.delivery import GOOD, PLANTED, QUARANTINED, REFUSED, Hostile, csv_of
from unit.streams.deliveries import BENEFIT, to_csv

_HEAD = csv_of(PLANTED).split(b"\r\n")[0]
_ROW = csv_of(PLANTED).split(b"\r\n")[1]
_GOOD = csv_of(GOOD).split(b"\r\n")[1]
_MB = 1024**2


def _lines(*lines, end=b"\r\n"):
    return end.join([_HEAD, *lines]) + end


def _json(*rows):
    return b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)


def _zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("kanariepad.csv", b"0" * (8 * _MB))
    return out.getvalue()


def _headed(change):
    return change(_HEAD.decode()).encode() + b"\r\n" + _ROW + b"\r\n"


ENCODINGS = (
    Hostile(
        "UTF-16 with mark",
        "another encoding",
        REFUSED,
        "UTF-16",
        csv_of(PLANTED, encoding="utf-16"),
    ),
    Hostile(
        "UTF-16 without mark",
        "an encoding that does not say so",
        REFUSED,
        "UTF-16 or not text at all",
        csv_of(PLANTED, encoding="utf-16-be"),
    ),
    Hostile("UTF-32", "four bytes per sign", REFUSED, "UTF-16", csv_of(PLANTED, encoding="utf-32")),
    Hostile(
        "EBCDIC",
        "the encoding of an old mainframe",
        REFUSED,
        "no header of stream|mixes UTF-8",
        csv_of(PLANTED, encoding="cp500"),
    ),
    Hostile(
        "UTF-7",
        "letters hidden as +AD0-",
        REFUSED,
        "not declared",
        _headed(lambda head: head.replace("bedrag", "+AGI-edrag")),
    ),
    Hostile(
        "two encodings in one file",
        "UTF-8 and Windows-1252 mixed",
        REFUSED,
        "mixes UTF-8",
        csv_of(PLANTED | {"status": "é"}) + _ROW + "é".encode("cp1252"),
    ),
    Hostile(
        "a mark that lies",
        "UTF-8 mark before Windows-1252",
        REFUSED,
        "begins as UTF-8 but is not",
        b"\xef\xbb\xbf" + csv_of(PLANTED | {"status": "é"}, encoding="cp1252"),
    ),
    Hostile(
        "overlong UTF-8",
        "a slash written in two bytes",
        REFUSED,
        "neither UTF-8 nor Windows-1252|holds signs no name has|mixes",
        _lines(_ROW.replace(b"Kanariepad", b"\xc0\xaf\x81")),
    ),
    Hostile(
        "surrogates in UTF-8",
        "half a character as three bytes",
        REFUSED,
        "mixes UTF-8|neither UTF-8",
        _lines(_ROW.replace(b"Kanariepad", b"\xed\xa0\x80")),
    ),
    Hostile("nothing", "an empty file", REFUSED, "file: empty", b""),
    Hostile(
        "only white space",
        "a file of marks and line ends",
        REFUSED,
        "file: empty",
        b"\xef\xbb\xbf \r\n\t",
    ),
    Hostile("only NUL bytes", "a sparse file", REFUSED, "not text at all", b"\0" * 4096),
    Hostile(
        "a program",
        "an ELF file under a CSV name",
        REFUSED,
        "not text at all|no header",
        b"\x7fELF\x02\x01\x01" + b"\0" * 64,
    ),
    Hostile(
        "a web page",
        "HTML of a login page",
        REFUSED,
        "no header of stream",
        b"<!doctype html><title>Zeehond</title><p>777777777</p>",
    ),
)

SHAPES = (
    Hostile(
        "a row too long",
        "one cell too many",
        QUARANTINED,
        "has 18 cells",
        _lines(_ROW + b",zeehond", _GOOD),
        rows=2,
    ),
    Hostile(
        "a row too short",
        "a cell left out",
        QUARANTINED,
        "has 16 cells",
        _lines(_ROW.rpartition(b",")[0], _GOOD),
        rows=2,
    ),
    Hostile(
        "an open quote",
        "a quote that is never closed",
        QUARANTINED,
        "quotes do not match",
        _lines(_GOOD, b'"' + _ROW),
        rows=2,
    ),
    Hostile(
        "quote bomb",
        "5,000 rows that each open a quote",
        REFUSED,
        "quotes do not match in over 1000",
        _lines(*[b'"x"x' + _ROW] * 5_000),
    ),
    Hostile(
        "nothing but quotes",
        "200,000 quotes in one cell",
        QUARANTINED,
        "quotes do not match|longer than",
        _lines(b'"' * 199_999, _GOOD),
        rows=2,
    ),
    Hostile(
        "a line of 300,000 signs",
        "a cell that fills a line",
        REFUSED,
        "line 2: longer than",
        _lines(_ROW + b"Z" * 300_000),
    ),
    Hostile(
        "a long line with old Mac line ends",
        "a long line after CR",
        REFUSED,
        "line 2: longer than",
        _lines(_ROW + b"Z" * 300_000, end=b"\r"),
    ),
    Hostile(
        "a header twice",
        "two columns with one name",
        REFUSED,
        "same header as column",
        _headed(lambda head: head.replace("status", "bedrag")),
    ),
    Hostile(
        "an empty header",
        "a column without a name",
        REFUSED,
        "column 17: has no header",
        _headed(lambda head: head.replace("status", "")),
    ),
    Hostile(
        "no header line",
        "values where headers should be",
        REFUSED,
        "no header of stream",
        _ROW + b"\r\n" + _GOOD,
    ),
    Hostile(
        "zero width in a header",
        "a header that only looks right",
        REFUSED,
        "not declared.*is `status` meant",
        _headed(lambda h: h.replace("status", "sta\u200btus")),
    ),
    Hostile(
        "turned writing in a header",
        "a header written backwards",
        REFUSED,
        "not declared",
        _headed(lambda head: head.replace("status", "\u202esutats\u202c")),
    ),
    Hostile(
        "look-alike letters in a header",
        "Cyrillic letters",
        REFUSED,
        "not declared",
        _headed(lambda head: head.replace("status", "st\u0430tus")),
    ),
    Hostile(
        "mark in the middle",
        "two files pasted together",
        QUARANTINED,
        "column `bedrag`",
        csv_of(PLANTED) + b"\xef\xbb\xbf" + csv_of(GOOD),
        rows=3,
    ),
    Hostile(
        "10,000 columns",
        "a header line without end",
        REFUSED,
        "more than 200 columns|longer",
        _HEAD + b",x" * 10_000 + b"\r\n",
    ),
    Hostile(
        "columns of another stream",
        "too much was sent",
        REFUSED,
        "not declared for stream",
        to_csv([PLANTED | {"burgerservicenummer": "999993653"}]),
    ),
    Hostile(
        "the file of another stream",
        "benefits as rent arrears",
        REFUSED,
        "no header of stream",
        to_csv([BENEFIT | {"regeling": "Zeehond"}]),
    ),
    Hostile("zip", "a bomb in a zip file", REFUSED, "an archive", _zip),
    Hostile(
        "gzip",
        "a bomb in a gzip file",
        REFUSED,
        "an archive",
        lambda: gzip.compress(b"0" * (8 * _MB)),
    ),
    Hostile(
        "bzip2", "a bomb in a bzip2 file", REFUSED, "an archive", lambda: bz2.compress(b"0" * _MB)
    ),
    Hostile("xz", "a bomb in an xz file", REFUSED, "an archive", lambda: lzma.compress(b"0" * _MB)),
    Hostile(
        "an old spreadsheet",
        "an XLS file",
        REFUSED,
        "a spreadsheet",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
    ),
)

JSON_FILES = (
    Hostile(
        "JSON that nests 20,000 deep",
        "a depth bomb",
        QUARANTINED,
        "not JSON|nests deeper",
        _json(GOOD, b'{"zeehond":' * 20_000 + b"1" + b"}" * 20_000),
        rows=2,
    ),
    Hostile(
        "a document that nests deep",
        "a depth bomb in one piece",
        REFUSED,
        "not JSON",
        b'{"leveringen":' + b"[" * 200_000,
    ),
    Hostile(
        "a document of empty objects",
        "millions of values in few bytes",
        REFUSED,
        "holds more than",
        lambda: b'{"leveringen":[{"vroegsignalen":[' + b"[]," * 4_000_000 + b"[]]}]}",
    ),
    Hostile(
        "a JSON key twice",
        "the second overwrites the first",
        QUARANTINED,
        "stands twice",
        _json(GOOD, b'{"ID":"zeehond","ID":"zeehond"}'),
        rows=2,
    ),
    Hostile(
        "nested and dotted",
        "one column in two ways",
        QUARANTINED,
        "nested and dotted",
        _json(GOOD, {"client": {"Postcode": "1"}, "client.Postcode": "2"}),
        rows=2,
    ),
    Hostile(
        "a number of 100,000 digits",
        "slow to read as a number",
        QUARANTINED,
        "`bedrag`",
        _json(
            GOOD,
            json.dumps(PLANTED | {"bedrag": 0})
            .replace('"bedrag": 0', '"bedrag": ' + "7" * 100_000)
            .encode(),
        ),
        rows=2,
    ),
    Hostile(
        "NaN", "a number that is none", QUARANTINED, "NaN", _json(GOOD, b'{"bedrag":NaN}'), rows=2
    ),
    Hostile(
        "half a character",
        "a lone surrogate",
        QUARANTINED,
        "half a character",
        _json(GOOD, b'{"status":"zeehond\\ud800"}'),
        rows=2,
    ),
    Hostile(
        "half a character in a key",
        "a lone surrogate as a name",
        REFUSED,
        "a key is not declared",
        _json(GOOD, b'{"\\ud800":"zeehond"}'),
    ),
    Hostile(
        "a list for a value",
        "two amounts in one cell",
        QUARANTINED,
        "a list stands",
        _json(GOOD, PLANTED | {"bedrag": [1, 2]}),
        rows=2,
    ),
    Hostile(
        "a JSON list",
        "not one object per line",
        REFUSED,
        "a JSON list",
        json.dumps([PLANTED]).encode(),
    ),
    Hostile(
        "keys without end",
        "10,000 different keys",
        REFUSED,
        "not declared",
        _json({f"zeehond{n}": 1 for n in range(10_000)}),
    ),
    Hostile(
        "JSON in UTF-16",
        "another encoding",
        REFUSED,
        "not UTF-8|UTF-16|not text",
        json.dumps(PLANTED).encode("utf-16"),
    ),
)
