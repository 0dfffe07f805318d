"""The list of virtual networks."""

from __future__ import annotations

from asm_client import Client
from asm_contracts.areas.virtual_networks import AddressSpace, Subnet, VirtualNetworkSite
from asm_contracts.roles import Dns, DnsServer
from asm_emulator import model
from asm_emulator.emulator import Emulator
from asm_emulator.state import Draft


def test_a_new_subscription_has_none(azure: Client) -> None:
    assert azure.list_virtual_network_sites().items == ()


def test_sites_are_listed_with_what_they_are_made_of(azure: Client, emulator: Emulator) -> None:
    def add(draft: Draft) -> None:
        draft.virtual_networks["Net"] = model.VirtualNetworkSite(
            name="Net",
            id="0d4e5cc1-0000-4000-8000-000000000000",
            address_prefixes=("10.0.0.0/8",),
            subnets=(model.Subnet(name="one", address_prefix="10.1.0.0/16"),),
            location="West US",
            dns_servers=(DnsServer(name="dns", address="10.0.0.4"),),
        )
        draft.hosted_services["web"] = model.HostedService(
            name="web",
            label="web",
            description=None,
            created=draft.now,
            modified=draft.now,
            location="West US",
            deployments=model.Map(
                {
                    "Production": model.Deployment(
                        name="d",
                        slot="Production",
                        private_id="1",
                        label="d",
                        status="Running",
                        is_package=False,
                        created=draft.now,
                        modified=draft.now,
                        virtual_network_name="net",
                    )
                }
            ),
        )

    emulator.engine.change(emulator.subscription, add)
    expected = VirtualNetworkSite(
        name="Net",
        id="0d4e5cc1-0000-4000-8000-000000000000",
        state="Created",
        in_use=True,
        address_space=AddressSpace(address_prefixes=("10.0.0.0/8",)),
        subnets=(Subnet(name="one", address_prefix="10.1.0.0/16"),),
        dns=Dns(dns_servers=(DnsServer(name="dns", address="10.0.0.4"),)),
        location="West US",
    )
    assert azure.list_virtual_network_sites().items == (expected,)
    assert azure.get_subscription().current_virtual_network_sites == 1
    emulator.engine.change(emulator.subscription, lambda draft: draft.hosted_services.pop("web"))
    assert azure.list_virtual_network_sites().items[0].in_use is None
