"""A real municipality, linked blind and served, and a real Chromium that reads it."""

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, sync_playwright

from town import openregie

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "test-results"
PHONE, DESK = (360, 740), (1280, 900)
CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@dataclass(frozen=True)
class Served:
    """Where the demo is, where it is served, and who can be played."""

    folder: Path
    origin: str
    personas: dict

    def persona(self, name):
        return next(one for full, one in self.personas.items() if full.startswith(name))


@pytest.fixture(scope="session")
def served_town(tmp_path_factory):
    """The demo, served today: a run takes nothing that a browser dated after it."""
    folder = tmp_path_factory.mktemp("browser") / "town"
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date().isoformat()
    openregie(
        "demo",
        "--residents",
        400,
        "--seed",
        11,
        "--dir",
        folder,
        "--on",
        today,
        "--no-serve",
        "--json",
    )
    personas = json.loads((folder / "demo" / "personas.json").read_text("utf-8"))
    port = 20_000 + os.getpid() % 20_000 * 2
    with served(folder, port, on=today):
        yield Served(folder, f"http://localhost:{port}", {one["name"]: one for one in personas})


@contextmanager
def served(folder, port, *, on):
    """Serve until the test ends; ready when the command says so."""
    words = ["--dir", str(folder), "--port", str(port), "--on", on, "--quiet"]
    command = [sys.executable, "-m", "openregie.cli", "serve", *words]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT
    ) as server:
        lines = queue.Queue()
        threading.Thread(
            target=lambda: [lines.put(line) for line in server.stderr], daemon=True
        ).start()
        try:
            while "Open http" not in lines.get(timeout=60):
                pass
            yield
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium():
    """One browser process for all tests."""
    if CHROMIUM is None:
        pytest.fail("Chromium is missing; run `make chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


class Reader:
    """A person with a browser: notes every request to the data and every error of a page."""

    def __init__(self, browser, town, size, **options):
        self.town = town
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="nl-NL", **options
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.asked, self.errors = [], []
        self.page.on(
            "request",
            lambda request: (
                "/v1/" in request.url
                and self.asked.append(f"{request.method} {request.url.split('/v1/')[1]}")
            ),
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda line: (
                line.type == "error" and "Refused to" in line.text and self.errors.append(line.text)
            ),
        )

    def go(self, path):
        self.page.goto(self.town.origin + path)
        return self.page

    def log_in(self, name, path="/mijn/"):
        """Log in as a persona at the development provider, starting where a page sends them."""
        self.go(path)
        self.page.locator("main a.utrecht-button--primary-action").first.click()
        self.page.get_by_role("button", name=name).first.click()

    def unlock(self, persona):
        page = self.page
        page.locator("#code").fill(persona["code"])
        page.locator("form button[type=submit]").click()
        page.locator("#geboortejaar, .or-home").first.wait_for()
        if page.locator("#geboortejaar").count():
            page.locator("#geboortejaar").fill(str(persona["birthYear"]))
            page.locator("#voorletters").fill(persona["initials"])
            page.locator("form button[type=submit]").click()
        page.locator(".or-home").wait_for()

    def enter(self, name, prefix=""):
        persona = self.town.persona(name)
        self.log_in(persona["name"], f"{prefix}/mijn/")
        self.unlock(persona)
        return self.page

    def at(self, place):
        """Go to a place behind `#` and wait until it is drawn."""
        self.page.evaluate("place => { location.hash = place }", f"#/{place}")
        return self.settled()

    def settled(self):
        """Wait until the page stopped waiting; no polling script, the policy forbids eval."""
        self.page.locator(".or-waiting").wait_for(state="detached")
        self.page.locator("main h1").first.wait_for()
        return self.page

    def shot(self, name):
        SHOTS.mkdir(exist_ok=True)
        width = self.page.viewport_size["width"]
        self.page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)


@pytest.fixture
def reader(chromium, served_town):
    """Make readers; each has a browser of their own, closed at the end."""
    made = []

    def make(size=PHONE, **options):
        made.append(Reader(chromium, served_town, size, **options))
        return made[-1]

    yield make
    for one in made:
        one.context.close()


@pytest.fixture(scope="session")
def visitor(chromium, served_town):
    """Somebody who is not logged in, on a phone and on a wide screen."""
    open_pages = {}

    def at_size(size):
        if size not in open_pages:
            open_pages[size] = Reader(chromium, served_town, size)
        return open_pages[size]

    yield at_size
    for one in open_pages.values():
        one.context.close()


@pytest.fixture(scope="session")
def noor(chromium, served_town):
    """Noor, who has arrears and a son: her page open on a phone and on a wide screen."""
    open_pages = {}

    def at_size(size):
        if size not in open_pages:
            open_pages[size] = Reader(chromium, served_town, size)
            open_pages[size].enter("Noor")
        return open_pages[size]

    yield at_size
    for one in open_pages.values():
        one.context.close()


AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def violations(page):
    """What axe finds on a page, in words that say where."""
    page.evaluate(AXE)
    found = page.evaluate(
        "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
