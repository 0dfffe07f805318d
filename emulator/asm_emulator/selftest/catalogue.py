"""The catalogue of deliberate wrong behaviours, over all areas."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from asm_contracts.catalogue import all_operations
from asm_contracts.dialect import SERVICE_MANAGEMENT
from asm_emulator.selftest import core, machines
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
}
SURVIVORS: Final[dict[str, str]] = {
    "virtual_machines/vm-capture-lease-kept": "no test changes the machine that a VM image was made of afterwards",
    "virtual_machines/never-provisions": "tests admit that a poll misses a status on the way to ReadyRole",
    "virtual_machines/deallocated-keeps-address": "not examined yet: a test asks for the address of such a machine",
    "virtual_machines/media-stays": "no test deletes a machine together with its disks",
    "hosted_services/element-order": "our client reads elements in any order; the area's tests look at no bytes",
    "hosted_services/embed-ignored": "tests of the area have no deployments, which alone would show",
    "operations/in-progress-200": "not examined yet: tests of the area check the form of what goes on",
    "operations/ends-at-once": "tests of the area make no storage account",
    "deployments/slot-lost": "no test of the area reads the slot of a deployment in staging",
}
"""Why no test notices, by the name of the wrong behaviour: gaps to be closed, each said."""


@lru_cache(maxsize=1)
def mutants() -> tuple[Mutant, ...]:
    """Every wrong behaviour there is."""
    return tuple(_all())


def _all() -> Iterator[Mutant]:
    rows = [(area, row) for area, table in OWN.items() for row in table]
    for area, (name, breaks, apply) in [*rows, *core.OTHERS, *machines.BEHIND]:
        full = f"{area}/{name}"
        yield Mutant(full, area, breaks, apply, survives=SURVIVORS.get(full, ""))
    for area in sorted({one.area for one in all_operations()}):
        of_area = [one for one in all_operations() if one.area == area]
        yield Mutant(f"{area}/strangers", area, "anybody is let in", w.lets_strangers_in(area), generated=True)
        yield Mutant(f"{area}/versions", area, "any version will do", w.ignores_versions(area), generated=True)
        if any(one.body is not None and one.dialect is SERVICE_MANAGEMENT for one in of_area):
            name = f"{area}/bodies"
            yield Mutant(name, area, "a wrong body is an internal error", w.chokes_on_bodies(area), generated=True)
