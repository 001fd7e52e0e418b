"""The official register test set as population, and a DDAS-shaped delivery linked against it."""

import hashlib
import json
from pathlib import Path

import pytest

from town import ON, openregie

TESTSET = Path(__file__).parents[3] / "shared/data/brp/testset_persoonslijsten.csv"

pytestmark = pytest.mark.skipif(
    not TESTSET.is_file(), reason="the official register test set is not beside the project"
)


def deliver(directory, file, stream, supplier, attests=()):
    manifest = {
        "v": 1,
        "stream": stream,
        "supplier": {"name": supplier, "oin": "00000001234567890000"},
        "delivered_on": ON,
        "covers": {"from_on": "2026-10-01", "until_on": ON},
        "attests": list(attests),
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }
    Path(str(file) + ".delivery.json").write_text(json.dumps(manifest))
    openregie("deliver", file, "--dir", directory, "--on", ON)


def signal(number, surname, initials, birth, street, postcode, house, prefix=""):
    client = {
        "Voorletters": initials,
        "Voorvoegsel": prefix,
        "Achternaam": surname,
        "Geboortedatum": birth,
        "Straatnaam": street,
        "Postcode": postcode,
        "Huisnummer": house,
        "Plaatsnaam": "Rotterdam",
    }
    return {
        "ID": f"S-{number}",
        "signaalpartner": {"type": "Huur"},
        "client": client,
        "crisissignaal": False,
        "bedrag": 500 + number,
        "signaaldatum": "2026-10-20",
    }


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    directory = tmp_path_factory.mktemp("register") / "testset"
    openregie("init", "--dir", directory, "--tenant", "testset", "--name", "Gemeente Testset")
    register = directory / "deliveries" / "testset.csv"
    register.write_bytes(TESTSET.read_bytes())
    deliver(directory, register, "population", "Gemeente Testset")
    arrears = directory / "deliveries" / "ddas.jsonl"
    rows = [
        signal(1, "Moulin", "S.", "1985-12-01", "Boterdiep", "3077AW", 31),
        signal(2, "Nietbestaand", "Q.", "1971-01-02", "Nergensweg", "9999ZZ", 1),
    ]
    arrears.write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    conditions = ["personal_contact", "debt_help_named", "reminder_sent", "offer_unanswered"]
    deliver(directory, arrears, "rent_arrears", "Woonstad", conditions)
    return json.loads(openregie("run", "--dir", directory, "--on", ON, "--json", "--quiet").stdout)


def test_the_register_test_set_is_read_whole(linked):
    file = next(f for f in linked["files"] if f["stream"] == "population")
    assert file["rows"] == file["accepted"] + file["quarantined"]
    assert file["rows"] >= 680
    assert file["dropped"]


def test_a_ddas_shaped_signal_finds_its_person_and_no_other(linked):
    assert linked["links"]["rent_arrears"] == {"certain": 1, "none": 1}
