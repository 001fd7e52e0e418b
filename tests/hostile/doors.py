"""Hostile manifests, age files, names and places; files that change, giant files."""

import hashlib
import json
import os
import random
import threading

from hostile.delivery import GOOD, HARMLESS, PLANTED, QUARANTINED, REFUSED, Hostile, csv_of
from openregie.envelope import age
from unit.streams.deliveries import RECIPIENT

_PLAIN = csv_of(PLANTED, GOOD)
_CHUNK = 64 * 1024
_TAG = 16
_FILE_LIMIT = 1024**3


def _manifest(name, tries, says, **changes):
    return Hostile(name, tries, REFUSED, says, _PLAIN, manifest=changes)


def _sidecar(name, tries, says, sidecar):
    return Hostile(name, tries, REFUSED, says, _PLAIN, sidecar=sidecar)


MANIFESTS = (
    _manifest(
        "another file's hash", "the file was changed on its way", "SHA-256 differs", sha256="0" * 64
    ),
    _manifest(
        "a hash in capitals",
        "a hash that compares unequal",
        "`sha256`: must look like",
        sha256=hashlib.sha256(_PLAIN).hexdigest().upper(),
    ),
    _manifest(
        "a path as stream",
        "a folder outside the inbox",
        "no stream is called so",
        stream="../../custody/zeehond",
    ),
    _manifest(
        "an absolute path as stream",
        "a folder of the system",
        "no stream is called so",
        stream="/etc/zeehond",
    ),
    _manifest(
        "NUL in the stream",
        "a name that ends early",
        "no stream is called so",
        stream="rent_arrears\0zeehond",
    ),
    _manifest(
        "another stream",
        "rent arrears delivered as benefits",
        "attests|no header",
        stream="benefits",
    ),
    _manifest(
        "a residents' stream",
        "a file where only residents write",
        "browsers only",
        stream="corrections",
    ),
    _manifest("a number as stream", "a wrong type", "`stream`: must be a filled text", stream=777),
    _manifest(
        "a list as supplier", "a wrong type", "`supplier`: must be an object", supplier=["zeehond"]
    ),
    _manifest(
        "a path as organisation number",
        "a folder in the delivery's name",
        "`supplier.oin`: must look like",
        supplier={"name": "Linde", "oin": "../zeehond"},
    ),
    _manifest(
        "escape codes in the supplier",
        "colours for the terminal",
        "no control characters",
        supplier={"name": "\x1b[2Jzeehond", "oin": "1"},
    ),
    _manifest(
        "half a character in the supplier",
        "a lone surrogate",
        "no control characters",
        supplier={"name": "\ud800", "oin": "1"},
    ),
    _manifest("version true", "true passes for 1", "`v`: must be 1", v=True),
    _manifest("keys beyond", "more than was asked", "has keys beyond", zeehond=1),
    _manifest(
        "attestations without end",
        "20,000 words",
        "64 kB|does not know",
        attests=[f"zeehond{n}" for n in range(20_000)],
    ),
    _manifest(
        "attestations as objects",
        "a wrong type",
        "must be a list of texts",
        attests=[{"zeehond": 1}],
    ),
    _manifest(
        "an attestation twice",
        "one word for two",
        "has the same word twice",
        attests=["personal_contact"] * 2,
    ),
    _manifest(
        "nothing attested", "the law's conditions skipped", "is missing; the law", attests=[]
    ),
    _manifest(
        "delivered tomorrow", "a day to come", "lies in the future", delivered_on="2026-11-06"
    ),
    _manifest(
        "delivered in year 9999",
        "in force for ever",
        "lies in the future",
        delivered_on="9999-12-31",
    ),
    _manifest(
        "delivered in year 0",
        "a day before the calendar",
        "must be a day",
        delivered_on="0000-01-01",
    ),
    _manifest(
        "delivered in 1900",
        "older than every term",
        "older than",
        delivered_on="1900-01-01",
        covers={"from_on": "1900-01-01", "until_on": "1900-01-01"},
    ),
    _manifest("a week as a day", "another notation", "must be a day", delivered_on="2026-W45-4"),
    _manifest(
        "covers backwards",
        "ends before it starts",
        "from_on lies after until_on",
        covers={"from_on": "2026-11-04", "until_on": "2026-10-01"},
    ),
    _sidecar("a manifest that is no JSON", "half a file", "not JSON in UTF-8", b'{"v":1,"zeehond"'),
    _sidecar("a manifest that is a list", "a wrong type", "no JSON object", b'["zeehond"]'),
    _sidecar(
        "a manifest in UTF-16", "another encoding", "not JSON in UTF-8", '{"v":1}'.encode("utf-16")
    ),
    _sidecar("a manifest that nests", "a depth bomb", "not JSON in UTF-8", b"[" * 60_000),
    _sidecar("a giant manifest", "a megabyte of white space", "larger than 64 kB", b" " * 1024**2),
    _sidecar(
        "a manifest with a key twice",
        "the second overwrites the first",
        "stands twice",
        b'{"v":1,"stream":"rent_arrears","stream":"zeehond"}',
    ),
    _sidecar(
        "a number of 5,000 digits in a manifest",
        "slow to read as a number",
        "not JSON in UTF-8|must be 1",
        b'{"v":' + b"7" * 5_000 + b"}",
    ),
)


