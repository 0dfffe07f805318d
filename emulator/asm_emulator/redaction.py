"""Secrets taken out of what is kept and shown: records of operations, differences of states, the request log.

Those that a caller sends and those that the emulator has made up are treated alike: the keys of a made-up account open
nothing, but what shows them here has shown the real ones wherever real traffic is compared with it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final
from urllib.parse import urlsplit

from asm_contracts.document import elements, is_document
from asm_contracts.operation import RawBody

HIDDEN: Final = "***"
"""What is shown in place of a secret."""
_SECRETS: Final = frozenset(
    {
        "custom_data", "account_data", "private_configuration", "content", "storage_access_key", "sas_token", "pfx",
        "secret", "primary_key", "secondary_key", "default_key", "shared_key", "customer_storage_key",
        "connection_string", "secondary_connection_string", "entity_connection_string", "resource_connection_string",
        "machine_key", "decryption_key", "validation_key", "pfx_blob", "twitter_consumer_key",
    }
)  # fmt: skip
"""Elements that hold secrets, or may; besides every one whose name speaks of a password."""

_SECRETIVE: Final = (b"password", b"secret", b"key>", b"key ")
"""Of which there is one, in whatever case, in a raw body that has secrets."""

CARRIERS: Final = {
    "CertificateFile": frozenset({"data"}),
    "SharedKey": frozenset({"value"}),
    "NameValuePair": frozenset({"value"}),
    "JobHeader": frozenset({"value"}),
    "StorageServiceKeys": frozenset({"primary", "secondary"}),
}
"""Documents with elements that are secrets there and nowhere else: a .pfx holds the private key, a shared key is one,
the settings of web sites and the headers of a job's requests may hold any."""


def without_secrets(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A request's arguments as they may be kept: no passwords, private keys, private settings or signed addresses.

    A secret element is left out, or empty where its document needs it.
    """
    return {name: None if is_secret(name) else _cleaned(value) for name, value in arguments.items()}


def is_secret(name: str) -> bool:
    """Whether what is called so holds a secret, wherever it stands."""
    return name in _SECRETS or bool({"password", "secret"} & {*name.split("_")})


def _cleaned(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_cleaned(item) for item in value)
    if isinstance(value, str):
        return _unsigned(value)
    if isinstance(value, RawBody):
        # What is in it only its own reader knows: where it speaks of secrets it is not kept.
        lower = value.data.lower()
        return replace(value, data=b"") if any(one in lower for one in _SECRETIVE) else value
    if not is_document(type(value)):
        return value
    kind: type = type(value)
    secret = secret_elements(kind)
    changes: dict[str, Any] = {}
    for declared in elements(kind):
        before = getattr(value, declared.attribute)
        if before is None:
            continue
        if declared.attribute in secret or (declared.attribute == "value" and _is_private(value)):
            changes[declared.attribute] = declared.type.python() if declared.required else None
            continue
        after = _cleaned(before)
        if after is not before:
            changes[declared.attribute] = after
    return replace(value, **changes) if changes else value


@functools.cache
def secret_elements(cls: type) -> frozenset[str]:
    """The attributes of a document that hold secrets."""
    secret = {declared.attribute for declared in elements(cls) if is_secret(declared.attribute)}
    return frozenset(secret | CARRIERS.get(cls.__name__, frozenset()))


@functools.cache
def secret_fields(cls: type) -> frozenset[str]:
    """The fields of a value of the state that hold secrets: a document's, or anything else's."""
    if is_document(cls):
        return secret_elements(cls)
    return frozenset(one.name for one in fields(cls) if is_secret(one.name))


def _is_private(value: Any) -> bool:
    return str(getattr(value, "type", None) or "").lower() == "private"


def _unsigned(text: str) -> str:
    """An address without its query if that signs it (a shared access signature); other text as it is."""
    if "sig=" not in text or "://" not in text:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return text.partition("?")[0]
    return parts._replace(query="", fragment="").geturl() if "sig=" in parts.query else text
