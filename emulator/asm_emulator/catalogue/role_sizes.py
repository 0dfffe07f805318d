"""The sizes a role instance can have.

Every figure of A5, A10 and A11 is recorded, those of the others are documented; outside the A series a web or worker
role's temporary disk is assumed to be as large as a virtual machine's.  Which sizes web and worker roles may use is
recorded (in the lists of the locations).  The Basic_D sizes that locations announced for a few weeks of 2015 never came
into use: they are names in those lists and no sizes.
"""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleSize:
    """One size; disk sizes are those of the temporary disk, 0 where the kind of role does not support the size."""

    name: str
    label: str
    cores: int
    memory_in_mb: int
    supported_by_web_worker_roles: bool
    supported_by_virtual_machines: bool
    max_data_disk_count: int
    web_worker_resource_disk_size_in_mb: int
    virtual_machine_resource_disk_size_in_mb: int


# Series in which web and worker roles can be had too.
WEB_WORKER_SERIES = frozenset(
    {"general", "high_memory", "compute_intensive", "A_v2", "D", "D_v2", "G", "H"},
)

# name, cores, memory (MB), data disks, temporary disk of a virtual machine (MB)[, of a web or worker role if another]
_SERIES: dict[str, str] = {
    "general": """
        ExtraSmall 1 768 1 20480
        Small 1 1792 2 71680 230400
        Medium 2 3584 4 138240 501760
        Large 4 7168 8 291840 1024000
        ExtraLarge 8 14336 16 619520 2088960
    """,
    "high_memory": """
        A5 2 14336 4 138240 501760
        A6 4 28672 8 291840 1024000
        A7 8 57344 16 619520 2088960
    """,
    "compute_intensive": """
        A8 8 57344 16 391828 1861268
        A9 16 114688 16 391828 1861268
        A10 8 57344 16 391828 1861268
        A11 16 114688 16 391828 1861268
    """,
    "basic": """
        Basic_A0 1 768 1 20480
        Basic_A1 1 1792 2 40960
        Basic_A2 2 3584 4 61440
        Basic_A3 4 7168 8 122880
        Basic_A4 8 14336 16 245760
    """,
    "A_v2": """
        Standard_A1_v2 1 2048 2 10240
        Standard_A2_v2 2 4096 4 20480
        Standard_A2m_v2 2 16384 4 20480
        Standard_A4_v2 4 8192 8 40960
        Standard_A4m_v2 4 32768 8 40960
        Standard_A8_v2 8 16384 16 81920
        Standard_A8m_v2 8 65536 16 81920
    """,
    "D": """
        Standard_D1 1 3584 2 51200
        Standard_D2 2 7168 4 102400
        Standard_D3 4 14336 8 204800
        Standard_D4 8 28672 16 409600
        Standard_D11 2 14336 4 102400
        Standard_D12 4 28672 8 204800
        Standard_D13 8 57344 16 409600
        Standard_D14 16 114688 32 819200
    """,
    "D_v2": """
        Standard_D1_v2 1 3584 2 51200
        Standard_D2_v2 2 7168 4 102400
        Standard_D3_v2 4 14336 8 204800
        Standard_D4_v2 8 28672 16 409600
        Standard_D5_v2 16 57344 32 819200
        Standard_D11_v2 2 14336 4 102400
        Standard_D12_v2 4 28672 8 204800
        Standard_D13_v2 8 57344 16 409600
        Standard_D14_v2 16 114688 32 819200
        Standard_D15_v2 20 143360 40 1024000
    """,
    "D_v2_promo": """
        Standard_D2_v2_Promo 2 7168 4 102400
        Standard_D3_v2_Promo 4 14336 8 204800
        Standard_D4_v2_Promo 8 28672 16 409600
        Standard_D5_v2_Promo 16 57344 32 819200
        Standard_D11_v2_Promo 2 14336 4 102400
        Standard_D12_v2_Promo 4 28672 8 204800
        Standard_D13_v2_Promo 8 57344 16 409600
        Standard_D14_v2_Promo 16 114688 32 819200
    """,
    "DS": """
        Standard_DS1 1 3584 2 7168
        Standard_DS2 2 7168 4 14336
        Standard_DS3 4 14336 8 28672
        Standard_DS4 8 28672 16 57344
        Standard_DS11 2 14336 4 28672
        Standard_DS12 4 28672 8 57344
        Standard_DS13 8 57344 16 114688
        Standard_DS14 16 114688 32 229376
    """,
    "DS_v2": """
        Standard_DS1_v2 1 3584 2 7168
        Standard_DS2_v2 2 7168 4 14336
        Standard_DS3_v2 4 14336 8 28672
        Standard_DS4_v2 8 28672 16 57344
        Standard_DS5_v2 16 57344 32 114688
        Standard_DS11_v2 2 14336 4 28672
        Standard_DS12_v2 4 28672 8 57344
        Standard_DS13_v2 8 57344 16 114688
        Standard_DS14_v2 16 114688 32 229376
        Standard_DS15_v2 20 143360 40 286720
    """,
    "DS_v2_promo": """
        Standard_DS2_v2_Promo 2 7168 4 14336
        Standard_DS3_v2_Promo 4 14336 8 28672
        Standard_DS4_v2_Promo 8 28672 16 57344
        Standard_DS5_v2_Promo 16 57344 32 114688
        Standard_DS11_v2_Promo 2 14336 4 28672
        Standard_DS12_v2_Promo 4 28672 8 57344
        Standard_DS13_v2_Promo 8 57344 16 114688
        Standard_DS14_v2_Promo 16 114688 32 229376
    """,
    "F": """
        Standard_F1 1 2048 2 16384
        Standard_F2 2 4096 4 32768
        Standard_F4 4 8192 8 65536
        Standard_F8 8 16384 16 131072
        Standard_F16 16 32768 32 262144
    """,
    "Fs": """
        Standard_F1s 1 2048 2 4096
        Standard_F2s 2 4096 4 8192
        Standard_F4s 4 8192 8 16384
        Standard_F8s 8 16384 16 32768
        Standard_F16s 16 32768 32 65536
    """,
    "G": """
        Standard_G1 2 28672 4 393216
        Standard_G2 4 57344 8 786432
        Standard_G3 8 114688 16 1572864
        Standard_G4 16 229376 32 3145728
        Standard_G5 32 458752 64 6291456
    """,
    "GS": """
        Standard_GS1 2 28672 4 57344
        Standard_GS2 4 57344 8 114688
        Standard_GS3 8 114688 16 229376
        Standard_GS4 16 229376 32 458752
        Standard_GS5 32 458752 64 917504
    """,
    "H": """
        Standard_H8 8 57344 16 1024000
        Standard_H8m 8 114688 16 1024000
        Standard_H16 16 114688 32 2048000
        Standard_H16m 16 229376 32 2048000
        Standard_H16r 16 114688 32 2048000
        Standard_H16mr 16 229376 32 2048000
    """,
    "Ls": """
        Standard_L4s 4 32768 8 694272
        Standard_L8s 8 65536 16 1421312
        Standard_L16s 16 131072 32 2874368
        Standard_L32s 32 262144 64 5765120
    """,
}


