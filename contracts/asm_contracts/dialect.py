"""How an area's requests and answers look on the wire, where it is not the service's own way.

Web sites, Service Bus, SQL and the scheduler were services of their own behind one front: other bodies, other error
documents, other headers.  A dialect says so once for a contract class (``dialect = ...`` in its body) or for one
operation (``@operation(..., dialect=...)``); behaviour knows nothing of it.  What it does to bodies is
`asm_contracts.codec.wires`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """A way to look on the wire, known by identity."""

    name: str
    cache_control: str = "no-cache"
    """Of every answer that is no bare error."""
    headers: tuple[tuple[str, str], ...] = ()
    """Further headers of every success."""
    bare_errors: bool = False
    """Refusals come from behind the front: without its ``x-ms-`` headers and its name."""
    server: str | None = None
    """The name of a server that is not behind the front at all: no answer of it has the front's headers."""


SERVICE_MANAGEMENT: Final = Dialect("service management")
"""The dialect of every contract that does not say another: XML, ``Error(Code, Message)``, the front's headers."""

WEB_SITES: Final = Dialect(
    "web sites",
    cache_control="private",
    headers=(
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ("X-AspNet-Version", "4.0.30319"),
        ("X-Powered-By", "ASP.NET"),
    ),
    bare_errors=True,
)
"""Web sites: XML or JSON as the request has it, errors with more children, all as recorded."""

SQL: Final = Dialect(
    "sql",
    cache_control="no-store,no-cache",
    headers=(("X-Content-Type-Options", "nosniff"),),
)
"""What is on SQL servers (the servers themselves are the front's): other headers, as recorded."""

SERVICE_BUS: Final = Dialect(
    "service bus",
    headers=(("Server-SB", "Service-Bus-Resource-Provider/SN1"),),
    bare_errors=True,
)
"""Service Bus: Atom entries and feeds; of its refusals only the status comes through, as recorded."""

SCHEDULER_JOBS: Final = Dialect(
    "scheduler jobs",
    headers=(
        ("Pragma", "no-cache"),
        ("Expires", "-1"),
        ("X-AspNet-Version", "4.0.30319"),
        ("X-Powered-By", "ASP.NET"),
    ),
)
"""The scheduler's jobs: JSON whose names begin with a small letter, as recorded."""

SITE_TOOLS: Final = Dialect(
    "site tools",
    headers=(
        ("Pragma", "no-cache"),
        ("Expires", "-1"),
        ("X-AspNet-Version", "4.0.30319"),
        ("X-Powered-By", "ASP.NET"),
    ),
    server="Microsoft-IIS/8.0",
)
"""What every web site has beside itself, on a host of its own: JSON whose names are words with underscores."""

DATABASE_SERVER: Final = Dialect(
    "database server",
    headers=(("DataServiceVersion", "1.0;"),),
    server="Microsoft-HTTPAPI/2.0",
)
"""A database server's own management: OData in Atom."""
