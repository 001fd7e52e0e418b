"""Writes docs/hostile.md: `PYTHONPATH=src:tests python -m hostile.written`."""

import re

from hostile.deliveries import ALL
from hostile.delivery import HARMLESS, QUARANTINED, REFUSED
from hostile.trial import ROOT, Trial

FILE = ROOT / "docs" / "hostile.md"
_MEANS = {
    REFUSED: "refused whole; nothing of it is used",
    QUARANTINED: "the bad row waits in quarantine; the others come through",
    HARMLESS: "accepted; the trick has no effect",
}
_SILENT = "none: it counts once"
_HEAD = """# Hostile deliveries

{total} deliveries that try to break the door, made by code in tests/hostile. Each goes through
`openregie deliver` and, when the door lets it in, through the run's real reading, in a process with
bounded memory. No row is ever lost, and no value of a delivery stands in any message or log. One of
these happens:

- *refused* ({refused} of them): {means_refused};
- *quarantined* ({quarantined}): {means_quarantined};
- *harmless* ({harmless}): {means_harmless}.

Written by `python -m hostile.written`; a test fails when this page is out of date.

| delivery | what it tries | what happens | the message |
|---|---|---|---|
"""


def page(ended):
    """The whole page; `ended`: name -> how it ended and the message."""
    numbers = {how: sum(case.ends == how for case in ALL) for how in _MEANS}
    means = {f"means_{how}": words for how, words in _MEANS.items()}
    rows = [
        f"| {_cell(case.name)} | {_cell(case.tries)} | {ended[case.name].how} "
        f"| {_cell(ended[case.name].message or _SILENT)} |"
        for case in ALL
    ]
    return _HEAD.format(total=len(ALL), **numbers, **means) + "\n".join(rows) + "\n"


def _cell(text):
    """One table cell: escaped, and no longer than it reads well."""
    text = re.sub("(declared are) .*", r"\1 …", text)  # another stream is no other message
    shown = text if len(text) <= 160 else text[:159].rpartition(" ")[0] + " …"
    return " ".join(shown.split()).replace("\\", "\\\\").replace("|", "\\|")


def main():
    trial = Trial()
    try:
        FILE.write_text(page({case.name: trial.attempt(case) for case in ALL}), encoding="utf-8")
    finally:
        trial.close()


if __name__ == "__main__":
    main()