# How many network interfaces a machine can have: documented, of the newer series by their number of cores.
_INTERFACES: dict[str, int] = {
    "Large": 2, "ExtraLarge": 4, "A6": 2, "A7": 4, "A8": 2, "A9": 4, "A10": 2, "A11": 4,
    "Standard_D2": 2, "Standard_D3": 4, "Standard_D4": 8,
    "Standard_D11": 2, "Standard_D12": 4, "Standard_D13": 8, "Standard_D14": 16,
    "Standard_G2": 2, "Standard_G3": 4, "Standard_G4": 8, "Standard_G5": 16,
}  # fmt: skip
_ONE_INTERFACE = ("general", "high_memory", "compute_intensive", "basic", "D", "DS", "G", "GS")


def most_interfaces(size: RoleSize) -> int:
    """How many network interfaces a machine of a size can have, its first one included."""
    like = size.name.replace("_DS", "_D").replace("_GS", "_G")
    if any(size.name in series(name) for name in _ONE_INTERFACE):
        return _INTERFACES.get(like, 1)
    if size.name in series("H"):
        return size.cores // 4
    return 8 if size.cores >= 8 else max(size.cores, 2)


# Names that regions listed for some weeks of 2015; nothing else is known of them.
_ANNOUNCED: dict[str, tuple[str, ...]] = {
    "Basic_D": tuple(f"Basic_D{number}" for number in (1, 2, 3, 4, 5, 11, 12, 13)),
}


def text_order(name: str) -> str:
    """Key of the recorded order of size names: `_` before digits before letters, whatever the case."""
    return name.lower().replace("_", " ")


@cache
def series(name: str) -> tuple[str, ...]:
    """The names of the sizes of a series, in the order of the table; KeyError for an unknown series."""
    if name in _ANNOUNCED:
        return _ANNOUNCED[name]
    return tuple(line.split()[0] for line in _SERIES[name].strip().splitlines())


@cache
def role_sizes() -> tuple[RoleSize, ...]:
    """Every size, sorted by name as recorded."""
    sizes = [
        _role_size(line.split(), web_worker=name in WEB_WORKER_SERIES)
        for name, table in _SERIES.items()
        for line in table.strip().splitlines()
    ]
    return tuple(sorted(sizes, key=lambda size: text_order(size.name)))


def _role_size(row: list[str], *, web_worker: bool) -> RoleSize:
    name, *figures = row
    cores, memory, disks, temporary, *web = (int(figure) for figure in figures)
    return RoleSize(
        name=name,
        label=f"{name} ({cores} cores, {memory} MB)",
        cores=cores,
        memory_in_mb=memory,
        supported_by_web_worker_roles=web_worker,
        supported_by_virtual_machines=True,
        max_data_disk_count=disks,
        web_worker_resource_disk_size_in_mb=(web[0] if web else temporary) if web_worker else 0,
        virtual_machine_resource_disk_size_in_mb=temporary,
    )
