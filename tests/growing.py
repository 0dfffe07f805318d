"""How work grows with what it is given, as a ratio within one run: machines are shared, and seconds say little."""

from __future__ import annotations

import time
from collections.abc import Callable


def growth(small: Callable[[], object], large: Callable[[], object], rounds: int = 3) -> float:
    """How many times as long the large piece of work takes as the small one: the best of some rounds of each, in turn.

    Only the time of this thread counts, so that what else the machine does is not in it.
    """
    best = [float("inf")] * 2
    for _ in range(rounds):
        for place, work in enumerate((small, large)):
            began = time.thread_time()
            work()
            best[place] = min(best[place], time.thread_time() - began)
    return best[1] / max(best[0], 1e-6)
