"""What the package says of its types is what a type checker reads of the installed package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_caller_is_checked(tmp_path: Path) -> None:
    file = Path(__file__).with_name("use.py")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(file)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_package_is_checked(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), "-p", "blastgate"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
