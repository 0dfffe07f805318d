"""Rendering: templates, and the parts of a view, each with a version, so that a live page changes only what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from asm_emulator import __version__
from asm_emulator.page import words

PARTS_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a view that is replaced as a whole; `column` is where it goes in views that have columns."""

    id: str
    html: Markup
    version: str
    column: str = ""


class Renderer:
    """Templates filled in, and the parts made of values that have not changed since, kept."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("asm_emulator.page"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            when=words.when,
            clock=words.clock,
            span=words.span,
            state=words.state_class,
            words=words.plain_words,
            breakable=words.breakable,
        )
        self._environment.globals["version"] = __version__
        self._kept: dict[Hashable, tuple[tuple[Any, ...], Part]] = {}

    def page(self, template: str, /, **given: Any) -> str:
        """A whole document."""
        return self._environment.get_template(template).render(**given)

    def part(self, id: str, template: str, /, *, column: str = "", **given: Any) -> Part:
        """A part, rendered now."""
        html = Markup(self._environment.get_template(template).render(**given))
        version = hashlib.blake2b(html.encode(), digest_size=8).hexdigest()
        return Part(id, html, version, column)

    def kept(self, id: str, of: Iterable[Any], make: Callable[[], Part]) -> Part:
        """A part made of values; the same one as before while these are the same objects."""
        values = tuple(of)
        found = self._kept.get(id)
        if found is not None and len(found[0]) == len(values) and all(map(_same, found[0], values)):
            return found[1]
        if len(self._kept) >= PARTS_KEPT:
            self._kept.clear()
        made = make()
        self._kept[id] = (values, made)
        return made


def _same(one: Any, other: Any) -> bool:
    return one is other or (isinstance(one, str | int | tuple) and isinstance(other, type(one)) and bool(one == other))


def latest(times: Iterable[datetime | None]) -> datetime | None:
    """The last of some times, if there is any."""
    return max((one for one in times if one is not None), default=None)
