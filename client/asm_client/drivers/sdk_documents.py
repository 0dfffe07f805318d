"""What the official Python SDK returns, back as documents; and documents as the objects it takes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar, cast, get_args, get_origin
from xml.sax.saxutils import escape

from azure.servicemanagement import models
from azure.servicemanagement._common_models import _Base64String
from azure.servicemanagement._common_serialization import _get_serialization_name

from asm_client.drivers import partial
from asm_contracts import roles
from asm_contracts.atom import Entry, Feed
from asm_contracts.document import Element, ElementType, derived, elements, is_document, shape
from asm_contracts.suite.driver import NotExpressible
from asm_contracts.vocabulary import ExtendedProperty

T = TypeVar("T")


# -- from the SDK ---------------------------------------------------------------------------------------------------


def document(cls: type[T], found: Any) -> T:
    """A document of what the SDK has read: attribute by attribute, under the wire names of both.

    The SDK gives an empty string, zero or an empty list where an element is absent: optional elements are None then.
    Elements that it does not know the document does not give (see `partial`).
    """
    if get_origin(cls) is Entry:
        of = get_args(cls)[0]
        return cast(T, Entry(content=document(of, found), title=getattr(found, "name", "") or ""))
    if get_origin(cls) is Feed:
        of = get_args(cls)[0]
        return cast(T, Feed(entries=tuple(document(Entry[of], one) for one in found)))  # type: ignore[valid-type]
    values: dict[str, Any] = {}
    if isinstance(found, str | bool | int):
        return cls(**{declared.attribute: found for declared in elements(cast(Any, cls)) if declared.marks.content})
    entries = vars(found).items() if not isinstance(found, list) else ()
    here = {_get_serialization_name(name).lower(): (name, value) for name, value in entries}
    actual = _subclass(cls, here)
    for declared in elements(cast(Any, actual)):
        if declared.marks.flat:
            values[declared.attribute] = _items(declared.type, found)
            continue
        name, value = here.get(declared.name.lower(), ("", None))
        if declared.marks.content:
            name, value = next(((one, text) for one, text in entries if isinstance(text, str)), ("", None))
        if not name:
            continue
        coded = bool(name) and _declares_base64(type(found), name)
        read = _value(declared.type, value, coded)
        if read is None and declared.required:
            read = _nothing(declared.type)
        values[declared.attribute] = read
    return partial.document(actual, values)


def _subclass(cls: type[T], here: Mapping[str, tuple[str, Any]]) -> type[T]:
    discriminator = shape(cls).discriminator
    if discriminator is not None:
        tag = (here.get(discriminator.lower(), ("", ""))[1] or "").lower()
        for candidate in derived(cls):
            if (shape(candidate).tag or "").lower() == tag:
                return candidate
    return cls


def _declares_base64(kind: type, attribute: str) -> bool:
    """Whether the SDK has decoded this attribute already."""
    try:
        return isinstance(getattr(kind(), attribute, None), _Base64String)
    except TypeError:
        return False


def _items(kind: ElementType, found: Any) -> tuple[Any, ...]:
    assert kind.of is not None
    if isinstance(found, list):
        items: Any = found
    elif isinstance(found, dict):
        return tuple(ExtendedProperty(name=name, value=value) for name, value in found.items())
    else:
        items = next((value for value in vars(found).values() if isinstance(value, list)), [])
    of = kind.of
    if is_document(of.python):
        return tuple(document(of.python, item) for item in items)
    return tuple(_scalar(of, item, False) for item in items)


def _value(kind: ElementType, value: Any, coded: bool) -> Any:
    if value is None or (isinstance(value, str) and value == "") or isinstance(value, _Base64String):
        return None
    if kind.kind == "text" and isinstance(value, bool):
        return None  # the SDK takes some texts for truth values, and keeps nothing of them
    if kind.kind == "list":
        return _items(kind, value)
    if kind.kind == "document":
        return document(kind.python, value)
    return _scalar(kind, value, coded)


def _scalar(kind: ElementType, value: Any, coded: bool) -> Any:
    if kind.kind in ("text", "enum"):
        return str(value)
    if kind.kind == "base64":
        return value if coded else base64.b64decode(value).decode()
    if kind.kind == "bytes":
        return value.encode() if coded else base64.b64decode(value)
    if kind.kind in ("integer", "long"):
        return int(value)
    if kind.kind in ("boolean", "capital"):
        return value if isinstance(value, bool) else str(value).lower() == "true"
    return datetime.fromisoformat(value.rstrip("Z")[:26]).replace(tzinfo=UTC)


def _nothing(kind: ElementType) -> Any:
    if kind.kind == "list":
        return ()
    if kind.kind == "document":
        raise AssertionError(f"the SDK has read no {kind.python.__name__}")
    return {"integer": 0, "boolean": False, "bytes": b""}.get(kind.kind, "")


# -- to the SDK -----------------------------------------------------------------------------------------------------


def given(value: Any, *, leave: tuple[str, ...] = ()) -> dict[str, Any]:
    """The elements of a document that have a value, by attribute, as plain values; NotExpressible for a nil one.

    Markup in texts is escaped: the SDK writes them as they are given, and leaves that to its callers.
    """
    found = {}
    for declared in elements(cast(Any, type(value))):
        one = getattr(value, declared.attribute)
        if one is None or declared.attribute in leave:
            continue
        found[declared.attribute] = _plain(declared, one)
    return found


def _plain(declared: Element, value: Any) -> Any:
    if value is None or type(value).__name__ == "Nil":
        raise NotExpressible(f"the SDK cannot send a nil {declared.name}")
    if isinstance(value, str) and declared.type.kind == "text":
        return escape(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, tuple) and value and isinstance(value[0], ExtendedProperty):
        if any(not isinstance(one.value, str) for one in value):
            raise NotExpressible("the SDK cannot send an extended property without a value")
        return {one.name: escape(one.value) for one in value}
    if isinstance(value, tuple) and not value:
        raise NotExpressible(f"the SDK cannot send an empty {declared.name}")
    return value


def fill(target: Any, value: Any, *, leave: tuple[str, ...] = ()) -> Any:
    """Give an object of the SDK the values of a document; NotExpressible where it has no place for one."""
    for name, one in given(value, leave=leave).items():
        if name not in vars(target):
            raise NotExpressible(f"{type(target).__name__} of the SDK has no {name}")
        setattr(target, name, one)
    return target


def role(found: roles.PersistentVMRole) -> dict[str, Any]:
    """A machine as the arguments that the SDK's calls take one in."""
    values = given(found)
    system: Any = None
    network: Any = None
    for one in values.pop("configuration_sets", ()):
        if isinstance(one, roles.NetworkConfigurationSet):
            network = _network(one)
        elif isinstance(one, roles.LinuxProvisioningConfigurationSet):
            system = fill(models.LinuxConfigurationSet(), one)
        elif isinstance(one, roles.WindowsProvisioningConfigurationSet):
            system = fill(models.WindowsConfigurationSet(), one)
            # The SDK calls them None by itself, and then writes empty elements.
            system.domain_join = system.stored_certificate_settings = system.win_rm = None
            system.additional_unattend_content = None
        else:
            raise NotExpressible(f"the SDK has no configuration set {one.configuration_set_type}")
    disk = values.pop("os_virtual_hard_disk", None)
    disks = values.pop("data_virtual_hard_disks", None)
    return values | {
        "system_config": system,
        "network_config": network,
        "os_virtual_hard_disk": None if disk is None else fill(models.OSVirtualHardDisk(), disk),
        "data_virtual_hard_disks": None if disks is None else [_data_disk(one) for one in disks],
    }


def _data_disk(found: roles.DataVirtualHardDisk) -> Any:
    made = models.DataVirtualHardDisk(
        media_link=None, disk_label=None, disk_name=None, lun=None, logical_disk_size_in_gb=None
    )
    return fill(made, found)


def _network(found: roles.NetworkConfigurationSet) -> Any:
    values = given(found, leave=("configuration_set_type",))
    made = models.ConfigurationSet()
    made.configuration_set_type = "NetworkConfiguration"
    for one in values.pop("input_endpoints", ()):
        endpoint = models.ConfigurationSetInputEndpoint()
        probe = one.load_balancer_probe
        fill(endpoint, one, leave=("load_balancer_probe",))
        endpoint.load_balancer_probe = None if probe is None else fill(models.LoadBalancerProbe(), probe)
        made.input_endpoints.input_endpoints.append(endpoint)
    for one in values.pop("subnet_names", ()):
        made.subnet_names.append(one)
    if values:
        raise NotExpressible(f"the driver does not give the SDK {', '.join(values)}")
    return made
