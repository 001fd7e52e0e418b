"""Parsers of what is sealed, wrapped, printed, split, logged or handed over."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

from fuzz.target import CANARY, Target, folder, same, text_of
from openregie.cli.backup import DATABASE, LABEL
from openregie.cli.outcome import Stop
from openregie.cli.restore import unpack
from openregie.cli.tenant import SETTINGS
from openregie.envelope import (
    base64url,
    bundle,
    code,
    custody_files,
    custody_locked,
    frame,
    handover,
    item,
    jcs,
    returns,
    revocations,
    shares,
)
from openregie.envelope.errors import EnvelopeError
from openregie.envelope.keys import PrivateKey, VerifyKey
from openregie.envelope.suites import SignatureAlgorithm
from openregie.envelope.vault_keys import VaultKeys, VaultPublic
from openregie.logbook import checkpoint, entry, proof
from openregie.logbook.errors import LogbookError
from openregie.sealed.vault.enrolment import RETURN_STREAMS, parse_enrolment, parse_return
from openregie.sealed.vault.errors import HandOverRefused, Malformed
from openregie.sealed.vault.intake import parts
from openregie.terms import Mailbox

VECTORS = Path(__file__).parents[2] / "vectors"
_ENVELOPE, _LOGBOOK = (EnvelopeError,), (LogbookError,)
_DEEP = b"[" * 3_000 + b"]" * 3_000


class NotJson(ValueError):
    """The target takes a value, and the bytes are none."""


def _vectors(name):
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


_KEYS = _vectors("envelope/keys")
_KEY = PrivateKey.from_json(_KEYS["recipients"]["s1"])
_SIGNER = _KEYS["signers"]["ed25519"]
_VERIFY = VerifyKey.from_text(SignatureAlgorithm(_SIGNER["algorithm"]), _SIGNER["verifyKey"])
_RETURNS = _vectors("envelope/returns")["cases"]
_RETURN_KEYS = {
    case["key"]: PrivateKey.from_json(_KEYS["recipients"][case["key"]]) for case in _RETURNS
}
_RETURN_VERIFY = VerifyKey.from_text(
    SignatureAlgorithm(_RETURNS[1]["algorithm"]), _RETURNS[1]["signingKey"]
)


def _json(data):
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise NotJson from None


def _dumped(*values):
    return [json.dumps(value).encode() for value in values]


def _planted(value):
    """The value once more for each of its texts, with the canary in that place."""
    yield value
    if isinstance(value, dict):
        for name, inner in value.items():
            for changed in _planted(inner):
                yield value | {name: changed}
            yield value | {name: CANARY}
            yield value | {name: [CANARY]}


def _sealed_seeds(file, part="cases", limit=2):
    for case in _vectors(file)[part][:limit]:
        yield from _dumped(*_planted(case["sealed"]))


def _item(data):
    sealed = item.SealedItem.from_line(text_of(data))
    same(item.SealedItem.from_json(sealed.to_json()), sealed)
    item.open_sealed(sealed, key=_KEY, verify=_VERIFY)


def _bundle(data):
    bundle.open_bundle(_json(data), purpose="labels/2026-11-05", key=_KEY, verify=_VERIFY)


def _return(data):
    value = _json(data)
    key = _RETURN_KEYS["s1"]
    returns.open_return(value, tenant="lindestad", key=key, verify=_RETURN_VERIFY)


def _keys_return(data):
    returns.open_keys_return(_json(data), tenant="lindestad", key=_RETURN_KEYS["s1"])


def _opened_frame(data):
    """What an honest seal holds when its maker was not honest."""
    _, content = frame.content_of(data, place="frame")
    jcs.parse(content, place="frame")
    frame.unpack(data, context=b"", verify=_VERIFY, place="frame")


def _frames():
    for content in (b"{}", b'{"a":"zeehond"}', b'{"a": 1}', b"\xff", _DEEP[:90]):
        yield (len(content).to_bytes(4, "big") + bytes(64) + content).ljust(256, b"\0")


def _jcs(data):
    same(jcs.canonical(jcs.parse(data, place="text")), data)


def _jcs_seeds():
    told = _vectors("envelope/jcs")
    yield from (case["canonical"].encode() for case in told["cases"])
    yield from (text.encode("utf-8", "surrogatepass") for text in told["refused"])
    yield from (b'{"zeehond":1e999}', b"1e308", b"-0", b'"\\ud800"', b"9" * 5_000, _DEEP)


def _base64url(data):
    text = text_of(data)
    same(base64url.encode(base64url.decode(text, place="text")), text)


def _code(data):
    secret = code.secret_of(text_of(data))
    same(code.secret_of(code.code_of(secret)), secret)


def _code_seeds():
    told = _vectors("envelope/code")
    yield from (case["typed"].encode() for case in told["cases"])
    yield from (case["code"].encode() for case in told["refused"])
    yield "zeehond-\u2014\u00a0\u0130\ufb01".encode()


def _wrap(data):
    case = _vectors_of_wraps()[0]
    wrap = _json(data)
    if not isinstance(wrap, dict):
        raise NotJson
    public = VaultPublic.from_json(case["vault"])
    keys = VaultKeys.unwrap(public, wrap, code.kek(case["code"]), mailbox=case["mailbox"])
    same(keys.public().to_json(), public.to_json())


def _vectors_of_wraps():
    return _vectors("envelope/wraps")["cases"]


def _vault(data):
    public = VaultPublic.from_json(_json(data))
    same(VaultPublic.from_json(public.to_json()), public)


def _share(data):
    share = shares.from_text(text_of(data))
    same(shares.from_text("\n".join(shares.to_lines(share))), share)


def _share_seeds():
    told = _vectors("custody/shares")
    yield from ("\n".join(one["lines"]).encode() for one in told["shares"][:3])
    yield from ("\n".join(one["lines"]).encode() for one in told["refused"])


def _holding(data):
    file = folder("share") / "share.json"
    file.write_bytes(data)
    holding = custody_files.read_holding(file)
    file.write_text(json.dumps(holding.to_json()))
    same(custody_files.read_holding(file), holding)


def _holding_seeds():
    told = _vectors("custody/shares")
    lines = {one["lock"]: one["lines"] for one in told["shares"] if one["number"] == 1}
    good = {"v": 1, "tenant": told["tenant"], "madeOn": "2026-11-05", "number": 1, "of": 2} | lines
    yield from _dumped(*_planted(good))
    yield from _dumped(good | {"tenant": 5}, good | {"tenant": "\ud800"})
    yield _DEEP


def _locked(data):
    town = folder("town")
    (town / "custody").mkdir(exist_ok=True)
    (town / "custody" / "locked.json").write_bytes(data)
    locked = custody_files.read_locked(town)
    same(custody_locked.from_json(locked.to_json()), locked)
    custody_locked.public_of(locked)
    custody_locked.open_mailbox(
        locked, bytes.fromhex(_vectors("custody/shares")["keys"]["mailbox"])
    )


def _locked_seeds():
    told = _vectors("custody/shares")["locked"]
    yield from _dumped(*_planted(told))
    yield _DEEP
    yield json.dumps(told | {"shares": 1}).replace('"shares": 1', '"shares": 1e999').encode()


def _ledger(data):
    same(revocations.parse(data).text, data)


def _ledger_seeds():
    head = revocations._to_bytes(
        revocations.Line(revocations.Kind.HEAD, revocations.date(2026, 11, 5), size=3), b""
    )
    erased = revocations.Line(revocations.Kind.ERASED, revocations.date(2026, 11, 5), CANARY)
    yield head
    yield head + revocations._to_bytes(erased, head)
    yield head.replace(b'"size":3', b'"size":1e999')
    yield head.replace(b"head", CANARY.encode())
    yield _DEEP + b"\n"


def _handover(data):
    given = folder("hand-over") / "1"
    given.mkdir(exist_ok=True)
    (given / "items.jsonl").touch()
    (given / handover.MANIFEST).write_bytes(data)
    handover.read(given, verify=_Anyone(), tenant="lindestad")


class _Anyone:
    """A run that signs whatever is asked: behind the signature the parser must hold too."""

    def verify(self, message, signature):
        del message, signature


def _handover_seeds():
    part = {"name": "items.jsonl", "sha256": hashlib.sha256().hexdigest(), "bytes": 0, "lines": 0}
    good = {"v": 1, "tenant": "lindestad", "number": 1, "day": "2026-11-05", "run": "r"}
    good |= {"parts": [part], "signature": "AAAA"}
    for changed in _planted(good):
        yield jcs.canonical(changed)
    yield jcs.canonical(good | {"parts": [part | {"name": "../zeehond"}]})
    yield jcs.canonical(good | {"parts": [part | {"name": 1}]})
    yield _DEEP


def _parts(data):
    given = folder("parts")
    items, _, events = data.partition(b"\n\n")
    (given / parts.ITEMS).write_bytes(items)
    (given / parts.EVENTS).write_bytes(events)
    for piece in parts.slices(given, after="", most=2):
        same(piece.lines, len(piece.events) + len(piece.remove) + len(piece.add))


def _parts_seeds():
    sealed = _vectors("envelope/item_s1")["cases"][0]["sealed"]
    add, gone = {"op": "add", "sealed": sealed}, {"op": "remove", "mailbox": CANARY, "seq": 1}
    event = {"mailbox": CANARY, "type": CANARY, "seq": 1, "commit": CANARY, "sealed": None}
    yield b"\n".join(_dumped(add, gone)) + b"\n\n" + b"\n".join(_dumped(event))
    yield b"\n\n" + json.dumps(event).replace("1", "1e999").encode()
    yield json.dumps(gone).replace("1", "1e999").encode()
    yield json.dumps(gone).replace(CANARY, "\\\\ud800").encode()
    yield _DEEP


def _enrolment(data):
    """What is accepted, a database can store."""
    found = parse_enrolment(_json(data), mailbox=_MAILBOX)
    kids = [key.kid for key in found.keys.compartments.values()]
    "".join([found.assisted_by or "", *kids, *(wrap.wrap_id for wrap in found.wraps)]).encode()


def _body_return(data):
    parse_return(_json(data), mailbox=_MAILBOX, streams=RETURN_STREAMS)


_MAILBOX = Mailbox(_vectors("envelope/wraps")["cases"][0]["mailbox"])


def _enrolment_seeds():
    case = _vectors("envelope/wraps")["cases"][0]
    blobs = dict.fromkeys(("money", "other", "own", "signing"), "AAAA")
    wrap = {"wrapId": "a", "kind": "code", "params": {}, "blobs": blobs}
    sealed = {"v": 1, "stream": "keys", "mailbox": _MAILBOX, "suite": "s1", "kid": "a", "blob": "A"}
    good = case["vault"] | {"wraps": [wrap], "assistedBy": None, "return": sealed}
    yield from _dumped(*_planted(good))
    yield json.dumps(good | {"assistedBy": "\ud800"}).encode()
    odd = {"money": case["vault"]["compartments"]["money"] | {"kid": "\ud800"}}
    yield json.dumps(good | {"compartments": case["vault"]["compartments"] | odd}).encode()
    yield json.dumps(good).replace('"params": {}', '"params": ' + '{"a":' * 900 + "1" + "}" * 900)
    yield _DEEP


def _enrolments():
    return (data if isinstance(data, bytes) else data.encode() for data in _enrolment_seeds())


def _return_bodies():
    sealed = {"v": 1, "stream": "corrections", "mailbox": _MAILBOX}
    yield from _dumped(*_planted(sealed | {"suite": "s1", "kid": "a", "blob": "AAAA"}))


def _archive(data):
    unpack(data)


def _archive_of(*names):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in names:
            told = tarfile.TarInfo(name)
            told.size = len(CANARY)
            tar.addfile(told, io.BytesIO(CANARY.encode()))
    return out.getvalue()


def _archives():
    names = (LABEL, DATABASE, SETTINGS, revocations.FILE)
    yield _archive_of(*names)
    yield _archive_of(*names, f"inbox/{CANARY}.age")
    yield _archive_of(*names, f"../{CANARY}")
    yield _archive_of(*names)[:512]
    yield b""


def _checkpoint(data):
    text = text_of(data)
    note = checkpoint.Note.from_text(text)
    same(checkpoint.Note.from_text(note.to_text()), note)
    found = checkpoint.Checkpoint.from_body(note.text)
    same(checkpoint.Checkpoint.from_body(found.body()), found)
    checkpoint.verify(text, log=_LOG)


_LOG = checkpoint.LogVerifier.from_text(_vectors("logbook/checkpoint")["vkey"])


def _checkpoint_seeds():
    told = _vectors("logbook/checkpoint")
    yield from (case["text"].encode() for case in (*told["cases"], *told["refused"]))
    yield told["cases"][0]["text"].replace("openregie.example", CANARY).encode()


def _vkey(data):
    verifier = checkpoint.LogVerifier.from_text(text_of(data))
    same(checkpoint.LogVerifier.from_text(verifier.to_text()), verifier)


def _proof(data):
    found = proof.TlogProof.from_text(text_of(data))
    same(proof.TlogProof.from_text(found.to_text()), found)
    leaf, size = hashlib.sha256(b"").digest(), found.index + 9
    root = proof.root_of_inclusion(leaf, index=found.index, size=size, proof=list(found.hashes))
    proof.verify_inclusion(leaf, index=found.index, size=size, root=root, proof=list(found.hashes))


def _proof_seeds():
    told = _vectors("logbook/proof")
    yield from (case["text"].encode() for case in told["cases"])


def _entry(data):
    found, salt = entry.opened(_json(data))
    same(entry.opened(found.with_salt(salt)), (found, salt))
    entry.verify_chain([(found, salt)], chain="run", mailbox=str(found.mailbox))


def _entry_seeds():
    for case in _vectors("logbook/entry")["cases"][:3]:
        yield from _dumped(*_planted(case["opened"]))
    yield b'{"entry":{"chain":1,"seq":1e999,"prev":[],"event":{},"mailbox":{}},"salt":"zz"}'


_JSON = (*_ENVELOPE, NotJson)

ALL = (
    Target("item", _item, _ENVELOPE, lambda: [*_sealed_seeds("envelope/item_s1"), _DEEP]),
    Target("bundle", _bundle, _JSON, lambda: _sealed_seeds("envelope/bundle", limit=3)),
    Target("sealed-return", _return, _JSON, lambda: _sealed_seeds("envelope/returns")),
    Target("keys-return", _keys_return, _JSON, lambda: _sealed_seeds("envelope/returns")),
    Target("frame", _opened_frame, _ENVELOPE, _frames),
    Target("jcs", _jcs, _ENVELOPE, _jcs_seeds),
    Target("base64url", _base64url, _ENVELOPE, lambda: [b"", b"AA", b"AB", b"AAAA=", b"zeehond!"]),
    Target("code", _code, _ENVELOPE, _code_seeds, 128),
    Target("wrap", _wrap, _JSON, lambda: _dumped(*_planted(_vectors_of_wraps()[0]["wrap"]))),
    Target(
        "vault-keys", _vault, _JSON, lambda: _dumped(*_planted(_vectors_of_wraps()[0]["vault"]))
    ),
    Target("share", _share, _ENVELOPE, _share_seeds, 256),
    Target("share-file", _holding, _ENVELOPE, _holding_seeds),
    Target("locked", _locked, _ENVELOPE, _locked_seeds, 8192),
    Target("revocations", _ledger, _ENVELOPE, _ledger_seeds),
    Target("backup", _archive, (Stop,), _archives, 16_384),
    Target("hand-over", _handover, _ENVELOPE, _handover_seeds, signed=True),
    Target("hand-over-part", _parts, (HandOverRefused,), _parts_seeds),
    Target("enrolment", _enrolment, (Malformed, NotJson), _enrolments, 8192),
    Target("return-body", _body_return, (Malformed, NotJson), _return_bodies),
    Target("checkpoint", _checkpoint, _LOGBOOK, _checkpoint_seeds),
    Target("vkey", _vkey, _LOGBOOK, lambda: [_LOG.to_text().encode(), b"zeehond+0+AQ=="]),
    Target("proof", _proof, _LOGBOOK, _proof_seeds),
    Target("entry", _entry, (*_LOGBOOK, NotJson), _entry_seeds),
)
