"""Further virtual IPs of a deployment, for endpoints that share a port.

Addresses and statuses: the Node client's.  A deployment always has the first virtual IP, which these leave alone.
"""

from __future__ import annotations

from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, operation

_DEPLOYMENT = "/services/hostedservices/{service_name}/deployments/{deployment_name}"


class VirtualIPContract(Contract):
    """Give deployments further virtual IPs."""

    @operation(
        "POST",
        f"{_DEPLOYMENT}/{{virtual_ip_name}}",
        since="2014-10-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
        title="Add Virtual IP",
    )
    def add_virtual_ip(self, service_name: str, deployment_name: str, virtual_ip_name: str) -> Accepted:
        """Add a virtual IP, which gets its address with the first endpoint that names it."""

    @operation(
        "DELETE",
        f"{_DEPLOYMENT}/virtualIPs/{{virtual_ip_name}}",
        since="2014-10-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
        title="Delete Virtual IP",
    )
    def remove_virtual_ip(self, service_name: str, deployment_name: str, virtual_ip_name: str) -> Accepted:
        """Take away a virtual IP that no endpoint names."""
