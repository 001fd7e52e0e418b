"""One small synthetic municipality, made once for every test that needs the whole path."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ON = "2026-11-01"
RESIDENTS = 600
SEED = 11


@dataclass(frozen=True)
class Town:
    directory: Path
    receipt: dict
    stdout: str
    stderr: str

    @property
    def personas(self):
        return json.loads((self.directory / "demo" / "personas.json").read_text())

    def persona(self, first_name):
        return next(p for p in self.personas if p["name"].startswith(first_name))


def openregie(*words, check=True, **environment):
    """Run the command as a user would, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "openregie.cli", *map(str, words)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        check=False,
    )
    if check:
        assert done.returncode == 0, done.stderr[-4000:]
    return done


def settle(directory, *, residents=RESIDENTS, seed=SEED, on=ON):
    words = ["--residents", residents, "--seed", seed, "--dir", directory, "--on", on]
    done = openregie("demo", *words, "--no-serve", "--json")
    return Town(Path(directory), json.loads(done.stdout), done.stdout, done.stderr)
