"""An emulator that misbehaves on purpose, to be scored: ``python -m asm_emulator.selftest.broken NAME... [-- SERVE]``.

NAME is a wrong behaviour of the catalogue (``asm-contracts selftest --list``); what follows ``--`` are options of
``asm-emulator serve``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from asm_emulator.cli import main as command
from asm_emulator.selftest.catalogue import mutants
from asm_emulator.selftest.wrongs import Patch


def main(given: Sequence[str] | None = None) -> int:
    """Serve with these wrong behaviours until stopped; 2 for a name that the catalogue does not have."""
    words = list(sys.argv[1:] if given is None else given)
    names, options = (words[: words.index("--")], words[words.index("--") + 1 :]) if "--" in words else (words, [])
    parser = argparse.ArgumentParser(prog="python -m asm_emulator.selftest.broken", description=__doc__)
    parser.add_argument("name", nargs="+")
    wanted = parser.parse_args(names).name
    known = {one.name: one for one in mutants()}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        parser.error(f"the catalogue has no {', '.join(unknown)}")
    patch = Patch()
    for name in wanted:
        known[name].apply(patch)
    try:
        return command(["serve", *options])
    finally:
        patch.undo()


if __name__ == "__main__":
    sys.exit(main())
