"""The same rows in every format and encoding give the same records."""

import contextlib
import io
import json
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openregie.blind.streams import csv_file, limits
from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.formats import parse
from openregie.envelope import age
from unit.streams.deliveries import (
    BENEFIT,
    RECIPIENT,
    RENT,
    STREAMS,
    deliver,
    quarantined,
    read_inbox,
    table,
    to_csv,
)

ROWS = [
    RENT | {"client.Achternaam": "Müller-d'Orléans", "client.Straatnaam": "Hoofdstraat, 1e deel"},
    RENT | {"ID": "R-2", "client.Voorvoegsel": "", "client.Geboortedatum": "1968", "bedrag": "0"},
    RENT | {"ID": 'R-"3"', "client.Plaatsnaam": "Ny\u00e9 \\ Ee", "crisissignaal": "J"},
]
RENT_STREAM = STREAMS["rent_arrears"]


def nested(row):
    """A flat row as the exchange model nests it."""
    out = {}
    for name, value in row.items():
        place = out
        *path, last = name.split(".")
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return out


def to_json_lines(rows):
    return "\n".join(json.dumps(nested(row), ensure_ascii=False) for row in rows).encode()


def to_document(rows):
    signals = [nested(row) for row in rows]
    return json.dumps(
        {
            "startdatumLevering": "2026-10-01",
            "einddatumLevering": "2026-10-31",
            "aanleverdatumEnTijd": "2026-11-05T10:00:00",
            "codeGegevensleverancier": "1",
            "leveringen": [
                {
                    "teller": 1,
                    "gemeentecode": "0000",
                    "aanleverende_organisatie": "Linde",
                    "vroegsignalen": signals[:1],
                },
                {
                    "teller": 2,
                    "gemeentecode": "0000",
                    "aanleverende_organisatie": "Linde",
                    "vroegsignalen": signals[1:],
                },
            ],
        },
        indent=2,
    ).encode()


def to_parquet(rows, schema=None, **options):
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), out, **options)
    return out.getvalue()


FORMATS = {
    "comma": to_csv,
    "semicolon": lambda rows: to_csv(rows, delimiter=";"),
    "tab": lambda rows: to_csv(rows, delimiter="\t"),
    "byte order mark": lambda rows: to_csv(rows, encoding="utf-8-sig"),
    "Windows-1252": lambda rows: to_csv(rows, delimiter=";", encoding="cp1252"),
    "old Mac line ends": lambda rows: to_csv(rows).replace(b"\r\n", b"\r"),
    "Unix line ends": lambda rows: to_csv(rows).replace(b"\r\n", b"\n"),
    "JSON Lines": to_json_lines,
    "JSON Lines with dotted keys": lambda rows: "\r\n".join(map(json.dumps, rows)).encode(),
    "one JSON line": to_json_lines,
    "DDAS document": to_document,
    "Parquet": to_parquet,
    "nested Parquet": lambda rows: to_parquet([nested(row) for row in rows]),
    "Parquet with compression": lambda rows: to_parquet(rows, compression="zstd"),
    "Parquet in small groups": lambda rows: to_parquet(rows, row_group_size=1),
}


def records(tmp_path, data):
    deliver(tmp_path, data, "rent_arrears")
    con, report = read_inbox(tmp_path)
    rows = [
        {k: v for k, v in row.items() if k != "delivery_id"} for row in table(con, "rent_arrears")
    ]
    return rows, report.files[0]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "age"])
def test_every_format_gives_the_same_records(tmp_path, name, encrypted):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    data = FORMATS[name](ROWS)
    expected, _ = records(tmp_path / "a", to_csv(ROWS))
    assert len(expected) == 3
    found, file = records(tmp_path / "b", age.encrypt(data, to=RECIPIENT) if encrypted else data)
    assert found == expected
    assert (file.rows, file.accepted, file.refused) == (3, 3, ())


def test_parquet_with_its_own_types_gives_the_same_record(tmp_path):
    row = BENEFIT | {
        "bedragPerMaand": Decimal("1401.50"),
        "ingangsdatum": date(2024, 1, 1),
        "einddatum": None,
        "norm": None,
    }
    deliver(tmp_path, to_parquet([row]), "benefits")
    con, _ = read_inbox(tmp_path)
    assert table(con, "benefits", "amount_cents", "started_on", "ends_on", "norm") == [
        (140_150, date(2024, 1, 1), None, None)
    ]


def test_parquet_as_data_frames_write_it_is_read_without_loss(tmp_path):
    row = RENT | {
        "bedrag": 125.0,
        "client.Huisnummer": 12,
        "crisissignaal": False,
        "signaaldatum": datetime(2026, 11, 1),  # noqa: DTZ001 - as data frames write days
        "ontstaansdatum": None,
    }
    other = row | {"ID": "R-2", "bedrag": 99.5}
    deliver(tmp_path, to_parquet([row]), "rent_arrears")
    deliver(tmp_path, to_parquet([row | {"ID": "R-3"}, other]), "rent_arrears", oin="2")
    con, _ = read_inbox(tmp_path)
    assert table(con, "rent_arrears", "signal_id", "amount_cents", "signalled_on", "crisis")[0] == (
        "R-1",
        12_500,
        date(2026, 11, 1),
        False,
    )
    assert [(row["ID"], reason) for *_, reason, row in quarantined(con)] == [
        ("R-2", "column `bedrag`: not whole euros (write 1250, no separators), from 0 to 100000")
    ]


