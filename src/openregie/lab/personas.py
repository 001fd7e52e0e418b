"""Enrol the demo's personas as a browser would: keys, a printed code, a sealed word to the run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openregie.envelope import code, custody
from openregie.envelope.item import Header, seal
from openregie.envelope.mailbox import mailbox_of
from openregie.envelope.returns import seal_return
from openregie.envelope.suites import S1
from openregie.envelope.vault_keys import VaultKeys, keys_payload
from openregie.sealed.vault.enrolment import Enrolment, parse_enrolment
from openregie.terms import Bsn, Compartment, Mailbox

RandomBytes = Callable[[int], bytes]
SUBJECT = "openregie/subject/v1"
"""Protocol name of birth year and initials, sealed by a resident to their own key."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on a persona's sheet of paper."""

    name: str
    code: str


def enrol(
    directory: Path,
    *,
    on: date,
    random_bytes: RandomBytes,
    store: Callable[..., Any],
    now: datetime,
) -> tuple[Printed, ...]:
    """Enrol every persona of DIR/demo/personas.json that comes enrolled; write their codes there.

    `store(mailbox, enrolment, now=...)` is the vault's own way in: nothing is put in its tables.
    """
    file = directory / "demo" / "personas.json"
    personas = json.loads(file.read_text(encoding="utf-8"))
    run = custody.load_run_public(directory)
    secret = custody.load_tenant_secret(directory)
    printed = []
    for persona in personas:
        if not persona["enrolled"]:
            continue
        mailbox = mailbox_of(Bsn(persona["bsn"]), tenant_secret=secret)
        persona["code"] = code.new_code(random_bytes)
        keys = VaultKeys.generate(S1, epoch=1, random_bytes=random_bytes)
        enrolment = _as_browser(keys, mailbox, persona, run, on, random_bytes)
        store(mailbox, enrolment, now=now)
        printed.append(Printed(persona["name"], persona["code"]))
    text = json.dumps(personas, ensure_ascii=False, indent=2)
    file.write_text(text + "\n", encoding="utf-8")
    return tuple(printed)


def _as_browser(
    keys: VaultKeys,
    mailbox: Mailbox,
    persona: dict[str, Any],
    run: custody.RunPublic,
    on: date,
    random_bytes: RandomBytes,
) -> Enrolment:
    subject = {"birthYear": persona["birthYear"], "initials": persona["initials"]}
    known = seal(
        subject,
        header=Header(run.tenant, mailbox, 0, on.isoformat()),
        to=keys.public().compartments[Compartment.OWN],
        signer=keys.signer,
        protocol=SUBJECT,
    )
    wrap = keys.wrap(
        code.kek(persona["code"]),
        params={"subject": known.to_json()},
        mailbox=mailbox,
        wrap_id="printed-code",
        kind="code",
        random_bytes=random_bytes,
    )
    payload = keys_payload(
        keys.public(),
        mailbox=mailbox,
        action="enrol",
        at=on.isoformat(),
        subject_check=subject,
    )
    sealed = seal_return(
        payload,
        tenant=run.tenant,
        stream="keys",
        mailbox=mailbox,
        to=run.kem[S1.name],
        signer=keys.signer,
    )
    body = {**keys.public().to_json(), "wraps": [wrap], "return": sealed, "assistedBy": None}
    return parse_enrolment(body, mailbox=mailbox)
