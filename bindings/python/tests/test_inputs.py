"""What may be given, and that nothing else ever comes out as a verdict."""

from __future__ import annotations

import copy
import json
import os
import pickle
from pathlib import Path
from typing import Any

import pytest

import blastgate
from conftest import LOST, TESTDATA

TEXT = json.dumps(LOST)


class Opens:
    """A path that is no ``pathlib.Path``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


def findings(given: Any) -> list[tuple[str, str]]:
    return [(one.rule, one.address) for one in blastgate.check(given).findings]


class Moves:
    """A path that is another one when it is asked again."""

    def __init__(self, *paths: Path) -> None:
        self.paths = list(paths)

    def __fspath__(self) -> str:
        return str(self.paths.pop(0))


def test_a_path_is_asked_once(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(TEXT)
    report = blastgate.check(Moves(tmp_path / "plan.json", tmp_path / "other.json"))
    assert report.inputs[0].name == str(tmp_path / "plan.json")


def test_all_forms_are_one_plan(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(TEXT)
    data = TEXT.encode()
    forms = [
        LOST, TEXT, data, bytearray(data), memoryview(data), memoryview(b"  " + data)[2:], file, Opens(file),
        ("named", data), TEXT.encode("utf-16"), "\ufeff" + TEXT, [LOST], [("named", file)],
    ]  # fmt: skip
    for form in forms:
        assert findings(form) == [("data-loss", "aws_db_instance.main")], form


def test_names() -> None:
    assert blastgate.check(LOST).inputs[0].name == "plan"
    assert blastgate.check(("orders", LOST)).findings[0].input == "orders"
    other = json.dumps(LOST).replace("main", "other")
    assert [one.name for one in blastgate.check([LOST, other]).inputs] == ["plan", "plan 2"]
    with pytest.raises(blastgate.InputError, match="another input has the same name"):
        blastgate.check([("plan", LOST), ("plan", other)])


def nested(depth: int) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for _ in range(depth):
        document = {"a": document}
    return document


CIRCLE: dict[str, Any] = {}
CIRCLE["again"] = CIRCLE


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "the input is empty"),
        (b"", "the input is empty"),
        ({}, "not a plan"),
        ([], "no plan was given"),
        ("plan.json", "this str is no document"),
        ("/etc/passwd", "this str is no document"),
        (str(TESTDATA / "read/plan.json"), "give pathlib.Path"),
        ("null", "this str is no document"),
        ("{", "truncated"),
        (TEXT[:200], "truncated"),
        (TEXT + "}", "plan:1:"),
        ("{\ud800}", "half of a character at 1"),
        (TEXT.replace("main", "\udcff"), "half of a character"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"{\xff}", "not UTF-8"),
        (b"PK\x03\x04", "terraform show -json"),
        (b"tfplan", "plan:"),
        ({"resource_changes": float("nan")}, "no JSON"),
        ({"resource_changes": float("inf")}, "no JSON"),
        ({"resource_changes": {1, 2}}, "no JSON"),
        ({("a", "b"): 1}, "no JSON"),
        (CIRCLE, "no JSON"),
        (nested(500), "plan:"),
        (nested(200_000), "nested too deep"),
        ('{"a":' * 200_000, "plan:"),
        ("[" * 200_000 + "{", "plan:"),
        ({**LOST, "format_version": "\ud800"}, "plan:"),
        ({**LOST, "resource_changes": [1]}, "plan:"),
        (Path("\0"), "cannot be read"),
        (Path("missing" * 100), "cannot be read"),
        (Path("."), "Is a directory"),
        (Path("/dev/null"), "no ordinary file"),
        (("\ud800", Path("/missing")), "No such file"),
    ],
)
def test_bad_input_is_never_a_verdict(given: Any, words: str) -> None:
    with pytest.raises(blastgate.InputError) as caught:
        blastgate.check(given)
    error = caught.value
    assert words in str(error)
    assert error.report.verdict == "error" and not error.report.allowed
    assert error.what and error.where and len(error.problems) == 1
    str(error).encode(), repr(error), str(error.report), error.report.to_json()
    assert isinstance(error, ValueError) and isinstance(error, blastgate.BlastgateError)
    again = pickle.loads(pickle.dumps(error))
    assert (again.problems, str(again)) == (error.problems, str(error))
    with pytest.raises(blastgate.InputError):
        blastgate.explain(given, "aws_db_instance.main")


def test_a_pipe_and_a_socket_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in [tmp_path / "pipe", Path("/dev/zero"), Path("/dev/stdin")]:
        with pytest.raises(blastgate.InputError, match="cannot be read"):
            blastgate.check(path)


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.json"))
    with pytest.raises(blastgate.InputError, match="No such file"):
        blastgate.check(path)
    path.write_text(TEXT)
    assert blastgate.check(path).inputs[0].name.endswith("\N{REPLACEMENT CHARACTER}.json")


@pytest.mark.parametrize("given", [None, 1, True, 1.5, object(), {1}, iter([LOST]), (LOST, LOST), ("a",), ("a", None), [None], [[LOST]], ("a", ("b", LOST))])
def test_other_types_are_type_errors(given: Any) -> None:
    with pytest.raises(TypeError):
        blastgate.check(given)


@pytest.mark.parametrize(
    "beside",
    [
        {"context": "state.json"},
        {"context": Path("state.json")},
        {"context": ("state", {})},
        {"context": {}},
        {"context": None},
        {"templates": b"{}"},
        {"sources": "main.tf"},
        {"sources": {"main.tf": b""}},
        {"sources": [("main.tf", "")]},
        {"workspace": b"prod"},
        {"workspace": 1},
        {"rows": 1},
        {"max_bytes": 0},
        {"max_bytes": "1"},
        {"max_bytes": True},
        {"contxt": []},
    ],
)
def test_options_of_other_types_are_type_errors(beside: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        blastgate.check(LOST, **beside)


@pytest.mark.parametrize(
    ("beside", "words"),
    [
        ({"context": ["{}"]}, "neither a state"),
        ({"context": ["state.json"]}, "this str is no document"),
        ({"context": [Path("/missing")]}, "No such file"),
        ({"templates": ["{"]}, "template"),
        ({"stack_policies": [LOST]}, "policy"),
        ({"sources": {"notes.txt": ""}}, "no .tf file"),
        ({"sources": {}}, "sources: there is no .tf file"),
        ({"sources": {"main.tf": "\ud800"}}, "half of a character"),
        ({"workspace": "\ud800"}, "half of a character"),
        ({"rows": "{\n"}, "no rows"),
        ({"max_bytes": 10}, "limit of 10 bytes"),
    ],
)
def test_what_stands_beside_a_plan_is_not_passed_over(beside: dict[str, Any], words: str) -> None:
    with pytest.raises(blastgate.InputError, match=words) as caught:
        blastgate.check(LOST, **beside)
    assert caught.value.report.verdict == "error"


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(TEXT)
    assert blastgate.check(file, max_bytes=len(TEXT)).verdict == "block"
    assert blastgate.check(file, max_bytes=1 << 100).verdict == "block"
    with pytest.raises(blastgate.InputError, match="larger than the limit"):
        blastgate.check(file, max_bytes=len(TEXT) - 1)


def test_sources_count() -> None:
    plan = TESTDATA / "sources/network/plan.json"
    files = {file.relative_to(plan.parent).as_posix(): file.read_text() for file in plan.parent.rglob("*.tf")}
    with_files = blastgate.check(plan, sources=files)
    assert any(finding.source for finding in with_files.findings)
    assert not any(finding.source for finding in blastgate.check(plan).findings)


def test_all_that_is_wrong_is_told() -> None:
    with pytest.raises(blastgate.InputError) as caught:
        blastgate.check([("good", LOST), ("bad", "{"), Path("/missing.json")])
    error = caught.value
    assert [problem.where for problem in error.problems] == ["/missing.json", "bad:1:2"]
    assert [finding.input for finding in error.report.findings] == ["good"]


def test_a_type_is_a_text() -> None:
    assert blastgate.resource_type("\ud800").holds == "unknown"
    with pytest.raises(TypeError, match="type is a str, not NoneType"):
        blastgate.resource_type(None)  # type: ignore[arg-type]


def test_an_address_that_is_not_there() -> None:
    for address in ["aws_db_instance.mian", "", "\ud800", "\N{ESCAPE}[31m"]:
        with pytest.raises(blastgate.AddressError) as caught:
            blastgate.explain(LOST, address)
        assert isinstance(caught.value, LookupError)
        assert "\N{ESCAPE}" not in str(caught.value)
    with pytest.raises(blastgate.AddressError, match="did you mean 'aws_db_instance.main'"):
        blastgate.explain(LOST, "aws_db_instance.mian")
    with pytest.raises(TypeError):
        blastgate.explain(LOST, None)  # type: ignore[arg-type]


def test_a_report_cannot_be_taken_for_more_than_it_is() -> None:
    report = blastgate.check(LOST)
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(report)
    with pytest.raises(AttributeError):
        report.verdict = "allow"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        report.findings[0].verdict = "allow"  # type: ignore[misc]
    with pytest.raises(ValueError, match="there is no format \"yaml\""):
        report.render("yaml")
    assert report == blastgate.check(LOST) == copy.deepcopy(report) == pickle.loads(pickle.dumps(report))
    assert hash(report) == hash(blastgate.check(LOST))


def test_nothing_shows_a_secret() -> None:
    report = blastgate.check(LOST)
    shown = [repr(report), str(report), repr(report.findings), report.to_json(), report.render("html")]
    shown.append(repr(blastgate.explain(LOST, "aws_db_instance.main")))
    with pytest.raises(blastgate.InputError) as caught:
        blastgate.check({**LOST, "resource_changes": "hunter2-elsewhere"})
    shown += [repr(caught.value), str(caught.value), repr(caught.value.report), caught.value.report.to_json()]
    assert not any("hunter2" in text for text in shown)


def test_no_trace_shows_a_secret() -> None:
    from blastgate._inputs import Collected

    given = Collected(max_bytes=10, plans=[("plan", b"hunter2")])
    assert "hunter2" not in repr(given)


def test_nothing_steers_a_terminal() -> None:
    hostile = json.loads(json.dumps(LOST).replace("aws_db_instance.main", "aws_db_instance.\\u001b[31mmain\\u202e"))
    report = blastgate.check(("\N{ESCAPE}]0;title\a", hostile))
    for text in [repr(report), str(report), repr(report.findings[0]), report.to_json()]:
        assert "\N{ESCAPE}" not in text and "\u202e" not in text and "\a" not in text


def test_what_json_makes_is_what_json_reads(tmp_path: Path) -> None:
    for file in sorted((TESTDATA / "labelled").glob("*.json"))[::25]:
        with file.open() as opened:
            given = json.load(opened)
        ours = blastgate.check((str(file), given))
        assert ours.findings == blastgate.check(file).findings, file