@pytest.mark.parametrize(
    "options",
    [{}, {"use_dictionary": False}, {"data_page_version": "2.0"}, {"compression": "zstd"}],
    ids=str,
)
def test_parquet_without_a_row_is_a_delivery_too(options):
    schema = pa.schema([(header, pa.string()) for header in RENT])
    raw = parse(to_parquet([], schema, **options), RENT_STREAM)
    assert (raw.rows, raw.table.num_rows, raw.shapeless) == (0, 0, ())


def test_parquet_written_as_views_is_read():
    schema = pa.schema([(header, pa.string_view()) for header in RENT])
    raw = parse(to_parquet([RENT], schema), RENT_STREAM)
    assert raw.table.column("ID").to_pylist() == ["R-1"]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"])),
            min_size=1,
            max_size=4,
        ).map(";".join),
        max_size=6,
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(max_examples=200, deadline=None)
def test_the_quick_way_through_a_csv_file_sees_what_the_slow_way_sees(lines, end):
    headers = ["a", "b", "c"]
    text = end.join(["a;b;c", *lines])
    quick = csv_file._plain_table(text, ";", headers)
    if quick is not None:
        slow = csv_file._gather(csv_file._rows(text, ";"), headers, "")
        assert quick.to_pylist() == slow.table.to_pylist()
        assert slow.shapeless == ()


def test_a_ragged_row_waits_alone(tmp_path):
    lines = to_csv([RENT, RENT | {"ID": "R-2"}, RENT | {"ID": "R-3"}]).split(b"\r\n")
    lines[2] = lines[2] + b",extra"
    deliver(tmp_path, b"\r\n".join(lines), "rent_arrears")
    con, report = read_inbox(tmp_path)
    assert table(con, "rent_arrears", "row_number", "signal_id") == [(1, "R-1"), (3, "R-3")]
    ((number, _, reason, row),) = quarantined(con)
    assert (number, reason) == (2, "has 18 cells where the header has 17")
    assert row["cells"][-1] == "extra"
    assert report.files[0].rows == 3


@pytest.mark.parametrize("broken", ['"R-2"x', '"R-2'])
def test_a_lost_quote_costs_one_row(tmp_path, broken):
    lines = to_csv([RENT | {"ID": f"R-{n}"} for n in range(1, 6)]).decode().split("\r\n")
    lines[2] = lines[2].replace("R-2", broken)
    deliver(tmp_path, "\r\n".join(lines).encode(), "rent_arrears")
    con, report = read_inbox(tmp_path)
    assert [n for (n,) in table(con, "rent_arrears", "row_number")] == [1, 3, 4, 5]
    ((number, _, reason, row),) = quarantined(con)
    assert (number, reason) == (2, "quotes do not match")
    assert row["line"].startswith(broken)
    assert report.files[0].rows == 5


def test_a_line_end_inside_quotes_belongs_to_the_cell(tmp_path):
    deliver(tmp_path, to_csv([RENT | {"status": "open\nsinds mei"}]), "rent_arrears")
    con, _ = read_inbox(tmp_path)
    assert table(con, "rent_arrears", "status") == [("open sinds mei",)]


BROKEN_LINES = {
    "not JSON": "{'ID': 1}",
    "not a JSON object": "[1]",
    "NaN and Infinity are no JSON": '{"bedrag": NaN}',
    "the same key stands twice in one object": '{"ID": "1", "ID": "2"}',
    "a list stands where one value belongs": '{"ID": ["1"]}',
    "holds half a character": '{"ID": "\\ud800"}',
    "the same column stands twice, nested and dotted": (
        '{"client": {"Postcode": "1"}, "client.Postcode": "2"}'
    ),
    "nests deeper than 8 objects": '{"a":' * 9 + "1" + "}" * 9,
}


@pytest.mark.parametrize("reason", BROKEN_LINES)
def test_a_broken_json_line_waits_alone(tmp_path, reason):
    good = to_json_lines([RENT, RENT | {"ID": "R-2"}]).split(b"\n")
    data = b"\n".join([good[0], BROKEN_LINES[reason].encode(), b"", good[1]])
    deliver(tmp_path, data, "rent_arrears")
    con, _ = read_inbox(tmp_path)
    assert table(con, "rent_arrears", "row_number", "signal_id") == [(1, "R-1"), (3, "R-2")]
    ((number, _, told, row),) = quarantined(con)
    assert (number, told) == (2, reason)
    assert row == {"line": BROKEN_LINES[reason]}


def test_a_deeply_nested_bomb_is_one_broken_line(tmp_path):
    data = to_json_lines([RENT]) + b"\n" + b'{"a":' * 20_000 + b"1" + b"}" * 20_000
    deliver(tmp_path, data, "rent_arrears")
    con, _ = read_inbox(tmp_path)
    assert len(quarantined(con)) == 1


