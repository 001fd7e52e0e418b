"""Taking in what a run hands over."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from django.utils import timezone

from openregie.envelope import custody, handover, item
from openregie.envelope.item import Header
from openregie.envelope.suites import SignatureAlgorithm
from openregie.logbook.entry import Entry, commit_of, new_salt, opened
from openregie.sealed.log.errors import ChainBroken
from openregie.sealed.log.models import Entry as LogEntry
from openregie.sealed.vault.errors import HandOverRefused
from openregie.sealed.vault.intake import actions as intake
from openregie.sealed.vault.intake.pace import CHUNK_SECONDS, Pace
from openregie.sealed.vault.models import HandOver, Relation, StoredItem, TeamItem
from openregie.terms import Compartment

pytestmark = pytest.mark.django_db(databases=["default", "sessions"])

DAY = "2026-11-05"


def line(said):
    return json.dumps(said).encode()


class Run:
    """What a run would hand over: real seals, real signature."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys = custody.load_run(folder)
        self.chains: dict[str, tuple[int, str | None]] = {}

    def item(self, someone, seq, said=None, *, compartment=Compartment.MONEY):
        key = someone.keys.public().compartments[compartment]
        sealed = item.seal(
            said or {"v": 1, "kind": "notice", "id": str(seq)},
            header=Header("lindestad", someone.mailbox, seq, DAY),
            to=key,
            signer=self.keys.signer_for(key),
        )
        return line({"op": "add", "sealed": sealed.to_json()})

    def remove(self, someone, seq):
        return line({"op": "remove", "mailbox": someone.mailbox, "seq": seq})

    def event(self, someone):
        seq, prev = self.chains.get(someone.mailbox, (0, None))
        said = {"v": 1, "type": "items.sealed", "day": DAY}
        entry, salt = Entry("run", seq + 1, prev, said, someone.mailbox), new_salt()
        own = someone.keys.public().compartments[Compartment.OWN]
        sealed = item.seal(
            entry.with_salt(salt),
            header=Header("lindestad", someone.mailbox, seq + 1, DAY),
            to=own,
            signer=self.keys.signer_for(own),
            protocol=item.EVENT,
        )
        commit = commit_of(entry, salt)
        self.chains[someone.mailbox] = (seq + 1, commit)
        outside = {"mailbox": someone.mailbox, "chain": "run", "seq": seq + 1}
        rest = {"type": entry.type, "commit": commit, "sealed": sealed.to_json()}
        return line({**outside, **rest})

    def hand_over(self, number, items=(), events=(), **others) -> Path:
        files = {"items.jsonl": items, "events.jsonl": events, **others}
        return handover.finish(
            handover.write(
                self.folder / "handover",
                files,
                tenant="lindestad",
                number=number,
                day=DAY,
                run="00",
                signer=self.keys.signers[SignatureAlgorithm.ED25519],
            )
        )


@pytest.fixture
def run(tenant):
    return Run(tenant.dir)


def take(vault, folder):
    return intake.take_in(vault, folder, clock=timezone.now)


def test_a_resident_opens_what_the_run_sealed_and_finds_the_opening_in_the_log(
    anna, run, vault, tenant
):
    anna.enrol()
    folder = run.hand_over(1, [run.item(anna, 1, {"v": 1, "hello": "Anna"})], [run.event(anna)])
    taken = take(vault, folder)
    assert (taken.items_added, taken.events, taken.state) == (1, 1, "taken")
    said = anna.get("/v1/items").json()
    assert said["next"] is None
    run_key = custody.load_run_public(tenant.dir).verify[SignatureAlgorithm.ED25519]
    sealed = item.SealedItem.from_json(said["items"][0])
    money = anna.keys.compartments[Compartment.MONEY]
    assert item.open_sealed(sealed, key=money, verify=run_key)["hello"] == "Anna"
    last = LogEntry.objects.filter(chain="vault").order_by("seq").last()
    log_key = custody.load_log_public(tenant.dir)[1]
    event, _ = opened(
        item.open_sealed(
            item.SealedItem.from_line(last.sealed),
            key=anna.keys.compartments[Compartment.OWN],
            verify=log_key,
            protocol=item.EVENT,
        )
    )
    assert (event.type, event.event["items"]) == ("items.opened", [1])
    assert anna.get("/v1/runs/latest").json()["state"] == "done"


def test_reading_nothing_logs_nothing(anna, vault):
    anna.enrol()
    before = LogEntry.objects.count()
    assert anna.get("/v1/items").json() == {"items": [], "next": None}
    assert LogEntry.objects.count() == before


def test_taking_in_twice_changes_nothing(anna, run, vault):
    anna.enrol()
    folder = run.hand_over(1, [run.item(anna, 1)], [run.event(anna)])
    take(vault, folder)
    take(vault, folder)
    assert StoredItem.objects.count() == 1
    assert LogEntry.objects.filter(chain="run").count() == 1


def power_goes(_seconds):
    raise OSError("the power went")


def test_a_crash_between_two_chunks_is_answered_by_going_on(anna, bram, run, vault):
    anna.enrol()
    bram.enrol()
    residents = sorted([anna, bram], key=lambda one: one.mailbox)
    folder = run.hand_over(
        1,
        [run.item(one, seq) for one in residents for seq in range(1, 61)],
        [run.event(one) for one in residents],
    )
    # each look at the clock is a second later: one step a chunk; then the power goes
    ticks = itertools.count()
    slow = Pace(timer=lambda: float(next(ticks)), rest=power_goes)
    with pytest.raises(OSError, match="power"):
        intake.take_in(vault, folder, clock=timezone.now, pace=slow)
    half = HandOver.objects.get()
    assert (half.reached, half.reached_lines) == ("", 50)
    assert LogEntry.objects.filter(chain="run").count() == 1
    assert StoredItem.objects.count() == half.items_added == 49
    taken = take(vault, folder)
    assert (taken.items_added, taken.events, taken.skipped) == (120, 2, 0)
    assert (taken.reached, taken.reached_lines) == (residents[1].mailbox, 0)
    assert StoredItem.objects.count() == 120
    assert LogEntry.objects.filter(chain="run").count() == 2


