"""What a resource type is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ._record import Record

__all__ = ["Condition", "Guard", "ResourceType"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition(Record):
    """One condition of a guard."""

    attribute: str
    """The attribute, through nested blocks."""

    value: str
    """The value that switches it on; ``*`` is any, and ``true`` is a number above zero too."""

    default: str | None
    """What holds where the attribute is absent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard(Record):
    """What guards an object of a type."""

    kind: str
    """What it means that it is on: lock, hold, copy, window, backup, keep and so on."""

    when: tuple[Condition, ...]
    """All of these must hold."""

    on_by_default: bool
    """It is on where nothing is written."""

    common: bool
    """It holds for any type that has such attributes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceType(Record):
    """What the catalogue says of one type."""

    type: str
    """The type."""

    provider: str
    """Its provider; ``cloudformation`` for a type of a template."""

    holds: Literal["records", "transient", "nothing", "unknown"]
    """Whether code can make again what is in it."""

    standing: Literal["foundation", "service", "support", "routine", "unknown"]
    """What else stands or falls with it."""

    guards: tuple[Guard, ...]
    """What guards it."""

    way_back: str
    """Whether what goes with it can be brought back."""

    basis: str
    """``exact``, ``unknown``, or the pattern that fits it."""

    note: str | None
    """A sentence for the reader."""