REFUSED = {
    "an archive or a spreadsheet": b"PK\x03\x04rest",
    "file: empty": b"\xef\xbb\xbf \r\n",
    "UTF-16": to_csv([RENT]).decode().encode("utf-16"),
    "UTF-16 or not text at all": to_csv([RENT]).decode().encode("utf-16-le"),
    "mixes UTF-8": to_csv([ROWS[0]]) + "\xe9".encode("cp1252"),
    "begins as UTF-8 but is not": b"\xef\xbb\xbf" + to_csv([ROWS[0]], encoding="cp1252"),
    "neither UTF-8 nor Windows-1252": to_csv([RENT]) + b"\x81",
    "holds signs no name has": to_csv([RENT | {"status": "\u2021"}], encoding="cp1252"),
    "the first line has no header": b"1;2;3\n4;5;6\n",
    "not JSON": b'{"ID": ',
    "a JSON list": b'[{"ID": "1"}]',
    "`leveringen`: must be a list": b'{"leveringen": {}}',
    "keys that this stream does not take": b'{"leveringen": [], "x": 1}',
    "number 1: must be an object": b'{"leveringen": [1]}',
    "number 1: has keys": b'{"leveringen": [{"vroegsignaalzaken": []}]}',
    "`vroegsignalen`: must be a list": b'{"leveringen": [{"vroegsignalen": 1}]}',
    "not readable as Parquet": b"PAR1" + b"\0" * 50 + b"PAR1",
    "line 2: longer than": to_csv([RENT | {"status": "x" * 300_000}]),
    "column `bedrag`: not a type": to_parquet([RENT | {"bedrag": [1]}]),
    "without --armor": b"-----BEGIN AGE ENCRYPTED FILE-----\n",
    "encrypted twice": age.encrypt(b"x", to=RECIPIENT),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_a_delivery_is_refused_with_its_reason(words):
    with pytest.raises(DeliveryRefused) as refused:
        parse(REFUSED[words], RENT_STREAM)
    assert any(words in reason for reason in refused.value.reasons)


def test_json_must_be_utf_8():
    with pytest.raises(DeliveryRefused, match="not UTF-8"):
        parse('{"ID": "é"}'.encode("cp1252"), RENT_STREAM)


@pytest.mark.parametrize(
    ("limit", "value", "data", "words"),
    [
        ("MAX_ROWS", 2, to_csv(ROWS), "more than 2 rows"),
        ("MAX_ROWS", 2, to_csv(ROWS).replace(b'"', b""), "more than 2 rows"),
        ("MAX_ROWS", 2, to_json_lines(ROWS), "more than 2 rows"),
        ("MAX_ROWS", 2, to_parquet(ROWS), "more than 2 rows"),
        ("MAX_COLUMNS", 5, to_csv(ROWS), "more than 5 columns"),
        ("MAX_COLUMNS", 5, to_parquet(ROWS), "more than 5 columns"),
        ("MAX_EXPANDED_BYTES", 100, to_parquet(ROWS), "expands to more than 100 bytes"),
        ("MAX_FILE_BYTES", 100, to_csv(ROWS), "larger than 100 bytes"),
        ("MAX_DOCUMENT_BYTES", 100, to_document(ROWS), "JSON document above 100 bytes"),
        ("MAX_LINE_CHARS", 100, to_json_lines(ROWS), "a line is longer than 100"),
    ],
)
def test_limits_are_named_in_the_refusal(monkeypatch, limit, value, data, words):
    modules = [
        limits,
        *(
            m
            for name, m in __import__("sys").modules.items()
            if name.startswith("openregie.blind.streams")
        ),
    ]
    for module in modules:
        if hasattr(module, limit):
            monkeypatch.setattr(module, limit, value)
    with pytest.raises(DeliveryRefused, match=words):
        parse(data, RENT_STREAM)


def repeated(cell, rows):
    """A Parquet file in which every row has the same status, written once."""
    table = pa.Table.from_pylist([RENT] * rows).drop_columns("status")
    status = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([cell]))
    out = io.BytesIO()
    pq.write_table(table.append_column("status", status), out, compression="zstd")
    return out.getvalue()


def test_a_small_parquet_file_that_repeats_a_giant_cell_is_refused_before_it_grows():
    giant = repeated("x" * 1_000_000, 5_000)
    assert len(giant) < 50_000
    with pytest.raises(DeliveryRefused, match="a cell is longer"):
        parse(giant, RENT_STREAM)


def test_a_parquet_bomb_of_many_middling_cells_is_refused_before_it_grows():
    bomb = repeated("x" * 200_000, 50_000)
    assert len(bomb) < 50_000
    with pytest.raises(DeliveryRefused, match="expands to more"):
        parse(bomb, RENT_STREAM)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_refused_or_read_and_never_crash(data):
    for start in (b"", b"PAR1", b"{", b"ID,bedrag\n", b"\xef\xbb\xbf"):
        with contextlib.suppress(DeliveryRefused):
            parse(start + data, RENT_STREAM)
