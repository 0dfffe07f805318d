"""The page: the estate, its operations, the request log, time, faults and snapshots, for people who look.

On the control port, rendered here, without a build step, without the network, and usable without scripts.
"""

from asm_emulator.page.routes import add_page

__all__ = ["add_page"]
