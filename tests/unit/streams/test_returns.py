"""What residents send back: opened, verified against their own key, read like any other row."""

import json
import re
from datetime import timedelta

import pytest

from openregie.blind.streams.conversion import record_id
from openregie.envelope.returns import seal_return
from openregie.envelope.suites import S0, S1, S2
from openregie.envelope.vault_keys import VaultKeys, keys_payload
from openregie.logbook import entry
from openregie.logbook.checkpoint import Checkpoint, LogSigner
from openregie.logbook.proof import TlogProof
from openregie.logbook.tree import Tree
from unit.streams.deliveries import LOG, RANDOM, RUN_KEYS, TODAY, quarantined, read_inbox, table

ANNA, BRAM = "A" * 43, "B" * 43


class Town:
    """A log and an inbox, and residents who seal as their browsers would."""

    def __init__(self, tmp_path):
        self.inbox = tmp_path / "inbox"
        self.tree = Tree()

    def keys(self, *, suite=S1, epoch=1):
        return VaultKeys.generate(suite, epoch=epoch, random_bytes=RANDOM)

    def seal(self, payload, *, stream, mailbox, keys, to=S1, tenant="lindestad"):
        return seal_return(
            payload,
            tenant=tenant,
            stream=stream,
            mailbox=mailbox,
            to=RUN_KEYS.kem[to.name].public,
            signer=keys.signer,
        )

    def log(self, kind, details, mailbox, *, signer=LOG):
        told = {"v": 1, "type": kind, "at": "2026-11-05T10:00:00+00:00", **details}
        logged, salt = entry.Entry("vault", 1, None, told, mailbox), entry.new_salt(RANDOM)
        commit = entry.commit_of(logged, salt)
        index = self.tree.append(entry.leaf_of(type=kind, commit=commit))
        note = Checkpoint(signer.name, self.tree.size, self.tree.root()).sign(signer)
        proof = TlogProof(index, tuple(self.tree.inclusion_proof(index)), note)
        return {**logged.with_salt(salt), "proof": proof.to_text()}

    def enrol(self, keys, mailbox=ANNA, *, action="enrol", at=TODAY, name=None, **changes):
        payload = keys_payload(
            keys.public(),
            mailbox=mailbox,
            action=action,
            at=at.isoformat(),
            subject_check={"birthYear": 1980, "initials": "A.B."},
        )
        sealed = self.seal(payload, stream="keys", mailbox=mailbox, keys=keys)
        if action == "enrol":
            sealed["log"] = self.log("key.added", {"keys": keys.public().to_json()}, mailbox)
        else:
            sealed["log"] = self.log("key.withdrawn", {"epoch": keys.epoch}, mailbox)
        return self.put("keys", sealed | changes, name or f"k{self.tree.size}")

    def correct(self, keys, mailbox=ANNA, *, name="c1", **changes):
        payload = {
            "v": 1,
            "mailbox": mailbox,
            "record": "r1",
            "kind": "not_me",
            "note": "Dit ben ik niet.",
            "at": TODAY.isoformat(),
        } | changes
        sealed = self.seal(payload, stream="corrections", mailbox=mailbox, keys=keys)
        return self.put("corrections", sealed, name)

    def put(self, stream, sealed, name):
        folder = self.inbox / stream
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.return").write_text(json.dumps(sealed))
        return sealed


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path)


@pytest.mark.parametrize("suite", [S0, S1, S2], ids=lambda suite: suite.name)
def test_keys_come_in_with_what_the_run_needs_to_seal(town, tmp_path, suite):
    keys = town.keys(suite=suite)
    town.enrol(keys)
    con, report = read_inbox(tmp_path)
    (row,) = table(con, "keys")
    assert (row["mailbox"], row["epoch"], row["action"], row["suite"]) == (
        ANNA,
        1,
        "enrol",
        suite.name,
    )
    assert json.loads(row["compartments"]) == keys.public().to_json()["compartments"]
    assert json.loads(row["subject_check"]) == {"birthYear": 1980, "initials": "A.B."}
    assert row["record_id"] == record_id("keys", ANNA, [ANNA, "1", "enrol"])
    assert (row["supplier"], row["delivery_id"], row["delivered_on"]) == ("resident", "k1", TODAY)
    assert (report.files[0].rows, report.files[0].accepted) == (1, 1)


