"""One synthetic household through all stops, in order."""

import json
import shutil

import pytest

from openregie.envelope import custody, handover
from openregie.envelope.bundle import open_bundle
from openregie.envelope.errors import EnvelopeError
from openregie.envelope.suites import SignatureAlgorithm
from resident import Resident
from town import ON, openregie, settle


@pytest.fixture
def own_town(town, tmp_path):
    """A copy of the town that a test may change."""
    directory = tmp_path / "lindestad"
    shutil.copytree(town.directory, directory)
    return directory


def run_again(directory, on=ON):
    receipt = json.loads(
        openregie("run", "--dir", directory, "--on", on, "--json", "--quiet").stdout
    )
    openregie("take-in", "--dir", directory)
    return receipt


def test_the_same_residents_seed_and_day_give_the_same_receipt(town, tmp_path):
    assert settle(tmp_path / "again").receipt == town.receipt


def test_another_seed_gives_another_receipt(town, tmp_path):
    assert settle(tmp_path / "other", seed=12).receipt["decisions"] != town.receipt["decisions"]


def test_noor_reads_what_her_landlord_and_her_insurer_report(town):
    noor = Resident(town.directory, town.persona("Noor"))
    arrears = [fact for fact in noor.of_kind("fact") if fact["factKind"] == "arrears"]
    told = {fact["source"]["name"]: fact["amountCents"] for fact in arrears}
    assert told["Woonstichting De Linde"] == 64_000
    assert told["Welzeker"] == 31_800
    assert all(fact["audience"] == ["resident", "debt_help"] for fact in arrears)


def test_each_fact_names_source_law_and_the_day_it_is_forgotten(town):
    noor = Resident(town.directory, town.persona("Noor"))
    for fact in noor.of_kind("fact"):
        assert fact["source"]["name"]
        assert fact["law"]["nl"]
        assert fact["law"]["article"]
        if fact["factKind"] == "arrears":
            assert fact["deleteOn"] > ON


def test_noor_gets_signals_that_point_at_her_own_facts(town):
    noor = Resident(town.directory, town.persona("Noor"))
    facts = {fact["id"] for fact in noor.of_kind("fact")}
    signals = noor.of_kind("signal")
    rules = {signal["rule"] for signal in signals}
    assert {"own-multiple-arrears", "benefit-without-tax-remission"} <= rules
    for signal in signals:
        assert set(signal["facts"]) <= facts
        assert signal["never"]["nl"]
        assert signal["offers"]


def test_for_lotte_nothing_stands_out(town):
    lotte = Resident(town.directory, town.persona("Lotte"))
    assert lotte.of_kind("signal") == []
    assert lotte.of_kind("situation")


def test_a_reader_opens_nothing_of_another_reader(town):
    noor, ahmet = (Resident(town.directory, town.persona(name)) for name in ("Noor", "Ahmet"))
    assert noor.mailbox != ahmet.mailbox
    assert not {one["id"] for one in noor.items()} & {one["id"] for one in ahmet.items()}


def test_running_again_seals_nothing_twice(own_town, town):
    again = run_again(own_town)
    assert again["items"] == {"sealed": {"s1": 0}, "removed": 0}
    assert again["decisions"] == town.receipt["decisions"]


def test_not_me_undoes_the_link_and_the_fact_is_gone(own_town, town):
    noor = Resident(own_town, town.persona("Noor"))
    rent = next(fact for fact in noor.of_kind("fact") if fact["stream"] == "rent_arrears")
    noor.send("corrections", {"record": rent["record"], "kind": "not_me", "note": "", "at": ON})
    receipt = run_again(own_town)
    assert receipt["items"]["removed"] >= 1
    assert rent["record"] not in {fact["record"] for fact in noor.of_kind("fact")}
    rules = {signal["rule"] for signal in noor.of_kind("signal")}
    assert "own-multiple-arrears" not in rules


