"""Hostile returns: what could lie in the inbox as if a resident's browser had sent it."""

import json
from datetime import timedelta

from hostile.delivery import HARMLESS, QUARANTINED, Hostile
from unit.streams.deliveries import TODAY
from unit.streams.test_returns import ANNA, BRAM, Town

PAYLOAD = {
    "v": 1,
    "mailbox": ANNA,
    "record": "r1",
    "kind": "not_me",
    "note": "zeehond",
    "at": TODAY.isoformat(),
}


def _town(place):
    """Anna has enrolled; her keys are one row that must come through."""
    town = Town(place.directory)
    anna = town.keys()
    town.enrol(anna)
    return town, anna


def _sealed(town, keys, payload, *, stream="corrections", **options):
    return town.seal(payload, stream=stream, mailbox=ANNA, keys=keys, **options)


def _put(change):
    """Lay one return that `change` makes out of a good one."""

    def spoil(place):
        town, anna = _town(place)
        sealed = change(_sealed(town, anna, PAYLOAD))
        file = place.inbox / "corrections" / "c1.return"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(sealed if isinstance(sealed, bytes) else json.dumps(sealed).encode())

    return spoil


def _said(**changes):
    """Lay one return whose sealed content says something else."""

    def spoil(place):
        town, anna = _town(place)
        town.put("corrections", _sealed(town, anna, PAYLOAD | changes), "c1")

    return spoil


def _other_tenant(place):
    town, anna = _town(place)
    town.put("corrections", _sealed(town, anna, PAYLOAD, tenant="elders"), "c1")


def _moved(place):
    town, anna = _town(place)
    town.put("objections", _sealed(town, anna, PAYLOAD), "c1")


def _for_another(place):
    town, anna = _town(place)
    bram = town.keys()
    town.put(
        "corrections",
        town.seal(PAYLOAD, stream="corrections", mailbox=BRAM, keys=bram),
        "c1",
    )
    del anna


def _replayed(place):
    town, anna = _town(place)
    sealed = _sealed(town, anna, PAYLOAD)
    for name in ("c1", "c2", "c3"):
        town.put("corrections", sealed, name)
    town.put("corrections", sealed | {"zeehond": 1}, "c4")


def _reordered(place):
    """Later ones come first: each still counts once."""
    town, anna = _town(place)
    for number in (3, 1, 2):
        day = (TODAY - timedelta(days=number)).isoformat()
        town.put("corrections", _sealed(town, anna, PAYLOAD | {"at": day}), f"c{number}")
    town.put("corrections", _sealed(town, anna, PAYLOAD | {"kind": "zeehond"}), "c0")


def _foreign_keys(place):
    town, _ = _town(place)
    eve = town.keys()
    town.enrol(eve, name="again")


def _linked(place):
    town, anna = _town(place)
    town.put("corrections", _sealed(town, anna, PAYLOAD), "c1")
    file = place.inbox / "corrections" / "c1.return"
    target = place.desk / "elsewhere"
    file.rename(target)
    file.symlink_to(target)


def _return(name, tries, says, spoil, *, rows=2, waits=1):
    return Hostile(
        name, tries, QUARANTINED, says, spoil=spoil, no_file=True, rows=rows, waits=waits
    )


def _with(**changes):
    return _put(lambda sealed: sealed | changes)


ALL = (
    _return(
        "a return for another tenant", "moved between towns", "seal does not open", _other_tenant
    ),
    _return(
        "a return of another stream",
        "a correction as objection",
        "of another stream than its folder",
        _moved,
    ),
    _return(
        "a return for another mailbox",
        "speaking for a neighbour",
        "never brought a key",
        _for_another,
    ),
    Hostile(
        "a replayed return", "sent four times", HARMLESS, "", spoil=_replayed, no_file=True, rows=5
    ),
    _return(
        "returns out of order",
        "the newest first, one of them wrong",
        "column `kind`: not one",
        _reordered,
        rows=5,
    ),
    _return("keys that come second", "taking over a mailbox", "came first", _foreign_keys),
    _return(
        "an oversized return",
        "megabytes of cipher",
        "larger than 262144 bytes",
        _put(lambda _: b'{"blob":"' + b"A" * 2_000_000 + b'"}'),
    ),
    _return(
        "a return cut short",
        "half a file",
        "not JSON",
        _put(lambda sealed: json.dumps(sealed).encode()[:-20]),
    ),
    _return("a return that nests", "a depth bomb", "not JSON", _put(lambda _: b"[" * 200_000)),
    _return(
        "a key twice in a return",
        "the second overwrites the first",
        "not JSON|twice",
        _put(lambda sealed: json.dumps(sealed).encode()[:-1] + b',"stream":"corrections"}'),
    ),
    _return(
        "half a character in a mailbox",
        "a lone surrogate",
        "half a character|not text",
        _with(mailbox="\ud800zeehond"),
    ),
    _return(
        "half a character in a blob",
        "a lone surrogate",
        "not text",
        _with(blob="\ud800"),
    ),
    _return(
        "a list as mailbox",
        "a wrong type",
        "field `mailbox`|not a mailbox|never brought",
        _with(mailbox=["zeehond"]),
    ),
    _return(
        "a mailbox without end",
        "250,000 signs",
        "never brought a key",
        _with(mailbox="z" * 250_000),
    ),
    _return("a key nobody has", "a strange key of the run", "another key", _with(kid="zeehond")),
    _return("a suite nobody knows", "a weaker cipher", "suite", _with(suite="zeehond")),
    _return(
        "a blob of one byte",
        "shorter than any bucket",
        "not as long as any bucket",
        _with(blob="AA"),
    ),
    _return(
        "a return in UTF-16",
        "another encoding",
        "not JSON",
        _put(lambda sealed: json.dumps(sealed).encode("utf-16")),
    ),
    _return("a link as return", "a file that lies elsewhere", "cannot be read", _linked),
    _return(
        "a note with a control character",
        "escape codes for the reader",
        "control characters",
        _said(note="\x1b[2Jzeehond"),
    ),
    _return("a note without end", "5,000 signs", "longer than 4000", _said(note="zeehond" * 800)),
    _return(
        "a citizen number in a return",
        "more than was asked",
        "does not declare",
        _said(bsn="777777777"),
    ),
    _return(
        "a return of an unknown version", "rules of another day", "unknown version", _said(v=2)
    ),
    _return("a return of no day", "a day in words", "not a day", _said(at="zeehond")),
    _return("a return of a week", "another notation of a day", "not a day", _said(at="2026-W45-4")),
    _return(
        "another mailbox inside",
        "outside and inside differ",
        "not the mailbox outside",
        _said(mailbox=BRAM),
    ),
)
