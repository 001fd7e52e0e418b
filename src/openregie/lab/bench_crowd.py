"""A dense synthetic town for the bench: much delivered about everyone, and a crowd enrolled.

    python -m openregie.lab.bench_crowd FOLDER RESIDENTS CONTENT

Fills a tenant folder up to just before a run and prints counts.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from openregie.blind.streams.declaration import load_all
from openregie.blind.streams.intake import receive
from openregie.envelope import custody
from openregie.envelope.custody import RunPublic
from openregie.envelope.mailbox import mailbox_of
from openregie.envelope.returns import seal_return
from openregie.envelope.suites import S1
from openregie.envelope.vault_keys import VaultKeys, keys_payload
from openregie.lab.bench_tenant import make_folder
from openregie.lab.bench_town import ADULT_YEARS, DAY, SEED, SIDECAR
from openregie.logbook.checkpoint import Checkpoint, LogSigner
from openregie.logbook.entry import Entry, commit_of, leaf_of, new_salt
from openregie.logbook.proof import TlogProof
from openregie.logbook.tree import Tree
from openregie.synth import deliveries
from openregie.synth.municipality import make
from openregie.synth.people import Municipality, Person

DENSITY = 10
"""Years of municipal files, and times the usual signals: about 6 records for each resident."""
ENROLLED_SHARE = 0.3125
"""Of the residents: 50,000 of 160,000."""
BATCH = 500


def settle(folder: Path, *, residents: int, content: Path) -> Mapping[str, int]:
    """Make the town and its folder up to just before a run; counts of what is in it."""
    streams = load_all(content / "streams")
    make_folder(folder, seed=SEED, sources=(stream.source_kind for stream in streams.values()))
    town = make(residents, seed=SEED, on=DAY)
    files = deliveries.write(deliveries.compose(town, seed=SEED, density=DENSITY), folder)
    recipient = custody.load_run_public(folder).age_recipient
    rows = 0
    for file in files:
        manifest = json.loads(file.with_name(file.name + SIDECAR).read_text(encoding="utf-8"))
        accepted = receive(
            file,
            manifest,
            streams=streams,
            inbox=folder / "inbox",
            run_recipient=recipient,
            today=DAY,
        )
        rows += accepted.rows or 0
    enrolled = enrol(folder, _chosen(town, round(residents * ENROLLED_SHARE)))
    return {"residents": residents, "rows": rows, "enrolled": enrolled}


def _chosen(town: Municipality, wanted: int) -> list[Person]:
    """Adults spread evenly over the register."""
    last_birth_year = DAY.year - ADULT_YEARS - 1
    adults = [
        person
        for person in town.persons
        if person.present and 0 < person.birth.year <= last_birth_year
    ]
    return [adults[place * len(adults) // wanted] for place in range(wanted)]


def enrol(folder: Path, people: Sequence[Person]) -> int:
    """Put a `keys` return of each in the inbox, with the proof that the log knows the keys.

    What browser, vault and log do together, without the database between them: fresh keys for
    everyone, one entry each in one tree, one checkpoint, and an inclusion proof with every return.
    """
    run, secret = custody.load_run_public(folder), custody.load_tenant_secret(folder)
    told = [(person.bsn, person.birth.year, person.initials) for person in people]
    work = partial(_key_returns, run.tenant, custody.run_public_to_json(run), secret)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=spawn) as pool:
        made = [one for batch in pool.map(work, _batches(told)) for one in batch]
    tree = Tree()
    tree.extend(leaf_of(type="key.added", commit=commit) for _, _, commit in made)
    key = custody.load_log_key(folder)
    note = Checkpoint(key.origin, tree.size, tree.root()).sign(
        LogSigner(key.origin, key.signer.secret)
    )
    inbox = folder / "inbox" / "keys"
    inbox.mkdir(parents=True, exist_ok=True)
    for index, (sealed, log, _) in enumerate(made):
        proof = TlogProof(index, tuple(tree.inclusion_proof(index)), note).to_text()
        text = json.dumps({**sealed, "log": {**log, "proof": proof}}, sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        (inbox / f"{name}.return").write_text(text + "\n", encoding="utf-8")
    return len(made)


Made = tuple[dict[str, Any], dict[str, Any], str]


def _batches(told: Sequence[tuple[str, int, str]]) -> Iterator[list[tuple[str, int, str]]]:
    rest = iter(told)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _key_returns(
    tenant: str, run: dict[str, Any], secret: bytes, batch: Sequence[tuple[Any, int, str]]
) -> list[Made]:
    public = custody.run_public_from_json(run)
    return [_key_return(tenant, public, secret, *one) for one in batch]


def _key_return(
    tenant: str, run: RunPublic, secret: bytes, bsn: Any, born: int, initials: str
) -> Made:
    mailbox = mailbox_of(bsn, tenant_secret=secret)
    keys = VaultKeys.generate(S1)
    subject = {"birthYear": born, "initials": initials}
    payload = keys_payload(
        keys.public(), mailbox=mailbox, action="enrol", at=_day(DAY), subject_check=subject
    )
    sealed = seal_return(
        payload,
        tenant=tenant,
        stream="keys",
        mailbox=mailbox,
        to=run.kem[S1.name],
        signer=keys.signer,
    )
    said = {"v": 1, "type": "key.added", "at": _day(DAY), "keys": keys.public().to_json()}
    entry, salt = Entry("vault", 1, None, {**said, "assistedBy": None}, mailbox), new_salt()
    return sealed, entry.with_salt(salt), commit_of(entry, salt)


def _day(on: date) -> str:
    return on.isoformat()


if __name__ == "__main__":
    place, number, words = sys.argv[1:]
    print(json.dumps(settle(Path(place), residents=int(number), content=Path(words))))
