"""The exchanges of a test, as bytes went over the wire: kept for the report of a failure, without secrets."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

HIDDEN: Final = "***"
BODY: Final = 20_000
"""Characters of a body that a report shows at most."""

_WORDS: Final = (
    r"\w*(?:[Pp]assword|[Ss]ecret|[Ss]haredKey|ConnectionString|AccessKey|SasToken)\w*"
    r"|CustomData|AccountData|PrivateConfiguration|Pfx|Data|Primary|Secondary|PrimaryKey|SecondaryKey|MachineKey|Content"
)
_XML: Final = re.compile(rf"(<(?:\w+:)?(?:{_WORDS})(?:\s[^>]*)?(?<!/)>)([^<]+)")
_PRIVATE: Final = re.compile(
    r"(<(?:\w+:)?ResourceExtensionParameterValue\b(?:(?!</(?:\w+:)?ResourceExtensionParameterValue).)*?"
    r"<(?:\w+:)?Value>)([^<]*)",
    re.DOTALL,
)
_JSON: Final = re.compile(rf'("(?:{_WORDS})"\s*:\s*)"(?:[^"\\]|\\.)*"', re.IGNORECASE)
_SIGNATURE: Final = re.compile(r"""(?<![A-Za-z0-9])(sig=)[^&<>"'\s;]+""")
_HEADERS: Final = frozenset({"authorization", "cookie", "set-cookie"})

Hear = Callable[[str, str, Mapping[str, str], bytes, int, Mapping[str, str], bytes], object]
"""(verb, path, request headers, request body, status, response headers, response body)"""


def redacted(body: bytes | str) -> str:
    """A body as text, with passwords, keys, private settings and signatures left out."""
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    for pattern in (_XML, _PRIVATE):
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    text = _SIGNATURE.sub(rf"\g<1>{HIDDEN}", _JSON.sub(rf'\g<1>"{HIDDEN}"', text))
    return text if len(text) <= BODY else f"{text[:BODY]} ... ({len(text)} characters)"


def _fields(headers: Mapping[str, Any]) -> dict[str, str]:
    return {name: HIDDEN if name.lower() in _HEADERS else str(value) for name, value in headers.items()}


@dataclass(slots=True)
class Exchanges:
    """What went over the wire since the last `clear`; only the newest are kept."""

    most: int = 40
    seen: list[tuple[str, str, Mapping[str, str], bytes, int, Mapping[str, str], bytes]] = field(default_factory=list)
    dropped: int = 0
    _own: threading.local = field(default_factory=threading.local)
    """The newest answer of each thread: several clients may be at it at once."""

    def hear(
        self,
        verb: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        status: int,
        answered: Mapping[str, str],
        answer: bytes,
    ) -> None:
        """Keep one exchange."""
        self._own.status = status
        self.seen.append((verb, path, headers, body, status, answered, answer))
        if len(self.seen) > self.most:
            del self.seen[0]
            self.dropped += 1

    def last_status(self) -> int | None:
        """The status of the newest answer that this thread got."""
        found: int | None = getattr(self._own, "status", None)
        return found

    def clear(self) -> None:
        """Forget them: another test begins."""
        self.seen.clear()
        self.dropped = 0
        self._own = threading.local()

    def as_data(self) -> list[dict[str, Any]]:
        """Plain data, redacted."""
        return [
            {
                "request": {
                    "verb": verb,
                    "path": _SIGNATURE.sub(rf"\g<1>{HIDDEN}", path),
                    "headers": _fields(headers),
                    "body": redacted(body),
                },
                "response": {"status": status, "headers": _fields(answered), "body": redacted(answer)},
            }
            for verb, path, headers, body, status, answered, answer in self.seen
        ]
