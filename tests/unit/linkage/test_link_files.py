import json
import re

import pyarrow.parquet as pq
import pytest

from openregie.blind.linkage.config import read_config
from openregie.lab.link import LinkRefused, link_files
from unit.linkage.small_town import CONTENT, person

CONFIG = read_config(CONTENT)
MAP = """
register: {id: nr, given_names: voornamen, surname: achternaam, birth_on: geboren, postcode: pc,
  house_number: huisnummer}
delivery: {initials: vl, surname: naam, birth_on: geb, postcode: postcode, house_number: nummer}
"""


@pytest.fixture
def files(tmp_path):
    people = [person(n) for n in range(300)]
    register = ["nr;voornamen;achternaam;geboren;pc;huisnummer"]
    register += [
        f"P{n:04};{p['given_names']};{p['surname']};{p['birth_on']:%Y%m%d};{p['postcode']};{p['house_number']}"
        for n, p in enumerate(people)
    ]
    delivery = ["vl,naam,geb,postcode,nummer"]
    delivery += [
        f"{p['given_names'][0]}.,{p['surname'].upper()},{p['birth_on']:%d-%m-%Y},"
        f"{p['postcode'][:4]} {p['postcode'][4:]},{p['house_number']}"
        for p in people[:40]
    ]
    delivery.append("Q.,Quispel,01-01-1950,1011 AB,12a bis")
    (tmp_path / "register.csv").write_text("\n".join(register), encoding="cp1252")
    (tmp_path / "delivery.csv").write_text("\n".join(delivery), encoding="utf-8-sig")
    (tmp_path / "map.yaml").write_text(MAP)
    return tmp_path


def _link(folder):
    return link_files(
        folder / "register.csv",
        folder / "delivery.csv",
        folder / "map.yaml",
        folder / "links.parquet",
        config=CONFIG,
    )


def test_each_row_gets_its_best_candidate(files):
    report = _link(files)
    rows = pq.read_table(files / "links.parquet").to_pylist()
    assert [row["row_number"] for row in rows] == list(range(1, 42))
    assert [row["candidate"] for row in rows[:40]] == [f"P{n:04}" for n in range(40)]
    assert report.classes["certain"] >= 38
    assert (rows[40]["class"], rows[40]["person"]) == ("none", None)
    assert (report.rows, report.people, report.learnt_from) == (41, 300, "shipped")
    assert all(0 <= row["probability"] <= 1 for row in rows)


def test_a_postcode_of_another_country_helps_as_well(files):
    for name in ("register.csv", "delivery.csv"):
        path = files / name
        text = path.read_bytes().decode("cp1252")
        path.write_bytes(re.sub(r"([0-9]{4}) ?[A-Z]{2}", r"\1", text).encode("cp1252"))
    _link(files)
    rows = pq.read_table(files / "links.parquet").to_pylist()
    codes = {reason["code"] for row in rows[:40] for reason in json.loads(row["reasons"])}
    assert "address_equal" in codes


def test_parquet_in_gives_the_same_links(files):
    _link(files)
    first = pq.read_table(files / "links.parquet")
    import pyarrow.csv as pc  # noqa: PLC0415 - only this test writes Parquet

    table = pc.read_csv(files / "delivery.csv")
    pq.write_table(table, files / "delivery.csv")
    _link(files)
    again = pq.read_table(files / "links.parquet")
    assert again["candidate"].equals(first["candidate"])
    assert again["class"].equals(first["class"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            MAP.replace("naam,", "nom,"),
            "no column `nom`, which the map names for `delivery.surname`",
        ),
        (MAP.replace("initials:", "voorletters:"), "`delivery.voorletters` is not a role"),
        (MAP.replace("id: nr,", ""), "`register.id` is missing"),
        (MAP.replace("id: nr", "id: achternaam"), "`register.id` is empty or repeated"),
        ("register: 3", "`register` must hold"),
        ("{", "cannot be read as YAML"),
    ],
)
def test_a_map_that_does_not_fit_is_refused_with_the_reason(files, text, message):
    (files / "map.yaml").write_text(text)
    with pytest.raises(LinkRefused, match=message):
        _link(files)
    assert not (files / "links.parquet").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"vl,naam,geb,postcode,nummer\n", "holds no rows"),
        (b"vl,naam,geb,postcode,nummer\n1,2\n", "neither a Parquet file nor a CSV"),
        (b"PAR1 broken", "neither a Parquet file nor a CSV"),
    ],
)
def test_a_delivery_that_is_no_table_is_refused(files, content, message):
    (files / "delivery.csv").write_bytes(content)
    with pytest.raises(LinkRefused, match=message):
        _link(files)


def test_a_missing_file_is_named(files):
    (files / "delivery.csv").unlink()
    with pytest.raises(LinkRefused, match=r"delivery.csv: cannot be read"):
        _link(files)
