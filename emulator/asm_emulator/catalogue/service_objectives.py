"""The performance levels of SQL databases, and their editions.

Ids: published by clients of the service; sizes and throughput units: documented, as of 2015.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GB: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Objective:
    """A performance level; `units` are database throughput units."""

    id: str
    name: str
    editions: tuple[str, ...]
    units: int
    description: str
    is_system: bool = False
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """A service tier; `retention` is for how many days back its databases can be restored."""

    name: str
    objective: str
    default_bytes: int
    most_bytes: int
    retention: int


_STANDARD: Final = ("Standard",)
_PREMIUM: Final = ("Premium",)

OBJECTIVES: Final = (
    Objective("dd6d99bb-f193-4ec1-86f2-43d3bccbc49c", "Basic", ("Basic",), 5, "Basic resource allocation."),
    Objective(
        "f1173c43-91bd-4aaa-973c-54e79e15235b", "S0", _STANDARD, 10, "Standard S0 resource allocation.", False, True
    ),
    Objective("1b1ebd4d-d903-4baa-97f9-4ea675f5e928", "S1", _STANDARD, 20, "Standard S1 resource allocation."),
    Objective("455330e1-00cd-488b-b5fa-177c226f28b7", "S2", _STANDARD, 50, "Standard S2 resource allocation."),
    Objective("789681b8-ca10-4eb0-bdf2-e0b050601b40", "S3", _STANDARD, 100, "Standard S3 resource allocation."),
    Objective("66add646-e451-4d66-8589-680c60a920cc", "S4", _STANDARD, 200, "Standard S4 resource allocation."),
    Objective("7203483a-c4fb-4304-9e9f-17c71c904f5d", "P1", _PREMIUM, 125, "Premium P1 resource allocation."),
    Objective("a7d1b92d-c987-4375-b54d-2b1d0e0f5bb0", "P2", _PREMIUM, 250, "Premium P2 resource allocation."),
    Objective("a7c4c615-cfb1-464b-b252-925be0a19446", "P3", _PREMIUM, 500, "Premium P3 resource allocation."),
    Objective("43940481-9191-475a-9dba-6b505615b9aa", "P6", _PREMIUM, 1000, "Premium P6 resource allocation."),
    Objective("26e021db-f1f9-4c98-84c6-92af8ef433d7", "System", ("System",), 0, "Used for master.", True),
    Objective("a45fea0c-e63c-4bf0-9f81-9964c86b7d2a", "System Standard", ("System",), 0, "Used for master.", True),
    Objective("910b4fcb-8a29-4c3e-958f-f7ba794388b2", "Shared", ("Web", "Business"), 0, "Shared resource allocation."),
)

SYSTEM: Final = "26e021db-f1f9-4c98-84c6-92af8ef433d7"
_SHARED: Final = "910b4fcb-8a29-4c3e-958f-f7ba794388b2"

EDITIONS: Final = {
    one.name.lower(): one
    for one in (
        Edition("Web", _SHARED, GB, 5 * GB, 0),
        Edition("Business", _SHARED, 10 * GB, 150 * GB, 0),
        Edition("Basic", OBJECTIVES[0].id, 2 * GB, 2 * GB, 7),
        Edition("Standard", OBJECTIVES[1].id, 250 * GB, 250 * GB, 14),
        Edition("Premium", OBJECTIVES[6].id, 500 * GB, 500 * GB, 35),
    )
}
"""By name in lower case; ``System`` is for ``master`` alone and cannot be asked for."""

_BY_ID: Final = {one.id: one for one in OBJECTIVES}


def service_objective(objective_id: str) -> Objective | None:
    """The performance level with this id."""
    return _BY_ID.get(objective_id.lower())
