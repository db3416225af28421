"""What is raised where there is no verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import Report

__all__ = ["AddressError", "BlastgateError", "InputError", "Problem"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Why one input was refused."""

    input: str
    """What the input is called, as it was given: it may hold what steers a terminal."""

    what: str
    """What is wrong."""

    line: int | None
    """The line, counted from one, where it is known."""

    column: int | None
    """The column, counted from one, where it is known."""

    help: str | None
    """What to do."""

    text: str
    """All of it in one line, as the program prints it. Nothing in it can steer a terminal."""

    @property
    def where(self) -> str:
        """The input, with line and column where they are known."""
        return self.input if self.line is None else f"{self.input}:{self.line}:{self.column}"

    def __str__(self) -> str:
        return self.text


class BlastgateError(Exception):
    """There is no verdict. Whoever catches this must not go on as if there were one."""


class InputError(BlastgateError, ValueError):
    """Something that was given cannot be read. ``what``, ``where`` and ``help`` are those of the first problem."""

    def __init__(self, problems: tuple[Problem, ...], report: Report) -> None:
        super().__init__(problems, report)
        self.problems = problems
        """All that is wrong, one for each input that was refused."""
        self.report = report
        """The report on what could be read. Its verdict is ``error``."""

    @property
    def what(self) -> str:
        """What is wrong."""
        return self.problems[0].what

    @property
    def where(self) -> str:
        """The input, with line and column where they are known."""
        return self.problems[0].where

    @property
    def help(self) -> str | None:
        """What to do."""
        return self.problems[0].help

    def __str__(self) -> str:
        return "\n".join(problem.text for problem in self.problems)

    def __repr__(self) -> str:
        return f"InputError({str(self)!r})"


class AddressError(BlastgateError, LookupError):
    """No plan has an object of this address."""

    def __init__(self, address: str, near: tuple[str, ...]) -> None:
        super().__init__(address, near)
        self.address = address
        """The address that was asked for."""
        self.near = near
        """Addresses like it that there are."""

    def __str__(self) -> str:
        near = f"; did you mean {' or '.join(map(repr, self.near))}?" if self.near else ""
        return f"no plan has an object {self.address!r}{near}"
