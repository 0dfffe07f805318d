"""What the modules of the command line share."""

from __future__ import annotations

from typing import Final

SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000001"
PORT: Final = 8443
CONTROL_PORT: Final = 8444
AZURE: Final = "https://management.core.windows.net"
"""What `exec` makes a command believe it speaks to."""


class Failure(Exception):
    """What a command cannot do; the message is for the user, one line."""
