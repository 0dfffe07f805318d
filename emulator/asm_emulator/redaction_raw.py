"""Secrets taken out of bodies as they were sent, which may be no documents at all: for the request log.

The names of secret elements come from the declarations (see `redaction`).  A body whose text cannot be made out is not
shown.  Keys that the emulator made up itself are no secrets.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from asm_contracts.catalogue import all_operations
from asm_contracts.document import derived, elements, is_document, wire_name
from asm_emulator.redaction import CARRIERS, secret_elements

HIDDEN: Final = "***"
_SIGNATURE: Final = re.compile(r"""(?<![A-Za-z0-9])(sig=)[^&<>"'\s;]+""")
_TEXT: Final = r"(?:<!\[CDATA\[.*?(?:\]\]>|\Z)|[^<])*"
_PARAMETER: Final = "ResourceExtensionParameterValue"
"""Secret if it says that it is private."""
_BLOCKS: Final = tuple(
    (document, re.compile(rf"<(?:\w+:)?{document}\b.*?(?:</(?:\w+:)?{document}\b|\Z)", re.DOTALL), wire_name(element))
    for document, element in (*CARRIERS.items(), (_PARAMETER, "value"), ("DefaultStorageAccountAndContainer", "key"))
)
_BOMS: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))


def readable(body: bytes) -> str:
    """A body as text, without the secrets in it."""
    if not body:
        return ""
    encoding = next((name for mark, name in _BOMS if body.startswith(mark)), "utf-8")
    text = body.decode(encoding, "replace")
    bare = text.lstrip("\ufeff \t\r\n")
    if not bare.startswith(("<", "{", "[")) or "\x00" in text:
        return f"({len(body)} bytes that are neither XML nor JSON)"
    text = _SIGNATURE.sub(rf"\1{HIDDEN}", text)
    if bare.startswith("<"):
        text = _named().sub(_hidden, text)
        for document, block, name in _BLOCKS:
            text = block.sub(functools.partial(_in_block, document, name), text)
        return text
    return _in_json().sub(rf'\1"{HIDDEN}"', text)


def query(text: str) -> str:
    """A query without signatures."""
    return _SIGNATURE.sub(rf"\1{HIDDEN}", text) if "sig=" in text else text


def _hidden(found: re.Match[str]) -> str:
    return found[1] + (found[2] if found[2].strip() in ("", "true", "false") else HIDDEN)


def _in_block(document: str, name: str, found: re.Match[str]) -> str:
    block = found[0]
    if document == _PARAMETER and not re.search(r"<(?:\w+:)?Type\b[^>]*>\s*Private\b", block, re.IGNORECASE):
        return block
    return re.sub(rf"(<(?:\w+:)?{name}\b[^>/]*>)({_TEXT})", _hidden, block, flags=re.DOTALL)


@functools.cache
def _named() -> re.Pattern[str]:
    names = "|".join(sorted(_secret_names()))
    return re.compile(rf"(<(?:\w+:)?(?:\w*[Pp]assword\w*|SecretKey|{names})(?:\s[^>]*)?(?<!/)>)({_TEXT})", re.DOTALL)


@functools.cache
def _in_json() -> re.Pattern[str]:
    """JSON has no blocks to look into: what may be a secret anywhere is one everywhere."""
    names = "|".join(sorted(_secret_names() | {wire_name(one) for one in CARRIERS.values()}))
    return re.compile(rf'("(?:[^"]*(?:password|secret|pwd)[^"]*|{names})"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE)


def _secret_names() -> set[str]:
    """The wire names of every secret element of every document that a request may have."""
    found: set[str] = set()
    pending = [one.body for one in all_operations() if is_document(one.body)]
    met: set[type] = set()
    while pending:
        kind = pending.pop()
        if kind is None or kind in met:
            continue
        met.add(kind)
        pending += derived(kind)
        secret = secret_elements(kind)
        for declared in elements(kind):
            if declared.attribute in secret and declared.attribute != CARRIERS.get(kind.__name__):
                found.add(re.escape(declared.name))
            inner = declared.type.of or declared.type
            if inner.kind == "document":
                pending.append(inner.python)
    return found
