"""How long a session lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from openregie.sealed.vault import signed_in
from openregie.sealed.vault.signed_in import SignedIn
from openregie.terms import Mailbox

START = datetime(2026, 11, 5, 9, tzinfo=UTC)
WHO = SignedIn(Mailbox("m" * 43), "level", START, START)


class Session(dict):
    """What Django gives, without Django."""

    def flush(self):
        self.clear()


def minutes(number):
    return START + timedelta(minutes=number)


def logged_in():
    session = Session()
    signed_in.keep(session, WHO)
    return session


def test_what_is_kept_is_found_again():
    assert signed_in.find(logged_in(), now=minutes(14)) == WHO


def test_nobody_is_found_in_an_empty_session():
    assert signed_in.find({}, now=START) is None


def test_a_session_left_alone_is_emptied():
    session = logged_in()
    signed_in.touch(session, now=minutes(15), counts=True)
    assert session == {}


def test_only_calls_that_count_keep_it_alive():
    session = logged_in()
    for minute in range(1, 15):
        signed_in.touch(session, now=minutes(minute), counts=False)
    assert signed_in.find(session, now=minutes(15)) is None


@given(st.lists(st.integers(min_value=1, max_value=14), max_size=60))
def test_no_session_outlives_four_hours_or_a_quarter_of_silence(pauses):
    session, minute = logged_in(), 0
    for pause in pauses:
        minute += pause
        signed_in.touch(session, now=minutes(minute), counts=True)
        found = signed_in.find(session, now=minutes(minute))
        assert (found is not None) == (minute < 240)
        if found is None:
            return


def test_a_login_is_fresh_for_five_minutes():
    assert WHO.is_fresh(now=minutes(5))
    assert not WHO.is_fresh(now=minutes(5) + timedelta(seconds=1))
