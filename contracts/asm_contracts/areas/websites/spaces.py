"""Documents of web spaces, regions, publishing users and server farms.

Element order: alphabetical, as the data contract serialiser has it; recorded where recorded.
"""

from __future__ import annotations

from asm_contracts.document import ARRAYS, NIL, SERIALIZATION, Nil, PreciseTime, document, element


@document()
class WebSpace:
    """A place for sites: a region, or a resource group's part of one."""

    availability_state: str
    compute_mode: str | Nil | None = NIL
    current_number_of_workers: int | Nil | None = NIL
    current_worker_size: str | Nil | None = NIL
    geo_location: str
    geo_region: str
    hosting_environment: str | Nil | None = NIL
    name: str
    number_of_workers: int | Nil | None = NIL
    plan: str
    resource_group: str | Nil | None = None
    status: str
    subscription: str
    worker_size: str | Nil | None = NIL


@document()
class WebSpaces:
    """The web spaces of a subscription."""

    items: tuple[WebSpace, ...] = element(default=(), flat=True)


@document()
class GeoRegion:
    """A region that takes sites; the order is the portal's, the newest regions share the largest number."""

    description: str | Nil | None = NIL
    display_name: str | None = None
    name: str
    sort_order: int


@document()
class GeoRegions:
    """The regions that take sites."""

    items: tuple[GeoRegion, ...] = element(default=(), flat=True)


@document(name="ArrayOfstring", namespace=ARRAYS)
class Strings:
    """Texts and nothing else."""

    items: tuple[str, ...] = element(default=(), flat=True, item="string")


@document(name="boolean", namespace=SERIALIZATION)
class SerializedBoolean:
    """An answer that is true or false and nothing else."""

    value: bool = element(content=True)


@document(name="anyURI", namespace=SERIALIZATION)
class SerializedUri:
    """An answer that is an address and nothing else."""

    value: str = element(content=True)


@document(name="User")
class PublishingUser:
    """The name and password with which a person publishes to every site of the subscription."""

    name: str | Nil | None = element(default=None, anywhere=True)
    publishing_password: str | Nil | None = element(default=None, anywhere=True)
    publishing_user_name: str | Nil | None = element(default=None, anywhere=True)


@document(name="ServerFarm")
class ServerFarmInput:
    """What a server farm is to be; what is left out stays, or is as in a free one."""

    admin_site_name: str | Nil | None = element(default=None, anywhere=True)
    name: str | None = element(default=None, anywhere=True)
    number_of_workers: int | Nil | None = element(default=None, anywhere=True)
    sku: str | None = element(default=None, name="SKU", anywhere=True)
    worker_size: str | None = element(default=None, anywhere=True)


@document()
class ServerFarm:
    """The machines that sites share, also called a web hosting plan."""

    admin_site_name: str | Nil | None = NIL
    current_number_of_workers: int
    current_worker_size: str
    current_worker_size_id: int
    hosting_environment: str | Nil | None = NIL
    hosting_environment_id: str | Nil | None = NIL
    hosting_environment_profile: str | Nil | None = NIL
    last_modified_time_utc: PreciseTime
    maximum_number_of_workers: int
    name: str
    number_of_sites: int
    number_of_workers: int
    per_site_scaling: bool = False
    plan_name: str
    reserved: bool | Nil | None = NIL
    sku: str = element(name="SKU")
    status: str
    subscription: str
    tags: tuple[str, ...] | Nil | None = element(default=NIL, item="string", namespace=ARRAYS)
    web_space: str
    worker_size: str
    worker_size_id: int
    worker_tier_name: str | Nil | None = NIL


@document()
class ServerFarms:
    """The server farms of a web space."""

    items: tuple[ServerFarm, ...] = element(default=(), flat=True)
