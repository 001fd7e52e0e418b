"""Deliveries for the tests, made from the declarations themselves."""

import csv
import hashlib
import io
import json
import random
from datetime import date, timedelta
from pathlib import Path

import duckdb

from openregie.blind.streams.declaration import load_all
from openregie.blind.streams.intake import receive
from openregie.blind.streams.reading import read
from openregie.envelope import age
from openregie.envelope.custody import RUN_SUITES, RunKeys
from openregie.envelope.keys import PrivateKey, VerifyKey
from openregie.envelope.suites import SignatureAlgorithm
from openregie.logbook.checkpoint import LogSigner
from openregie.terms import silent

STREAMS = load_all(Path(__file__).parents[3] / "content" / "streams")
RANDOM = random.Random(7).randbytes
IDENTITY = age.new_identity(RANDOM)
RECIPIENT = age.recipient_of(IDENTITY)
RUN_KEYS = RunKeys(
    "lindestad",
    {suite.name: PrivateKey.generate(suite, random_bytes=RANDOM) for suite in RUN_SUITES},
    {},
    IDENTITY,
)
LOG = LogSigner("openregie.example/log/lindestad", RANDOM(32))
LOG_PUBLIC = (LOG.name, VerifyKey.from_bytes(SignatureAlgorithm.ED25519, LOG.verifier.public))
TODAY = date(2026, 11, 5)
OIN = "00000001234567890000"

BSNS = ("999993653", "999990639", "999991425", "999994803", "999993239", "999992387")

RENT = {
    "ID": "R-1",
    "signaalpartner.type": "Huur",
    "client.Voorletters": "J.",
    "client.Voorvoegsel": "de",
    "client.Achternaam": "Vries",
    "client.Geboortedatum": "1980-03-17",
    "client.Straatnaam": "Dorpsstraat",
    "client.Postcode": "1234 ab",
    "client.Huisnummer": "12",
    "client.Huisnummertoevoeging": "a",
    "client.Plaatsnaam": "Lindestad",
    "crisissignaal": "nee",
    "warmeOverdracht": "",
    "bedrag": "125",
    "ontstaansdatum": "2026-08-01",
    "signaaldatum": "2026-11-01",
    "status": "open",
}

BENEFIT = {
    "uitkeringsnummer": "U-1",
    "burgerservicenummer": BSNS[0],
    "partnerBsn": "",
    "regeling": "levensonderhoud",
    "norm": "alleenstaande",
    "bedragPerMaand": "1401,50",
    "ingangsdatum": "2024-01-01",
    "einddatum": "",
}


def person(number=0, **cells):
    """One row of the population register."""
    row = {column.header: "" for column in STREAMS["population"].columns}
    row |= {
        "burgerservicenummer": BSNS[number],
        "voornamen": "Jan",
        "voorletters": "J.",
        "geslachtsnaam": "Vries",
        "geboortedatum": "19800317",
        "straat": "Dorpsstraat",
        "postcode": "1234AB",
        "huisnummer": "12",
        "adresseerbaarObject": "0001010000000001",
    }
    return row | cells


def to_csv(rows, delimiter=",", encoding="utf-8", headers=None):
    """Rows as CSV bytes."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headers or list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def manifest_of(data, stream, *, delivered_on=TODAY, oin=OIN, **changes):
    """The manifest that goes with the bytes."""
    until_on = delivered_on - timedelta(days=1)
    return {
        "v": 1,
        "stream": stream,
        "supplier": {"name": "Woonstichting Linde", "oin": oin},
        "delivered_on": delivered_on.isoformat(),
        "covers": {
            "from_on": (until_on - timedelta(days=27)).isoformat(),
            "until_on": until_on.isoformat(),
        },
        "attests": [condition.condition_id for condition in STREAMS[stream].attests],
        "sha256": hashlib.sha256(data).hexdigest(),
    } | changes


def deliver(tmp_path, data, stream, *, today=None, name="delivery", **changes):
    """Put one file through the door of the inbox in `tmp_path`."""
    file = tmp_path / name
    file.write_bytes(data)
    manifest = manifest_of(data, stream, **changes)
    return receive(
        file,
        manifest,
        streams=STREAMS,
        inbox=tmp_path / "inbox",
        run_recipient=RECIPIENT,
        today=today or changes.get("delivered_on", TODAY),
    )


def read_inbox(tmp_path, *, on=TODAY, keys=RUN_KEYS, streams=STREAMS):
    """What the run reads: the connection and the report."""
    con = duckdb.connect(":memory:", config={"temp_directory": ""})
    report = read(
        con,
        inbox=tmp_path / "inbox",
        keys=keys,
        log=LOG_PUBLIC,
        streams=streams,
        on=on,
        progress=silent,
    )
    return con, report


def table(con, name, *columns):
    """Rows of one table as dicts, or the chosen columns as tuples."""
    rows = con.sql(f'SELECT * FROM "{name}"').to_arrow_table().to_pylist()
    if columns:
        return sorted((tuple(row[c] for c in columns) for row in rows), key=str)
    return rows


def quarantined(con):
    """The rows kept back: row number, column, reason and the row as JSON."""
    rows = con.execute(
        "SELECT row_number, column_name, reason, row FROM quarantine ORDER BY ALL"
    ).fetchall()
    return [(n, c, reason, json.loads(row) if row else None) for n, c, reason, row in rows]
