"""The state: one immutable value, the draft that changes it, and the steps that are still to come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from rpds import HashTrieMap

from asm_emulator import derived, gateway_model, model
from asm_emulator.agenda import Agenda
from asm_emulator.expressroute_model import DedicatedCircuit
from asm_emulator.pace import PACES, Pace
from asm_emulator.scheduler_model import CloudService
from asm_emulator.service_bus_model import Namespace
from asm_emulator.sql_model import DatabaseCopy, SqlServer
from asm_emulator.terms import TERMS, Terms
from asm_emulator.websites_model import ServerFarm, SiteOperation, WebSite

V = TypeVar("V")
W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Failure:
    """An error of the service, as data."""

    code: str
    message: str
    http_status: int


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Pending work, as data: when, which effect, with what.

    A step with a request id ends that request's operation: Succeeded, or Failed with the error its effect raised, in
    which case `undo` (an effect too) takes back what the request had put there beforehand.  `due` is the emulator's
    time, which the subscription's may be ahead of.
    """

    due: datetime
    serial: int
    subscription_id: str = field(compare=False)
    effect: str = field(compare=False)
    arguments: tuple[tuple[str, Any], ...] = field(compare=False, default=())
    request_id: str | None = field(compare=False, default=None)
    undo: str | None = field(compare=False, default=None)
    doom: Failure | None = field(compare=False, default=None)
    """The error with which it fails instead of happening."""


@dataclass(frozen=True)  # without slots: `altered` copies it at every write
class State:
    """Everything the emulator knows.  A snapshot is a reference, a restore an assignment."""

    subscriptions: HashTrieMap[str, model.Subscription] = field(default_factory=HashTrieMap)
    names: HashTrieMap[tuple[str, str], str] = field(default_factory=HashTrieMap)
    """Names unique in the whole cloud: (kind, name in lower case) to the subscription that has it.

    The kinds of a subscription with a cloud of its own have that before them.
    """
    steps: Agenda = field(default_factory=Agenda)
    """Pending work, soonest first."""
    held: tuple[Step, ...] = ()
    """Work that does not happen, however late it is, until somebody releases it."""
    serial: int = 0
    """How many serial numbers were given out: addresses and orders come from it."""


def altered(value: W, fields: Mapping[str, Any]) -> W:
    """As `dataclasses.replace`, for frozen classes with a ``__dict__``: at a tenth of the cost where fields are many.

    Raises TypeError for a field that there is not.
    """
    made = object.__new__(type(value))
    own = made.__dict__
    own.update(value.__dict__)
    size = len(own)
    own.update(fields)
    if len(own) != size:
        raise TypeError(f"{type(value).__name__} has no {', '.join(fields.keys() - value.__dict__.keys())}")
    return made


class Touched:
    """What drafts have written to, so that a change can be kept at the cost of the change.

    It may name more than was changed in the end, never less.

    keys:   (subscription, collection, key)
    fields: (subscription, field), replaced as a whole
    names:  (kind, name)
    """

    __slots__ = ("fields", "keys", "names")

    def __init__(self) -> None:
        self.keys: set[tuple[str, str, str]] = set()
        self.fields: set[tuple[str, str]] = set()
        self.names: set[tuple[str, str]] = set()


