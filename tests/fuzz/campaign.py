"""Fuzz every parser, guided by coverage: `python -m fuzz.campaign [--minutes N] [--target NAME]`.

Each target begins from its seeds and from tests/fuzz/corpus, runs in a process of its own with
bounded memory, and gets an equal share of the time. Target `together` is all of them in one
process, for a short run. What is found lies in test-results/fuzz.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fuzz.target import CANARY
from fuzz.targets import ALL, BY_NAME, TOGETHER

ROOT = Path(__file__).parents[2]
CORPUS = Path(__file__).with_name("corpus")
RESULTS = ROOT / "test-results" / "fuzz"
MEMORY_MB = 2_048
SECONDS_PER_INPUT = 20
_STATUS = re.compile(r"#(\d+)\s+(INITED|NEW|REDUCE|DONE|pulse)\s+cov: (\d+)")
_DONE = re.compile(r"Done (\d+) runs")


@dataclass(frozen=True)
class Found:
    """What one target came to. `first` and `last` are edges covered by the seeds and in the end."""

    name: str
    runs: int
    first: int
    last: int
    crash: str


def lay_seeds(target, folder):
    """The target's seeds and what was kept for it, as files named by their digest."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = (file.read_bytes() for file in sorted((CORPUS / target.name).glob("*")))
    for data in (*target.seeds(), *kept):
        if len(data) <= max(target.size, 8_192):
            (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def fuzz(target, seconds, seed):
    """Run one target; what it came to."""
    folder = RESULTS / target.name
    lay_seeds(target, folder / "inputs")
    (folder / "new").mkdir(exist_ok=True)
    words = RESULTS / "words"
    words.write_text(f'"{CANARY}"\n"1e999"\n"\\\\ud800"\n', encoding="utf-8")
    command = [
        *(sys.executable, "-W", "ignore", "-m", "fuzz.guided", target.name),
        *(f"-max_total_time={seconds}", f"-seed={seed}", f"-max_len={max(target.size, 4096)}"),
        *(f"-rss_limit_mb={MEMORY_MB}", f"-timeout={SECONDS_PER_INPUT}", "-print_final_stats=0"),
        *(f"-dict={words}", f"-artifact_prefix={folder}/", "-use_value_profile=0"),
        *(str(folder / "new"), str(folder / "inputs")),
    ]
    paths = os.pathsep.join(str(ROOT / name) for name in ("src", "tests"))
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        check=False,
    )
    (folder / "log").write_text(ended.stdout + ended.stderr, encoding="utf-8")
    said = _STATUS.findall(ended.stderr)
    inited = [int(cov) for _, what, cov in said if what == "INITED"]
    runs = _DONE.search(ended.stderr)
    number = int(runs[1]) if runs else max((int(at) for at, *_ in said), default=0)
    last = max((int(cov) for *_, cov in said), default=0)
    crash = "" if ended.returncode == 0 else _crash(ended.stderr, folder)
    return Found(target.name, number, inited[0] if inited else 0, last, crash)


def _crash(told, folder):
    """Last words of the process and where its input lies."""
    lines = [line for line in told.splitlines() if line.strip()]
    raised = [line for line in lines if re.match(r"\s*[\w.]*(Error|Broken|Exception)\b", line)]
    files = sorted(file.name for file in folder.glob("*-*") if file.is_file())
    words = (raised or lines or ["no word"])[-1].strip()[:160]
    return f"{words} ({folder.relative_to(ROOT)}/{files[-1] if files else 'log'})"


def say(line):
    sys.stdout.write(f"  {line}\n")


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=1)
    asked.add_argument("--target", choices=[*BY_NAME, TOGETHER.name, ""], default="")
    asked.add_argument("--seed", type=int, default=7)
    told = asked.parse_args()
    known = {**BY_NAME, TOGETHER.name: TOGETHER}
    chosen = [known[told.target]] if told.target else list(ALL)
    workers = min(len(chosen), os.cpu_count() or 1)
    seconds = max(1, int(told.minutes * 60 * workers / len(chosen)))
    RESULTS.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(lambda target: fuzz(target, seconds, told.seed), chosen))
    for one in found:
        edges = f"edges {one.first:>5} > {one.last:<5}"
        say(f"{one.name:18} {one.runs:>10,} inputs  {edges} {one.crash or 'held'}")
    total = sum(one.runs for one in found)
    say(f"{total:,} inputs, {seconds} s for each of {len(found)}; {len(ALL)} parsers in all")
    sys.exit(1 if any(one.crash for one in found) else 0)


if __name__ == "__main__":
    main()
