"""What tests begin with: services, accounts and machines made the way the published clients make them."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest

from asm_contracts.areas.affinity_groups import CreateAffinityGroup
from asm_contracts.areas.disks import AddDisk
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.images import AddOSImage
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.document import is_document
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Accepted, DeploymentSlot
from asm_contracts.roles import RoleInstance
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.driver import NotExpressible
from asm_contracts.suite.names import Names
from asm_contracts.vocabulary import ExtendedProperty

LOCATION: Final = "West US"
"""A location that every subscription had."""
PRODUCTION: Final = DeploymentSlot("Production")
NONE_FOUND: Final = "No deployments were found."
"""The refusal of a slot, or of a name, in which there is no deployment."""


@dataclass(slots=True)
class Refusal:
    """A refusal that a test expected, once it has come."""

    error: ServiceError | None = None

    @property
    def message(self) -> str:
        """The message of the refusal."""
        assert self.error is not None
        return self.error.message


@contextmanager
def refused(status: int, code: str, message: str | None = None) -> Iterator[Refusal]:
    """What is inside must be refused with this status and code, and this exact message where one is given."""
    found = Refusal()
    with pytest.raises(ServiceError) as raised:
        yield found
    found.error = raised.value
    assert (raised.value.http_status, raised.value.error_code) == (status, code), str(raised.value)
    if message is not None:
        assert raised.value.message == message


@contextmanager
def while_it_goes_on(azure: Azure, accepted: Accepted) -> Iterator[None]:
    """What is inside expects that an operation has not ended: where the tests do not control time, it may have."""
    try:
        yield
    except (AssertionError, ServiceError, pytest.fail.Exception):
        if not azure.controls_time and azure.get_operation_status(accepted.request_id).status != "InProgress":
            pytest.skip("the operation ended before the next request came")
        raise


def needs_moved_time(azure: Azure, why: str) -> None:
    """Skip a test unless it can move the service's time: what it looks at is over too soon, or takes hours."""
    if not azure.controls_time:
        pytest.skip(f"time cannot be moved: {why}")


@contextmanager
def refused_with(*statuses: int) -> Iterator[Refusal]:
    """What is inside must be refused with one of these statuses: which one was never seen."""
    found = Refusal()
    with pytest.raises(ServiceError) as raised:
        yield found
    found.error = raised.value
    assert raised.value.http_status in statuses, str(raised.value)


@contextmanager
def unchanged(*looks: Callable[[], Any]) -> Iterator[None]:
    """What is inside changes nothing that these look at."""
    before = [_seen(look) for look in looks]
    yield
    assert [_seen(look) for look in looks] == before


def _seen(look: Callable[[], Any]) -> Any:
    try:
        return _without_what_time_does(look())
    except ServiceError as refusal:
        return refusal.http_status, refusal.error_code, refusal.message


PLATFORM: Final = ("ResourceGroup", "ResourceLocation")
"""Extended properties that the service adds by itself some time after a creation."""

_MOVING: Final = ("instance_status", "instance_state_details", "power_state", "host_name", "guest_agent_status")
"""What a booting or settling machine shows differently a moment later, whatever anybody does."""


def _without_what_time_does(value: Any) -> Any:
    """A document less what changes by itself: time may pass between two looks."""
    if isinstance(value, tuple):
        kept = [one for one in value if not (isinstance(one, ExtendedProperty) and one.name in PLATFORM)]
        return tuple(_without_what_time_does(one) for one in kept) or None
    if not is_document(type(value)):
        return value
    found: dict[str, Any] = {"": type(value).__name__}
    for field in dataclasses.fields(value):
        with contextlib.suppress(NotExpressible):  # what the driver's client does not give back
            found[field.name] = _without_what_time_does(getattr(value, field.name))
    if isinstance(value, RoleInstance):
        found |= dict.fromkeys((*_MOVING, "remote_access_certificate_thumbprint"))
    return found


def make_hosted_service(azure: Azure, names: Names, **extra: Any) -> str:
    """A hosted service in `LOCATION`, and its name."""
    name = names.hosted_service()
    given: dict[str, Any] = {"service_name": name, "label": name, "location": LOCATION}
    if "affinity_group" in extra:
        del given["location"]
    azure.create_hosted_service(CreateHostedService(**(given | extra)))
    return name


# -- accounts, images, disks ------------------------------------------------------------------------------------------


def make_storage_account(azure: Azure, names: Names, **extra: Any) -> str:
    """A storage account in `LOCATION`, and its name."""
    name = names.storage_account()
    # The official SDK does not create one without a description.
    given: dict[str, Any] = {"service_name": name, "label": name, "description": name, "location": LOCATION}
    if "affinity_group" in extra:
        del given["location"]
    azure.wait(azure.create_storage_account(CreateStorageServiceInput(**(given | extra))))
    return name


def make_affinity_group(azure: Azure, names: Names) -> str:
    """An affinity group in `LOCATION`, and its name."""
    name = names.affinity_group()
    azure.create_affinity_group(CreateAffinityGroup(name=name, label=name, location=LOCATION))
    return name


def blob(account: str, name: str) -> str:
    """The address of a VHD in an account."""
    return f"https://{account}.blob.core.windows.net/vhds/{name}.vhd"


def make_os_image(azure: Azure, names: Names, account: str, os: str = "Linux") -> str:
    """An OS image of a VHD in an account, and its name."""
    name = names.os_image()
    azure.add_os_image(AddOSImage(label=name, media_link=blob(account, name), name=name, os=os))
    return name


def make_disk(azure: Azure, names: Names, account: str, os: str | None = None) -> str:
    """A disk of a VHD in an account, and its name."""
    name = names.disk()
    azure.add_disk(AddDisk(label=name, media_link=blob(account, name), name=name, os=os))
    return name