def test_a_correction_is_verified_with_the_key_its_mailbox_brought(town, tmp_path):
    anna, bram = town.keys(), town.keys(suite=S0)
    town.enrol(anna)
    town.enrol(bram, BRAM)
    town.correct(anna)
    town.correct(bram, BRAM, name="c2", record="r2", kind="paid", note=None)
    con, _ = read_inbox(tmp_path)
    assert table(con, "corrections", "mailbox", "record_id_meant", "correction", "note") == [
        (ANNA, "r1", "not_me", "Dit ben ik niet."),
        (BRAM, "r2", "paid", None),
    ]


def test_shown_and_objections_come_in_too(town, tmp_path):
    anna = town.keys()
    town.enrol(anna)
    shown = {"v": 1, "mailbox": ANNA, "items": ["i1", "i2"], "at": TODAY.isoformat()}
    for name in ("s1", "s2"):
        sealed = town.seal(shown | {"items": [name]}, stream="shown", mailbox=ANNA, keys=anna)
        town.put("shown", sealed, name)
    objection = {
        "v": 1,
        "mailbox": ANNA,
        "stream": "benefits",
        "action": "object",
        "at": TODAY.isoformat(),
    }
    town.put(
        "objections", town.seal(objection, stream="objections", mailbox=ANNA, keys=anna, to=S0), "o"
    )
    con, _ = read_inbox(tmp_path)
    assert table(con, "shown", "items") == [('["s1"]',), ('["s2"]',)]
    assert len({row["record_id"] for row in table(con, "shown")}) == 2
    assert table(con, "objections", "stream_meant", "action") == [("benefits", "object")]


def refused(tmp_path):
    con, report = read_inbox(tmp_path)
    rows = con.execute("SELECT stream, delivery_id, reason FROM quarantine ORDER BY ALL").fetchall()
    for file in report.files:
        told = file.accepted + file.quarantined + file.expired + file.superseded + file.marked
        assert file.rows == told
    return con, rows


def test_a_return_signed_by_someone_else_waits(town, tmp_path):
    anna, eve = town.keys(), town.keys()
    town.enrol(anna)
    town.correct(eve)
    con, rows = refused(tmp_path)
    assert table(con, "corrections") == []
    ((stream, name, reason),) = rows
    assert (stream, name) == ("corrections", "c1")
    assert "not made with the expected key" in reason


def test_a_return_of_a_mailbox_without_keys_waits(town, tmp_path):
    town.correct(town.keys())
    _, rows = refused(tmp_path)
    assert rows == [("corrections", "c1", "return: its mailbox never brought a key")]


def test_nobody_speaks_for_another_mailbox(town, tmp_path):
    anna, bram = town.keys(), town.keys()
    town.enrol(anna)
    town.enrol(bram, BRAM)
    payload = {"v": 1, "mailbox": ANNA, "record": "r1", "kind": "undo", "at": TODAY.isoformat()}
    town.put("corrections", town.seal(payload, stream="corrections", mailbox=BRAM, keys=bram), "c1")
    con, rows = refused(tmp_path)
    assert table(con, "corrections") == []
    assert rows[0][2] == "return: the mailbox inside is not the mailbox outside"


def test_a_return_moved_to_another_stream_or_tenant_waits(town, tmp_path):
    anna = town.keys()
    town.enrol(anna)
    sealed = town.correct(anna)
    town.put("objections", sealed, "moved")
    town.put("objections", sealed | {"stream": "objections"}, "relabelled")
    payload = {"v": 1, "mailbox": ANNA, "record": "r", "kind": "undo", "at": TODAY.isoformat()}
    other = town.seal(payload, stream="corrections", mailbox=ANNA, keys=anna, tenant="elders")
    town.put("corrections", other, "tenant")
    con, rows = refused(tmp_path)
    assert [name for _, name, _ in rows] == ["tenant", "moved", "relabelled"]
    assert len(table(con, "corrections")) == 1


