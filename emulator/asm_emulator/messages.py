"""What passes through the service: a request with what has been found out about it, and a reply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from asm_contracts.dialect import SERVICE_MANAGEMENT, Dialect
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Operation
from asm_emulator import faults
from asm_emulator.recall import Answer, Key
from asm_emulator.router import Candidates, Host
from asm_emulator.state import State

_FILE_NAME: Final = re.compile(r"filename=(?:\"([^\"]*)\"|([^;]+))", re.IGNORECASE)


@dataclass(slots=True)
class Exchange:
    """A request, and what the stages have found out about it so far."""

    verb: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header names in lower case."""
    body: bytes = b""
    certificate: bytes | None = None
    """The client certificate as DER, whatever it is worth."""
    thumbprint: str | None = None
    address: str | None = None
    request_id: str = ""
    subscription_id: str = ""
    segments: tuple[str, ...] = ()
    bare: bool = False
    host: Host | None = None
    """The host that the request is for, where that is not the management endpoint."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    operation: Operation | None = None
    candidates: Candidates | None = None
    dialect: Dialect = SERVICE_MANAGEMENT
    document: Any = None
    """The body's tree, of the dialect's own making."""
    arguments: dict[str, Any] = field(default_factory=dict)
    result: Any = None
    headers_out: list[tuple[str, str]] = field(default_factory=list)
    fault_headers: list[tuple[str, str]] = field(default_factory=list)
    rule: faults.Rule | None = None
    """The fault rule that applies, if one does."""
    key: Key | None = None
    """Under which its answer may be kept, if it is a read."""
    seen: State | None = None
    """What it was answered from, if nothing else went into the answer but the key."""
    recalled: Answer | None = None
    answered: datetime | None = None
    refusal: ServiceError | None = None


def file_name_of(disposition: str | None) -> str | None:
    """The file name that a ``Content-Disposition`` header gives."""
    found = _FILE_NAME.search(disposition or "")
    return (found[1] or found[2]).strip() or None if found else None


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back on the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    cut: int | None = None
    """Bytes of the body after which the connection is cut; -1 for nothing at all."""
