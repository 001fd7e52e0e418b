"""From an accepted file to typed tables: what counts, what waits, what is kept back."""

from datetime import date

from openregie.blind.streams.conversion import record_id
from unit.streams.deliveries import (
    BENEFIT,
    BSNS,
    OIN,
    RENT,
    STREAMS,
    TODAY,
    deliver,
    person,
    quarantined,
    read_inbox,
    table,
    to_csv,
)


def test_a_csv_row_becomes_a_typed_record(tmp_path):
    deliver(tmp_path, to_csv([RENT]), "rent_arrears")
    con, report = read_inbox(tmp_path)
    (row,) = table(con, "rent_arrears")
    assert row["amount_cents"] == 12_500
    assert row["postcode"] == "1234AB"
    assert row["house_number"] == 12
    assert row["birth_on"] == date(1980, 3, 17)
    assert (row["birth_year"], row["birth_month"]) == (1980, 3)
    assert row["crisis"] is False
    assert row["warm_handover"] is None
    assert row["signalled_on"] == date(2026, 11, 1)
    assert row["record_id"] == record_id("rent_arrears", OIN, ["R-1"])
    assert (row["row_number"], row["delivered_on"], row["supplier_oin"]) == (1, TODAY, OIN)
    assert (report.files[0].rows, report.files[0].accepted) == (1, 1)


def test_every_declared_stream_has_its_table_even_without_delivery(tmp_path):
    con, report = read_inbox(tmp_path)
    for stream in STREAMS.values():
        columns = con.execute(f'DESCRIBE "{stream.name}"').fetchall()
        assert {name: kind for name, kind, *_ in columns} == stream.table_columns()
    for name in ("quarantine", "identities", "register"):
        assert con.execute(f"SELECT count(*) FROM {name}").fetchall() == [(0,)]
    assert report.files == ()


def test_a_bad_row_waits_in_quarantine_and_stops_no_other(tmp_path):
    rows = [RENT, RENT | {"ID": "R-2", "bedrag": "1.234,56", "signaaldatum": ""}]
    deliver(tmp_path, to_csv(rows), "rent_arrears")
    con, report = read_inbox(tmp_path)
    ((number, column, reason, row),) = quarantined(con)
    assert (number, column) == (2, "bedrag")
    assert "column `bedrag`: not whole euros" in reason
    assert "column `signaaldatum`: empty, but required" in reason
    assert row["bedrag"] == "1.234,56"
    assert (report.files[0].accepted, report.files[0].quarantined) == (1, 1)


def test_the_newest_snapshot_of_each_source_replaces_the_ones_before(tmp_path):
    old, new = date(2026, 10, 5), TODAY
    deliver(
        tmp_path,
        to_csv([BENEFIT, BENEFIT | {"uitkeringsnummer": "U-2"}]),
        "benefits",
        delivered_on=old,
    )
    deliver(tmp_path, to_csv([BENEFIT | {"norm": "kostendeler"}]), "benefits", delivered_on=new)
    deliver(tmp_path, to_csv([BENEFIT]), "benefits", oin="7", delivered_on=old)
    con, _ = read_inbox(tmp_path)
    assert table(con, "benefits", "supplier_oin", "benefit_id", "norm") == [
        (OIN, "U-1", "kostendeler"),
        ("7", "U-1", "alleenstaande"),
    ]
    con, _ = read_inbox(tmp_path, on=date(2026, 10, 20))
    assert len(table(con, "benefits")) == 3


def test_events_add_up_until_their_term_and_a_new_version_replaces(tmp_path):
    first, second = date(2026, 5, 10), date(2026, 6, 10)
    may = RENT | {"signaaldatum": "2026-05-04"}
    june = RENT | {"signaaldatum": "2026-06-04", "ID": "R-2"}
    deliver(tmp_path, to_csv([may]), "rent_arrears", delivered_on=first)
    deliver(tmp_path, to_csv([may | {"bedrag": "99"}, june]), "rent_arrears", delivered_on=second)
    con, report = read_inbox(tmp_path, on=date(2026, 6, 30))
    assert table(con, "rent_arrears", "signal_id", "amount_cents") == [
        ("R-1", 9_900),
        ("R-2", 12_500),
    ]
    assert sum(file.superseded for file in report.files) == 1
    con, report = read_inbox(tmp_path, on=date(2026, 11, 5))
    assert table(con, "rent_arrears", "signal_id") == [("R-2",)]
    assert sum(file.expired for file in report.files) == 2


def test_the_same_key_twice_in_one_delivery_gives_two_records(tmp_path):
    deliver(tmp_path, to_csv([RENT, RENT]), "rent_arrears")
    con, _ = read_inbox(tmp_path)
    assert {row["record_id"] for row in table(con, "rent_arrears")} == {
        record_id("rent_arrears", OIN, ["R-1"]),
        record_id("rent_arrears", OIN, ["R-1"], occurrence=2),
    }


def test_identities_say_whom_each_record_is_about(tmp_path):
    deliver(tmp_path, to_csv([RENT]), "rent_arrears")
    deliver(tmp_path, to_csv([BENEFIT]), "benefits")
    con, _ = read_inbox(tmp_path)
    assert table(con, "identities", "stream", "source_kind", "bsn", "house_number") == [
        ("benefits", "municipality", BSNS[0], None),
        ("rent_arrears", "landlord", None, 12),
    ]


def test_the_register_has_one_row_per_person(tmp_path):
    rows = [
        person(0),
        person(1, datumOverlijden="20200000"),
        person(2, datumVertrek="00000000"),
        person(0, huisnummer="14"),
    ]
    deliver(tmp_path, to_csv(rows), "population")
    con, report = read_inbox(tmp_path)
    assert table(con, "register", "person", "died_on", "left_on", "house_number") == [
        (BSNS[1], date(2020, 1, 1), None, 12),
        (BSNS[2], None, date(1, 1, 1), 12),
        (BSNS[0], None, None, 12),
    ]
    assert [(n, reason) for n, _, reason, _ in quarantined(con)] == [
        (4, "this person was delivered more than once")
    ]
    assert (report.files[0].accepted, report.files[0].quarantined) == (3, 1)
