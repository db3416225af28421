"""Everything that the gate has to say. Made from `schemas/report.json` by `generate.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ._record import Judgement, Record

__all__ = [
    "AgentCommits", "Approval", "Catalog", "Cause", "Changes", "Dependent", "Dependents",
    "Edge", "Environment", "Finding", "Gap", "Group", "Input", "LeftOut", "Lowered",
    "NextAction", "NextActions", "Node", "Note", "Outcome", "Paste", "Picture", "Place",
    "Points", "Report", "Role", "Shows", "Source", "Summary", "Tool", "WayOut",
]


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class AgentCommits(Record):
    """An agent that took part in a change."""

    commits: int
    """How many commits it has a part in."""

    name: str
    """Its name; of a bot that is not known, its account."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Approval(Record):
    """Who agreed to a change that must be agreed to."""

    at: str
    """When, as the platform writes it."""

    by: str
    """The account."""

    url: str
    """Where that can be read."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Catalog(Record):
    """What the catalogue says of a type."""

    basis: str
    """On what the answer stands: ``exact``, the pattern, or ``unknown``."""

    holds: str
    """records, transient, nothing, unknown."""

    note: str | None = None
    """A sentence for the reader."""

    standing: str
    """foundation, service, support, routine, unknown."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Cause(Record):
    """Where a change comes from."""

    address: str
    """Where it began: the address of an object, a block or a module."""

    also_edited: str | None = None
    """An attribute of this object that was edited as well, where it began elsewhere."""

    attribute: str | None = None
    """The attribute there."""

    comes_from: str | None = None
    """The changing object that the value comes from: what it waits for, or what it newly refers to."""

    forced_by: str | None = None
    """The attribute of this object that forces its replacement."""

    only_unknown: bool
    """Only a value that is not known yet forces it; it may not be needed at all."""

    origin: str
    """What began it: edited, drifted, read anew, requested, tainted, triggered, not known yet, block removed, module
    removed, key removed, index removed, repetition changed, moved nowhere, switched off, destroy plan, unsaid.
    """

    path: tuple[str, ...]
    """The addresses on the way there, from this object on."""

    reads: tuple[str, ...]
    """The data sources that the value comes from."""

    renamed_to: str | None = None
    """Where something alike is made."""

    text: str
    """The same in a sentence."""

    variables: tuple[str, ...]
    """The variables of the root module, or the parameters of a stack, that the value comes from."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Changes(Record):
    """Managed objects by what is planned for them."""

    create: int
    """Made."""

    delete: int
    """Deleted."""

    forget: int
    """Left running and dropped from the state."""

    import_: int
    """Imported, whatever else happens to them."""

    may_replace: int = int()
    """Changed in place or replaced: only the apply will show which."""

    moved: int
    """Moved to another address, whatever else happens to them."""

    replace: int
    """Replaced, in either order."""

    unchanged: int
    """Left as they are."""

    unknown: int
    """With an action that nobody knows."""

    update: int
    """Changed in place."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Dependent(Record):
    """One dependent."""

    address: str
    """Its address."""

    known_by: str
    """How the last step is known: configuration, state, identity, sources."""

    steps: int
    """How many steps away it is."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Dependents(Record):
    """Who stands on an object."""

    carries_unlisted: bool
    """It carries things that no plan lists."""

    count: int
    """How many foundations, services and stores of records."""

    nearest: tuple[Dependent, ...]
    """The nearest few."""

    outside: tuple[str, ...]
    """The nearest few of those."""

    outside_plan: int
    """How many of them the plan leaves as they are."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Edge(Record):
    """One object stands on another."""

    from_: str
    """The id of what is stood on."""

    known_by: str
    """How that is known: configuration, state, identity. The weakest, where no object lies in between."""

    to: str
    """The id of what stands on it."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Environment(Record):
    """Where a change happens."""

    address: str | None = None
    """The object that says so; for a workspace, the input."""

    is_: str
    """production, ephemeral, weakly ephemeral, or unsaid, which counts as production."""

    key: str | None = None
    """Its tag, or the attribute that holds its name."""

    value: str | None = None
    """What that says."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Finding(Record):
    """One object, and what is wrong with its change."""

    action: str
    """What is planned."""

    address: str
    """The object's address; empty for the plan as a whole."""

    also: tuple[str, ...]
    """The other rules that it meets."""

    catalog: Catalog | None = None
    """What the catalogue says of the type."""

    cause: Cause | None = None
    """Where it comes from."""

    check: str
    """What a reviewer should check, as a question."""

    counts_as: str | None = None
    """Why the type counts as what it does, in a sentence."""

    dependents: Dependents
    """Who stands on it."""

    deposed: str | None = None
    """The key of a deposed object."""

    environment: Environment
    """Where it is."""

    evidence: tuple[str, ...]
    """Facts that the finding stands on."""

    fingerprint: str
    """The same for the same finding in every run."""

    group: str
    """Findings with one cause have one group."""

    input: str
    """The input that it is in."""

    loss: str
    """What is lost or interrupted: data, contents, service, protection, control, unseen."""

    lowered: Lowered | None = None
    """What lowered it."""

    names: tuple[str, ...]
    """The addresses that a finding on a whole plan names."""

    points: tuple[Points, ...]
    """What the score is made of."""

    reason: str
    """What happens and why it matters."""

    rule: str
    """The rule that names it."""

    score: int
    """How bad it is, 0 to 100."""

    source: Source | None = None
    """Where it is written, where the sources were given and have its block."""

    type: str
    """The resource type."""

    verdict: Outcome
    """The verdict, after lowering."""

    ways_out: tuple[WayOut, ...]
    """What to do instead, the best first. There is always one."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Gap(Record):
    """What could not be seen."""

    input: str
    """The input that it is about."""

    text: str
    """What was not seen, and what follows."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Group(Record):
    """Findings that one cause explains."""

    cause: str
    """What happened, in a sentence."""

    findings: tuple[int, ...]
    """The places of its findings in the list of all findings, the worst first."""

    id: str
    """Its name: what the findings give as their group. It is unique within an input."""

    input: str
    """The input that it is in."""

    other_names: tuple[str, ...]
    """A few of those."""

    others: int
    """How many further objects are destroyed by the same cause, without a finding of their own."""

    verdict: Outcome
    """The highest verdict of its findings."""

    ways_out: tuple[WayOut, ...]
    """What to do instead, for all of it, the best first."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Input(Record):
    """One input."""

    digest: str | None = None
    """A digest of what was judged, but for when it was made: the same plan made again has the same one. SHA-256 in
    hexadecimal.
    """

    error: str | None = None
    """Why it could not be read."""

    file: str | None = None
    """The file that it is, seen from the root of its repository, where it lies in one."""

    format: str | None = None
    """What it is: ``terraform-plan``, ``terraform-state``, ``cloudformation-change-set``, ``cloudformation-template``."""

    format_version: str | None = None
    """The format's version, where it has one."""

    name: str
    """Its name: a path, ``-``, or ``path#2`` for the second document in a file."""

    objects: int
    """How many objects exist before the change."""

    role: str
    """What it was given for: ``plan`` to be judged, ``context`` for what exists elsewhere."""

    sha256: str | None = None
    """The SHA-256 of the file as it was given, in hexadecimal, where it is a saved plan: what is applied must have the
    same.
    """

    shown_by: str | None = None
    """The program that showed it, where it is a saved plan."""

    tool_version: str | None = None
    """The version of the tool that made it."""

    workspace: str | None = None
    """The workspace, as a saved plan records it."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class LeftOut(Record):
    """What is not shown, though the picture set out to show it."""

    affected: int
    """Nodes that stand on a root and are left as they are."""

    block: int
    """Nodes whose finding blocks."""

    changed: int
    """Nodes that are changed otherwise."""

    destroyed: int
    """Nodes that are destroyed."""

    edges: int
    """Edges."""

    nodes: int
    """Nodes."""

    review: int
    """Nodes whose finding asks for review."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Lowered(Record):
    """What lowered a finding."""

    by: str
    """What did it: ``environment``."""

    from_: Outcome
    """The verdict before."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class NextAction(Record):
    """One thing to do, or not to do."""

    id: str
    """Which it is: a word that stays the same, such as ``apply``, ``revise`` or ``agree``."""

    text: str
    """The same in a sentence or two. It holds nothing of a plan."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class NextActions(Record):
    """What may follow, for an agent that reads the report."""

    may: tuple[NextAction, ...]
    """What an agent may do without asking."""

    must_not: tuple[NextAction, ...]
    """What it must not do, whoever asks it to."""

    needs_person: tuple[NextAction, ...]
    """What only a person can do or decide."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Node(Record):
    """One object, or a point where ways meet."""

    action: str
    """What is planned for it; ``no-op`` where the plan leaves it as it is, empty where that cannot be said."""

    address: str
    """The object's address; empty for a plan as a whole and for a joint."""

    dependents: int | None = None
    """How many foundations, services and stores of records stand on it; for roots only."""

    deposed: str | None = None
    """The key of a deposed object."""

    holds: str | None = None
    """records, transient, nothing, unknown; for managed objects only."""

    id: str
    """Its name in this picture."""

    input: str
    """The plan that it is in; empty for a joint."""

    role: Role
    """What it does in the picture."""

    rule: str | None = None
    """The rule that its finding names."""

    standing: str | None = None
    """foundation, service, support, routine, unknown; for managed objects only."""

    type: str
    """The resource type."""

    verdict: Outcome | None = None
    """Its finding's verdict, after lowering."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Note(Record):
    """What deserves a look."""

    address: str
    """The address that it is about; empty for the plan as a whole."""

    text: str
    """What to know."""

Outcome = Literal["allow", "review", "block", "error"]
"""The verdict of a whole report, in the order of precedence: with several inputs the last beats the first."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Paste(Record):
    """Text to paste."""

    language: str
    """What it is: hcl, tfvars, sh, yaml."""

    text: str
    """The text."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Picture(Record):
    """Objects, and who stands on whom among them."""

    edges: tuple[Edge, ...]
    """Who stands on whom."""

    inputs: tuple[str, ...]
    """The names of the plans."""

    left_out: LeftOut
    """What a limit left out."""

    nodes: tuple[Node, ...]
    """Everything that is shown: the roots, then what stands on them, the nearest first."""

    roots: tuple[str, ...]
    """The ids of the nodes that were found or are destroyed, the worst first."""

    schema_version: int
    """The version of the picture's form."""

    shows: Shows
    """What it set out to show."""

    tool: Tool
    """What made it."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Place(Record):
    """A place in a source file."""

    file: str
    """The file, seen from the root of its repository, with ``/`` between folders."""

    line: int
    """The line, counted from one."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Points(Record):
    """A part of a score."""

    points: int
    """How much."""

    reason: str
    """What for."""

