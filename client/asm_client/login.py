"""User and password, for operations on hosts of things' own: a site's tools, a database server."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field

from asm_client.transport import Transport
from asm_contracts.codec import xml
from asm_contracts.dialect import DATABASE_SERVER
from asm_contracts.operation import Operation
from asm_contracts.vocabulary import SerializedString

_TOKEN_PATH = "/v1/ManagementService.svc/GetAccessToken"


@dataclass(slots=True)
class Login:
    """User and password, and the tokens that database servers have given for them."""

    user: str
    password: str = field(repr=False)
    _tokens: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    def headers(self, transport: Transport, operation: Operation, host: str) -> dict[str, str]:
        """What a request for an operation on a host says of who sends it; asks the host for a token if it wants one."""
        if operation.dialect is not DATABASE_SERVER:
            return {"Authorization": _basic(self.user, self.password)}
        asking = {"sqlauthorization": _basic(_escaped(self.user), _escaped(self.password))}
        if operation.template.text.endswith("/GetAccessToken"):
            return asking
        if host not in self._tokens:
            answer = transport.send("GET", _TOKEN_PATH, {"Host": host, **asking}, b"")
            if answer.status != 200:
                return {}  # the request itself is refused then, and says why
            token = xml.read(SerializedString, xml.parse(answer.body)).value
            self._tokens[host] = {
                "AccessToken": token,
                "Cookie": answer.headers.get("set-cookie", "").partition(";")[0],
            }
        return self._tokens[host]


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _escaped(text: str) -> str:
    return re.sub(r"([\\:])", r"\\\1", text)
