"""Somebody who visits a served municipality with a real Chromium, and what axe finds on the way."""

import queue
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
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