Role = Literal["plan", "destroyed", "changed", "affected", "between", "untouched", "joint"]
"""What a node does in a picture."""

Shows = Literal["affected", "all"]
"""What a picture set out to show."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Source(Record):
    """Where an object is written."""

    attribute_at: Place | None = None
    """The attribute in that block that forces the replacement, or for which the change is found."""

    called_from: tuple[Place, ...]
    """The calls of the modules that it stands in, the outermost first."""

    file: str
    """The file of its block, seen from the root of its repository, with ``/`` between folders."""

    instead: str | None = None
    """What is written there, where the object's own block is gone: something alike, or a ``removed`` block. A few
    words.
    """

    line: int
    """The line of its block, counted from one."""

    set_at: Place | None = None
    """Where that is set, or what it follows from: perhaps in another block or file, in a module's call, or among the
    variables' values.
    """


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Summary(Record):
    """The change in a few numbers."""

    block: int
    """Findings that block."""

    changes: Changes
    """Managed objects by what is planned for them."""

    lowered: int
    """Findings that were lowered to allow."""

    review: int
    """Findings that ask for review."""

    text: str
    """The verdict's reason in one line."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class Tool(Record):
    """What made the report."""

    catalog: str
    """The catalogue's version, which moves verdicts."""

    name: str
    """``blastgate``."""

    version: str
    """Its version."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=True)
class WayOut(Record):
    """What to do instead."""

    id: str
    """Which way it is: moved, revert, removed, snapshot and so on."""

    paste: Paste | None = None
    """What to paste."""

    text: str
    """What to do, in a sentence or two."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Report(Judgement):
    """Everything that the gate has to say."""

    agents: tuple[AgentCommits, ...] = ()
    """The agents that took part in the change, where its commits were looked at."""

    approval: Approval | None = None
    """Who agreed to it, where somebody's word counts. It changes the exit code and not the verdict."""

    digest: str | None = None
    """A digest of everything that was judged, in any order, with the verdict: what a word about this report is bound
    to. SHA-256 in hexadecimal.
    """

    findings: tuple[Finding, ...]
    """What was found, the worst first."""

    gaps: tuple[Gap, ...]
    """What could not be seen, and what follows from that."""

    groups: tuple[Group, ...]
    """What was found, by cause: one story each, the worst first."""

    inputs: tuple[Input, ...]
    """What was read."""

    next_actions: NextActions
    """What an agent may do now, what it must not do, and what needs a person."""

    notes: tuple[Note, ...]
    """What deserves a look all the same, and changes no verdict."""

    picture: Picture | None = None
    """What is affected, drawn as far as somebody asked for it."""

    points: tuple[Points, ...]
    """What the score is made of."""

    schema_version: int
    """The version of the report's form."""

    score: int
    """How bad it is, 0 to 100, for ranking; it knows nothing of environments and approvals."""

    summary: Summary
    """The change in a few numbers."""

    tool: Tool
    """What made it."""

    verdict: Outcome
    """What must happen before the change may go on."""
