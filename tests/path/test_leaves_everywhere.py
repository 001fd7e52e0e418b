"""After an objection or a withdrawal the next run has a row nowhere but where it must stay.

Every table of a real run, every file of the folder, every table of the sealed zone and every exit
is opened with all keys there are, and searched for the row.
"""

import csv
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from opened import Opened, Watched
from openregie.blind import run as blind
from openregie.blind.content import load
from resident import Resident, withdraw
from town import ON, openregie

CONTENT = load(Path(__file__).parents[2] / "content")
LATER = "2026-11-04"
"""When hand-overs of ON that were taken in are past their term."""
ROW = {
    "ID": "KANARIE-77",
    "signaalpartner.type": "Huur",
    "client.Voorletters": "N.",
    "client.Achternaam": "Bakker",
    "client.Geboortedatum": "30-09-1992",
    "client.Straatnaam": "Molengaarde",
    "client.Postcode": "6600AA",
    "client.Huisnummer": "12",
    "client.Plaatsnaam": "Lindestad",
    "crisissignaal": "nee",
    "bedrag": "647",
    "ontstaansdatum": "25-08-2026",
    "signaaldatum": "19-10-2026",
    "status": "kanarie zingt",
}
UNREAD = {"ID": "KANARIE-78", "bedrag": "veel"}
ATTESTS = ("personal_contact", "debt_help_named", "reminder_sent", "offer_unanswered")


def deliver(directory):
    file = directory / "canary.csv"
    with file.open("w", newline="") as opened:
        rows = csv.DictWriter(opened, list(ROW), delimiter=";")
        rows.writeheader()
        rows.writerows([ROW, ROW | UNREAD])
    told = ["--stream", "rent_arrears", "--supplier", "Woonstichting", "--oin", "1" * 20]
    told += [word for attest in ATTESTS for word in ("--attest", attest)]
    openregie("deliver", file, "--dir", directory, "--on", ON, *told)
    file.unlink()


SOURCE = "what the source delivered under its law; it goes at the end of its term"
LINK = "the run would else link it anew and could decide otherwise; not_me undoes a link"
BY_LAW = "the debt team's by law (ADR 0007)"
BACK = "a row that nobody could read: it names no resident, and goes back to its source"

ROW_STAYS = {
    "run: rent_arrears": SOURCE,
    "run: identities": SOURCE,
    "inbox/rent_arrears/*.age": SOURCE,
    "run: links": LINK,
    "run: kept_links": LINK,
    "run: links_to_keep": LINK,
    "state/*.age": LINK,
    "run: facts": BY_LAW,
    "run: fact_places": BY_LAW,
    "run: signals, lane wgs": BY_LAW,
    "table openregie_vault_teamitem": BY_LAW,
    "run: quarantine": BACK,
    "handover/*/returns/*.jsonl": BACK,
}
ROW_GOES = {
    "run: visible",
    "run: signals, lane own-view",
    "handover/*/items.jsonl",
    "handover/*/team.jsonl",
    "table openregie_vault_storeditem",
}
"""Before the act the row is in these too. The team's part goes once it is taken in."""

SAID = "their own word that they stopped, and the proof of it: without it the run would begin anew"
GAP = "the commitment of each event stays, so that a gap in the log would show"
NUMBERS = "which numbers are taken away or were used: names no content"

MAILBOX_STAYS = {
    "run: keys": SAID,
    "run: mailboxes": SAID,
    "inbox/keys/*.return": SAID,
    "table openregie_vault_resident": SAID,
    "table openregie_vault_return": SAID,
    "table openregie_log_entry": GAP,
    "sealed/db.sqlite3": "the tables of this list",
    "handover/*/items.jsonl": NUMBERS,
    "state/*.age": NUMBERS,
}
REACHED = "table openregie_vault_handover"
"""Names the last mailbox that the intake did, whoever that is."""
MAILBOX_GOES = {
    "run: readers",
    "handover/*/events.jsonl",
    "handover/*/relations.jsonl",
    "table openregie_vault_keyepoch",
    "table openregie_vault_relation",
    "table openregie_vault_storeditem",
    "table openregie_vault_wrap",
}
EXITS = {
    "items.jsonl", "team.jsonl", "events.jsonl", "labels.jsonl", "counts.json", "relations.jsonl",
    "returns/*.jsonl", "receipt.json",
}  # fmt: skip


