"""The catalogue of deliberate wrong behaviours, over all areas."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from asm_contracts.catalogue import all_operations
from asm_contracts.dialect import SERVICE_MANAGEMENT
from asm_emulator.selftest import core, further, machines, networks, platform
from asm_emulator.selftest import wrongs as w
from asm_emulator.selftest.wrongs import Mutant

OWN: Final[dict[str, tuple[core.Row, ...]]] = {
    "hosted_services": core.HOSTED_SERVICES,
    "storage_accounts": core.STORAGE_ACCOUNTS,
    "certificates": core.CERTIFICATES,
    "images": core.IMAGES,
    "disks": core.DISKS,
    "vm_images": core.VM_IMAGES,
    "affinity_groups": core.AFFINITY_GROUPS,
    "reserved_ips": core.RESERVED_IPS,
    "operations": core.OPERATIONS,
    "virtual_machines": machines.VIRTUAL_MACHINES,
    "deployments": machines.DEPLOYMENTS,
    **networks.ALL,
    **platform.ALL,
}
SURVIVORS: Final[dict[str, str]] = {}
"""Why no test notices, by the name of the wrong behaviour: gaps to be closed, each said."""


@lru_cache(maxsize=1)
def mutants() -> tuple[Mutant, ...]:
    """Every wrong behaviour there is."""
    return tuple(_all())


def _all() -> Iterator[Mutant]:
    rows = [(area, row) for area, table in OWN.items() for row in table]
    for area, (name, breaks, apply) in [*rows, *core.OTHERS, *machines.BEHIND, *further.FURTHER]:
        full = f"{area}/{name}"
        yield Mutant(full, area, breaks, apply, survives=SURVIVORS.get(full, ""))
    for area in sorted({one.area for one in all_operations()}):
        of_area = [one for one in all_operations() if one.area == area]
        yield Mutant(f"{area}/strangers", area, "anybody is let in", w.lets_strangers_in(area), generated=True)
        if any(one.template.host is None for one in of_area):
            yield Mutant(f"{area}/versions", area, "any version will do", w.ignores_versions(area), generated=True)
        if any(one.body is not None and one.dialect is SERVICE_MANAGEMENT for one in of_area):
            name = f"{area}/bodies"
            yield Mutant(name, area, "a wrong body is an internal error", w.chokes_on_bodies(area), generated=True)
