"""Secrets taken out of what is kept of a request: the record of an operation is read by everybody who may list it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from asm_contracts.document import elements, is_document
from asm_contracts.operation import RawBody

_SECRETS: Final = frozenset(
    {
        "custom_data", "account_data", "private_configuration", "content", "storage_access_key", "sas_token", "pfx",
        "secret", "primary_key", "secondary_key", "shared_key", "customer_storage_key",
        "connection_string", "entity_connection_string", "resource_connection_string", "machine_key",
        "twitter_consumer_key",
    }
)  # fmt: skip
"""Elements that hold secrets, or may; besides every one whose name speaks of a password."""

_SECRETIVE: Final = re.compile(rb"password|secret|<(?:\w+:)?Key\b", re.IGNORECASE)

CARRIERS: Final = {"CertificateFile": "data", "SharedKey": "value", "NameValuePair": "value"}
"""Documents with an element that is a secret there and nowhere else: a .pfx holds the private key, a shared key is one,
the settings of web sites may hold any."""


def without_secrets(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A request's arguments as they may be kept: no passwords, private keys, private settings or signed addresses.

    A secret element is left out, or empty where its document needs it.
    """
    return {name: _cleaned(value) for name, value in arguments.items()}


def _cleaned(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_cleaned(item) for item in value)
    if isinstance(value, str):
        return _unsigned(value)
    if isinstance(value, RawBody):
        # What is in it only its own reader knows: where it speaks of secrets it is not kept.
        return replace(value, data=b"") if _SECRETIVE.search(value.data) else value
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
    names = {declared.attribute for declared in elements(cls)}
    secret = {name for name in names if name in _SECRETS or {"password", "secret"} & {*name.split("_")}}
    if cls.__name__ in CARRIERS:
        secret.add(CARRIERS[cls.__name__])
    return frozenset(secret)


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
