"""Where one lands after login, how often one may call, what a log line may say."""

from __future__ import annotations

import logging
import sys

import pytest

from openregie.sealed.api.rates import Rate
from openregie.sealed.vault.errors import HandOverRefused
from openregie.sealed.vault.intake import parts
from openregie.sealed.web.login.landing import safe_next
from openregie.sealed.web.quiet_log import NoValues


@pytest.mark.parametrize("path", ["/mijn/", "/en/welkom/sleutel/", "/mijn/?a=b", "/mijn/#/geld"])
def test_a_path_of_ours_is_kept(path):
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "mijn/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "https://elsewhere.example/",
        "javascript:alert(1)",
        "/mijn/\r\nSet-Cookie: x=y",
        "/a\\b",
        "/\t/elsewhere.example",
    ],
)
def test_anything_else_leads_home(path):
    assert safe_next(path) == "/mijn/"


def test_a_bucket_empties_and_fills_with_time():
    clock = [0.0]
    rate = Rate(burst=2, per_minute=60, timer=lambda: clock[0])
    assert [rate.wait_seconds("a") for _ in range(3)] == [0, 0, 1]
    assert rate.wait_seconds("b") == 0
    clock[0] = 1.0
    assert rate.wait_seconds("a") == 0


def test_a_log_line_of_others_keeps_status_and_place_and_no_value():
    try:
        {}["Kanarie"]
    except KeyError:
        record = logging.LogRecord(
            "django.request", logging.ERROR, "p", 1, "Error: %s", ("/Kanarie",), sys.exc_info()
        )
    record.status_code = 500
    NoValues().filter(record)
    text = logging.Formatter("%(name)s %(message)s").format(record)
    assert "Kanarie" not in text
    assert "status 500 KeyError at test_a_log_line" in text


def test_a_line_of_a_hand_over_that_is_none_is_named_by_part_and_number(tmp_path):
    (tmp_path / "items.jsonl").write_text('{"op":"remove","mailbox":"m","seq":1}\n{"op":\n')
    with pytest.raises(HandOverRefused, match=r"`items.jsonl`, line 2"):
        list(parts.slices(tmp_path, after="", most=9))


def test_mailboxes_come_in_order_and_after_the_last_that_was_done(tmp_path):
    lines = [f'{{"op":"remove","mailbox":"{name}","seq":1}}\n' for name in "cab"]
    (tmp_path / "items.jsonl").write_text("".join(lines))
    assert [one.mailbox for one in parts.slices(tmp_path, after="", most=9)] == ["a", "b", "c"]
    assert [one.mailbox for one in parts.slices(tmp_path, after="a", most=9)] == ["b", "c"]


def test_a_mailbox_comes_in_slices_and_goes_on_within_one(tmp_path):
    lines = [
        f'{{"op":"remove","mailbox":"{name}","seq":{n}}}\n' for n in (1, 2, 3) for name in "ba"
    ]
    (tmp_path / "items.jsonl").write_text("".join(lines))

    def told(**after):
        found = parts.slices(tmp_path, most=2, **after)
        return [(one.mailbox, one.after, one.remove, one.ends) for one in found]

    whole_b = [("b", 0, (1, 2), False), ("b", 2, (3,), True)]
    assert told(after="") == [("a", 0, (1, 2), False), ("a", 2, (3,), True), *whole_b]
    assert told(after="", lines=2) == [("a", 2, (3,), True), *whole_b]
    assert told(after="a", lines=0) == whole_b
