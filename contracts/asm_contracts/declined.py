"""Operations that are known and not declared: what published clients of the service call beyond the contracts.

An emulator answers them 501 and names them, so that nobody takes a missing feature for a missing resource.  The table
is addresses and the clients' own names for the calls; a line goes when its area is declared.
"""

from __future__ import annotations

import functools
from typing import cast

from asm_contracts.declined_table import TABLE
from asm_contracts.operation import Operation, Parameter, Template, Verb
from asm_contracts.versions import VERSIONS

AREA = "declined"
REASON = "not emulated yet"


@functools.cache
def declined_operations() -> tuple[Operation, ...]:
    """The declined operations, in the order of the table."""
    return tuple(_operation(*line.split("\t")) for line in TABLE.strip().splitlines())


def _operation(verb: str, address: str, package: str, call: str) -> Operation:
    template = Template.of(address)
    holes = [hole for segment in template.segments for hole in segment.holes]
    return Operation(
        name=f"{package}.{call}",
        title=f"{package}.{call}",
        summary=REASON,
        area=AREA,
        verb=cast(Verb, verb),
        template=template,
        since=VERSIONS[0],
        success=501,
        errors=(),
        parameters=tuple(Parameter(hole, str, True, None) for hole in holes),
        body=None,
        raw_body=False,
        returns=None,
        root=None,
    )
