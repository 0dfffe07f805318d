"""The contract suite's driver that is our own client over mutual TLS."""

from __future__ import annotations

import copy
from typing import Any

from asm_client.client import Client
from asm_client.drivers.listening import Overheard
from asm_client.transport import HttpsTransport
from asm_contracts.operation import Operation
from asm_contracts.suite.driver import Settings
from asm_contracts.suite.exchanges import Hear
from asm_contracts.versions import LATEST


class ClientDriver:
    """Carries calls with `asm_client`."""

    def __init__(self, settings: Settings) -> None:
        transport = HttpsTransport(settings.need_endpoint(), settings.need_certificate(), ca=settings.ca)
        self.client = Client(transport, settings.subscription, version=LATEST)

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Carry an operation out."""
        return self.client.invoke(operation, arguments)

    def signed_in(self, user: str, password: str) -> ClientDriver:
        """The same with user and password."""
        made = copy.copy(self)
        made.client = self.client.signed_in(user, password)
        return made

    def listen(self, hear: Hear) -> None:
        """Tell of every exchange."""
        self.client.transport = Overheard(self.client.transport, hear)

    def close(self) -> None:
        """Close the connections."""
        self.client.close()