def test_a_disputed_fact_says_so_and_counts_in_no_signal(own_town, town):
    noor = Resident(own_town, town.persona("Noor"))
    rent = next(fact for fact in noor.of_kind("fact") if fact["stream"] == "rent_arrears")
    noor.send("corrections", {"record": rent["record"], "kind": "paid", "note": "", "at": ON})
    run_again(own_town)
    same = next(fact for fact in noor.of_kind("fact") if fact["record"] == rent["record"])
    assert same["disputed"] == {"kind": "paid", "on": ON}
    assert "own-multiple-arrears" not in {signal["rule"] for signal in noor.of_kind("signal")}


def test_a_correction_that_is_taken_back_brings_the_fact_back(own_town, town):
    noor = Resident(own_town, town.persona("Noor"))
    before = {one["id"] for one in noor.items()}
    rent = next(fact for fact in noor.of_kind("fact") if fact["stream"] == "rent_arrears")
    paid = {"record": rent["record"], "kind": "paid", "note": "", "at": "2026-10-30"}
    noor.send("corrections", paid)
    run_again(own_town)
    noor.send("corrections", {**paid, "kind": "undo", "at": ON})
    run_again(own_town)
    assert {one["id"] for one in noor.items()} == before


def test_an_objection_takes_a_stream_out_of_the_own_view(own_town, town):
    noor = Resident(own_town, town.persona("Noor"))
    noor.send("objections", {"stream": "rent_arrears", "action": "object", "at": ON})
    run_again(own_town)
    assert "rent_arrears" not in {fact["stream"] for fact in noor.of_kind("fact")}


def test_a_forged_correction_of_somebody_else_changes_nothing(own_town, town):
    noor, lotte = (Resident(own_town, town.persona(name)) for name in ("Noor", "Lotte"))
    rent = next(fact for fact in noor.of_kind("fact") if fact["stream"] == "rent_arrears")
    forger = lotte
    forger.mailbox = noor.mailbox
    forger.send("corrections", {"record": rent["record"], "kind": "not_me", "note": "", "at": ON})
    run_again(own_town)
    assert rent["record"] in {fact["record"] for fact in noor.of_kind("fact")}


def test_the_debt_team_gets_reports_as_delivered_and_only_after_the_letter(town):

    key = custody.load_team(town.directory, "debt_help")
    verify = custody.load_run_public(town.directory).verify[SignatureAlgorithm.ED25519]
    lines = list(handover.lines(town.directory / "handover" / "1", "team.jsonl"))
    assert lines
    for line in lines:
        assert line["releaseOn"] >= ON
        purpose = f"signals/debt_help/{line['ref']}"
        told = json.loads(open_bundle(line["sealed"], purpose=purpose, key=key, verify=verify))
        for report in told["reports"]:
            assert set(report["contact"]) <= {
                "bsn", "initials", "given_names", "prefix", "surname", "birth_on", "street",
                "postcode", "house_number", "house_letter", "house_addition", "city",
            }  # fmt: skip
            assert report["stream"].endswith("_arrears")


def test_labels_can_be_opened_by_the_print_house_alone(town):

    verify = custody.load_run_public(town.directory).verify[SignatureAlgorithm.ED25519]
    (line,) = handover.lines(town.directory / "handover" / "1", "labels.jsonl")
    told = open_bundle(
        line["sealed"],
        purpose=f"labels/{line['postOn']}",
        key=custody.load_print_house(town.directory),
        verify=verify,
    )
    assert len(json.loads(told)) == line["labels"] > 50
    with pytest.raises(EnvelopeError):
        open_bundle(
            line["sealed"],
            purpose=f"labels/{line['postOn']}",
            key=custody.load_team(town.directory, "debt_help"),
            verify=verify,
        )


def test_the_receipt_says_nothing_by_rule_place_or_trait(town):
    text = json.dumps(town.receipt)
    for word in ("own-multiple", "neighbourhood", "Centrum", "birth", "M.", "signal"):
        assert word not in text
