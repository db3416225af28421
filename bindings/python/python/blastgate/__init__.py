"""The gate between a plan and production: judges what a change would take down before it is applied.

``check`` judges plans and says allow, review or block; ``explain`` tells all about one change; ``resource_type`` says what
a type is worth. Nothing is sent anywhere and no other program is run; several threads may ask at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from . import _native, catalog, errors, explanation, report
from ._inputs import Collected, Data, Input, Plans
from ._record import read
from .catalog import ResourceType
from .errors import AddressError, BlastgateError, InputError, Problem
from .explanation import Explanations
from .report import Finding, Group, Report, WayOut

__all__ = [
    "CATALOG_VERSION",
    "AddressError",
    "BlastgateError",
    "Data",
    "Explanations",
    "Finding",
    "Group",
    "Input",
    "InputError",
    "Plans",
    "Problem",
    "Report",
    "ResourceType",
    "WayOut",
    "__version__",
    "catalog",
    "check",
    "errors",
    "explain",
    "explanation",
    "report",
    "resource_type",
]

__version__ = _native.VERSION

CATALOG_VERSION = _native.catalog_version()
"""The version of what is known of resource types, which moves verdicts."""


def check(
    plan: Plans,
    *,
    context: Iterable[Input] = (),
    templates: Iterable[Input] = (),
    stack_resources: Iterable[Input] = (),
    stacks: Iterable[Input] = (),
    stack_policies: Iterable[Input] = (),
    sources: Mapping[str, str] | None = None,
    workspace: str | None = None,
    rows: Input | None = None,
    max_bytes: int = _native.MAX_BYTES,
) -> Report:
    """Judges a plan, or a list of plans as one change.

    ``plan`` is what ``terraform show -json`` or ``tofu show -json`` prints, or a change set as ``aws cloudformation
    describe-change-set`` prints it: its bytes, its text as ``str``, what ``json.load`` made of it, or a ``pathlib.Path`` to
    read it from. A ``str`` is never a path. A pair ``(name, plan)`` says what the report shall call it.

    ``context`` is what exists elsewhere and may stand on what changes: states, plans, templates. ``templates``,
    ``stack_resources``, ``stacks`` and ``stack_policies`` tell of the stacks of change sets, as the program's options do.
    ``sources`` are the files of the configuration, from their paths within it to their texts. ``workspace`` is the one
    that the plans were made in; it counts as little as a name does. ``rows`` are rows of your own for the catalogue;
    each text of them is kept until the process ends.

    Raises ``InputError`` where anything that is given cannot be read: there is no verdict then. Raises ``TypeError`` where
    an argument is of another type.
    """
    given = _collect(
        plan, context, templates, stack_resources, stacks, stack_policies, sources, workspace, rows, max_bytes
    )
    return _checked(given)


def explain(
    plan: Plans,
    address: str,
    *,
    context: Iterable[Input] = (),
    templates: Iterable[Input] = (),
    stack_resources: Iterable[Input] = (),
    stacks: Iterable[Input] = (),
    stack_policies: Iterable[Input] = (),
    sources: Mapping[str, str] | None = None,
    workspace: str | None = None,
    rows: Input | None = None,
    max_bytes: int = _native.MAX_BYTES,
) -> Explanations:
    """Tells all about one change: what forces it, what stands on it, what would make it pass.

    ``address`` is that of an object as the plan writes it, or of a block for all of its instances. All else is as for
    ``check``.

    Raises ``AddressError`` where no plan has such an object, and what ``check`` raises.
    """
    given = _collect(
        plan, context, templates, stack_resources, stacks, stack_policies, sources, workspace, rows, max_bytes
    )
    if not isinstance(address, str):
        raise TypeError(f"address is a str, not {type(address).__name__}")
    text, problems, near = _native.explain(given, _unicode(address))
    if problems:
        _checked(given)
    explanations = read(Explanations, json.loads(text))
    if not explanations.explained:
        raise AddressError(address, tuple(near))
    return explanations


def resource_type(type: str) -> ResourceType:
    """What a resource type is worth: what it holds, its standing, what guards it. A type that nobody knows is ``unknown``."""
    if not isinstance(type, str):
        raise TypeError(f"type is a str, not {type.__class__.__name__}")
    return read(ResourceType, json.loads(_native.resource_type(_unicode(type))))


def _unicode(text: str) -> str:
    """Half of a character is in no address and no type."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _collect(
    plan: Plans,
    context: Iterable[Input],
    templates: Iterable[Input],
    stack_resources: Iterable[Input],
    stacks: Iterable[Input],
    stack_policies: Iterable[Input],
    sources: Mapping[str, str] | None,
    workspace: str | None,
    rows: Input | None,
    max_bytes: int,
) -> Collected:
    given = Collected(max_bytes=max_bytes, workspace=workspace)
    # A tuple is one plan with its name.
    plans: list[Input] = plan if isinstance(plan, list) else [plan]  # type: ignore[list-item]
    given.plans = given.all("plan", plans)
    given.context = given.all("context", context)
    about = [
        ("template", templates),
        ("resources", stack_resources),
        ("stack", stacks),
        ("policy", stack_policies),
    ]
    for tells, inputs in about:
        given.stacks.extend((tells, name, data) for name, data in given.all(tells, inputs))
    if sources is not None:
        given.add_sources(sources)
    if rows is not None:
        given.rows = given.one("rows", rows)
    return given


def _checked(given: Collected) -> Report:
    text, refused = _native.check(given)
    judged = read(Report, json.loads(text))
    problems = tuple(
        Problem(
            input=name,
            what=what,
            line=place[0] if place else None,
            column=place[1] if place else None,
            help=help,
            text=said,
        )
        for name, what, place, help, said in refused
    )
    # Each would do by itself; a verdict takes both.
    if problems or judged.verdict == "error":
        raise InputError(problems, judged)
    return judged
