"""What all parts of reports and explanations have in common: how they are read, and how they are written again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from . import _native

__all__ = ["Judgement", "Record", "read"]

R = TypeVar("R", bound="Record")


class Record:
    """A part of a report or an explanation. It cannot be changed."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists, strings and numbers, by the names of the JSON schema."""
        return {_wire(field.name): _plain(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]

    def to_json(self) -> str:
        """The same as JSON on one line, in ASCII only."""
        return json.dumps(self.to_dict())


class Judgement(Record):
    """What a report can do beside being read."""

    __slots__ = ()

    verdict: str
    score: int

    @property
    def allowed(self) -> bool:
        """The verdict is ``allow``: nothing here needs a second pair of eyes."""
        return self.verdict == "allow"

    def render(self, format: str) -> str:
        """The report in one of the program's outputs: human, markdown, json, html, sarif, github, junit and so on.

        Raises ``ValueError`` for a format that there is not.
        """
        return _native.render(self.to_json(), format)

    def __bool__(self) -> bool:
        raise TypeError("a report is neither true nor false: ask report.verdict or report.allowed")

    def __str__(self) -> str:
        return self.render("human")

    def __repr__(self) -> str:
        return f"<Report: {self.verdict}, score {self.score}>"


def read(kind: type[R], value: Mapping[str, Any]) -> R:
    """Makes a record of what was read from JSON. A key that the record does not have is a ``TypeError``."""
    hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type]
    names = {_wire(name): name for name in hints}
    return kind(**{names.get(key, key): _typed(hints.get(names.get(key, key)), one) for key, one in value.items()})


def _typed(hint: Any, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_typed(get_args(hint)[0], one) for one in value)
    if isinstance(value, dict):
        # A record, or a record that may be missing.
        kinds = get_args(hint) if get_origin(hint) else (hint,)
        return read(next(kind for kind in kinds if issubclass(kind, Record)), value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _wire(name: str) -> str:
    """``from_`` and ``is_`` have their underscore for Python alone."""
    return name.rstrip("_")


@cache
def _hints(kind: Any) -> dict[str, Any]:
    known = get_type_hints(kind)
    return {field.name: known[field.name] for field in fields(kind)}
