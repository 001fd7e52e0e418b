"""The printed form of a share."""

from __future__ import annotations

import re
from html import unescape

from openregie.cli import custody_status, share_sheet
from openregie.envelope import custody_files, shares
from openregie.envelope.shares import Lock
from unit.custody.custody_folder import Folder


def test_a_sheet_holds_both_parts_to_type_and_to_scan_and_loads_nothing(folder: Folder) -> None:
    folder.split()
    held = custody_files.read_holding(folder.places("c")[0])
    page = share_sheet.page(held)
    assert "Share 3 of 3 (spare)" in page
    assert page.count("<svg") == 2
    assert not re.search(r"(src|href)=|url\(|@import|<script", page)
    for lock, printed in zip(Lock, re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL), strict=True):
        typed = [line.split(maxsplit=1)[1] for line in unescape(printed).splitlines()]
        assert shares.from_text("\n".join(typed)) == held.shares[lock]


def test_shares_beside_each_other_or_on_the_tenants_disk_are_named(folder: Folder) -> None:
    folder.split()
    together, on_disk = custody_status.near(folder.dir, folder.places("a", "b"))
    assert "one folder" in together
    assert "a.share" in on_disk
    assert "b.share" in on_disk


def test_status_says_what_is_left_to_do_without_any_share(folder: Folder) -> None:
    told = custody_status.look(folder.dir, synthetic=False)
    assert (told["state"], told["plain"]) == ("plain", ["run.json", "tenant.secret"])
    assert any("split" in one for one in told["todo"])
    folder.split()
    for name in custody_files.secrets_of_others(folder.dir):
        place = folder.media / name.replace("/", "-")
        custody_files.hand_out(folder.dir, name, place)
    told = custody_status.look(folder.dir, synthetic=False)
    assert (told["state"], told["todo"], told["keysOfOthers"]) == ("locked", [], [])
    (folder.dir / "public" / "run.json").write_text("{}")
    told = custody_status.look(folder.dir, synthetic=False)
    assert (told["state"], "mend" in told["todo"][0]) == ("unfinished", True)