def test_two_intakes_of_one_hand_over_do_not_both_go_on(anna, run, vault):
    anna.enrol()
    folder = run.hand_over(1, [run.item(anna, n) for n in range(1, 200)], [run.event(anna)])

    def another_takes_it_in(_seconds):
        take(vault, folder)

    ticks = itertools.count()
    slow = Pace(timer=lambda: float(next(ticks)), rest=another_takes_it_in)
    with pytest.raises(HandOverRefused, match="another intake is busy"):
        intake.take_in(vault, folder, clock=timezone.now, pace=slow)
    assert StoredItem.objects.count() == HandOver.objects.get().items_added == 199


def test_a_changed_part_is_refused_and_nothing_of_it_is_used(anna, run, vault):
    anna.enrol()
    folder = run.hand_over(1, [run.item(anna, 1)], [run.event(anna)])
    with (folder / "items.jsonl").open("ab") as opened_file:
        opened_file.write(run.item(anna, 2) + b"\n")
    with pytest.raises(handover.HandOverRefused):
        take(vault, folder)
    assert not StoredItem.objects.exists()
    assert not HandOver.objects.exists()


def test_numbers_come_in_order_and_only_once(anna, run, vault):
    anna.enrol()
    second = run.hand_over(2, [run.item(anna, 1)])
    with pytest.raises(HandOverRefused, match="number 1 comes first"):
        take(vault, second)
    first = run.hand_over(1)
    take(vault, first)
    take(vault, second)
    for file in sorted(first.iterdir()):
        file.unlink()
    first.rmdir()
    other = run.hand_over(1, [run.item(anna, 7)])
    with pytest.raises(HandOverRefused, match="another one"):
        take(vault, other)


def test_an_item_for_keys_that_are_gone_is_not_stored_but_its_event_counts(anna, bram, run, vault):
    anna.enrol()
    bram.enrol()
    folder = run.hand_over(1, [run.item(anna, 1), run.item(bram, 1)], [run.event(anna)])
    anna.post("/v1/withdrawals", {"return": anna.keys_return("withdraw")})
    taken = take(vault, folder)
    assert (taken.items_added, taken.skipped, taken.events) == (1, 1, 1)
    assert LogEntry.objects.get(chain="run").sealed == ""


def test_a_second_run_removes_and_adds(anna, run, vault):
    anna.enrol()
    take(vault, run.hand_over(1, [run.item(anna, 1), run.item(anna, 2)], [run.event(anna)]))
    folder = run.hand_over(2, [run.item(anna, 3), run.remove(anna, 1)], [run.event(anna)])
    assert take(vault, folder).items_removed == 1
    assert list(StoredItem.objects.order_by("seq").values_list("seq", flat=True)) == [2, 3]
    assert [one["seq"] for one in anna.get("/v1/items?after=2").json()["items"]] == [3]


def test_a_run_continued_from_an_old_state_is_refused(anna, run, vault):
    anna.enrol()
    take(vault, run.hand_over(1, [], [run.event(anna)]))
    run.chains.clear()
    with pytest.raises(ChainBroken, match="another event stands there"):
        take(vault, run.hand_over(2, [], [run.event(anna)]))


def test_statements_replace_and_team_items_stay(anna, run, vault):
    anna.enrol()
    relation = {"mailbox": anna.mailbox, "household": "h", "adults": 2, "epochDueOn": "2027-01-01"}
    team = {"team": "debt_team", "ref": "r1", "releaseOn": "2026-11-20", "sealed": {"v": 1}}
    for number in (1, 2):
        folder = run.hand_over(
            number, **{"relations.jsonl": [line(relation)], "team.jsonl": [line(team)]}
        )
        take(vault, folder)
    assert Relation.objects.count() == 1
    assert TeamItem.objects.count() == 1


def test_a_broken_line_says_where_and_not_what(anna, run, vault):
    anna.enrol()
    folder = run.hand_over(1, [line({"op": "add", "sealed": {"mailbox": anna.mailbox}})])
    with pytest.raises(HandOverRefused, match=r"part `items.jsonl`, line 1"):
        take(vault, folder)


@pytest.mark.parametrize(("seconds_a_step", "chunks"), [(0.001, 2), (0.01, 12), (0.2, 40)])
def test_a_chunk_holds_as_many_steps_as_fit_in_its_time(anna, run, vault, seconds_a_step, chunks):
    anna.enrol()
    relation = {"mailbox": anna.mailbox, "household": "h", "adults": 2, "epochDueOn": "2027-01-01"}
    many = {"relations.jsonl": [line(relation)] * 1000}
    folder = run.hand_over(
        1, [run.item(anna, n) for n in range(1, 1000)], [run.event(anna)], **many
    )
    clock = itertools.count()
    rests = []
    pace = Pace(timer=lambda: next(clock) * seconds_a_step, rest=rests.append)
    taken = intake.take_in(vault, folder, clock=timezone.now, pace=pace)
    assert (taken.items_added, Relation.objects.count()) == (999, 1000)
    assert len(rests) == len(pace.held) == chunks
    assert max(pace.held) < max(CHUNK_SECONDS, 3.001 * seconds_a_step)
