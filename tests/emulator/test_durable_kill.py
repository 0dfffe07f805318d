"""A few kills of a loaded server; ``make kill`` has hundreds."""

from __future__ import annotations

from pathlib import Path

from tests.kill import Killing


def test_what_was_answered_survives_kills(tmp_path: Path) -> None:
    tally = Killing(tmp_path, seed=7).run(kills=3, seconds=60, least=8)
    assert tally.trouble == []
    assert tally.kills == 3 and tally.told >= 8 * (3 - tally.while_starting)
