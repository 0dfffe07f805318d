"""What a directory of state holds, in words: for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from asm_emulator.durable.reading import read
from asm_emulator.durable.store import Store
from asm_emulator.keeping import Image, StateError
from asm_emulator.pace import PACES
from asm_emulator.state import EMPTY


def told(directory: Path, *, salvage: bool = False) -> Iterator[str]:
    """Lines about what a directory holds; with `salvage` it is mended first, if it is damaged.

    Raises StateError for one that holds nothing, is damaged, of a later version, or, to be mended, in use.
    """
    import asm_emulator.emulator  # noqa: F401  what a state may hold must be loaded

    if not any(directory.glob("*.snapshot")):
        raise StateError(f"there is no state in {directory}")
    if salvage:
        store = Store(directory, Image(EMPTY, None, PACES["quick"], ""), salvage=True)
        store.close()
        yield from (f"lost: {what}" for what in store.lost)
        if store.lost:
            yield "the files as they were are in a directory damaged-N beside"
    try:
        found = read(directory)
    except FileNotFoundError:
        found = read(directory)  # who works with it has just begun a new generation
    if found is None:
        raise StateError(f"there is no state in {directory}")
    image = found.image
    yield f"{directory}: generation {found.journal}, {found.number} changes, {found.records} of them since its snapshot"
    if found.torn:
        yield f"{found.torn} bytes at the end are of a change that was never finished: the next start cuts them off"
    clock = "of somebody else" if image.clock is None else "frozen" if image.clock.frozen else "running"
    yield f"seed {image.seed}, pace {image.pace.name}, clock {clock}, gone on with {image.starts} times"
    for key in sorted(image.state.subscriptions):
        one = image.state.subscriptions[key]
        yield (
            f"subscription {key}: {len(one.hosted_services)} hosted services, {len(one.storage_accounts)} storage "
            f"accounts, {len(one.disks)} disks, {len(one.operations)} operations"
        )
    yield f"{len(image.state.steps)} steps to come, {len(image.state.held)} held"
