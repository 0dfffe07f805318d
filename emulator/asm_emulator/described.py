"""A request in words: what List Subscription Operations says of it later."""

from __future__ import annotations

from typing import Any, Final

from asm_contracts.codec import xml
from asm_contracts.document import is_document
from asm_contracts.evidence import assumed
from asm_contracts.operation import Operation, RawBody

_ACTIONS: Final = frozenset({"operations", "associate", "disassociate", "replicate", "unreplicate", "share"})
"""Last words of paths that are no objects but what to do with one."""

_NAMES: Final = ("name", "service_name", "role_name", "id", "thumbprint")


def describe(value: Any) -> str:
    """One argument as text: a document as its XML, bytes as what they spell."""
    if is_document(type(value)):
        return xml.encode(value).decode()
    if isinstance(value, RawBody):
        return value.data.decode("utf-8", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@assumed("an object's id is documented as the path to read it by; what a creation's is was never seen")
def object_path(operation: Operation, path: tuple[str, ...], body: Any) -> str:
    """The path of what a request is for; `path` is its own, subscription first.

    A request that adds to a collection is for the new member, one for an action is for what it acts on.
    """
    pieces = list(path)
    while len(pieces) > 1 and pieces[-1].lower() in _ACTIONS:
        pieces.pop()
    template = operation.template
    adds = (
        operation.verb == "POST"
        and len(pieces) == len(path)
        and not template.constants
        and bool(template.segments)
        and not template.segments[-1].holes
    )
    if adds and is_document(type(body)):
        name = next((getattr(body, one) for one in _NAMES if getattr(body, one, None)), None)
        if name is None and hasattr(body, "lun"):
            name = body.lun or 0
        if name is not None:
            pieces.append(str(name))
    return "/" + "/".join(pieces)
