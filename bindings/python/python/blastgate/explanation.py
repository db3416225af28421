"""Everything that an address names. Made from `schemas/explanation.json` by `generate.py`."""

from __future__ import annotations

from dataclasses import dataclass

from ._record import Record
from .report import Cause, Environment, Finding, Outcome, Source, Tool, WayOut

__all__ = [
    "Asked", "Dependent", "Explanation", "Explanations", "Known", "Step",
]


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Asked(Record):
    """One rule, and what it says."""

    reason: str
    """What it found."""

    rule: str
    """The rule."""

    verdict: Outcome
    """Its verdict, before anything lowers it."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Dependent(Record):
    """What stands on an object."""

    action: str
    """What the plan does to it; ``no-op`` where nothing."""

    address: str
    """Its address."""

    counts: bool
    """It counts: it is a foundation, a service, or holds records."""

    way: tuple[Known, ...]
    """The way to it, each step with how it is known: configuration, state, identity."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Explanation(Record):
    """All about one object and what the plan does to it."""

    action: str
    """What is planned; ``no-op`` where nothing is."""

    address: str
    """Its address."""

    cause: Cause | None = None
    """Where the change comes from, where it destroys or sets something that matters."""

    counted: int
    """How many dependents count: foundations, services and stores of records."""

    counts_as: str
    """Why the type counts as what it does."""

    dependents: tuple[Dependent, ...]
    """What stands on it, the nearest first, counted or not."""

    deposed: str | None = None
    """The key of a deposed object."""

    environment: Environment
    """In which environment it is judged, and by what."""

    finding: Finding | None = None
    """The finding, where there is one."""

    happens: str
    """What happens to the object, in a sentence."""

    input: str
    """The input that it is in."""

    more_dependents: int
    """How many more there are."""

    outside_plan: int
    """How many of them the plan leaves as they are."""

    rules: tuple[Asked, ...]
    """The rules, and what each says of this change."""

    same_cause: tuple[str, ...]
    """Other objects that the same cause destroys or changes."""

    settings: tuple[str, ...]
    """What is known of its settings: a way back, locks, backups."""

    source: Source | None = None
    """Where it is written, where the sources were given and have its block."""

    type: str
    """The resource type."""

    verdict: Outcome
    """The verdict on this object alone; ``allow`` where no rule found anything."""

    way: tuple[Step, ...]
    """The way from where it began to this object: what each step is forced by."""

    ways_back: tuple[str, ...]
    """Attributes of the type that would be a way back, if they were set before."""

    ways_out: tuple[WayOut, ...]
    """What would make it pass, the best first."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Known(Record):
    """One step of a way, and how it is known."""

    address: str
    """The object."""

    known_by: str
    """Which source knows that it stands on the one before: configuration, state, identity."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Step(Record):
    """One step on the way of a cause."""

    address: str
    """The object."""

    attribute: str | None = None
    """The attribute that forces it there, or that was edited."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Explanations(Record):
    """Everything that an address names."""

    asked: str
    """What was asked for."""

    explained: tuple[Explanation, ...]
    """One for each object; a block's address names all of its instances."""

    left_out: int
    """How many more objects the address names."""

    schema_version: int
    """The version of this form."""

    tool: Tool
    """What made it."""
