import pyarrow.parquet as pq

from openregie.synth.people import Kind


def test_truth_covers_every_delivered_row_once(synthetic_folder, composed):
    rows = pq.read_table(synthetic_folder / "truth" / "rows.parquet").to_pylist()
    found = {(row["file"], row["row_number"]) for row in rows}
    expected = {
        (delivery.file_name, number)
        for delivery in composed
        for number, _ in enumerate(delivery.rows(), start=1)
    }
    assert found == expected
    assert len(rows) == len(found)


def test_truth_points_at_people_of_the_register_or_says_why_not(synthetic_folder, synthetic_town):
    rows = pq.read_table(synthetic_folder / "truth" / "rows.parquet").to_pylist()
    known = {person.bsn: person for person in synthetic_town.persons}
    for row in rows:
        assert (row["bsn"] is None) == (row["about"] in {"business", "elsewhere"})
        assert row["bsn"] is None or row["bsn"] in known
        if row["about"] == "departed":
            assert known[row["bsn"]].left_on is not None


def test_a_citizen_number_in_a_row_is_that_of_the_true_person(composed):
    for delivery in composed:
        places = [
            delivery.headers.index(name)
            for name in ("bsn", "burgerservicenummer", "client.Burgerservicenummer")
            if name in delivery.headers
        ]
        for row, origin in zip(delivery.rows(), delivery.origins(), strict=True):
            if places and row[places[0]] and origin.bsn:
                assert row[places[0]] == origin.bsn


def test_truth_holds_a_household_for_who_lives_here_and_none_for_who_is_gone(
    synthetic_folder, synthetic_town
):
    persons = pq.read_table(synthetic_folder / "truth" / "persons.parquet").to_pylist()
    assert [row["bsn"] for row in persons] == [person.bsn for person in synthetic_town.persons]
    assert all((row["household"] is not None) == row["present"] for row in persons)
    assert {row["kind"] for row in persons} == {kind.value for kind in Kind}
    assert len({row["origin"] for row in persons}) >= 12
