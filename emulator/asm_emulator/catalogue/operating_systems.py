"""Guest operating systems of web and worker roles, as they stood in June 2015: 4 families, 183 versions.

Versions, labels and flags of families 1 to 3 are recorded, those of family 4 documented.
"""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, kw_only=True, slots=True)
class OperatingSystem:
    """One release of a family.  `label` is plain text (base64 on the wire)."""

    version: str
    label: str
    is_default: bool
    is_active: bool
    family: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OperatingSystemFamily:
    """A family.  `label` is plain text (base64 on the wire)."""

    name: str
    label: str


FAMILIES = (
    OperatingSystemFamily(name="1", label="Windows Server 2008 SP2"),
    OperatingSystemFamily(name="2", label="Windows Server 2008 R2"),
    OperatingSystemFamily(name="3", label="Windows Server 2012"),
    OperatingSystemFamily(name="4", label="Windows Server 2012 R2"),
)

# All families are patched by the same releases; one line's item per minor version, `+` where it was released again.
_RELEASES = """
    200912-01 201001-01 201003-01 201004-01 201005-01 201006-01 201008-01 201009-01 201010-01 201011-01 201101-01
    201102-01 201103-01 201104-01 201105-01 201107-01 201109-01+201109-02+201109-03 201112-01+201112-02+201112-03
    201202-01 201204-01+201204-02 201208-01+201208-02 201210-01
    201301-02+201301-03+201302-01+201302-02+201302-03+201302-04 201305-01 201306-01 201307-01 201308-01
    201309-01+201309-03 201310-01 201311-01 201312-01 201401-01 201402-01 201403-01 201404-01 201405-01 201406-01
    201407-01 201408-01+201408-02 201409-01+201409-02 201410-01 201411-01 201412-01 201501-01 201502-01 201503-01
    201504-01 201505-01+201505-02 201506-01
"""
# The release a family began with; its minor versions count from there.
_FIRST = {"1": "200912-01", "2": "201010-01", "3": "201208-02", "4": "201309-03"}
_ACTIVE = frozenset({"201503-01", "201504-01", "201505-02", "201506-01"})
_DEFAULT = "201506-01"
# A slip of the service's own (recorded).
_ODD_LABELS = {"1.20_201208-02": "1.20 (Release 202108-02)"}


@cache
def operating_systems() -> tuple[OperatingSystem, ...]:
    """Every version, by family and then by version as text (1.19 before 1.1, as recorded)."""
    return tuple(
        OperatingSystem(
            version=f"WA-GUEST-OS-{number}",
            label=f"Windows Azure Guest OS {_ODD_LABELS.get(number) or _numbered(number)}",
            is_default=number.endswith(_DEFAULT),
            is_active=number[-9:] in _ACTIVE,
            family=family.name,
        )
        for family in FAMILIES
        for number in sorted(_numbers(family.name))
    )


def _numbers(family: str) -> list[str]:
    first, minor, numbers = _FIRST[family], -1, []
    for item in _RELEASES.split():
        releases = [release for release in item.split("+") if release >= first]
        if releases:
            minor += 1
            numbers += [f"{family}.{minor}_{release}" for release in releases]
    return numbers


def _numbered(number: str) -> str:
    version, _, release = number.partition("_")
    return f"{version} (Release {release})"
