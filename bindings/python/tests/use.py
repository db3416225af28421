"""What a caller writes, for the type checker: every line of it must be right, but for those that say otherwise."""

from __future__ import annotations

from pathlib import Path

from typing_extensions import assert_type

import blastgate
from blastgate.report import Cause, Outcome, Paste


def use(path: Path, text: str, data: bytes, document: dict[str, object]) -> tuple[str, ...]:
    report = blastgate.check([path, text, data, document, ("named", path)], context=[path], workspace="prod")
    several: tuple[list[Path], list[bytes], list[tuple[str, bytes]]] = ([path], [data], [("named", data)])
    blastgate.check(several[0]), blastgate.check(several[1], context=several[0]), blastgate.explain(several[2], "a.b")
    assert_type(report, blastgate.Report)
    assert_type(report.verdict, Outcome)
    assert_type(report.findings, tuple[blastgate.Finding, ...])
    assert_type(report.findings[0].cause, Cause | None)
    assert_type(report.groups[0].ways_out[0].paste, Paste | None)
    assert_type(blastgate.explain(path, "a.b").explained[0].counted, int)
    assert_type(blastgate.resource_type("a").holds == "records", bool)
    try:
        blastgate.check(None)  # type: ignore[arg-type]
        blastgate.check([None])  # type: ignore[list-item]
        blastgate.check([7])  # type: ignore[list-item]
        report.verdict = "allow"  # type: ignore[misc]
        report.verdit  # type: ignore[attr-defined]
        if report.verdict == "blocked":  # type: ignore[comparison-overlap]
            pass
    except blastgate.InputError as error:
        assert_type(error.problems[0].line, int | None)
    return tuple(way.text for group in report.groups for way in group.ways_out)
