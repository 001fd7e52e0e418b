"""What the run makes of cells and files, for the browser to agree with.

Run `python -m unit.streams.make_cell_vectors` in tests/ after a change of a rule.
"""

import base64
import dataclasses
import json
import tempfile
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from openregie.blind.streams.checking import check_file
from openregie.blind.streams.conversion import Origin, convert, create_tables
from openregie.blind.streams.published import published, published_column
from openregie.blind.streams.raw import ROW_NUMBER, RawDelivery
from openregie.blind.streams.stream import Column, ColumnType, Words
from unit.streams.deliveries import RENT, STREAMS, TODAY, to_csv

FOLDER = Path(__file__).parents[3] / "vectors" / "streams"
SEEKERS = STREAMS["job_seekers"]
BLANKS = ["", " ", "\t", "\u00a0", "\u2003", "\u2007\ufeff\u202f", "\u200b", "x", "0"]
ISO = [TODAY + timedelta(days=days) for days in (-400, -1, 0, 1, 400)]
DATES = [
    *(day.isoformat() for day in ISO),
    *(day.strftime("%Y%m%d") for day in ISO),
    *(day.strftime("%d-%m-%Y") for day in ISO),
    *("1800-01-01", "1799-12-31", "0001-01-01", "0000-01-01", "9999-12-31", "10000-01-01"),
    *("2024-02-29", "2023-02-29", "2000-02-29", "1900-02-29", "2026-04-31", "2026-13-01"),
    *("2026-00-10", "2026-01-00", "2026-2-3", "11/01/2026", "45962", "gisteren", "2026-11-01 "),
    *("2026-11-01T00:00:00", "\u0662\u0660\u0662\u0666-11-01", "-2026-11-01", "20260230"),
]
PARTIAL = [
    *("1968", "1968-03", "19680300", "19680000", "1968-00-00", "00-00-1968", "00-03-1968"),
    *("00000000", "0000-00-00", "00-00-0000", "0000", "0000-00", "00001200", "00000012"),
    *("19680015", "19681300", "1968-13", "1968-3", "68", "1799", "1800", "2026", "2027"),
    *("2026-11", "2026-12", "196803", "1968-00"),
]
NUMBERS = [
    *("1", "12", "007", "-1", "-0", "-5", "+5", "1.0", "1,0", "1.250", "1e3", "0x10", "1_000"),
    *("99999", "100000", "999999999", "1000000000", "4294967297", "\u0661\u0662", "1 2", "12a"),
    *("NaN", "-", "\u22125", "\uff11"),
]
AMOUNTS = [
    *("1401,50", "1401.50", "0,5", "0.05", "-0,50", "-12,34", "12,", ",5", "1,234", "1.234,56"),
    *("10000,01", "999999999,99", "\u20ac 12", " 12,34 ", "12,345", "0,29", "1,1", "4,35", "-0,00"),
]
TEXTS = [
    *("  open ", "e\u0301", "\u00e9", "a\tb", "a\nb", "a\r\nb", "=cmd|' /C calc'!A0", "<b>", '"'),
    *("a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "a\x9fb", "a\u00a0b", "a\u200eb", "a\u202eb"),
    *("a\u2066b", "a\u2028b", "a\u200db", "\U0001f600", "x" * 4_000, "x" * 4_001),
    *("@SUM(1)", "+31", "-2", "-", "- (a)", "-a (b", "+ 1|2", "@a|b", "\uff1d1", " =1", "a=1"),
    *("-a\nb(", "-a|b!c", "- a|b!c", "+cmd|' /C calc'!A0", "\uff0bSUM(1)", "\uff20a(", "\uff0d1"),
    *("- betaald (deels)", "+31(0)6", "-1+SUM(1)", "- SUM(1)", "-a\u2028|!", "+a|\u2028!"),
    *("-\u2028a(", "+a\u2028b("),
    *("a\u061cb", "a\U000e0041b", "a\U000e0080b"),
    *("\U0001f600" * 4_000, "e\u0301" * 4_000, "\ufb01", "\u212b", "a\u0323\u0307"),
]
POSTCODES = ["1234AB", "1234 ab", "1234\u00a0AB", " 12 34 a b", "0234AB", "1234", "1234A1"]
POSTCODES += ["B-1000", "1234\u00df", "1234\u017ft", "1234\u0131i", "1234\ufb01", "1234\u00c9A"]
BSNS = ["999993653", "10000008", "010000008", "999993654", "123456789", "000000000", "00000000"]
BSNS += ["1234567", "9999.93.653", "-99993653", "9999936530", "999993653 ", "999 993653"]
WORDS = ["ja", "JA", "J", "j", "true", "True", "1", "nee", "N", "FALSE", "2", "yes", "waar"]
CHOICES = ["Huur", "huur", " Huur ", "Huur'; --", "Zorg", "HUUR", "\u0048uur"]
JSONS = ["{}", "[1,2]", '"a"', "null", "1", '{"a":{"b":[true]}}', "{", "{'a':1}", "nul", "1 2"]


def column(kind, **more):
    return Column("kolom", "it_on", ColumnType(kind), Words("kolom", "column"), **more)


VARIANTS = [
    (column("text"), TEXTS),
    (column("text", required=True), ["a"]),
    (column("bsn", required=True), BSNS),
    (column("postcode"), POSTCODES),
    (column("integer"), NUMBERS),
    (column("integer", minimum=1, maximum=99_999), NUMBERS),
    (column("integer", minimum=-5), NUMBERS),
    (column("boolean"), WORDS),
    (column("date"), DATES),
    (column("date", event=True, required=True), DATES),
    (column("partial_date"), DATES + PARTIAL),
    (column("partial_date", role="birth_on"), DATES + PARTIAL),
    (column("euros"), NUMBERS + AMOUNTS),
    (column("euros", minimum=0, maximum=10_000_000), NUMBERS + AMOUNTS),
    (column("decimal_euros"), NUMBERS + AMOUNTS),
    (column("decimal_euros", minimum=0, maximum=1_000_050), NUMBERS + AMOUNTS),
    (column("choice", choices=("Huur", "Zorg verzekering")), CHOICES),
    (column("json"), JSONS),
]

HEADER = b"burgerservicenummer,inschrijfdatum,gewenstBeroep\n"
GOOD = b"999993653,2026-01-01,kok\n"
FILES = {
    "one row": HEADER + GOOD,
    "header alone": HEADER,
    "semicolons and Windows line ends": (HEADER + GOOD).replace(b",", b";").replace(b"\n", b"\r\n"),
    "tabs and old line ends": (HEADER + GOOD).replace(b",", b"\t").replace(b"\n", b"\r"),
    "no line end at the end": (HEADER + GOOD).rstrip(),
    "spaces around headers": HEADER.replace(b",", b" , ") + GOOD,
    "UTF-8 with BOM": b"\xef\xbb\xbf" + HEADER + GOOD,
    "BOM twice": b"\xef\xbb\xbf\xef\xbb\xbf" + HEADER + GOOD,
    "Windows-1252": HEADER + b"999993653,2026-01-01,caf\xe9 \x80\n",
    "undefined in Windows-1252": HEADER + b"999993653,2026-01-01,\x81\n",
    "implausible in Windows-1252": HEADER + b"999993653,2026-01-01,\xa4\n",
    "two encodings": HEADER + b"999993653,2026-01-01,caf\xe9 \xc3\xa9\n",
    "BOM and not UTF-8": b"\xef\xbb\xbf" + HEADER + b"\xff",
    "UTF-16": (HEADER + GOOD).decode().encode("utf-16"),
    "UTF-16 without BOM": (HEADER + GOOD).decode().encode("utf-16-le"),
    "empty": b"",
    "blank": b" \n\r\n\t",
    "zip": b"PK\x03\x04" + HEADER,
    "spreadsheet": b"\xd0\xcf\x11\xe0" + HEADER,
    "another file": b"naam;adres\nJan;hier\n",
    "too much": HEADER.replace(b"\n", b",geloof\n") + GOOD.replace(b"\n", b",x\n"),
    "required header missing": b"burgerservicenummer,gewenstBeroep\n999993653,kok\n",
    "optional header missing": b"burgerservicenummer,inschrijfdatum\n999993653,2026-01-01\n",
    "header twice": HEADER.replace(b"\n", b",gewenstBeroep\n") + GOOD,
    "header empty": HEADER.replace(b"\n", b",\n") + GOOD,
    "many columns": HEADER.replace(b"\n", b"," * 201 + b"\n"),
    "wrong cells": HEADER + b"123456789,2026-13-40,kok\n" + GOOD + b",,\n",
    "ragged": HEADER + b"1,2\n" + GOOD + b"1,2,3,4\n",
    "blank lines between": HEADER + b"\n\r\n" + GOOD + b"\n" + b"1,2\n",
    "a space alone": HEADER + b" \n" + GOOD,
    "quoted": HEADER + b'"999993653","2026-01-01","kok, ""chef"""\n',
    "quoted over lines": HEADER + b'999993653,2026-01-01,"kok\nof bakker"\n' + GOOD + b"1,2\n",
    "quote inside a word": HEADER + b'999993653,2026-01-01,k"ok"\n',
    "after a quote": HEADER + b'999993653,2026-01-01,"kok"s\n' + GOOD,
    "space after a quote": HEADER + b'999993653,"2026-01-01" ,kok\n' + GOOD,
    "quote never closed": HEADER + b'999993653,2026-01-01,"kok\n' + GOOD + GOOD,
    "quote opens twice": HEADER + b'999993653,2026-01-01,"kok\n' + GOOD + b'1,2,"a"b\n' + GOOD,
    "quoted headers": b'"burgerservicenummer";"inschrijfdatum"\n999993653;2026-01-01\n',
    "blank quoted row": HEADER + b'""\n' + GOOD,
    "NUL in a cell": HEADER + b"999993653,2026-01-01,kok\x00s\n",
    "new line of another alphabet": HEADER + "999993653,2026-01-01,a\u2028b\x0bc\x85d\n".encode(),
    "long line": HEADER + b"999993653,2026-01-01," + b"x" * 262_144 + b"\n",
    "long cell": HEADER + b"999993653,2026-01-01," + b"x" * 4_001 + b"\n",
    "day of delivery and after": HEADER + b"999993653,2026-11-05,a\n999993653,2026-11-06,b\n",
}


def judged(one, texts):
    """What the run makes of each text: the values, or the reason."""
    key = Column("ID", "key", ColumnType.TEXT, Words("kenmerk", "reference"), key=True)
    stream = dataclasses.replace(STREAMS["rent_arrears"], columns=(key, one))
    numbers = range(1, len(texts) + 1)
    table = pa.table(
        {
            ROW_NUMBER: pa.array(numbers, pa.int32()),
            "ID": pa.array([str(number) for number in numbers], pa.string()),
            one.header: pa.array(texts, pa.string()),
        }
    )
    origin = Origin.of_file(
        delivery_id="d", supplier="s", supplier_oin="1", delivered_on=TODAY, oldest_on=date.min
    )
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        create_tables(con, [stream])
        convert(con, stream, RawDelivery("CSV", "UTF-8", table, (), len(texts)), origin)
        names = list(one.table_columns())
        listed = ", ".join(f'"{name}"' for name in names)
        good = con.execute(f"SELECT row_number, {listed} FROM rent_arrears").fetchall()
        bad = con.execute("SELECT row_number, reason FROM quarantine").fetchall()
    found = {
        number: {"values": dict(zip(names, map(_plain, values), strict=True))}
        for number, *values in good
    }
    found |= {number: {"reason": reason.removeprefix("column `kolom`: ")} for number, reason in bad}
    return [{"text": text, **found[number]} for number, text in enumerate(texts, start=1)]


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value


def cells():
    return {
        "deliveredOn": TODAY.isoformat(),
        "cases": [
            {"column": published_column(one), "cells": judged(one, BLANKS + texts)}
            for one, texts in VARIANTS
        ],
    }


def files():
    made = [_file(name, data, SEEKERS) for name, data in FILES.items()]
    rows = [RENT, RENT | {"bedrag": "x", "client.Postcode": "y", "ID": ""}, RENT | {"status": "ok"}]
    made.append(_file("rent", to_csv(rows, delimiter=";"), STREAMS["rent_arrears"]))
    return {
        "deliveredOn": TODAY.isoformat(),
        "declarations": {n: published(STREAMS[n]) for n in ("job_seekers", "rent_arrears")},
        "cases": made,
    }


def _file(name, data, stream):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.write_bytes(data)
        report = check_file(file, stream, today=TODAY).to_json()
    told = {key: report[key] for key in ("encoding", "rows", "reasons", "errors")}
    body = base64.b64encode(data).decode()
    return {"name": name, "stream": stream.name, "data": body, **told}


def text_of(made):
    return json.dumps(made, indent=1, ensure_ascii=True, sort_keys=True) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "cells.json").write_text(text_of(cells()))
    (FOLDER / "files.json").write_text(text_of(files()))
