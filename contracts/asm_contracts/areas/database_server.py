"""A database server's own management: its databases, to whom has the administrator's login.

``https://{server}.database.windows.net`` gives a token for login and password, and takes no management certificate.
Addresses, names and forms: the Node client's, which the command line uses.
"""

from __future__ import annotations

from asm_contracts.atom import Entry, Feed
from asm_contracts.dialect import DATABASE_SERVER
from asm_contracts.document import UnzonedTime, document, element
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound, Unauthorized
from asm_contracts.operation import Contract, operation
from asm_contracts.vocabulary import SerializedString

_DATA = "http://schemas.microsoft.com/ado/2007/08/dataservices"
_SERVICE = "https://{server}.database.windows.net/v1/ManagementService.svc"
_DATABASES = f"{_SERVICE}/Server2('{{server_name}}')/Databases"
_SINCE = "2009-10-01"


@document(name="properties", namespace=_DATA)
class ServerDatabase:
    """A database, as its server has it; of what it needs when it is made, its name."""

    collation_name: str | None = None
    creation_date: UnzonedTime | None = None
    edition: str | None = None
    id: int | None = None
    is_federation_root: bool | None = None
    is_readonly: bool | None = None
    is_recursive_triggers_on: bool | None = None
    is_system_object: bool | None = None
    max_size_gb: int | None = element(default=None, name="MaxSizeGB")
    name: str
    size_mb: str | None = element(default=None, name="SizeMB")
    status: int | None = None


class DatabaseServerContract(Contract):
    """Work with the databases of a server, as its administrator."""

    area = "database_server"
    dialect = DATABASE_SERVER

    @operation("GET", f"{_SERVICE}/GetAccessToken", since=_SINCE, errors=(ForbiddenError, Unauthorized))
    def get_access_token(self, server: str) -> SerializedString:
        """Have a token for login and password, with a cookie that belongs to it."""

    @operation("GET", _DATABASES, since=_SINCE, errors=(ForbiddenError, ResourceNotFound, Unauthorized))
    def list_server_databases(self, server: str, server_name: str) -> Feed[ServerDatabase]:
        """List the databases of the server, master included."""

    @operation(
        "POST",
        _DATABASES,
        since=_SINCE,
        success=201,
        errors=(BadRequest, ConflictError, ForbiddenError, ResourceNotFound, Unauthorized),
    )
    def create_server_database(self, server: str, server_name: str, body: ServerDatabase) -> Entry[ServerDatabase]:
        """Make a database."""

    @operation(
        "DELETE",
        f"{_DATABASES}({{database_id}})",
        since=_SINCE,
        success=204,
        errors=(BadRequest, ForbiddenError, ResourceNotFound, Unauthorized),
    )
    def delete_server_database(self, server: str, server_name: str, database_id: int) -> None:
        """Delete a database, by its number."""
