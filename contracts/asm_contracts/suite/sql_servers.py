"""SQL servers for tests."""

from __future__ import annotations

from typing import Final

from asm_contracts.areas.sql import CreateServer
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION

LOGIN: Final = "asmadmin"
PASSWORD: Final = "Pa55-word"


def make_server(azure: Azure, names: Names) -> str:
    """A server, and the name that the service made up for it."""
    body = CreateServer(administrator_login=LOGIN, administrator_login_password=PASSWORD, location=LOCATION)
    return names.adopt("sql server", azure.create_server(body).name)
