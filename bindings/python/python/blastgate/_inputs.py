"""Collects what is given into bytes with names. Whatever cannot be had is noted, so that it is told with all the rest."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Union

__all__ = ["Collected", "Data", "Input", "Plans"]

Data = Union[bytes, bytearray, memoryview, str, "dict[str, Any]", "os.PathLike[str]"]
"""A document: its bytes; its text as ``str``; what ``json.load`` made of it; or a path, as ``pathlib.Path``, to read it from."""

Input = Union[Data, "tuple[str, Data]"]
"""A document, or a pair of the name that the report shall call it by, and the document."""

Plans = Union[Input, Sequence[Input]]
"""One document, or a list of them. To a type checker a ``list[Path]`` is no ``list[Input]``, but it is a sequence of them."""

AS_PATH = "a str is the document itself; to have a file read, give pathlib.Path({!r})"

# A pipe that is opened would wait for somebody who writes; a terminal would become ours.
FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NONBLOCK"))


class Refused(Exception):
    """Why one input cannot be had, and what to do."""

    def __init__(self, what: str, help: str | None = None) -> None:
        super().__init__(what, help)
        self.what, self.help = what, help


@dataclass(repr=False)
class Collected:
    """Everything that is given, as the part in Rust takes it. A trace shows nothing of it: plans hold secrets."""

    max_bytes: int
    workspace: str | None = None
    plans: list[tuple[str, bytes]] = field(default_factory=list)
    context: list[tuple[str, bytes]] = field(default_factory=list)
    stacks: list[tuple[str, str, bytes]] = field(default_factory=list)
    sources: dict[str, str] | None = None
    rows: tuple[str, bytes] | None = None
    missing: list[tuple[str, str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if isinstance(self.max_bytes, bool) or not isinstance(self.max_bytes, int) or self.max_bytes < 1:
            raise TypeError("max_bytes is a number of bytes, above zero")
        self.max_bytes = min(self.max_bytes, sys.maxsize)
        if self.workspace is not None and not isinstance(self.workspace, str):
            raise TypeError(f"workspace is a str, not {_kind(self.workspace)}")
        if self.workspace is not None and not _is_unicode(self.workspace):
            self.workspace = None
            self.missing.append(("workspace", "it is no valid Unicode: it has half of a character", None))

    def all(self, what: str, inputs: Iterable[Input]) -> list[tuple[str, bytes]]:
        """Several inputs of one kind."""
        is_pair = isinstance(inputs, tuple) and any(isinstance(one, str) for one in inputs[:1])
        if is_pair or isinstance(inputs, (str, bytes, bytearray, memoryview, dict, os.PathLike)):
            raise TypeError(f"give a list: each {what} is one of its entries")
        pairs = (self.one(what if at == 1 else f"{what} {at}", given) for at, given in enumerate(inputs, 1))
        return [pair for pair in pairs if pair is not None]

    def one(self, name: str, given: Input) -> tuple[str, bytes] | None:
        """One input; nothing where it cannot be had."""
        data: object = given
        if isinstance(given, tuple):
            if len(given) != 2 or not isinstance(given[0], str):
                raise TypeError("a tuple is a name and a document: (name, document)")
            name, data = given
        path: str | bytes | None = None
        if isinstance(data, os.PathLike):
            # Asked once: what is called so is what is read.
            path = os.fspath(data)
            if data is given:
                name = os.fsencode(path).decode("utf-8", "replace")
        name = name.encode("utf-8", "replace").decode("utf-8")
        try:
            return name, self._bytes(data) if path is None else _read(path, self.max_bytes)
        except Refused as refused:
            self.missing.append((name, refused.what, refused.help))
            return None

    def add_sources(self, sources: Mapping[str, str]) -> None:
        """Files of the configuration."""
        if not isinstance(sources, Mapping):
            raise TypeError(f"sources are a dict from paths to texts, not {_kind(sources)}")
        self.sources = {}
        for path, text in sources.items():
            if not isinstance(path, str) or not isinstance(text, str):
                raise TypeError("sources are a dict from paths to texts, both of them str")
            if not _is_unicode(path + text):
                name = path.encode("utf-8", "replace").decode("utf-8")
                self.missing.append((name, "it is no valid Unicode: it has half of a character", None))
            else:
                self.sources[path] = text

    def _bytes(self, data: object) -> bytes:
        if isinstance(data, (bytes, bytearray, memoryview)):
            return bytes(data)
        if isinstance(data, str):
            return _text(data)
        if isinstance(data, dict):
            return _written(data)
        raise TypeError(f"a document is bytes, a str, a dict or a path, not {_kind(data)}")


def _text(text: str) -> bytes:
    # No document is a single line without braces, but the name of a file is.
    if text.strip() and not any(sign in text for sign in "{\n\t"):
        raise Refused("this str is no document", AS_PATH.format(text if len(text) < 200 else "plan.json"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        what = f"it is no valid Unicode: it has half of a character at {error.start}"
        raise Refused(what, "give the bytes as the tool wrote them") from None


def _written(document: dict[str, Any]) -> bytes:
    try:
        return json.dumps(document, allow_nan=False).encode("ascii")
    except RecursionError:
        raise Refused("this dict is nested too deep", "give the bytes as the tool wrote them") from None
    except (TypeError, ValueError) as error:
        raise Refused(f"this dict is no JSON: {error}", "give what json.load made, or the bytes themselves") from None


def _read(path: str | bytes, max_bytes: int) -> bytes:
    help = "check the path and its permissions"
    try:
        with open(os.open(path, FLAGS), "rb") as file:
            about = os.fstat(file.fileno())
            # To open a directory works, and to read it is refused by the system in its own words.
            if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
                raise Refused("it cannot be read: it is no ordinary file", "read it yourself, and give its bytes")
            read = file.read(min(about.st_size, max_bytes) + 1)
            if about.st_size < len(read) <= max_bytes:
                raise Refused("it grew while it was read", "give it when it is written")
            return read
    except OSError as error:
        raise Refused(f"it cannot be read: {error.strerror} (os error {error.errno})", help) from None
    except MemoryError:
        raise Refused("there is not enough memory to read it") from None
    except ValueError as error:
        raise Refused(f"it cannot be read: {error}", help) from None


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _kind(value: object) -> str:
    return type(value).__name__
