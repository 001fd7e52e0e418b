"""The printed form of a share: lines to type and a square to scan, on one sheet for a safe."""

from __future__ import annotations

from html import escape

import segno

from openregie.envelope import shares
from openregie.envelope.custody_files import Holding
from openregie.envelope.shares import Lock

_WHAT = {
    Lock.RUN: "opens the run: everything",
    Lock.MAILBOX: "opens the logins: the secret that makes mailboxes, and nothing else",
}
_STYLE = """body{font:12pt/1.5 sans-serif;margin:2cm;max-width:17cm}h1{font-size:18pt}
pre{font:14pt/1.7 monospace}svg{width:4.5cm;height:4.5cm}section{break-inside:avoid}
section>div{display:flex;gap:1cm;align-items:center}"""


def page(holding: Holding) -> str:
    """One HTML page without anything from elsewhere; secret."""
    role = "spare" if holding.is_spare else f"organisation {holding.number}"
    title = f"Share {holding.number} of {holding.of} ({role})"
    parts = "".join(_part(lock, holding.shares[lock]) for lock in Lock)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1>"
        f"<p>Municipality: <b>{escape(holding.tenant)}</b>. Ceremony of {holding.made_on}. "
        "Two different shares of this ceremony open the keys; this one alone opens nothing. Keep "
        "it in a sealed, numbered bag in a safe of the organisation that holds it, and never "
        f"beside another.</p>{parts}"
        "<p>Lost, seen by a stranger, or the bag broken: call the other organisation the same day "
        "and follow docs/custody.md, “A share is lost”.</p></html>\n"
    )


def _part(lock: Lock, share: shares.Share) -> str:
    lines = shares.to_lines(share)
    text = "".join(lines).replace("-", "")
    square = segno.make_qr(text, error="m").svg_inline(scale=4, border=4)
    numbered = "\n".join(f"{place}  {line}" for place, line in enumerate(lines, start=1))
    name = share.fingerprint.hex()
    return (
        f"<section><h2>Part {lock}: {_WHAT[lock]}</h2>"
        f"<div>{square}<pre>{numbered}</pre></div><p>Name of the key: {name}</p></section>"
    )