class Searched:
    """What a run had, and what the folder holds after it was taken in: where the row is."""

    def __init__(self, directory, reader, *, on, record=""):
        with pytest.MonkeyPatch.context() as patch:
            watched = Watched(patch)
            blind.run(directory, CONTENT, on=date.fromisoformat(on), progress=watched.progress)
        openregie("take-in", "--dir", directory)
        openregie("retain", "--dir", directory, "--on", on)
        self.tables = watched.tables
        self.record = record or self._record()
        marks = ("KANARIE-77", "64700", "kanarie zingt", self.record)
        self.row = self._having(directory, reader, marks)
        self.mailbox = self._having(directory, reader, (reader.mailbox,))

    def _record(self):
        (row,) = (row for row in self.tables["rent_arrears"] if "KANARIE-77" in row)
        (found,) = {w for w in re.findall(r"[0-9a-f]{16,}", row) if self._is_record(w)}
        return found

    def _is_record(self, word):
        return any(word in row.split() for row in self.tables["links"])

    def _having(self, directory, reader, marks):
        pattern = re.compile("|".join(rf"(?<![\w-]){re.escape(mark)}(?![\w-])" for mark in marks))
        run = {name for name, rows in self.tables.items() if any(map(pattern.search, rows))}
        opened = list(Opened(directory, reader).places())
        self.kinds = {kind for kind, _ in opened}
        return {f"run: {name}" for name in run} | {k for k, text in opened if pattern.search(text)}


@pytest.fixture(scope="module")
def before(town, tmp_path_factory):
    """The town with a row of Noor's landlord, and one of a line that it wrote wrong."""
    directory = tmp_path_factory.mktemp("leaves") / "lindestad"
    shutil.copytree(town.directory, directory)
    deliver(directory)
    return directory, Searched(directory, Resident(directory, town.persona("Noor")), on=ON)


def afterwards(town, before, folder, act):
    directory = folder / "lindestad"
    shutil.copytree(before[0], directory)
    noor = Resident(directory, town.persona("Noor"))
    act(directory, noor)
    return Searched(directory, noor, on=LATER, record=before[1].record)


@pytest.fixture(scope="module")
def objected(town, before, tmp_path_factory):
    told = {"stream": "rent_arrears", "action": "object", "at": ON}
    folder = tmp_path_factory.mktemp("objected")
    return afterwards(town, before, folder, lambda _, noor: noor.send("objections", told))


@pytest.fixture(scope="module")
def withdrawn(town, before, tmp_path_factory):
    def stop(directory, noor):
        withdraw(directory, noor.mailbox, noor.withdrawal(ON))

    return afterwards(town, before, tmp_path_factory.mktemp("withdrawn"), stop)


def test_the_row_is_at_first_wherever_it_will_leave_and_every_exit_was_opened(before):
    _, found = before
    assert found.row == (set(ROW_STAYS) | ROW_GOES) - {"run: kept_links"}
    assert found.mailbox - {REACHED} == set(MAILBOX_STAYS) | MAILBOX_GOES
    assert {f"handover/*/{name}" for name in EXITS} <= found.kinds


def test_the_run_was_searched_in_every_table_it_makes(before):
    """Each stream is a table; so is each step of the way."""
    steps = {"identities", "links", "facts", "visible", "signals", "readers", "objections_in_force"}
    assert set(CONTENT.streams) | steps <= set(before[1].tables)


def test_after_an_objection_the_row_is_only_where_it_must_stay(objected):
    assert objected.row == set(ROW_STAYS)


def test_after_a_withdrawal_the_row_is_only_where_it_must_stay(withdrawn):
    assert withdrawn.row == set(ROW_STAYS)


def test_after_a_withdrawal_only_what_says_so_names_the_mailbox(withdrawn):
    assert withdrawn.mailbox - {REACHED} == set(MAILBOX_STAYS)
