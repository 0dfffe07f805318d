"""The subscription, places, storage accounts, affinity groups, reserved addresses and networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asm_client.servicemanagement.connection import Connection
from asm_client.servicemanagement.vocabulary import AsynchronousOperationResult


def one_of(affinity_group: str | None, location: str | None) -> None:
    """ValueError unless exactly one of the two is given."""
    if (affinity_group is None) == (location is None):
        raise ValueError("give a location or an affinity group, and not both")


class Accounts(Connection):
    """What a subscription has beside cloud services and machines."""

    # -- the subscription -------------------------------------------------------------------------------------------

    def get_subscription(self) -> Any:
        """The subscription with its quotas."""
        return self._read("get_subscription")

    def list_subscriptions(self) -> Any:
        """The subscriptions the caller may see."""
        return self._read("list_subscriptions")

    def list_locations(self) -> Any:
        """The places where services and storage accounts can be."""
        return self._read("list_locations")

    def list_role_sizes(self) -> Any:
        """The sizes of machines, with cores and memory."""
        return self._read("list_role_sizes")

    def list_operating_systems(self) -> Any:
        """The versions of the guest operating system of web and worker roles."""
        return self._read("list_operating_systems")

    def list_operating_system_families(self) -> Any:
        """The same, family by family."""
        return self._read("list_operating_system_families")

    def list_management_certificates(self) -> Any:
        """The certificates that may act for the subscription."""
        return self._read("list_management_certificates")

    def get_management_certificate(self, thumbprint: str) -> Any:
        """One of them."""
        return self._read("get_management_certificate", thumbprint=thumbprint)

    def add_management_certificate(self, public_key: str, thumbprint: str, data: str) -> AsynchronousOperationResult:
        """Let a further certificate act for the subscription; public key and certificate in base64."""
        return self._change("add_management_certificate", public_key=public_key, thumbprint=thumbprint, data=data)

    def delete_management_certificate(self, thumbprint: str) -> AsynchronousOperationResult:
        """Take that from a certificate."""
        return self._change("delete_management_certificate", thumbprint=thumbprint)

    # -- storage accounts -------------------------------------------------------------------------------------------

    def list_storage_accounts(self) -> Any:
        """The subscription's storage accounts."""
        return self._read("list_storage_accounts")

    def get_storage_account_properties(self, service_name: str) -> Any:
        """A storage account."""
        return self._read("get_storage_account_properties", service_name=service_name)

    def get_storage_account_keys(self, service_name: str) -> Any:
        """Its keys, in `storage_service_keys`."""
        return self._read("get_storage_account_keys", service_name=service_name)

    def regenerate_storage_account_keys(self, service_name: str, key_type: str) -> Any:
        """Make the ``Primary`` or ``Secondary`` key anew; both keys, in `storage_service_keys`."""
        return self._read("regenerate_storage_account_keys", service_name=service_name, key_type=key_type)

    def create_storage_account(
        self,
        service_name: str,
        description: str | None,
        label: str,
        affinity_group: str | None = None,
        location: str | None = None,
        geo_replication_enabled: bool | None = None,
        extended_properties: Mapping[str, str] | None = None,
        account_type: str = "Standard_GRS",
    ) -> AsynchronousOperationResult:
        """Create a storage account in a location or an affinity group; `geo_replication_enabled` is of old."""
        one_of(affinity_group, location)
        return self._change(
            "create_storage_account",
            service_name=service_name,
            description=description,
            label=label,
            affinity_group=affinity_group,
            location=location,
            extended_properties=extended_properties,
            account_type="Standard_LRS" if geo_replication_enabled is False else account_type,
        )

    def update_storage_account(
        self,
        service_name: str,
        description: str | None = None,
        label: str | None = None,
        geo_replication_enabled: bool | None = None,
        extended_properties: Mapping[str, str] | None = None,
        account_type: str = "Standard_GRS",
    ) -> AsynchronousOperationResult:
        """Change a storage account; what is None stays."""
        return self._change(
            "update_storage_account",
            service_name=service_name,
            description=description,
            label=label,
            extended_properties=extended_properties,
            account_type="Standard_LRS" if geo_replication_enabled is False else account_type,
        )

    def delete_storage_account(self, service_name: str) -> AsynchronousOperationResult:
        """Delete a storage account with all that is in it."""
        return self._change("delete_storage_account", service_name=service_name)

    def check_storage_account_name_availability(self, service_name: str) -> Any:
        """Whether a name is free, in `result`."""
        return self._read("check_storage_account_name_availability", service_name=service_name)

    # -- affinity groups --------------------------------------------------------------------------------------------

    def list_affinity_groups(self) -> Any:
        """The subscription's affinity groups."""
        return self._read("list_affinity_groups")

    def get_affinity_group_properties(self, affinity_group_name: str) -> Any:
        """An affinity group, with what is in it."""
        return self._read("get_affinity_group_properties", name=affinity_group_name)

    def create_affinity_group(
        self, name: str, label: str, location: str, description: str | None = None
    ) -> AsynchronousOperationResult:
        """Create an affinity group."""
        return self._change("create_affinity_group", name=name, label=label, description=description, location=location)

    def update_affinity_group(
        self, affinity_group_name: str, label: str, description: str | None = None
    ) -> AsynchronousOperationResult:
        """Change label and description."""
        return self._change("update_affinity_group", name=affinity_group_name, label=label, description=description)

    def delete_affinity_group(self, affinity_group_name: str) -> AsynchronousOperationResult:
        """Delete an empty affinity group."""
        return self._change("delete_affinity_group", name=affinity_group_name)

    # -- addresses and networks -------------------------------------------------------------------------------------

    def list_reserved_ip_addresses(self) -> Any:
        """The subscription's reserved addresses."""
        return self._read("list_reserved_ip_addresses")

    def get_reserved_ip_address(self, name: str) -> Any:
        """A reserved address."""
        return self._read("get_reserved_ip_address", name=name)

    def create_reserved_ip_address(
        self, name: str, label: str | None = None, location: str | None = None
    ) -> AsynchronousOperationResult:
        """Reserve an address in a location."""
        return self._change("create_reserved_ip_address", name=name, label=label, location=location)

    def delete_reserved_ip_address(self, name: str) -> AsynchronousOperationResult:
        """Give a reserved address back."""
        return self._change("delete_reserved_ip_address", name=name)

    def associate_reserved_ip_address(
        self, name: str, service_name: str, deployment_name: str, virtual_ip_name: str | None = None
    ) -> AsynchronousOperationResult:
        """Make a reserved address that of a deployment."""
        return self._change(
            "associate_reserved_ip_address",
            name=name,
            service_name=service_name,
            deployment_name=deployment_name,
            virtual_ip_name=virtual_ip_name or None,
        )

    def disassociate_reserved_ip_address(
        self, name: str, service_name: str, deployment_name: str, virtual_ip_name: str | None = None
    ) -> AsynchronousOperationResult:
        """Take it from the deployment again."""
        return self._change(
            "disassociate_reserved_ip_address",
            name=name,
            service_name=service_name,
            deployment_name=deployment_name,
            virtual_ip_name=virtual_ip_name or None,
        )

    def list_virtual_network_sites(self) -> Any:
        """The subscription's virtual networks."""
        return self._read("list_virtual_network_sites")
