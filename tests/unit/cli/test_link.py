import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from openregie.cli.main import main

REGISTER = """id;achternaam;voorletters;geboren;straat;postcode;nr
1;Jansen;A.B.;1980-02-03;Dorpsstraat;1234AB;1
2;Visser;C.;1975-11-30;Kerkweg;1234AC;12
3;Bakker;D.;1990-06-15;Molenlaan;1234AD;7
"""
DELIVERY = """naam,letters,geboortedag,adres,pc,huisnummer
Janssen,A,03-02-1980,Dorpsstraat,1234 AB,1
Nietbestaand,Q,01-01-1950,Nergens,9999ZZ,1
"""
COLUMNS = """
register: {id: id, surname: achternaam, initials: voorletters, birth_on: geboren,
  street: straat, postcode: postcode, house_number: nr}
delivery: {surname: naam, initials: letters, birth_on: geboortedag, street: adres,
  postcode: pc, house_number: huisnummer}
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "register.csv").write_text(REGISTER)
    (tmp_path / "delivery.csv").write_text(DELIVERY)
    (tmp_path / "columns.yaml").write_text(COLUMNS)
    return tmp_path


def link(files, *more, delivery="delivery.csv", out="links.parquet"):
    words = ["link", files / "register.csv", files / delivery, "--columns", files / "columns.yaml"]
    return CliRunner().invoke(main, [*map(str, [*words, "--out", files / out]), *more])


def test_each_row_gets_its_best_candidate_and_a_class(files):
    done = link(files, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["rows"], told["people"]) == (2, 3)
    rows = pq.read_table(files / "links.parquet").to_pylist()
    assert [row["row_number"] for row in rows] == [1, 2]
    assert rows[0]["candidate"] == "1"
    assert {"probability", "margin_bits", "class", "reasons"} <= set(rows[0])
    assert rows[1]["class"] == "none"


def test_a_parquet_file_gives_the_same_links_as_csv(files):
    link(files)
    names, *rows = [line.split(",") for line in DELIVERY.strip().splitlines()]
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    pq.write_table(pa.table(columns), files / "delivery.parquet")
    link(files, delivery="delivery.parquet", out="again.parquet")
    first, again = (pq.read_table(files / f"{name}.parquet") for name in ("links", "again"))
    assert first.equals(again)


def test_people_read_the_classes_and_where_the_links_are(files):
    done = link(files)
    assert "2 rows against 3 people" in done.output
    assert "written to" in done.output


def test_a_column_that_is_not_there_is_named_and_nothing_is_written(files):
    (files / "columns.yaml").write_text(COLUMNS.replace("surname: naam", "surname: family"))
    done = link(files)
    assert done.exit_code == 3
    assert "has no column `family`" in done.stderr
    assert not (files / "links.parquet").exists()


def test_a_place_that_does_not_exist_is_wrong_usage(files):
    done = link(files, out="nowhere/links.parquet")
    assert done.exit_code == 2
    assert "no folder" in done.stderr
