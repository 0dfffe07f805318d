"""What names, labels and descriptions may look like, with the service's own refusals."""

from __future__ import annotations

import re
from typing import Final

from asm_contracts.document import NIL, Nil
from asm_contracts.errors import BadRequest
from asm_contracts.evidence import documented, quoted, recorded
from asm_contracts.vocabulary import ExtendedProperty
from asm_emulator.model import Properties

_DNS_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z")
_STORAGE: Final = re.compile(r"[a-z0-9]{3,24}\Z")
_PROPERTY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")


@recorded("The hosted service name is invalid.")
def check_hosted_service(name: str) -> None:
    """A hosted service's name is a DNS label; BadRequest otherwise (recorded text)."""
    if not _DNS_LABEL.match(name):
        raise BadRequest("The hosted service name is invalid.")


@quoted("The deployment name is invalid.")
def check_deployment(name: str) -> None:
    """A deployment's name has letters, digits and hyphens; BadRequest otherwise (quoted text)."""
    if not _DNS_LABEL.match(name):
        raise BadRequest("The deployment name is invalid.")


@recorded("The affinity group name is invalid.")
def check_affinity_group(name: str) -> None:
    """An affinity group's name has letters, digits and hyphens; BadRequest otherwise (recorded text)."""
    if not _DNS_LABEL.match(name):
        raise BadRequest("The affinity group name is invalid.")


@recorded("The name is not a valid storage account name.")
def check_storage_account(name: str) -> None:
    """A storage account's name is 3 to 24 lower-case letters and digits; BadRequest otherwise (recorded text)."""
    if not _STORAGE.match(name):
        raise BadRequest(
            "The name is not a valid storage account name. Storage account names must be between 3 and 24 "
            "characters in length and use numbers and lower-case letters only."
        )


@documented("a label has 1 to 100 characters")
def check_label(label: str) -> None:
    """A label has 1 to 100 characters (documented); BadRequest otherwise."""
    if not 1 <= len(label) <= 100:
        raise BadRequest("The label is invalid. It must have between 1 and 100 characters.")


def check_further_label(label: str | None) -> None:
    """As `check_label`, for something that need not have one: empty is none."""
    if label:
        check_label(label)


@documented("a description has at most 1024 characters")
def check_description(description: str | Nil | None) -> None:
    """A description has at most 1024 characters (documented); BadRequest otherwise."""
    if len(given(description) or "") > 1024:
        raise BadRequest("The description is too long. It may have at most 1024 characters.")


def given(text: str | Nil | None) -> str | None:
    """The text of an element that may be nil: nil counts as not given."""
    return None if text is None or isinstance(text, Nil) else text


def or_nil(text: str | None) -> str | Nil:
    """What was never set is answered as nil (recorded)."""
    return NIL if text is None else text


def merge_properties(known: Properties, changes: Properties | None, limit: int = 50) -> Properties:
    """Extended properties after an update: values replaced in place, new names appended, nil values removed.

    BadRequest for a malformed or repeated name, a value over 255 characters, or more than `limit` (documented).
    """
    if not changes:
        return known
    merged = {prop.name: prop for prop in known}
    seen: set[str] = set()
    for prop in changes:
        if not _PROPERTY.match(prop.name) or prop.name.lower() in seen:
            raise BadRequest(f"The extended property name {prop.name} is invalid or is given more than once.")
        seen.add(prop.name.lower())
        value = given(prop.value)
        if prop.value is NIL:
            merged.pop(prop.name, None)
            continue
        if value is not None and len(value) > 255:
            raise BadRequest(f"The value of the extended property {prop.name} is longer than 255 characters.")
        merged[prop.name] = ExtendedProperty(name=prop.name, value=value or "")
    if len(merged) > limit:
        raise BadRequest(f"There may be at most {limit} extended properties.")
    return tuple(merged.values())
