"""SQL database servers, and what is on them."""

from __future__ import annotations

from asm_emulator.areas.sql.copies import CopyOperations
from asm_emulator.areas.sql.databases import DatabaseCalls
from asm_emulator.areas.sql.restores import RestoreOperations
from asm_emulator.areas.sql.servers import ServerOperations
from asm_emulator.areas.sql.transfers import TransferOperations


class SqlArea(ServerOperations, DatabaseCalls, CopyOperations, RestoreOperations, TransferOperations):
    """Servers, firewall rules and databases; copies, restores, imports and exports on the clock."""


__all__ = ["SqlArea"]