def _aged(plain=_PLAIN):
    return age.encrypt(plain, to=RECIPIENT)


def _turned(sealed):
    return sealed[:-9] + bytes([sealed[-9] ^ 1]) + sealed[-8:]


def _big():
    """An age file of four chunks."""
    return _aged(csv_of(*[PLANTED | {"ID": f"ZEEHOND-{n}"} for n in range(2_000)]))


def _cut(chunks, extra):
    """The file after so many whole chunks and so many bytes."""
    sealed = _big()
    plain = len(csv_of(*[PLANTED | {"ID": f"ZEEHOND-{n}"} for n in range(2_000)]))
    whole, rest = divmod(plain, _CHUNK)
    head = len(sealed) - (whole * (_CHUNK + _TAG) + rest + _TAG)
    return sealed[: head + chunks * (_CHUNK + _TAG) + extra]


def _age(name, tries, data, says="does not open with the run's key"):
    return Hostile(name, tries, REFUSED, says, data, rows=0, waits=0)


_OTHER = age.recipient_of(age.new_identity(random.Random(8).randbytes))

AGE_FILES = (
    *(
        _age(
            f"age file cut after {chunks} chunks and {extra} bytes",
            "most of the content comes out before the end is missed",
            lambda chunks=chunks, extra=extra: _cut(chunks, extra),
        )
        for chunks in range(4)
        for extra in (0, 1, _TAG)
    ),
    _age("age to another key", "the run cannot open it", lambda: age.encrypt(_PLAIN, to=_OTHER)),
    _age(
        "age with a turned bit",
        "changed on the way",
        lambda: _turned(_aged()),
    ),
    _age("age with bytes after it", "something added at the end", lambda: _aged() + b"zeehond"),
    _age("two age files in one", "one after the other", lambda: _aged() + _aged()),
    _age("the head of an age file", "nothing after the first line", b"age-encryption.org/v1\n"),
    _age("age in age", "encrypted twice", lambda: _aged(_aged()), "encrypted twice"),
    _age(
        "an archive in age", "unseen at the door", lambda: _aged(b"PK\x03\x04zeehond"), "an archive"
    ),
    _age(
        "undeclared columns in age",
        "unseen at the door",
        lambda: _aged(_PLAIN.replace(b"status", b"zeehond")),
        "not declared",
    ),
    Hostile(
        "armored age",
        "text around the cipher",
        REFUSED,
        "without --armor",
        b"-----BEGIN AGE ENCRYPTED FILE-----\nzeehond\n",
    ),
    Hostile(
        "a bad row in age",
        "unseen at the door",
        QUARANTINED,
        "from 0 to 100000",
        lambda: _aged(csv_of(PLANTED | {"bedrag": "777777777"}, GOOD)),
        rows=2,
    ),
)


def _named(name):
    def lay(place):
        file = place.desk / name
        file.write_bytes(place.file.read_bytes())
        file.with_name(name + ".delivery.json").write_text(json.dumps(place.manifest))
        return file

    return lay


def _link(place):
    target = place.directory / "custody" / "secret.csv"
    target.parent.mkdir()
    target.write_bytes(place.file.read_bytes())
    place.file.unlink()
    place.file.symlink_to(target)


def _hard_link(place):
    target = place.desk / "other"
    place.file.rename(target)
    place.file.hardlink_to(target)


def _pipe(place):
    place.file.unlink()
    os.mkfifo(place.file)


def _device(place):
    place.file.unlink()
    place.file.symlink_to("/dev/zero")


def _giant(place, size, start=b""):
    """A sparse file with a manifest whose hash nobody need compute."""
    with place.file.open("wb") as opened:
        opened.write(start)
        opened.truncate(size)


