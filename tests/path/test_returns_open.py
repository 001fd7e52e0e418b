"""A supplier opens the rows that went back, with its own key, and sees nothing but its own."""

import csv
import json
import shutil
import stat

import pytest

from town import ON, openregie

OIN = "00000001234567890000"
CELLS = {
    "ID": "R-1",
    "signaalpartner.type": "Huur",
    "client.Achternaam": "Onvindbaar",
    "client.Postcode": "9999ZZ",
    "client.Huisnummer": "1",
    "crisissignaal": "nee",
    "bedrag": "125",
    "signaaldatum": "2026-10-20",
}
WRONG = [{"bedrag": "veel"}, {"client.Postcode": "", "crisissignaal": "soms"}, {"ID": "R-3"}]


@pytest.fixture(scope="module")
def mistaken(town, tmp_path_factory):
    """The town after a landlord delivered two rows with mistakes, and a ragged one."""
    directory = tmp_path_factory.mktemp("returns") / "lindestad"
    shutil.copytree(town.directory, directory)
    file = directory / "deliveries" / "rent-again.csv"
    with file.open("w", newline="") as opened:
        rows = csv.DictWriter(opened, list(CELLS), delimiter=";")
        rows.writeheader()
        rows.writerows(CELLS | cells for cells in WRONG)
        opened.write("R-4;Huur;te kort\r\n")
    attests = ["personal_contact", "debt_help_named", "reminder_sent", "offer_unanswered"]
    told = ["--stream", "rent_arrears", "--supplier", "Woonstichting", "--oin", OIN]
    told += [word for attest in attests for word in ("--attest", attest)]
    openregie("deliver", file, "--dir", directory, "--on", ON, *told)
    openregie("run", "--dir", directory, "--on", ON, "--json", "--quiet")
    return directory


def key(directory, kind="landlord"):
    return directory / "custody" / "sources" / f"{kind}.json"


def test_the_rows_come_back_with_their_reasons_and_their_own_cells(mistaken):
    done = openregie("returns", "open", mistaken, "--key", key(mistaken), "--oin", OIN, "--json")
    rows = json.loads(done.stdout)["rows"]
    by_number = {row["row"]: row for row in rows}
    assert by_number[1]["column"] == "bedrag"
    assert by_number[1]["delivered"] == CELLS | WRONG[0]
    assert by_number[2]["reason"] == (
        "column `client.Postcode`: empty, but required; column `crisissignaal`: not ja or nee"
    )
    assert by_number[4]["delivered"] == {"cell 1": "R-4", "cell 2": "Huur", "cell 3": "te kort"}
    assert {row["oin"] for row in rows} == {OIN}


def test_the_screen_shows_rows_and_reasons_and_no_cell(mistaken):
    shown = openregie("returns", "open", mistaken, "--key", key(mistaken)).stdout
    assert "row 1: column `bedrag`: not whole euros" in shown
    assert not any(cell in shown for cell in ("Onvindbaar", "veel", "soms", "9999ZZ"))


def test_the_csv_can_be_mended_and_is_for_its_owner_alone(mistaken, tmp_path):
    out = tmp_path / "mend.csv"
    words = ["returns", "open", mistaken, "--key", key(mistaken), "--out", out]
    openregie(*words)
    with out.open(newline="", encoding="utf-8") as opened:
        first, *_ = csv.DictReader(opened, delimiter=";")
    assert (first["#row"], first["#column"], first["bedrag"]) == ("1", "bedrag", "veel")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    before = out.read_bytes()
    again = openregie(*words, check=False)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert out.read_bytes() == before


def test_a_file_alone_opens_with_the_public_key_of_the_run(mistaken, tmp_path):
    (file,) = (mistaken / "handover" / "2" / "returns").glob("*.jsonl")
    alone = shutil.copy(file, tmp_path / "returned.jsonl")
    words = ["returns", "open", alone, "--key", key(mistaken)]
    missing = openregie(*words, check=False)
    assert missing.returncode == 4
    assert "--run" in missing.stderr
    done = openregie(*words, "--run", mistaken / "public" / "run.json", "--json")
    assert json.loads(done.stdout)["files"] == 1


def test_a_run_before_the_mistakes_sent_nothing_back(mistaken):
    words = ["returns", "open", mistaken, "--key", key(mistaken), "--number"]
    assert "0 rows to mend" in openregie(*words, 1).stdout
    wrong = openregie(*words, 9, check=False)
    assert wrong.returncode == 3
    assert "choose one of 1, 2" in wrong.stderr


def test_the_key_of_another_source_opens_nothing(mistaken):
    words = ["returns", "open", mistaken, "--key", key(mistaken, "energy_supplier"), "--json"]
    done = openregie(*words, check=False)
    assert done.returncode == 3
    assert json.loads(done.stdout)["rows"] == []
    assert "sealed to other sources" in done.stderr


@pytest.mark.parametrize("place", ["oin", "stream", "blob", "tenant", "cut"])
def test_a_file_that_was_changed_gives_nothing(mistaken, tmp_path, place):
    (file,) = (mistaken / "handover" / "2" / "returns").glob("*.jsonl")
    changed = json.loads(file.read_text())
    if place in changed:
        changed[place] = "1"
    elif place == "blob":
        blob = changed["sealed"]["blob"]
        changed["sealed"]["blob"] = blob[:100] + ("A" if blob[100] != "A" else "B") + blob[101:]
    elif place == "tenant":
        changed["sealed"]["tenant"] = "elders"
    text = file.read_text()[:500] if place == "cut" else json.dumps(changed)
    (tmp_path / "changed.jsonl").write_text(text)
    words = ["--key", key(mistaken), "--run", mistaken / "public" / "run.json"]
    done = openregie("returns", "open", tmp_path, *words, "--json", check=False)
    assert done.returncode == 3
    assert done.stdout == ""
    assert "what to do:" in done.stderr


@pytest.mark.parametrize("text", ["", "[]", '{"suite":"s1","kid":"x"}', '{"kid":1}'])
def test_a_file_that_is_no_key_is_named(mistaken, tmp_path, text):
    (tmp_path / "key.json").write_text(text)
    words = ["returns", "open", mistaken, "--key", tmp_path / "key.json"]
    done = openregie(*words, check=False)
    assert done.returncode == 3
    assert "option --key, file `key.json`" in done.stderr


def test_a_folder_without_returns_names_what_to_give(mistaken, tmp_path):
    words = ["returns", "open", tmp_path, "--key", key(mistaken)]
    words += ["--run", mistaken / "public" / "run.json"]
    done = openregie(*words, check=False)
    assert done.returncode == 3
    assert "no rows here that went back" in done.stderr
