"""A municipality's folder whose keys two organisations are going to split."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

from openregie.envelope import custody, custody_ceremony, custody_files
from openregie.envelope.shares import Lock, Share

ON = date(2026, 11, 23)


class Folder:
    """A municipality's folder, and beside it what two organisations took home."""

    def __init__(self, place: Path, tenant: str = "lindestad") -> None:
        self.dir = place / "tenant"
        self.media = place / "media"
        self.media.mkdir(parents=True)
        draw = random.Random(tenant).randbytes
        self.run = custody.create(
            self.dir,
            tenant=tenant,
            teams=["debt_help"],
            sources=["landlord"],
            random_bytes=draw,
        )
        self.secret = custody.load_tenant_secret(self.dir)
        for name in ("inbox", "state", "handover", "sealed"):
            (self.dir / name).mkdir()

    def places(self, *names: str) -> list[Path]:
        return [self.media / f"{name}.share" for name in names]

    def split(self, *names: str, **options):
        names = names or ("a", "b", "c")
        return custody_ceremony.split(self.dir, self.places(*names), on=ON, **options)

    def shares(self, *names: str) -> list[Share]:
        held = [custody_files.read_holding(path) for path in self.places(*names)]
        return [one.shares[lock] for one in held for lock in Lock]

    def opened(self, *names: str):
        return custody_ceremony.open_run(self.dir, self.shares(*names))
