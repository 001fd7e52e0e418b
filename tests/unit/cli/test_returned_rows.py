"""A row that no resident surely fits comes back in the notation of the file it came in."""

import json
from pathlib import Path

from openregie.blind.streams.declaration import load_all
from openregie.cli.returned_rows import open_files
from openregie.envelope.bundle import seal_to
from openregie.envelope.keys import PrivateKey, Signer
from openregie.envelope.suites import S1

STREAMS = load_all(Path(__file__).parents[3] / "content" / "streams")
REASON = "more than one resident fits, or none surely: please check name and address"


def opened(tmp_path, stream, row):
    key, signer = PrivateKey.generate(S1), Signer.generate(S1.signature)
    told = json.dumps([{"row": 7, "column": None, "reason": REASON, "delivered": row}]).encode()
    purpose = f"returns/{stream}/123/4"
    sealed = seal_to(key.public, told, tenant="lindestad", purpose=purpose, signer=signer)
    file = tmp_path / "0001.jsonl"
    file.write_text(json.dumps({"stream": stream, "oin": "123", "rows": 1, "sealed": sealed}))
    how = {"key": key, "verify": signer.verify_key, "tenant": "lindestad", "streams": STREAMS}
    return open_files((file,), **how).rows[0]


def test_typed_values_are_written_as_the_declaration_takes_them(tmp_path):
    fields = dict.fromkeys(column.field for column in STREAMS["rent_arrears"].columns)
    typed = {"signal_id": "R-1", "crisis": True, "warm_handover": False, "amount_cents": 12500}
    row = opened(tmp_path, "rent_arrears", fields | typed | {"birth_on": "1980-03-17"})
    assert (row.run, row.row, row.column, row.reason) == (4, 7, None, REASON)
    filled = {header: cell for header, cell in row.cells.items() if cell}
    assert filled == {
        "ID": "R-1",
        "crisissignaal": "ja",
        "warmeOverdracht": "nee",
        "bedrag": "125",
        "client.Geboortedatum": "1980-03-17",
    }


def test_amounts_keep_their_cents(tmp_path):
    fields = dict.fromkeys(column.field for column in STREAMS["benefits"].columns)
    row = opened(tmp_path, "benefits", fields | {"amount_cents": 140105})
    assert row.cells["bedragPerMaand"] == "1401,05"


def test_a_stream_that_is_no_longer_declared_still_opens(tmp_path):
    row = opened(tmp_path, "gone", {"a": 1, "b": None})
    assert row.cells == {"a": "1", "b": ""}
