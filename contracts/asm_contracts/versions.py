"""The `x-ms-version` values the service knew, oldest first."""

from __future__ import annotations

from typing import Final

VERSIONS: Final = (
    "2009-10-01",
    "2010-04-01",
    "2010-10-28",
    "2011-02-25",
    "2011-06-01",
    "2011-08-01",
    "2011-08-18",
    "2011-10-01",
    "2011-12-01",
    "2012-03-01",
    "2012-08-01",
    "2012-12-01",
    "2013-03-01",
    "2013-06-01",
    "2013-07-01",
    "2013-08-01",
    "2013-10-01",
    "2013-11-01",
    "2014-01-01",
    "2014-02-01",
    "2014-04-01",
    "2014-05-01",
    "2014-06-01",
    "2014-08-01",
    "2014-09-01",
    "2014-10-01",
    "2014-11-01",
    "2015-02-01",
    "2015-04-01",
    "2015-05-01",
    "2015-06-01",
    "2015-09-01",
    "2016-03-01",
    "2016-06-01",
    "2016-07-01",
    "2016-10-01",
    "2016-11-01",
    "2017-01-01",
)
"""Documented, or declared by a published client of the service.  ISO dates order as text."""

LATEST: Final = VERSIONS[-1]
_KNOWN: Final = frozenset(VERSIONS)


def is_known(version: str) -> bool:
    """Whether the service answered requests of this version."""
    return version in _KNOWN
