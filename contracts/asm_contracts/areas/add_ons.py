"""Add-ons from the store: resources of cloud services whose providers are others.

Addresses, statuses and elements: the Node client's.
"""

from __future__ import annotations

from asm_contracts.document import document
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, operation

_ADD_ON = "/cloudservices/{cloud_service_name}/resources/{provider_namespace}/{add_on_type}/{add_on_name}"


@document(name="Resource")
class AddOnInput:
    """What is bought: the provider's namespace, a plan, perhaps a code that makes it cheaper."""

    type: str
    plan: str
    promotion_code: str | None = None


class AddOnContract(Contract):
    """Buy add-ons, change their plans, cancel them."""

    @operation("PUT", _ADD_ON, since="2012-03-01", errors=(BadRequest, ConflictError, ResourceNotFound))
    def put_add_on(
        self, cloud_service_name: str, provider_namespace: str, add_on_type: str, add_on_name: str, body: AddOnInput
    ) -> Accepted:
        """Buy an add-on; of one that is there already, change the plan."""

    @operation("DELETE", _ADD_ON, since="2012-03-01", errors=(ConflictError, ResourceNotFound))
    def delete_add_on(
        self, cloud_service_name: str, provider_namespace: str, add_on_type: str, add_on_name: str
    ) -> Accepted:
        """Cancel an add-on."""
