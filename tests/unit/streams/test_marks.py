"""A supplier says that rows it delivered are paid or objected to: they leave before the linkage."""

from datetime import date, timedelta

import pytest

from unit.streams.deliveries import (
    OIN,
    RENT,
    TODAY,
    deliver,
    manifest_of,
    read_inbox,
    table,
    to_csv,
)

OTHER_OIN = "00000009999999990000"
LATER = TODAY + timedelta(days=10)


def mark(reference="R-1", what="betaald", *, stream="rent_arrears", on=TODAY):
    return {"stroom": stream, "kenmerk": reference, "melding": what, "datum": on.isoformat()}


def rent(tmp_path, *references, on=TODAY, oin=OIN, name="rent"):
    rows = [RENT | {"ID": one} for one in references]
    data = to_csv(rows)
    supplier = {"name": "Woonstichting Linde", "oin": oin}
    deliver(
        tmp_path,
        data,
        "rent_arrears",
        delivered_on=on,
        supplier=supplier,
        name=name,
        covers=manifest_of(data, "rent_arrears", delivered_on=on)["covers"],
    )


def say(tmp_path, *marks, on=TODAY, oin=OIN, name="marks"):
    data = to_csv(list(marks))
    supplier = {"name": "Woonstichting Linde", "oin": oin}
    deliver(
        tmp_path,
        data,
        "paid_or_objected",
        delivered_on=on,
        supplier=supplier,
        name=name,
        covers=manifest_of(data, "paid_or_objected", delivered_on=on)["covers"],
    )


def left(tmp_path, *, on=LATER):
    con, report = read_inbox(tmp_path, on=on)
    in_force = [reference for (reference,) in table(con, "rent_arrears", "signal_id")]
    identities = con.execute("SELECT count(*) FROM identities").fetchall()[0][0]
    assert identities == len(in_force)
    for file in report.files:
        told = file.accepted + file.quarantined + file.expired + file.superseded + file.marked
        assert file.rows == told
    return in_force, report


@pytest.mark.parametrize("what", ["betaald", "bezwaar"])
def test_a_marked_row_is_out_of_force_and_its_neighbour_is_not(tmp_path, what):
    rent(tmp_path, "R-1", "R-2")
    say(tmp_path, mark("R-1", what))
    in_force, report = left(tmp_path)
    assert in_force == ["R-2"]
    assert [file.marked for file in report.files if file.stream == "rent_arrears"] == [1]
    assert not any("marks name no row" in warning for warning in report.warnings)


def test_many_rows_are_marked_in_one_file(tmp_path):
    rent(tmp_path, "R-1", "R-2", "R-3")
    say(tmp_path, mark("R-1"), mark("R-3", "bezwaar"))
    assert left(tmp_path)[0] == ["R-2"]


def test_nobody_marks_a_row_of_another_supplier(tmp_path):
    rent(tmp_path, "R-1")
    say(tmp_path, mark("R-1"), oin=OTHER_OIN)
    in_force, report = left(tmp_path)
    assert in_force == ["R-1"]
    assert any("1 marks name no row in force" in warning for warning in report.warnings)


def test_a_mark_names_its_stream(tmp_path):
    rent(tmp_path, "R-1")
    say(tmp_path, mark("R-1", stream="water_arrears"))
    assert left(tmp_path)[0] == ["R-1"]


def test_the_last_mark_counts(tmp_path):
    rent(tmp_path, "R-1", "R-2")
    say(tmp_path, mark("R-1"), mark("R-2", "toch-open"))
    later = TODAY + timedelta(days=2)
    say(tmp_path, mark("R-1", "toch-open", on=later), mark("R-2", on=later), on=later, name="more")
    assert left(tmp_path)[0] == ["R-1"]


def test_a_row_that_its_source_delivers_after_the_mark_is_in_force_again(tmp_path):
    rent(tmp_path, "R-1")
    say(tmp_path, mark("R-1"))
    rent(tmp_path, "R-1", on=LATER, name="again")
    assert left(tmp_path)[0] == ["R-1"]


def test_a_mark_that_came_before_its_row_does_not_hide_it(tmp_path):
    say(tmp_path, mark("R-1"), on=TODAY)
    rent(tmp_path, "R-1", on=LATER, name="after")
    assert left(tmp_path)[0] == ["R-1"]


def test_a_mark_of_a_later_day_waits_for_its_run(tmp_path):
    rent(tmp_path, "R-1")
    say(tmp_path, mark("R-1", on=LATER), on=LATER)
    assert left(tmp_path, on=LATER - timedelta(days=1))[0] == ["R-1"]
    assert left(tmp_path, on=LATER)[0] == []


def test_a_mark_that_cannot_be_read_takes_nothing_out_of_force(tmp_path):
    rent(tmp_path, "R-1")
    say(tmp_path, mark("R-1", "misschien"))
    in_force, report = left(tmp_path)
    assert in_force == ["R-1"]
    assert [f.quarantined for f in report.files if f.stream == "paid_or_objected"] == [1]


def test_a_mark_does_not_outlive_its_term(tmp_path):
    assert date(2026, 11, 5) == TODAY
    rent(tmp_path, "R-1")
    say(tmp_path, mark("R-1", on=TODAY - timedelta(days=500)))
    assert left(tmp_path)[0] == ["R-1"]
