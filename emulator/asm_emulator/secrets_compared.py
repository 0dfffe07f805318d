"""Comparing secrets: in the same time whether they differ early, late or not at all."""

from __future__ import annotations

import hmac


def same_secret(given: str, right: str) -> bool:
    """Whether a secret is the right one."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass"))