def _giant_line(place):
    """1 GB in one line, for real: not sparse, so that nothing can be skipped."""
    block = b"zeehond," * (128 * 1024)
    with place.file.open("wb") as opened:
        opened.write(_PLAIN)
        for _ in range(_FILE_LIMIT // len(block) - 1):
            opened.write(block)


def _change_while_read(place):
    """The supplier's programme still writes: the file is not the one the manifest tells of."""
    writer = threading.Thread(target=place.file.write_bytes, args=(_PLAIN + _PLAIN[-90:],))
    writer.start()
    writer.join()


def _kept(place, suffix):
    return next((place.inbox / "rent_arrears").glob(f"*{suffix}"))


def _linked_in_inbox(place):
    file = _kept(place, ".age")
    target = place.desk / "moved.age"
    file.rename(target)
    file.symlink_to(target)


def _linked_manifest(place):
    file = _kept(place, ".json")
    target = place.desk / "moved.json"
    file.rename(target)
    file.symlink_to(target)


def _renamed(place):
    for suffix in (".age", ".json"):
        file = _kept(place, suffix)
        file.rename(file.with_name("0" * 16 + suffix))


def _relabelled(place):
    file = _kept(place, ".json")
    told = json.loads(file.read_text())
    told["attests"] = ["zeehond"]
    file.write_text(json.dumps(told))


def _swapped(place):
    _kept(place, ".age").write_bytes(_aged(csv_of(PLANTED)))


def _gone(place):
    _kept(place, ".age").unlink()


def _pipe_in_inbox(place):
    file = _kept(place, ".age")
    file.unlink()
    os.mkfifo(file)


def _place(name, tries, ends, says, **more):
    return Hostile(name, tries, ends, says, _PLAIN, rows=2, waits=0, **more)


PLACES = (
    _place(
        "a link for a file",
        "a link to the run's own keys",
        REFUSED,
        "not a file of its own",
        lay=_link,
    ),
    _place(
        "a device for a file",
        "an endless stream of zeros",
        REFUSED,
        "not a file of its own",
        lay=_device,
    ),
    _place(
        "a pipe for a file", "a read that never ends", REFUSED, "not a file of its own", lay=_pipe
    ),
    _place("a hard link", "a second name for the same bytes", HARMLESS, "accepted", lay=_hard_link),
    _place(
        "the name of a device",
        "CON, as another system knows it",
        HARMLESS,
        "accepted",
        lay=_named("CON.csv"),
    ),
    _place(
        "a name with two dots",
        "a step up in the tree",
        HARMLESS,
        "accepted",
        lay=_named("..\\..\\custody.csv"),
    ),
    _place("a name like an option", "-rf", HARMLESS, "accepted", lay=_named("-rf.csv")),
    _place(
        "a file that changes while it is read",
        "the manifest tells of another",
        REFUSED,
        "SHA-256 differs",
        lay=_change_while_read,
    ),
    _place(
        "a link in the inbox",
        "a file that lies elsewhere",
        REFUSED,
        "cannot be read",
        spoil=_linked_in_inbox,
    ),
    _place(
        "a manifest linked in the inbox",
        "a manifest that lies elsewhere",
        REFUSED,
        "cannot be read",
        spoil=_linked_manifest,
    ),
    _place(
        "a pipe in the inbox",
        "a read that never ends",
        REFUSED,
        "cannot be read",
        spoil=_pipe_in_inbox,
    ),
    _place(
        "another name in the inbox",
        "one delivery as two",
        REFUSED,
        "changed since intake",
        spoil=_renamed,
    ),
    _place(
        "another manifest in the inbox",
        "other words attested",
        REFUSED,
        "attests",
        spoil=_relabelled,
    ),
    _place(
        "another file in the inbox",
        "sealed by someone else",
        REFUSED,
        "changed since intake",
        spoil=_swapped,
    ),
    _place(
        "a file gone from the inbox",
        "the manifest stays alone",
        REFUSED,
        "cannot be read",
        spoil=_gone,
    ),
)

GIANTS = (
    Hostile(
        "a line of 1 GB",
        "a line that fills the memory",
        REFUSED,
        "a line is longer than",
        _PLAIN,
        lay=_giant_line,
        manifest={"sha256": "0" * 64},
    ),
    Hostile(
        "a sparse file of 1 TB",
        "a size without bytes",
        REFUSED,
        "larger than 1073741824",
        _PLAIN,
        lay=lambda place: _giant(place, 1024**4),
        manifest={"sha256": "0" * 64},
    ),
    Hostile(
        "a sparse file of 1 GB",
        "1 GB of NUL after a header",
        REFUSED,
        "longer than",
        _PLAIN,
        lay=lambda place: _giant(place, _FILE_LIMIT, _PLAIN),
        manifest={"sha256": "0" * 64},
    ),
)
