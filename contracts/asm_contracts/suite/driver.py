"""What carries the suite's calls: a driver, found by the name of its entry point in ``asm_contracts.drivers``.

The entry point is a callable that takes `Settings` and gives the driver.  A driver has `invoke`; all else is optional:

- ``expresses(operation) -> bool``: whether its client has that operation at all (default: every one)
- ``request(verb, path, headers, body, identity) -> Answer``: bytes in, bytes out.  Without it the suite opens a TLS
  connection of its own to the endpoint
- ``advance(timedelta)``: moves the service's time.  Without it the suite waits
- ``reset()``: makes the service forget everything.  Without it the suite takes away what it made, piece by piece
- ``listen(hear)``: from now on tell `hear` of everything that goes over the wire (see `asm_contracts.suite.exchanges`).
  Without it the report of a failure has no exchanges but the suite's own
- ``signed_in(user, password) -> Driver``: the same with user and password, for hosts of things' own
- ``lossy = True``: its client does not tell absent, nil and empty elements apart
- ``close()``
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from asm_contracts.operation import Operation

GROUP: Final = "asm_contracts.drivers"

Identity = Literal["own", "stranger", "none"]
"""Whose certificate a raw request shows: the subscription's, one that the service does not know, or none."""


class NotExpressible(Exception):
    """The driver's client cannot say this; the test is skipped for that reason."""


class NotConfigured(Exception):
    """The run lacks an option that this needs; the message says which."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the service is and who calls it."""

    subscription: str
    endpoint: str | None = None
    certificate: Path | None = None
    """PEM with private key and certificate."""
    ca: Path | None = None
    """PEM to trust; None trusts what the system does."""
    stranger: Path | None = None
    """As `certificate`, of somebody whom the subscription does not know."""
    timeout: float = 30.0
    """Seconds for one answer."""

    def need_endpoint(self) -> str:
        """The endpoint; NotConfigured without one."""
        if self.endpoint is None:
            raise NotConfigured("this driver needs --endpoint")
        return self.endpoint.rstrip("/")

    def need_certificate(self) -> Path:
        """The certificate; NotConfigured without one."""
        if self.certificate is None:
            raise NotConfigured("this driver needs --certificate")
        return self.certificate


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Driver(Protocol):
    """The least that a driver has."""

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Carry an operation out, and return what its contract's method does.

        Raises `asm_contracts.errors.ServiceError` for a refusal, with code, message, status and request id as the
        service gave them, and `NotExpressible` where the client has no words for the arguments.
        """
        ...


RawRequest = Callable[[str, str, Mapping[str, str], bytes, Identity], Answer]
Factory = Callable[[Settings], Driver]


def known_drivers() -> list[str]:
    """The names of the installed drivers."""
    return sorted(found.name for found in entry_points(group=GROUP))


def load(name: str) -> Factory:
    """The factory of a driver, by its name or as ``module:attribute``; NotConfigured for another word."""
    module, colon, attribute = name.partition(":")
    factory: Factory
    if colon:
        factory = getattr(importlib.import_module(module), attribute)
        return factory
    for found in entry_points(group=GROUP, name=name):
        factory = found.load()
        return factory
    raise NotConfigured(f"there is no driver {name!r}; installed: {', '.join(known_drivers()) or 'none'}")
