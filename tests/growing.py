"""How work grows with what it is given, as a ratio within one run: machines are shared, and seconds say little."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def growth(small: Callable[[], object], large: Callable[[], object], rounds: int = 3) -> float:
    """How many times as long the large piece of work takes as the small one: the best of some rounds of each, in turn.

    Only the time of this thread counts, so that what else the machine does is not in it; and nothing is collected
    meanwhile, which takes as long as all the tests before have left things behind.
    """
    best = [float("inf")] * 2
    gc.disable()
    try:
        for _ in range(rounds):
            for place, work in enumerate((small, large)):
                began = time.thread_time()
                work()
                best[place] = min(best[place], time.thread_time() - began)
    finally:
        gc.enable()
    return best[1] / max(best[0], 1e-6)