class Table(MutableMapping[str, V], Generic[V]):
    """A collection of the draft's subscription, by name in any case; iterating gives the values' keys sorted."""

    __slots__ = ("_attribute", "_draft")

    def __init__(self, draft: Draft, attribute: str) -> None:
        self._draft = draft
        self._attribute = attribute

    @property
    def _map(self) -> HashTrieMap[str, V]:
        found: HashTrieMap[str, V] = getattr(self._draft.subscription, self._attribute)
        return found

    def __getitem__(self, name: str) -> V:
        return self._map[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._map

    def __setitem__(self, name: str, value: V) -> None:
        self._draft.put(self._attribute, name.lower(), self._map.insert(name.lower(), value))

    def __delitem__(self, name: str) -> None:
        self._draft.put(self._attribute, name.lower(), self._map.remove(name.lower()))

    def __iter__(self) -> Iterator[str]:
        return iter(derived.ordered(self._map))

    def __len__(self) -> int:
        return len(self._map)


class Draft:
    """A state being changed, on behalf of one subscription at one moment.

    Only `Engine` makes drafts; behaviour writes through them.  What was written is visible at once to the reader of
    the draft, and to nobody else until the engine commits it.
    """

    __slots__ = (
        "_marks", "_now", "_state", "_subscription", "_touched", "dated", "pace", "seed", "subscription_id", "terms",
    )  # fmt: skip

    def __init__(
        self,
        state: State,
        subscription_id: str,
        now: datetime,
        pace: Pace,
        seed: str,
        marks: Touched | None = None,
        terms: Terms = TERMS,
    ) -> None:
        self._state = state
        self._touched = False
        self._marks = marks
        self.subscription_id = subscription_id
        self._subscription = state.subscriptions[subscription_id]
        self._now = now
        self.dated = False
        """Whether anybody has asked for the time."""
        self.pace = pace
        self.seed = seed
        self.terms = terms

    @property
    def day(self) -> date:
        """The day whose offer counts."""
        return self.terms.day

    @property
    def now(self) -> datetime:
        """The moment of what is done."""
        self.dated = True
        return self._now

    # -- the value ------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """The state with everything written so far."""
        if self._touched:
            subscriptions = self._state.subscriptions.insert(self.subscription_id, self._subscription)
            self._state = altered(self._state, {"subscriptions": subscriptions})
            self._touched = False
        return self._state

    @property
    def subscription(self) -> model.Subscription:
        """The draft's subscription as it is now."""
        return self._subscription

    def change(self, **fields: Any) -> None:
        """Replace fields of the subscription."""
        if self._marks is not None:
            self._marks.fields.update((self.subscription_id, name) for name in fields)
        self._subscription = altered(self._subscription, fields)
        self._touched = True

    def put(self, collection: str, key: str, entries: HashTrieMap[str, Any]) -> None:
        """Replace a collection by one that differs in this key alone."""
        if self._marks is not None:
            self._marks.keys.add((self.subscription_id, collection, key))
        derived.moved(collection, getattr(self._subscription, collection), entries, key)
        self._subscription = altered(self._subscription, {collection: entries})
        self._touched = True

    def drop(self, collection: str, keys: Iterable[str]) -> None:
        """Take several entries out of a collection."""
        entries = getattr(self._subscription, collection)
        for key in keys:
            entries = entries.remove(key)
            self.put(collection, key, entries)

    def savepoint(self) -> State:
        """The state so far, to go back to with `rollback`."""
        return self.state

    def rollback(self, to: State) -> None:
        """Forget what was written since the savepoint."""
        self._state = to
        self._subscription = to.subscriptions[self.subscription_id]
        self._touched = False

    # -- collections ----------------------------------------------------------------------------------------------

    @property
    def certificates(self) -> Table[model.ManagementCertificate]:
        """Management certificates, by thumbprint."""
        return Table(self, "certificates")

    @property
    def affinity_groups(self) -> Table[model.AffinityGroup]:
        """Affinity groups."""
        return Table(self, "affinity_groups")

    @property
    def hosted_services(self) -> Table[model.HostedService]:
        """Hosted services."""
        return Table(self, "hosted_services")

    @property
    def storage_accounts(self) -> Table[model.StorageAccount]:
        """Storage accounts, those being created included."""
        return Table(self, "storage_accounts")

    @property
    def disks(self) -> Table[model.Disk]:
        """Registered disks."""
        return Table(self, "disks")

    @property
    def os_images(self) -> Table[model.OSImage]:
        """The subscription's own OS images."""
        return Table(self, "os_images")

    @property
    def vm_images(self) -> Table[model.VMImage]:
        """The subscription's own VM images."""
        return Table(self, "vm_images")

    @property
    def blobs(self) -> Table[model.Blob]:
        """Registered blobs, by URL."""
        return Table(self, "blobs")

    @property
    def published_extensions(self) -> Table[model.PublishedExtension]:
        """Versions of extensions that the subscription has published."""
        return Table(self, "published_extensions")

    @property
    def reserved_ips(self) -> Table[model.ReservedIP]:
        """Reserved IPs."""
        return Table(self, "reserved_ips")

    @property
    def virtual_networks(self) -> Table[model.VirtualNetworkSite]:
        """Virtual network sites."""
        return Table(self, "virtual_networks")

    @property
    def network_security_groups(self) -> Table[model.SecurityGroup]:
        """Network security groups."""
        return Table(self, "network_security_groups")

    @property
    def route_tables(self) -> Table[model.RouteTable]:
        """Route tables."""
        return Table(self, "route_tables")

    @property
    def virtual_network_gateways(self) -> Table[gateway_model.VirtualNetworkGateway]:
        """Virtual network gateways, by the name of their network."""
        return Table(self, "virtual_network_gateways")

    @property
    def gateway_connections(self) -> Table[gateway_model.GatewayConnection]:
        """Connections of the newer form, by the ids of gateway and connected entity."""
        return Table(self, "gateway_connections")

    @property
    def local_network_gateways(self) -> Table[gateway_model.LocalNetworkGateway]:
        """Local network gateways, by id."""
        return Table(self, "local_network_gateways")

    @property
    def application_gateways(self) -> Table[gateway_model.ApplicationGateway]:
        """Application gateways."""
        return Table(self, "application_gateways")

    @property
    def gateway_operations(self) -> Table[gateway_model.GatewayOperation]:
        """Operations of gateways, by the id given out for them."""
        return Table(self, "gateway_operations")

    @property
    def dedicated_circuits(self) -> Table[DedicatedCircuit]:
        """ExpressRoute circuits, by service key."""
        return Table(self, "dedicated_circuits")

    @property
    def traffic_manager_profiles(self) -> Table[gateway_model.TrafficManagerProfile]:
        """Traffic Manager profiles."""
        return Table(self, "traffic_manager_profiles")

    @property
    def migrations(self) -> Table[str]:
        """How far migrations are, by kind and name."""
        return Table(self, "migrations")

    @property
    def sql_servers(self) -> Table[SqlServer]:
        """SQL database servers."""
        return Table(self, "sql_servers")

    @property
    def database_copies(self) -> Table[DatabaseCopy]:
        """Copies of SQL databases, by id."""
        return Table(self, "database_copies")

    @property
    def service_bus_namespaces(self) -> Table[Namespace]:
        """Service Bus namespaces."""
        return Table(self, "service_bus_namespaces")

    @property
    def cloud_services(self) -> Table[CloudService]:
        """The scheduler's cloud services."""
        return Table(self, "cloud_services")

    @property
    def web_sites(self) -> Table[WebSite]:
        """Web sites, and slots as ``site(slot)``."""
        return Table(self, "web_sites")

    @property
    def server_farms(self) -> Table[ServerFarm]:
        """Server farms, as ``webspace/name``."""
        return Table(self, "server_farms")

    @property
    def site_operations(self) -> Table[SiteOperation]:
        """What goes on with sites, by id."""
        return Table(self, "site_operations")

    @property
    def operations(self) -> Table[model.OperationRecord]:
        """Operations, by request id."""
        return Table(self, "operations")

    # -- names unique in the cloud --------------------------------------------------------------------------------

    def owner_of(self, kind: str, name: str) -> str | None:
        """The id of the subscription that has this name, if any has."""
        return self._state.names.get((self._scoped(kind), name.lower()))

    def claim(self, kind: str, name: str) -> None:
        """Take a name for the subscription."""
        key = (self._scoped(kind), name.lower())
        if self._marks is not None:
            self._marks.names.add(key)
        self._state = altered(self._state, {"names": self._state.names.insert(key, self.subscription_id)})

    def release(self, kind: str, name: str) -> None:
        """Give a name back; nothing if it is not taken."""
        key = (self._scoped(kind), name.lower())
        if self._marks is not None:
            self._marks.names.add(key)
        self._state = altered(self._state, {"names": self._state.names.discard(key)})

    def _scoped(self, kind: str) -> str:
        cloud = self._subscription.cloud
        return f"{cloud}/{kind}" if cloud else kind

    # -- made-up values -------------------------------------------------------------------------------------------

    def take_serial(self) -> int:
        """The next serial number: 1, 2, 3 and so on over the life of the state."""
        serial = self._state.serial + 1
        self._state = altered(self._state, {"serial": serial})
        return serial

    def make_hex(self, *of: object) -> str:
        """32 hex digits that depend on the seed and on `of` alone."""
        text = "\0".join([self.seed, *map(str, of)])
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def make_guid(self, *of: object) -> str:
        """A GUID that depends on the seed and on `of` alone."""
        digits = self.make_hex(*of)
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def take_public_address(self) -> str:
        """A public address nobody has had before, of the range the recordings show (23.96.0.0/13)."""
        return _address(23 * 2**24 + 96 * 2**16, 2**19, self.take_serial())

    def take_internal_address(self) -> str:
        """An address inside the fabric nobody has had before (100.64.0.0/10)."""
        return _address(100 * 2**24 + 64 * 2**16, 2**22, self.take_serial())

    # -- pending work ---------------------------------------------------------------------------------------------

    def schedule(
        self,
        effect: str,
        after: timedelta,
        *,
        request_id: str | None = None,
        undo: str | None = None,
        **arguments: Any,
    ) -> None:
        """Have an effect happen `after` from now, with these arguments (data only)."""
        step = Step(
            self.now + after - self._subscription.ahead,
            self.take_serial(),
            self.subscription_id,
            effect,
            tuple(arguments.items()),
            request_id,
            undo,
        )
        self.put_step(step)

    def hold_step(self, step: Step) -> None:
        """Put a step aside, where time does not reach it."""
        self._state = altered(self._state, {"held": (*self._state.held, step)})

    def take_step(self, request_id: str) -> Step | None:
        """Take the step that ends a request's operation out of what is pending or held."""
        found = self._state.steps.ending(request_id)
        if found is not None:
            self._state = altered(self._state, {"steps": self._state.steps.without(found)})
            return found
        found = next((step for step in self._state.held if step.request_id == request_id), None)
        if found is not None:
            held = tuple(step for step in self._state.held if step is not found)
            self._state = altered(self._state, {"held": held})
        return found

    def put_step(self, step: Step) -> None:
        """Put a step among what is pending."""
        self._state = altered(self._state, {"steps": self._state.steps.put(step)})

    def span(self, what: str, seconds: float | None = None) -> timedelta:
        """How long something takes at the pace of this emulator."""
        return self.pace.span(what, seconds)


def _address(base: int, size: int, serial: int) -> str:
    # Host numbers 4 to 253 only, as the fabric gives them; the factor is prime, so no two serials meet before the
    # range is used up.
    number = (serial * 65_521) % (size // 256 * 250)
    address = base + number // 250 * 256 + 4 + number % 250
    return ".".join(str((address >> shift) & 255) for shift in (24, 16, 8, 0))


EMPTY: Final = State()


def draft_of(state: State, subscription_id: str, now: datetime) -> Draft:
    """A draft outside an engine: for tests of behaviour."""
    return Draft(state, subscription_id, now, PACES["manual"], "seed")
