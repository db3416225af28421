"""Where things are: the repository, its test data, and the program that the package is compared with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
TESTDATA = REPOSITORY / "testdata"

LOST = {
    "format_version": "1.2",
    "resource_changes": [
        {
            "address": "aws_db_instance.main",
            "mode": "managed",
            "type": "aws_db_instance",
            "name": "main",
            "change": {
                "actions": ["delete", "create"],
                "before": {"password": "hunter2-before", "identifier": "main"},
                "after": {"password": "hunter2-after", "identifier": "other"},
                "before_sensitive": {"password": True},
                "after_sensitive": {"password": True},
                "replace_paths": [["identifier"]],
            },
        }
    ],
}
"""A plan that loses a database, and holds a secret."""


@pytest.fixture(scope="session")
def program() -> Path:
    """The program, which must have been built: the one that ``BLASTGATE`` names, else cargo's."""
    path = Path(os.environ.get("BLASTGATE", REPOSITORY / "target/debug/blastgate"))
    assert path.is_file(), f"there is no program {path}: build it, or name it with BLASTGATE"
    return path
