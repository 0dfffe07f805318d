"""Frozen, keyword-only classes with slots, that cost little until they are used.

`dataclasses` compiles six functions for every class when it is defined, and the contracts define hundreds of classes of
which a run uses a few: that was most of the time it took to start.  Here the methods are shared, and the constructor
is compiled when it is first called.  In every other respect these are dataclasses: `fields`, `replace` and the rest
of that module work with them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Final, TypeVar, dataclass_transform

T = TypeVar("T")

_MISSING: Final = dataclasses.MISSING


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(dataclasses.field,))
def frozen(cls: type[T]) -> type[T]:
    """As ``dataclass(frozen=True, kw_only=True, slots=True)``.

    A method of the class's own, such as ``__repr__``, stays; a ``__post_init__`` is not called, so it is refused.
    """
    if hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__}: a frozen class has no __post_init__")
    for name, method in _SHARED.items():
        if name not in cls.__dict__:
            setattr(cls, name, method)
    return dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=True, slots=True)(cls)


def replace(value: T, /, **changes: Any) -> T:
    """As `dataclasses.replace`, for frozen classes: a copy with other values, at a fraction of the cost.

    Raises TypeError for a field that there is not.
    """
    copy = _COPIERS.get(type(value))
    if copy is None:
        copy = _COPIERS[type(value)] = _copier(type(value))
    made: T = copy(value, changes)
    return made


_COPIERS: Final[dict[type, Callable[[Any, dict[str, Any]], Any]]] = {}


def _copier(cls: type) -> Callable[[Any, dict[str, Any]], Any]:
    names = [field.name for field in dataclasses.fields(cls)]
    scope: dict[str, Any] = {f"set_{name}": getattr(cls, name).__set__ for name in names}
    scope |= {"make": cls.__new__, "cls": cls, "known": frozenset(names)}
    lines = [f" set_{name}(made, changes[{name!r}] if {name!r} in changes else value.{name})\n" for name in names]
    exec(
        "def copy(value, changes):\n"
        " if not known.issuperset(changes):\n"
        "  raise TypeError(f'{cls.__name__} has no {set(changes) - known}')\n"
        f" made = make(cls)\n{''.join(lines)} return made",
        scope,
    )
    made: Callable[[Any, dict[str, Any]], Any] = scope["copy"]
    return made


def _construct(self: Any, /, **given: Any) -> None:
    """The constructor of a class until it is first called."""
    cls = type(self)
    cls.__init__ = _constructor(cls)
    cls.__init__(self, **given)


def _constructor(cls: type) -> Callable[..., None]:
    scope: dict[str, Any] = {}
    parameters, lines = [], []
    for field in dataclasses.fields(cls):
        name = field.name
        scope[f"set_{name}"] = getattr(cls, name).__set__  # of the slot: nothing else may write
        value = name
        if field.default is not _MISSING:
            scope[f"default_{name}"] = field.default
            parameters.append(f"{name}=default_{name}")
        elif field.default_factory is not _MISSING:
            scope[f"make_{name}"], scope["absent"] = field.default_factory, _MISSING
            parameters.append(f"{name}=absent")
            value = f"make_{name}() if {name} is absent else {name}"
        else:
            parameters.append(name)
        lines.append(f" set_{name}(self, {value})\n")
    keywords = f", *, {', '.join(parameters)}" if parameters else ""
    exec(f"def __init__(self{keywords}):\n{''.join(lines) or ' pass'}", scope)  # as dataclasses does
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__, made.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    return made


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in self.__dataclass_fields__)


def _equal(self: Any, other: object) -> Any:
    return _values(self) == _values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _represent(self: Any) -> str:
    inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__dataclass_fields__)
    return f"{type(self).__qualname__}({inside})"


def _set(self: Any, name: str, value: object) -> None:  # noqa: ARG001
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: Any, name: str) -> None:  # noqa: ARG001
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[Any, ...]:
    return _again, (type(self), dict(zip(self.__dataclass_fields__, _values(self), strict=True)))


def _again(cls: type[T], given: dict[str, Any]) -> T:
    return cls(**given)


_SHARED: Final[dict[str, Any]] = {
    "__init__": _construct,
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _represent,
    "__setattr__": _set,
    "__delattr__": _delete,
    "__reduce__": _reduce,
}
