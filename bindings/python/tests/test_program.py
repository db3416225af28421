"""The package says what the program says: the same reports, and the same words for what is refused."""

from __future__ import annotations

import json
import subprocess
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import blastgate
from conftest import REPOSITORY, TESTDATA

OPTIONS = {
    "template": "templates",
    "stack_resources": "stack_resources",
    "stack": "stacks",
    "stack_policy": "stack_policies",
    "context": "context",
}


def without_place(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what only the program knows: where in a repository its files lie."""
    inputs = [{**one, "file": None} for one in report["inputs"]]
    return {**report, "inputs": inputs}


def without_nothing(value: Any) -> Any:
    """JSON without what is left out where there is none of it."""
    if isinstance(value, dict):
        return {key: without_nothing(one) for key, one in value.items() if one not in (None, [], 0)}
    return [without_nothing(one) for one in value] if isinstance(value, list) else value


def same(program: Path, files: list[Path], **beside: list[Path]) -> str:
    """Compares the two, and gives the verdict."""
    names = {python: option for option, python in OPTIONS.items()}
    options = [part for key, paths in beside.items() for path in paths for part in (f"--{names[key].replace('_', '-')}", str(path))]
    run = subprocess.run([program, "check", "--format", "json", *map(str, files), *options], capture_output=True)
    theirs = json.loads(run.stdout)
    try:
        ours = blastgate.check(list(files), **beside)  # type: ignore[arg-type]
    except blastgate.InputError as error:
        ours = error.report
        said = [line.removeprefix("error: ") for line in run.stderr.decode().splitlines() if line.startswith("error: ")]
        assert str(error).splitlines() == said
        assert [problem.input for problem in error.problems] == [one.name for one in ours.inputs if one.error]
    assert without_place(json.loads(ours.render("json"))) == without_place({**theirs, "inputs": theirs["inputs"]})
    assert without_nothing(without_place(ours.to_dict())) == without_nothing(without_place(theirs))
    assert {"allow": 0, "block": 1, "error": 2, "review": 3}[ours.verdict] == run.returncode
    return ours.verdict


def all_same(program: Path, cases: list[tuple[list[Path], dict[str, list[Path]]]]) -> list[str]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda case: same(program, case[0], **case[1]), cases))


@pytest.mark.parametrize("folder", ["labelled", "read", "causes", "twins"])
def test_plans(program: Path, folder: str) -> None:
    files = sorted((TESTDATA / folder).glob("*.json"))
    verdicts = all_same(program, [([file], {}) for file in files])
    assert len(verdicts) > 2 and "error" not in verdicts


def test_refused(program: Path) -> None:
    files = sorted(path for path in (TESTDATA / "refused").iterdir() if path.is_file())
    verdicts = all_same(program, [([file], {}) for file in files])
    assert len(verdicts) > 20 and set(verdicts) == {"error"}


def test_change_sets(program: Path) -> None:
    folder = TESTDATA / "changesets"
    cases = []
    for label in sorted(folder.glob("*.toml")):
        about = tomllib.loads(label.read_text())
        if "files" in about:
            beside = {python: [folder / name for name in about.get(option, [])] for option, python in OPTIONS.items()}
            cases.append(([folder / name for name in about["files"]], beside))
    verdicts = all_same(program, cases)
    assert len(verdicts) > 50 and {"allow", "review", "block", "error"} == set(verdicts)


def test_several_plans_with_context(program: Path) -> None:
    folder = TESTDATA / "context/remote"
    context = [folder / "platform.state.json", folder / "app.state.json"]
    assert same(program, [folder / "network.json"], context=context) == "block"
    assert same(program, [folder / "network.json", folder / "app.json"]) == "block"
    # What is there twice counts once, and what cannot be read is not passed over.
    assert same(program, [folder / "network.json"], context=[*context, folder / "network.state.json"]) == "block"
    assert same(program, [folder / "network.json", TESTDATA / "refused/truncated-plan.json"]) == "error"


def test_files_that_are_none(program: Path, tmp_path: Path) -> None:
    for path in [tmp_path, tmp_path / "missing.json", tmp_path / "\N{ESCAPE}[31m.json"]:
        assert same(program, [path]) == "error"


def test_explanations(program: Path) -> None:
    file = TESTDATA / "labelled/aws-core-renumbered-modules.json"
    address = "module.network.aws_vpc.main"
    run = subprocess.run([program, "explain", address, file, "--format", "json"], capture_output=True, check=True)
    explained = blastgate.explain(file, address)
    assert without_nothing(explained.to_dict()) == without_nothing(json.loads(run.stdout))
    assert explained.explained[0].dependents[0].way


def test_resource_types(program: Path) -> None:
    kinds = ["aws_db_instance", "AWS::RDS::DBInstance", "aws_lambda_permission", "acme_unheard_of"]
    run = subprocess.run([program, "catalog", "--format", "json", *kinds], capture_output=True, check=True)
    assert [blastgate.resource_type(kind).to_dict() for kind in kinds] == json.loads(run.stdout)


def test_rows_of_ones_own(program: Path) -> None:
    rows = TESTDATA / "catalog/own.tsv"
    file = TESTDATA / "labelled/aws-core-renumbered-modules.json"
    run = subprocess.run([program, "check", "--format", "json", file, "--rows", rows], capture_output=True)
    assert blastgate.check(file, rows=rows).tool.catalog == json.loads(run.stdout)["tool"]["catalog"] != blastgate.CATALOG_VERSION
    with pytest.raises(blastgate.InputError, match="no rows of the catalogue"):
        blastgate.check(file, rows=("ours.tsv", "aws_vpc\tgold\n"))


def test_versions(program: Path) -> None:
    from importlib.metadata import version

    run = subprocess.run([program, "--version"], capture_output=True, check=True, text=True)
    assert run.stdout == f"blastgate {blastgate.__version__}\n"
    assert version("blastgate") == blastgate.__version__
    report = blastgate.check(TESTDATA / "read/plan.json")
    assert (report.tool.version, report.tool.catalog) == (blastgate.__version__, blastgate.CATALOG_VERSION)


def test_the_classes_are_those_of_the_schemas() -> None:
    import sys

    generate = REPOSITORY / "bindings/python/generate.py"
    subprocess.run([sys.executable, generate, "--check"], check=True)
