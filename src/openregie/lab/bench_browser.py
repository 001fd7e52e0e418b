"""Opening in a real Chromium: the product's own modules beside a bare WebCrypto loop."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from base64 import b64encode
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openregie.lab.bench_figure import Figure, LeftOut, Need, Peer, Scene
from openregie.lab.bench_sealing import an_item
from openregie.logbook.tree import MemoryStore, Tree

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

ITEMS, AGAIN, PROOFS, LEAVES = 1_000, 100, 500, 100_000
SUITES = ("s0", "s1", "s2")
ORIGIN = "https://bench.invalid"
"""Never leaves the machine: every request is answered here. WebCrypto needs a secure origin."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
SEED = 7
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json"}


def _chromium() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


CHROMIUM = Need(
    "Chromium", lambda _: _chromium() is not None, "`make chromium` installs it where it can"
)
PLAYWRIGHT = Need(
    "Playwright for Python, which drives Chromium",
    lambda _: find_spec("playwright") is not None,
    "`make setup` installs it",
)
BUNDLE = Need(
    "the browser's bundle of libraries",
    lambda scene: (scene.content.parent / "browser" / "vendor" / "hpke.js").is_file(),
    "`make setup` assembles it",
)


def measure(scene: Scene) -> Sequence[Figure | LeftOut]:
    """Each suite that this Chromium can do, then proofs of the log."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is installed

    root = scene.content.parent
    rows: list[Figure | LeftOut] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(FLAGS))
        page = browser.new_page()
        page.route("**/*", lambda route: _answer(route, root))
        page.goto(f"{ORIGIN}/")
        page.set_default_timeout(0)
        able = _call(page, "able", None)
        for number, name in enumerate(SUITES):
            scene.progress("opening in Chromium", number, len(SUITES) + 1)
            rows += _suite(page, name, scene) if able[name] else [_unable(name)]
        rows.append(_proofs(page, scene))
        scene.progress("opening in Chromium", len(SUITES) + 1, len(SUITES) + 1)
        browser.close()
    return rows


def _answer(route: Route, root: Path) -> None:
    """Serve the page, its map of modules, the script of the bench and the product's modules."""
    path = route.request.url.removeprefix(ORIGIN)
    if path == "/":
        told = json.loads((root / "browser" / "importmap.json").read_text(encoding="utf-8"))
        page = f'<!doctype html><script type="importmap">{json.dumps(told)}</script>'
        route.fulfill(body=page, content_type="text/html")
        return
    file = root / (
        path.replace("/static/", "browser/", 1) if path.startswith("/static/") else f"scripts{path}"
    )
    if file.is_file() and file.suffix in TYPES:
        route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
    else:
        route.fulfill(status=404)


def _call(page: Page, name: str, asked: Any) -> Any:
    script = f"async (asked) => (await import('/bench_opening.mjs')).{name}(asked)"
    return page.evaluate(script, asked)


def _unable(name: str) -> LeftOut:
    return LeftOut(f"chromium-open-{name}", f"this Chromium cannot do suite {name}")


def _suite(page: Page, name: str, scene: Scene) -> list[Figure | LeftOut]:
    amount, again = (100, 10) if scene.quick else (ITEMS, AGAIN)
    items = [an_item(number) for number in range(amount)]
    asked = {"name": name, "items": items, "runs": scene.runs(), "again": again}
    told = _call(page, "measure", asked)
    ours, *others = (tuple(runs) for runs in told["open"])
    bare = ("bare WebCrypto: key agreement, HKDF, AES-GCM", "the same with the signature checked")
    peers = tuple(Peer(what, runs) for what, runs in zip(bare, others, strict=False))
    what = f"items opened in Chromium in {name}, {amount} one after the other"
    return [
        Figure(f"chromium-open-{name}", what, "items/s", ours, peers),
        Figure(
            f"chromium-reseal-{name}",
            f"items sealed again in Chromium in {name}, {again} one after the other",
            "items/s",
            tuple(told["reseal"][0]),
        ),
    ]


def _proofs(page: Page, scene: Scene) -> Figure:
    draw = random.Random(SEED)  # noqa: S311 - which leaves to prove
    leaves = [hashlib.sha256(n.to_bytes(8, "big")).digest() for n in range(LEAVES)]
    tree = Tree(MemoryStore())
    tree.extend(leaves)
    proofs = [
        {
            "index": index,
            "leaf": _text(leaves[index]),
            "path": [_text(one) for one in tree.inclusion_proof(index)],
        }
        for index in (draw.randrange(LEAVES) for _ in range(PROOFS))
    ]
    asked = {"proofs": proofs, "size": LEAVES, "root": _text(tree.root()), "runs": scene.runs()}
    ours, bare = (tuple(runs) for runs in _call(page, "prove", asked))
    what = f"inclusion proofs checked in Chromium, of a log of {LEAVES} entries"
    return Figure(
        "chromium-proof", what, "proofs/s", ours, (Peer("as many bare SHA-256 digests", bare),)
    )


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")
