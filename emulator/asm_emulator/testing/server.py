"""The emulator that test workers share: a process that ends with the test run, however that ends.

python -m asm_emulator.testing.server DIRECTORY PID PACE SEED
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

LOOK = 0.5
"""Seconds between two looks at the process that this one ends with."""


def main(directory: Path, watched: int, pace: str, seed: str) -> None:
    """Serve until the process `watched` is gone, or until told to stop."""
    from asm_emulator import pki
    from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
    from asm_emulator.hosting import Hosting

    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    paths = pki.ensure(directory, DEFAULT_SUBSCRIPTION, "")
    certificate = pki.load_certificate_der(paths.management_certificate)
    with Hosting(Emulator(certificates=[certificate], pace=pace, seed=seed, log_size=10_000), paths) as hosting:
        written = directory / "control.new"
        written.write_text(hosting.control_url or "")
        written.rename(directory / "control")  # at once: who sees it reads all of it
        while not told.wait(LOOK) and is_alive(watched):
            pass
    (directory / "control").unlink(missing_ok=True)


def is_alive(process: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