def test_keys_that_the_log_does_not_show_are_not_known(town, tmp_path):
    anna, eve = town.keys(), town.keys()
    forger = LogSigner(LOG.name, RANDOM(32))
    mine = {"keys": anna.public().to_json()}
    theirs = {"keys": eve.public().to_json()}
    town.enrol(anna, name="k0", log=None)
    town.enrol(anna, name="k1", log=town.log("key.added", theirs, ANNA))
    town.enrol(anna, name="k2", log=town.log("key.added", mine, BRAM))
    town.enrol(anna, name="k3", log=town.log("key.withdrawn", mine, ANNA))
    town.enrol(anna, name="k4", log=town.log("key.added", mine, ANNA, signer=forger))
    whole = town.log("key.added", mine, ANNA)
    town.enrol(anna, name="k5", log=whole | {"salt": "00" * 32})
    town.enrol(
        anna, name="k6", log=whole | {"proof": re.sub("index .*", "index 1", whole["proof"])}
    )
    town.enrol(anna, name="k7", log=whole | {"proof": "x"})
    con, rows = refused(tmp_path)
    assert table(con, "keys") == []
    assert [name for _, name, _ in rows] == [f"k{number}" for number in range(8)]


def test_of_two_enrolments_in_one_epoch_the_one_logged_first_counts(town, tmp_path):
    anna, eve = town.keys(), town.keys()
    town.enrol(anna, name="z")
    town.enrol(eve, name="a")
    town.correct(anna)
    con, rows = refused(tmp_path)
    assert table(con, "keys", "delivery_id") == [("z",)]
    assert rows == [("keys", "a", "return: another one for this epoch came first")]
    assert len(table(con, "corrections")) == 1


def test_what_an_earlier_epoch_said_still_holds(town, tmp_path):
    old, new = town.keys(), town.keys(epoch=2)
    town.enrol(old)
    town.correct(old)
    town.enrol(new)
    town.correct(new, name="c2", record="r2")
    con, rows = refused(tmp_path)
    assert rows == []
    assert len(table(con, "corrections")) == 2


def test_a_withdrawal_is_a_row_of_its_own(town, tmp_path):
    anna = town.keys()
    town.enrol(anna)
    town.enrol(anna, action="withdraw")
    con, rows = refused(tmp_path)
    assert rows == []
    assert table(con, "keys", "epoch", "action") == [(1, "enrol"), (1, "withdraw")]


def test_the_same_return_twice_counts_once(town, tmp_path):
    anna = town.keys()
    town.enrol(anna)
    sealed = town.correct(anna)
    town.put("corrections", sealed, "copy")
    con, rows = refused(tmp_path)
    assert rows == []
    assert len(table(con, "corrections")) == 1


def test_a_return_of_a_later_day_waits_for_its_day(town, tmp_path):
    anna = town.keys()
    town.enrol(anna)
    town.correct(anna, at=(TODAY + timedelta(days=1)).isoformat())
    con, report = read_inbox(tmp_path)
    assert table(con, "corrections") == []
    assert report.warnings == ("stream `corrections`: 1 returns are of a later day",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "anders"}, "column `kind`: not one of"),
        ({"record": ""}, "column `record`: empty"),
        ({"bsn": "999993653"}, "holds keys that its stream does not declare"),
        ({"at": "gisteren"}, "field `at`: not a day"),
        ({"v": 2}, "field `v`: unknown version"),
        ({"note": ["x"]}, "a list stands where one value belongs"),
    ],
)
def test_a_return_whose_content_does_not_fit_waits(town, tmp_path, changes, words):
    anna = town.keys()
    town.enrol(anna)
    town.correct(anna, **changes)
    con, rows = refused(tmp_path)
    assert table(con, "corrections") == []
    assert words in rows[0][2]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"v":1}', "\x00", "[" * 60_000, '{"blob": 1}', "9" * 300_000]
)
def test_a_file_that_is_no_return_waits_and_stops_no_other(town, tmp_path, text):
    anna = town.keys()
    town.enrol(anna)
    town.put("keys", {}, "bad")
    (town.inbox / "keys" / "bad.return").write_text(text)
    con, rows = refused(tmp_path)
    assert len(table(con, "keys")) == 1
    assert [name for _, name, _ in rows] == ["bad"]


def test_a_refused_return_is_kept_as_it_came(town, tmp_path):
    sealed = town.correct(town.keys())
    con, _ = read_inbox(tmp_path)
    ((number, _, _, row),) = quarantined(con)
    assert (number, row) == (0, sealed)
