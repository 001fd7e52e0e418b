"""Opens all that a municipality's folder holds, with every key there is, and says what is where."""

import json
import re
import sqlite3
from io import BytesIO

import pyarrow.parquet as pq

from openregie.blind import run as blind
from openregie.envelope import age, custody, item
from openregie.envelope.bundle import open_bundle
from openregie.envelope.errors import EnvelopeError
from openregie.envelope.returns import open_keys_return, open_return
from openregie.envelope.suites import SignatureAlgorithm

LEAVES_A_TOWN = ("deliveries", "truth", "demo", "custody")
"""The suppliers' own desks, the synthetic truth, and keys: none is made by a run."""


class Opened:
    """Text of every place in a folder; `reader` is the one resident whose keys are in hand."""

    def __init__(self, directory, reader):
        self.directory, self.reader = directory, reader
        self.run = custody.load_run(directory)
        self.verify = custody.load_run_public(directory).verify[SignatureAlgorithm.ED25519]
        self.own = {key.kid: key for key in reader.keys.compartments.values()}
        self.organisations = [
            custody.load_team(directory, "debt_help"),
            custody.load_print_house(directory),
            *(custody.load_source(directory, f.stem) for f in directory.glob("public/sources/*")),
        ]

    def places(self):
        """Yield (kind of file or table, text as its reader reads it) for the whole folder."""
        for file in sorted(self.directory.rglob("*")):
            name = file.relative_to(self.directory)
            if file.is_file() and name.parts[0] not in LEAVES_A_TOWN:
                kind = re.sub(r"[0-9a-f]{16,}|\d+(?=[./])", "*", name.as_posix())
                yield kind, file.read_bytes().decode("latin-1")
                yield kind, self._opened(file)
        with sqlite3.connect(self.directory / "sealed" / "db.sqlite3") as con:
            for (table,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
                for row in con.execute(f'SELECT * FROM "{table}"'):
                    yield f"table {table}", " ".join(map(self._cell, row))
        for one in self.reader.items():
            yield "table openregie_vault_storeditem", json.dumps(one)

    def _opened(self, file):
        if file.suffix == ".age":
            text = age.decrypt(file.read_bytes(), identity=self.run.age_identity)
            return self._memory(text) if file.parent.name == "state" else text.decode("latin-1")
        if file.suffix == ".return":
            return self._return(json.loads(file.read_text()))
        if file.suffix == ".jsonl" and "handover" in file.parts:
            return "\n".join(
                self._line(json.loads(line)) for line in file.read_bytes().splitlines()
            )
        return ""

    def _cell(self, value):
        if isinstance(value, str) and value.startswith('{"v": 1, "tenant"'):
            return value + self._bundle(json.loads(value))
        return str(value)

    def _memory(self, text):
        length = int.from_bytes(text[:8], "big")
        links = pq.read_table(BytesIO(text[8 + length :])).to_pylist()
        return text[8 : 8 + length].decode() + json.dumps(links, default=str)

    def _return(self, sealed):
        tenant, key = self.run.tenant, self.run.key_for(sealed)
        if sealed["stream"] == "keys":
            return json.dumps(open_keys_return(sealed, tenant=tenant, key=key)[0])
        if sealed["mailbox"] != self.reader.mailbox:
            return ""
        verify = self.reader.keys.signer.verify_key
        return json.dumps(open_return(sealed, tenant=tenant, key=key, verify=verify))

    def _line(self, line):
        sealed = line.get("sealed")
        if sealed is None:
            return ""
        if "purpose" in sealed:
            return self._bundle(sealed)
        if sealed["kid"] not in self.own:
            return ""
        protocol = item.EVENT if "chain" in line else item.ITEM
        key = self.own[sealed["kid"]]
        return json.dumps(
            item.open_sealed(
                item.SealedItem.from_json(sealed), key=key, verify=self.verify, protocol=protocol
            )
        )

    def _bundle(self, sealed):
        for key in self.organisations:
            if key.kid == sealed["kid"]:
                told = open_bundle(sealed, purpose=sealed["purpose"], key=key, verify=self.verify)
                return told.decode()
        raise EnvelopeError(f"no key in hand for a bundle of {sealed['purpose']}")


class Watched:
    """A run, and every table it had: the text of each row as each stop began.

    The last stop seals the log events: by then every table stands.
    """

    def __init__(self, monkeypatch):
        self.tables, self._con, self._stop = {}, None, None
        really_open = blind.open_tables

        def open_and_keep():
            con = really_open()
            self._con = con.cursor()
            return con

        monkeypatch.setattr(blind, "open_tables", open_and_keep)

    def progress(self, stop, _done, _total):
        if stop != self._stop and self._con is not None:
            self._stop = stop
            self.look()

    def look(self):
        names = self._con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        for (table,) in names:
            found = self._con.execute(f'SELECT * FROM "{table}"')
            columns = [one[0] for one in found.description]
            lane = columns.index("lane") if "lane" in columns else None
            for row in found.fetchall():
                name = table if lane is None else f"{table}, lane {row[lane]}"
                self.tables.setdefault(name, set()).add(" ".join(map(str, row)))
            self.tables.setdefault(table, set())
