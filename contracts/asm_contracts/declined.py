"""Operations that are known and not served: what published clients of the service call, and why no emulator can answer.

They are answered 501 and named, so that nobody takes a missing feature for a missing resource.
"""

from __future__ import annotations

import functools
from typing import Final, NamedTuple

from asm_contracts.dialect import SITE_TOOLS, Dialect
from asm_contracts.operation import Operation, Parameter, Template, Verb
from asm_contracts.versions import VERSIONS

AREA = "declined"


class Declined(NamedTuple):
    """A call that is declined: where it goes, what its client calls it, and the reason."""

    verb: Verb
    address: str
    call: str
    dialect: Dialect
    reason: str


_JOBS: Final[tuple[tuple[Verb, str, str], ...]] = (
    ("GET", "jobs", "listJobs"),
    ("GET", "jobs/{job_id}", "getJob"),
    ("POST", "hive", "submitHiveJob"),
    ("POST", "pig", "submitPigJob"),
    ("POST", "mapreduce/jar", "submitMapReduceJob"),
    ("POST", "mapreduce/streaming", "submitMapReduceStreamingJob"),
)
DECLINED: Final = (
    Declined(
        "POST",
        "https://{site}.scm.azurewebsites.net/api/command",
        "website.CommandsOperations.invoke",
        SITE_TOOLS,
        "It runs a program on the site's machine and answers what that printed: there is no machine, and an answer "
        "that was made up would be a lie.",
    ),
    *(
        Declined(
            verb,
            f"https://{{cluster}}.azurehdinsight.net/templeton/v1/{path}",
            f"hdinsight.JobOperations.{call}",
            SITE_TOOLS,
            "It is Hadoop itself, on a cluster's own host: what a job would answer, only its data can tell.",
        )
        for verb, path, call in _JOBS
    ),
)


@functools.cache
def declined_operations() -> tuple[Operation, ...]:
    """The declined operations, in the order of the table."""
    return tuple(_operation(one) for one in DECLINED)


def _operation(one: Declined) -> Operation:
    template = Template.of(one.address)
    places = template.segments if template.host is None else (template.host, *template.segments)
    return Operation(
        name=one.call,
        title=one.call,
        summary=one.reason,
        area=AREA,
        verb=one.verb,
        template=template,
        since=VERSIONS[0],
        success=501,
        errors=(),
        parameters=tuple(Parameter(hole, str, True, None) for place in places for hole in place.holes),
        body=None,
        raw_body=False,
        returns=None,
        root=None,
        dialect=one.dialect,
    )
