"""Hosts of things' own, beside the management endpoint: whom they admit, and by what.

They are told apart by the ``Host`` header.  No management certificate opens them: a site asks for its publishing
credentials, a database server for its administrator's.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from asm_contracts.dialect import DATABASE_SERVER, SITE_TOOLS, Dialect
from asm_contracts.errors import NotFound, Unauthorized
from asm_contracts.evidence import assumed, client, documented
from asm_emulator import tenancy
from asm_emulator.areas import database_server, hdinsight
from asm_emulator.areas.site_tools import common as site_tools
from asm_emulator.areas.websites.common import CLAIM
from asm_emulator.engine import Engine
from asm_emulator.messages import Exchange
from asm_emulator.state import Draft

_JOBS: Final = {f"{kind}{word}": kind for kind in ("continuous", "triggered") for word in ("webjobs", "jobs")}
_LOGS: Final = frozenset({"dump", "logstream"})
_WITHOUT_API: Final = frozenset({"jobs", "deployments", "diagnostics", "scm"})
_UNESCAPED_COLON: Final = re.compile(r"(?<!\\):")


class OwnHost(Protocol):
    """A kind of host: how it speaks, and whom it admits."""

    dialect: Dialect

    def admit(self, engine: Engine, exchange: Exchange) -> str:
        """The id of the subscription whose thing the host is; a ServiceError for who may not come in."""
        ...

    def meant(self, segments: tuple[str, ...]) -> tuple[str, ...]:
        """The path as it is declared, of one that may be another name of it."""
        ...


def own_hosts() -> Mapping[str, OwnHost]:
    """Every kind of host, by what its names end in."""
    return {
        site_tools.DOMAIN: SiteHost(),
        database_server.DOMAIN: DatabaseHost(),
        hdinsight.DOMAIN: ClusterHost(),
    }


def basic(header: str) -> tuple[str, str] | None:
    """User and password of a ``Basic`` header; None for anything else."""
    scheme, _, text = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(text.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None
    user, found, password = decoded.partition(":")
    return (user, password) if found else None


class _AsDeclared:
    """A host whose paths have one name each."""

    def meant(self, segments: tuple[str, ...]) -> tuple[str, ...]:
        """The path as it is."""
        return segments


class SiteHost:
    """``{site}.scm.azurewebsites.net``: Basic authentication with publishing credentials."""

    dialect = SITE_TOOLS

    @documented("the tools' own source: jobs by three names, most paths with and without api before them")
    def meant(self, segments: tuple[str, ...]) -> tuple[str, ...]:
        """The path as it is declared: ``api/continuouswebjobs`` is ``api/jobs/continuous``, for one."""
        under_api = segments[:1] != () and segments[0].lower() == "api"
        rest = segments[1:] if under_api else segments
        head = rest[0].lower() if rest else ""
        if under_api and head in _JOBS:
            return ("api", "jobs", _JOBS[head], *rest[1:])
        if under_api and head in _LOGS:
            return rest
        return ("api", *segments) if not under_api and head in _WITHOUT_API else segments

    @assumed("the texts were never seen; a name that no site has would not even be found")
    def admit(self, engine: Engine, exchange: Exchange) -> str:
        """The subscription of the site whose publishing credentials the request has."""
        assert exchange.host is not None
        label = exchange.host.label
        shown = basic(exchange.headers.get("authorization", ""))
        known = False
        for found in tenancy.owners(engine.settled(), CLAIM, label):
            known = True
            if shown is not None and site_tools.may_publish(engine.look(found.id), label, *shown):
                return found.id.lower()
        if not known:
            raise NotFound("404 Web Site not found.")
        exchange.fault_headers.append(("WWW-Authenticate", 'Basic realm="site"'))
        raise Unauthorized()


class DatabaseHost(_AsDeclared):
    """``{server}.database.windows.net``: login and password for a token, then the token with its cookie."""

    dialect = DATABASE_SERVER

    @assumed("the texts were never seen; a name that no server has would not even be found")
    def admit(self, engine: Engine, exchange: Exchange) -> str:
        """The subscription of the server whose administrator the request is from."""
        assert exchange.host is not None
        label, ask = exchange.host.label, exchange.headers.get
        drafts = [engine.look(found.id) for found in tenancy.owners(engine.settled(), "sql server", label)]
        for draft in drafts:
            if self._fits(draft, label, exchange.segments, lambda name: ask(name, "")):
                database_server.check_firewall(draft, label, exchange.address)
                return draft.subscription_id
        if not drafts:
            raise NotFound(f"Server '{label}' was not found.")
        database_server.check_firewall(drafts[0], label, exchange.address)  # who may not knock is not told more
        raise Unauthorized("Login failed.")

    @client("sqlauthorization for the token, AccessToken and the cookie for everything else; a colon is escaped")
    def _fits(self, draft: Draft, label: str, segments: tuple[str, ...], ask: Callable[[str], str]) -> bool:
        if segments and segments[-1].lower() == "getaccesstoken":
            shown = basic(ask("sqlauthorization"))
            if shown is None:
                return False
            login, *rest = _UNESCAPED_COLON.split(":".join(shown), maxsplit=1)
            return database_server.may_log_in(draft, label, _unescaped(login), _unescaped("".join(rest)))
        cookies = dict(one.strip().partition("=")[::2] for one in ask("cookie").split(";"))
        return database_server.may_go_on(draft, label, ask("accesstoken"), cookies.get(database_server.COOKIE, ""))


class ClusterHost(_AsDeclared):
    """``{cluster}.azurehdinsight.net``: known, and with nothing behind it that would answer."""

    dialect = SITE_TOOLS

    def admit(self, engine: Engine, exchange: Exchange) -> str:
        """The subscription of the cluster; what it asks for is declined whoever asks."""
        assert exchange.host is not None
        for found in tenancy.owners(engine.settled(), "cluster", exchange.host.label):
            return found.id.lower()
        raise NotFound(f"The cluster {exchange.host.label} was not found.")


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
