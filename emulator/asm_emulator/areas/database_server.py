"""A database server's own management, for whom has the administrator's login."""

from __future__ import annotations

import ipaddress
from typing import Final

from asm_contracts.areas.database_server import DatabaseServerContract, ServerDatabase
from asm_contracts.areas.sql import CreateDatabase
from asm_contracts.atom import Entry, Feed
from asm_contracts.errors import ForbiddenError, ResourceNotFound
from asm_contracts.evidence import assumed, client, documented
from asm_contracts.vocabulary import SerializedString
from asm_emulator.areas.base import Area
from asm_emulator.areas.sql.common import find_server
from asm_emulator.areas.sql.databases import DatabaseCalls
from asm_emulator.areas.sql.servers import password_digest
from asm_emulator.catalogue.service_objectives import GB
from asm_emulator.secrets_compared import same_secret
from asm_emulator.sql_model import Database, SqlServer
from asm_emulator.state import Draft

DOMAIN: Final = "database.windows.net"
COOKIE: Final = ".SQLSERVERMANAGEMENT"


def token_of(draft: Draft, server: SqlServer) -> tuple[str, str]:
    """The token for a server's administrator and the cookie that belongs to it; another password, another token."""
    made = draft.make_hex("sql token", server.name, server.password_digest)
    return made, draft.make_hex("sql cookie", server.name, server.password_digest)


def may_log_in(draft: Draft, name: str, login: str, password: str) -> bool:
    """Whether these are a server's administrator and its password."""
    server = draft.sql_servers.get(name)
    if server is None or login.partition("@")[0].lower() != server.login.lower():
        return False
    return same_secret(password_digest(draft, server.name, password), server.password_digest)


def may_go_on(draft: Draft, name: str, token: str, cookie: str) -> bool:
    """Whether token and cookie are those of a server's administrator."""
    server = draft.sql_servers.get(name)
    if server is None:
        return False
    right, with_it = token_of(draft, server)
    return same_secret(token, right) and same_secret(cookie, with_it)


@documented(
    "a server admits nobody but from addresses that its firewall rules have; the database engine's message 40615"
)
@assumed("that its own management asks them too; a caller on this machine has whatever address a rule has")
def check_firewall(draft: Draft, name: str, address: str | None) -> None:
    """ForbiddenError unless a firewall rule of the server admits the caller's address."""
    server = draft.sql_servers.get(name)
    if server is None:
        return
    try:
        caller = ipaddress.ip_address(address or "127.0.0.1")
    except ValueError:
        caller = ipaddress.ip_address("127.0.0.1")
    for rule in server.rules.values():
        begin, end = ipaddress.ip_address(rule.start), ipaddress.ip_address(rule.end)
        if caller.is_loopback or (caller.version == 4 and int(begin) <= int(caller) <= int(end)):
            return
    raise ForbiddenError(
        f"Cannot open server '{server.name}' requested by the login. Client with IP address '{caller}' is not allowed "
        "to access the server."
    )


class DatabaseServerArea(Area, DatabaseServerContract):
    """The databases of a server."""

    @client("the token is the text of the answer, the cookie is found by its name")
    def get_access_token(self, server: str) -> SerializedString:
        token, cookie = token_of(self.state, find_server(self.state, server))
        self.headers.append(("Set-Cookie", f"{COOKIE}={cookie}; path=/; secure; HttpOnly"))
        return SerializedString(value=token)

    def list_server_databases(self, server: str, server_name: str) -> Feed[ServerDatabase]:
        found = self._server(server, server_name)
        ordered = sorted(found.databases.values(), key=lambda one: one.id)
        return Feed(
            entries=tuple(self._entry(found, one) for one in ordered),
            id=f"{_address(found)}/Databases",
            title="Databases",
            updated=self.now,
            link="Databases",
        )

    def create_server_database(self, server: str, server_name: str, body: ServerDatabase) -> Entry[ServerDatabase]:
        found = self._server(server, server_name)
        wish = CreateDatabase(
            name=body.name,
            edition=body.edition,
            max_size_gb=body.max_size_gb,
            collation_name=body.collation_name,
        )
        DatabaseCalls(self.state, self.request).create_database(found.name, wish)
        found = find_server(self.state, found.name)
        return self._entry(found, found.databases[body.name.lower()])

    def delete_server_database(self, server: str, server_name: str, database_id: int) -> None:
        found = self._server(server, server_name)
        database = next((one for one in found.databases.values() if one.id == database_id), None)
        if database is None:
            raise ResourceNotFound(f"Database '{database_id}' does not exist on server '{found.name}'.")
        DatabaseCalls(self.state, self.request).delete_database(found.name, database.name)

    def _server(self, host: str, name: str) -> SqlServer:
        """The server that the host is; ResourceNotFound if the address names another one."""
        if name.lower() != host.lower():
            raise ResourceNotFound(f"Resource not found for the segment 'Server2': '{name[:100]}'.")
        return find_server(self.state, host)

    @assumed("the numbers of states were never seen; that of a database that can be used is 1")
    def _entry(self, server: SqlServer, database: Database) -> Entry[ServerDatabase]:
        return Entry(
            content=ServerDatabase(
                collation_name=database.collation,
                creation_date=database.created,
                edition=database.edition,
                id=database.id,
                is_federation_root=False,
                is_readonly=False,
                is_recursive_triggers_on=False,
                is_system_object=database.edition == "System",
                max_size_gb=database.max_size_bytes // GB,
                name=database.name,
                size_mb="0",
                status=1,
            ),
            id=f"{_address(server)}/Databases({database.id})",
            updated=self.now,
        )


def _address(server: SqlServer) -> str:
    return f"https://{server.name}.{DOMAIN}/v1/ManagementService.svc/Server2('{server.name}')"
