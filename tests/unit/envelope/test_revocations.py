"""What was taken away stays in a ledger that can only grow."""

from datetime import date

import pytest

from openregie.envelope import revocations
from openregie.envelope.revocations import Kind, LedgerBroken, Line, commitment

DAY = date(2026, 11, 5)
MAILBOX = "A" * 43


def withdrawn(mailbox=MAILBOX):
    return Line(Kind.WITHDRAWN, DAY, commitment(Kind.WITHDRAWN, mailbox))


def test_what_is_appended_is_read_back_in_order(tmp_path):
    file = tmp_path / "revocations.jsonl"
    revocations.append(file, [withdrawn()])
    revocations.append(file, [Line(Kind.HEAD, DAY, size=7), withdrawn("B" * 43)])
    ledger = revocations.read(file)
    assert ledger.lines == (withdrawn(), Line(Kind.HEAD, DAY, size=7), withdrawn("B" * 43))
    assert ledger.log_size == 7


def test_a_ledger_that_is_not_there_is_empty(tmp_path):
    assert revocations.read(tmp_path / "none").lines == ()


def test_the_ledger_names_no_mailbox(tmp_path):
    file = tmp_path / "revocations.jsonl"
    revocations.append(file, [withdrawn()])
    assert MAILBOX not in file.read_text()


def test_two_revocations_of_one_mailbox_have_nothing_in_common():
    names = {commitment(kind, MAILBOX) for kind in Kind}
    names.add(commitment(Kind.WRAP_REMOVED, MAILBOX, epoch=1, wrap_id="code-1"))
    assert len(names) == len(Kind) + 1


@pytest.mark.parametrize("place", [0, 1])
def test_a_line_that_is_taken_out_or_changed_is_found(tmp_path, place):
    file = tmp_path / "revocations.jsonl"
    revocations.append(file, [withdrawn(), withdrawn("B" * 43), withdrawn("C" * 43)])
    lines = file.read_bytes().splitlines(keepends=True)
    with pytest.raises(LedgerBroken, match="line"):
        revocations.parse(b"".join(lines[:place] + lines[place + 1 :]))
    lines[place] = lines[place].replace(b"2026-11-05", b"2026-11-06")
    with pytest.raises(LedgerBroken, match="line"):
        revocations.parse(b"".join(lines))


def test_a_line_that_a_power_cut_left_in_half_is_refused_and_mended_by_the_next(tmp_path):
    file = tmp_path / "revocations.jsonl"
    revocations.append(file, [withdrawn()])
    with file.open("ab") as opened:
        opened.write(b'{"v":1,"kind":"with')
    with pytest.raises(LedgerBroken):
        revocations.read(file)
    revocations.append(file, [withdrawn("B" * 43)])
    assert len(revocations.read(file).lines) == 2


def test_only_a_later_copy_continues_an_earlier_one(tmp_path):
    file = tmp_path / "revocations.jsonl"
    revocations.append(file, [withdrawn()])
    older = revocations.read(file)
    revocations.append(file, [withdrawn("B" * 43)])
    newer = revocations.read(file)
    assert newer.since(older) == (withdrawn("B" * 43),)
    with pytest.raises(LedgerBroken, match="does not continue"):
        older.since(newer)


def test_a_restored_log_counts_from_where_it_was_put_back(tmp_path):
    file = tmp_path / "revocations.jsonl"
    revocations.append(file, [Line(Kind.HEAD, DAY, size=9), Line(Kind.RESTORED, DAY, size=4)])
    assert revocations.read(file).log_size == 4


def test_a_withdrawn_grant_has_a_line_that_names_only_itself(tmp_path):
    file = tmp_path / "revocations.jsonl"
    revocations.append(file, [Line(Kind.GRANT, DAY, granted("grant-1"))])
    gone = {line.what for line in revocations.read(file).lines if line.kind is Kind.GRANT}
    assert granted("grant-1") in gone
    assert granted("grant-2") not in gone
    assert commitment(Kind.GRANT, "B" * 43, wrap_id="grant-1") not in gone
    assert commitment(Kind.WRAP_REMOVED, MAILBOX, wrap_id="grant-1") not in gone
    assert "grant-1" not in file.read_text()


def granted(name):
    return commitment(Kind.GRANT, MAILBOX, wrap_id=name)
