"""State that survives the process: a journal of committed changes, and snapshots that it goes on from."""

from asm_emulator.durable.store import SYNCS, Store
from asm_emulator.durable.telling import told
from asm_emulator.keeping import StateError

__all__ = ["SYNCS", "StateError", "Store", "told"]
