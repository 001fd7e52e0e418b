"""Runs one command and writes down what it took: seconds, seconds of processor, peak memory.

    python -I -S bench_launch.py FILE COMMAND...

A process of its own, for Linux counts towards a child's peak the memory of whoever started it:
started from a bench that has linked a town, every child would seem as large as the bench.
"""

import json
import os
import sys
import time
from pathlib import Path


def main(place: str, command: list[str]) -> int:
    """Run it; the usage goes to a file, the exit code on to who asked."""
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    told = {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
    }
    Path(place).write_text(json.dumps(told), encoding="utf-8")
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
