"""A resident of the synthetic town, with their code in hand: opens what only they can open."""

import hashlib
import json
import sqlite3
import subprocess
import sys

from openregie.envelope import code, custody, item
from openregie.envelope.mailbox import mailbox_of
from openregie.envelope.returns import seal_return
from openregie.envelope.suites import SignatureAlgorithm
from openregie.envelope.vault_keys import VaultKeys, VaultPublic, keys_payload

IN_THE_VAULT = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from openregie.sealed.web.setup import prepare
folder = Path(sys.argv[1])
prepare(folder)
from openregie.sealed.vault import actions
from openregie.sealed.vault.tick.actions import tick
vault = actions.Vault("lindestad", folder)
now = datetime.now(UTC)
getattr(actions, sys.argv[2])(vault, sys.argv[3], json.loads(sys.argv[4]), now=now)
tick(vault, now=now)
"""


def in_the_vault(directory, action, mailbox, told):
    words = [sys.executable, "-c", IN_THE_VAULT, directory, action, mailbox, json.dumps(told)]
    subprocess.run([str(word) for word in words], check=True, stdin=subprocess.DEVNULL)


def withdraw(directory, mailbox, told):
    in_the_vault(directory, "withdraw", mailbox, told)


class Resident:
    def __init__(self, directory, persona):
        self.directory = directory
        self.mailbox = mailbox_of(
            persona["bsn"], tenant_secret=custody.load_tenant_secret(directory)
        )
        self.run = custody.load_run_public(directory)
        row = self._rows(
            "SELECT suite, epoch, compartments, signing_key, id FROM openregie_vault_keyepoch "
            "WHERE resident_id = ?",
            self.mailbox,
        )[0]
        public = VaultPublic.from_json(
            {
                "suite": row[0],
                "epoch": row[1],
                "compartments": json.loads(row[2]),
                "signingKey": row[3],
            }
        )
        wrap = self._rows(
            "SELECT wrap_id, kind, blobs FROM openregie_vault_wrap WHERE key_epoch_id = ?", row[4]
        )[0]
        told = {"wrapId": wrap[0], "kind": wrap[1], "blobs": json.loads(wrap[2])}
        kek = code.kek(persona["code"])
        self.keys = VaultKeys.unwrap(public, told, kek, mailbox=self.mailbox)

    def items(self):
        """Everything in the vault, opened."""
        keys = {key.kid: key for key in self.keys.compartments.values()}
        rows = self._rows(
            "SELECT suite, kid, mailbox, seq, day, bucket, message, blob "
            "FROM openregie_vault_storeditem WHERE mailbox = ? ORDER BY seq",
            self.mailbox,
        )
        tenant = json.loads((self.directory / "openregie.json").read_text())["tenant"]
        opened = []
        for suite, kid, mailbox, seq, day, bucket, message, blob in rows:
            header = item.Header(
                tenant, mailbox, seq, str(day), json.loads(message) if message else None
            )
            sealed = item.SealedItem(header, suite, kid, bucket, bytes(blob))
            verify = self.run.verify[SignatureAlgorithm.ED25519]
            opened.append(item.open_sealed(sealed, key=keys[kid], verify=verify))
        return opened

    def of_kind(self, kind):
        return [one for one in self.items() if one["kind"] == kind]

    def send(self, stream, payload):
        """Seal a return and lay it in the inbox, as the vault does."""
        text = json.dumps(self.seal(stream, payload))
        folder = self.directory / "inbox" / stream
        folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        (folder / f"{name}.return").write_text(text)

    def seal(self, stream, payload):
        """A return as the browser seals it."""
        return seal_return(
            {"v": 1, "mailbox": self.mailbox, **payload},
            tenant=self.run.tenant,
            stream=stream,
            mailbox=self.mailbox,
            to=self.run.kem["s1"],
            signer=self.keys.signer,
        )

    def tell(self, stream, payload):
        """Send a return through the vault, which logs it and lays it in the inbox."""
        sealed = self.seal(stream, payload)
        in_the_vault(self.directory, "put_return", self.mailbox, sealed)

    def withdrawal(self, on):
        """The sealed word that this resident stops."""
        payload = keys_payload(self.keys.public(), mailbox=self.mailbox, action="withdraw", at=on)
        return seal_return(
            payload,
            tenant=self.run.tenant,
            stream="keys",
            mailbox=self.mailbox,
            to=self.run.kem["s1"],
            signer=self.keys.signer,
        )

    def _rows(self, sql, *bound):
        with sqlite3.connect(self.directory / "sealed" / "db.sqlite3") as con:
            return con.execute(sql, bound).fetchall()
