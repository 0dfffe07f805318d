"""Documents as a script of the guide sees them: plain objects whose absent texts are empty.

The rules are the official client's, so that a script finds what it expects: times are text as they came, an absent
text is ``""``, an absent document None, extended properties a dictionary, and some numbers are text.  One difference:
an absent list is an empty one, so that it can be iterated.
"""

from __future__ import annotations

import base64
import functools
import re
from copy import copy
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

from asm_client.servicemanagement.items import Items
from asm_contracts.document import NIL, Element, ElementType, elements, is_document, item_name

_AS_TEXT: Final = frozenset(
    {
        ("Operation", "http_status_code"),
        ("Deployment", "upgrade_domain_count"),
        ("Disk", "is_corrupted"),
        ("UpgradeStatus", "current_upgrade_domain"),
        ("InstanceEndpoint", "public_port"),
        ("InstanceEndpoint", "local_port"),
        ("InputEndpoint", "port"),
        ("InputEndpoint", "local_port"),
        ("LoadBalancerProbe", "port"),
    }
)
_TEXT_AS_NUMBERS: Final = frozenset({("OperatingSystem", "family"), ("ReplicationProgressElement", "progress")})
_LEFT_ENCODED: Final = frozenset(
    ("ResourceExtension", name)
    for name in ("public_configuration_schema", "private_configuration_schema", "sample_config")
)
"""Base64 text that the official client does not decode."""

_FURTHER_NAMES: Final = {
    "Deployment": {"persistent_vm_downtime_info": "persistent_vm_downtime"},
    "Operation": {"status_id": "id"},
    "SubscriptionCertificate": {
        "subscription_certificate_public_key": "public_key",
        "subscription_certificate_thumbprint": "thumbprint",
        "subscription_certificate_data": "data",
    },
}
"""What the official client calls otherwise than the documents."""

_NEVER_THERE: Final[dict[str, dict[str, Any]]] = {
    "AssignPublicIP": {"address": ""},
    "Deployment": {"input_endpoint_list": ()},
    "Disk": {"has_operating_system": ""},
    "NetworkConfigurationSet": {"role_type": ""},
    "Role": {
        "availability_set_name": "",
        "data_virtual_hard_disks": (),
        "default_win_rm_certificate_thumbprint": "",
        "os_virtual_hard_disk": None,
        "role_size": "",
    },
    "RoleInstance": {"fqdn": ""},
    "MemberStorageAccount": {
        "capabilities": (),
        "extended_properties": {},
        "storage_service_keys": None,
        "storage_service_properties": None,
    },
    "SubscriptionOperation": {"operation_kind": ""},
    "VirtualIP": {"type": ""},
}
"""Attributes the official client has whose elements a document has not, as they are when they are absent."""

_ALIASES: Final = {"OSImage": "images"}
_ABSENT: Final[dict[str, Any]] = {"integer": 0, "boolean": False, "document": None}
_TEXT_BYTES: Final = frozenset({"configuration"})
"""Base64 that the official client decodes; other bytes it gives as the base64 they came in."""


class Result(SimpleNamespace):
    """What the service said of one thing, as attributes; may be changed and handed back where a call takes one."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self).__name__, vars(self))


def _restore(name: str, attributes: dict[str, Any]) -> Result:
    return _class(name)(**attributes)


@functools.cache
def _class(name: str) -> type[Result]:
    return type(name, (Result,), {"__doc__": f"A {name} as the service gave it."})


def present(document: Any) -> Any:
    """A document as a result: an object, or a list where the document is nothing else."""
    kind: type = type(document)
    declared = elements(kind)
    if len(declared) == 1 and declared[0].marks.flat:
        return _value(document, declared[0])
    result = _class(kind.__name__)(**{one.attribute: _value(document, one) for one in declared})
    for name, attribute in _FURTHER_NAMES.get(kind.__name__, {}).items():
        setattr(result, name, getattr(result, attribute))
    for name, value in _NEVER_THERE.get(kind.__name__, {}).items():
        if not hasattr(result, name):
            setattr(result, name, Items(value, name) if value == () else copy(value))
    if kind.__name__ == "SubscriptionOperation":
        result.operation_status.http_status_code = int(result.operation_status.http_status_code or 0)
    return result


def _value(document: Any, declared: Element) -> Any:
    value = getattr(document, declared.attribute)
    kind = declared.type
    place = (type(document).__name__, declared.attribute)
    if kind.kind == "list":
        return _items(value or (), declared)
    if value is None or value is NIL:
        if place in _TEXT_AS_NUMBERS:
            return 0
        return "" if place in _AS_TEXT else _ABSENT.get(kind.kind, "")
    if place in _AS_TEXT:
        return str(value).lower() if isinstance(value, bool) else str(value)
    if place in _TEXT_AS_NUMBERS:
        return int(value) if value.isdecimal() else 0
    if place in _LEFT_ENCODED:
        return base64.b64encode(value.encode("utf-8", "surrogateescape")).decode("ascii")
    if kind.kind == "bytes" and declared.attribute in _TEXT_BYTES:
        return value.decode("utf-8", "replace")
    return _plain(value, kind)


def _items(values: tuple[Any, ...], declared: Element) -> Any:
    of = declared.type.of
    assert of is not None
    if is_pair(of):
        return {pair.name: "" if not pair.value else pair.value for pair in values}
    name = item_name(declared)
    return Items((_plain(value, of) for value in values), _ALIASES.get(name) or plural(name))


def _plain(value: Any, kind: ElementType) -> Any:
    if kind.kind == "document":
        return present(value)
    if kind.kind == "bytes":
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return _time(value)
    return value.value if kind.kind == "enum" else value


def _time(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    fraction = f".{utc.microsecond:06d}".rstrip("0") if utc.microsecond else ""
    return f"{utc:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def is_pair(kind: ElementType) -> bool:
    """Whether a document is a name with a value, of which a list is a dictionary to a script."""
    return is_document(kind.python) and [one.attribute for one in elements(kind.python)] == ["name", "value"]


def plural(name: str) -> str:
    """``OperatingSystemFamily`` -> ``operating_system_families``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    return words[:-1] + "ies" if words.endswith("y") else words + "s"
