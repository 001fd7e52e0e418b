"""A resident of the synthetic town, with their code in hand: opens what only they can open."""

import hashlib
import json
import sqlite3

from openregie.envelope import code, custody, item
from openregie.envelope.mailbox import mailbox_of
from openregie.envelope.returns import seal_return
from openregie.envelope.suites import SignatureAlgorithm
from openregie.envelope.vault_keys import VaultKeys, VaultPublic, keys_payload


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
        told = {"v": 1, "mailbox": self.mailbox, **payload}
        sealed = seal_return(
            told,
            tenant=self.run.tenant,
            stream=stream,
            mailbox=self.mailbox,
            to=self.run.kem["s1"],
            signer=self.keys.signer,
        )
        text = json.dumps(sealed)
        folder = self.directory / "inbox" / stream
        folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        (folder / f"{name}.return").write_text(text)

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
