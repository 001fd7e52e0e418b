"""How often one caller may call: a bucket per name that fills with time. In memory; counts only."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_MOST_NAMES = 50_000


@dataclass(slots=True)
class Rate:
    """At most `burst` calls at once, and `per_minute` on average, for each name."""

    burst: int
    per_minute: float
    timer: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_seconds(self, name: str) -> int:
        """Count one call; 0 when it may go on, else after how many seconds to try again."""
        now = self.timer()
        with self._lock:
            left, seen = self._left.pop(name, (float(self.burst), now))
            left = min(self.burst, left + (now - seen) * self.per_minute / 60)
            allowed = left >= 1
            self._left[name] = (left - 1 if allowed else left, now)
            while len(self._left) > _MOST_NAMES:
                self._left.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) * 60 / self.per_minute))

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._left.clear()
