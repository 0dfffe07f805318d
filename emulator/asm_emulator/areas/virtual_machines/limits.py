"""What a machine can have where it is and of its size: disks near their image and service, interfaces, endpoints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed, documented, quoted
from asm_emulator import catalogue, model
from asm_emulator.blobs import BLOB_HOST, account_location, find_storage_account_of, parse_media_link
from asm_emulator.catalogue.role_sizes import most_interfaces, series
from asm_emulator.places import location_of
from asm_emulator.state import Draft

MOST_MACHINES: Final = 50
MOST_ENDPOINTS: Final = 150
_PREMIUM_SIZES: Final = frozenset(
    size for name in ("DS", "DS_v2", "DS_v2_promo", "Fs", "GS", "Ls") for size in series(name)
)


def check_image(draft: Draft, service: model.HostedService, name: str, media_link: str) -> None:
    """BadRequest for an image that is not where the service is, or one of the subscription's own in another account.

    media_link: where the disk that is made from it is to be
    """
    own_disk, own_image = draft.os_images.get(name), draft.vm_images.get(name)
    here = location_of(draft, service)
    if own_disk is not None or own_image is not None:
        source = own_disk.media_link if own_disk is not None else own_image.os_disk.media_link if own_image else ""
        account = find_storage_account_of(draft, source)
        if account is not None and account_location(draft, account) != here:
            raise elsewhere(name, account_location(draft, account), here)
        _check_account(source, media_link)
        return
    platform = catalogue.os_image(name) or catalogue.vm_image(name)
    if platform is not None and platform.locations and here not in platform.locations:
        raise elsewhere(name, platform.locations[0], here)


@quoted("code and text (azure-powershell issue 60); not whether the request or its operation was refused")
def elsewhere(image: str, location: str, service_location: str) -> BadRequest:
    """The refusal of an image that is in another region than the service."""
    return BadRequest(
        f"The location or affinity group {location} of the storage account where the source image {image} resides is "
        "not in the same location or affinity group as the specified cloud service. The source image must reside in a "
        f"storage account that has the same affinity group or location as the cloud service {service_location}."
    )


@quoted("code and text (vagrant-azure issue 42)")
def _check_account(source: str, target: str) -> None:
    one, other = parse_media_link(source), parse_media_link(target)
    if one is not None and other is not None and one.account != other.account:
        raise BadRequest(
            "The disk's VHD must be in the same account as the VHD of the source image (source account: "
            f"{one.account}{BLOB_HOST}, target account: {other.account}{BLOB_HOST})."
        )


@assumed("that disks are in a storage account of the service's location is documented; the text was never seen")
def check_near(draft: Draft, service: model.HostedService, machine: model.MachineRole) -> None:
    """BadRequest for disks in an account that is not where the service is."""
    if draft.terms.storage_anywhere:
        return
    here = location_of(draft, service)
    for link in (machine.os_disk.media_link, *(one.media_link for one in machine.data_disks)):
        account = find_storage_account_of(draft, link or "")
        if account is not None and account_location(draft, account) != here:
            raise BadRequest(
                f"The storage account {account.name} is in {account_location(draft, account)}, but the hosted service "
                f"{service.name} is in {here}: the disks of a virtual machine must be in its location."
            )


@assumed("that only these sizes use premium storage, and that ZRS accounts hold no disks, is documented; not the texts")
def check_accounts(draft: Draft, machine: model.MachineRole) -> None:
    """BadRequest for disks in an account whose kind holds none, or none for machines of this size."""
    for link in (machine.os_disk.media_link, *(one.media_link for one in machine.data_disks)):
        account = find_storage_account_of(draft, link or "")
        if account is None:
            continue
        if account.account_type == "Standard_ZRS":
            raise BadRequest(f"The storage account {account.name} of type Standard_ZRS cannot hold disks.")
        if account.account_type == "Premium_LRS" and machine.size not in _PREMIUM_SIZES:
            raise BadRequest(
                f"The role size {machine.size} cannot use disks in the premium storage account {account.name}."
            )


@assumed("how many interfaces each size can have is documented; the text was never seen")
def check_interfaces(machine: model.MachineRole) -> None:
    """BadRequest for more network interfaces than the machine's size can have."""
    size = catalogue.role_size(machine.size)
    further = len(machine.network.network_interfaces or ())
    if size is not None and 1 + further > most_interfaces(size):
        raise BadRequest(
            f"The role size {machine.size} allows at most {most_interfaces(size)} network interfaces, "
            f"and the role {machine.name} has {1 + further}."
        )


@assumed("that machines of the Basic tier are not load-balanced is documented; the text was never seen")
def check_tier(machine: model.MachineRole) -> None:
    """BadRequest for a machine of the Basic tier behind a load-balanced endpoint."""
    if machine.size.startswith("Basic_") and any(
        one.load_balanced_endpoint_set_name for one in machine.network.input_endpoints or ()
    ):
        raise BadRequest(f"The role size {machine.size} does not support load-balanced endpoints.")


@documented("a hosted service has at most 50 virtual machines and 150 input endpoints")
@assumed("the texts were never seen")
def check_room(machines: Iterable[model.MachineRole]) -> None:
    """BadRequest for more machines, or more endpoints of them, than the deployment of a hosted service can have."""
    every = tuple(machines)
    if len(every) > MOST_MACHINES:
        raise BadRequest(f"A hosted service can have at most {MOST_MACHINES} virtual machines.")
    if sum(len(one.network.input_endpoints or ()) for one in every) > MOST_ENDPOINTS:
        raise BadRequest(f"A hosted service can have at most {MOST_ENDPOINTS} input endpoints.")


def check_machine(
    draft: Draft, service: model.HostedService, machine: model.MachineRole, others: tuple[model.MachineRole, ...]
) -> None:
    """BadRequest for a machine that cannot have, where it is and of its size, what it is to have beside the others."""
    check_near(draft, service, machine)
    check_accounts(draft, machine)
    check_tier(machine)
    check_interfaces(machine)
    check_room((*others, machine))
