"""Judging holds nobody up, and many may judge at once, on whatever stack they have."""

from __future__ import annotations

import copy
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import blastgate
from conftest import LOST, TESTDATA


def large(rows: int) -> bytes:
    """A plan that takes a while."""
    row = LOST["resource_changes"][0]  # type: ignore[index]
    changes = []
    for at in range(rows):
        one: dict[str, Any] = copy.copy(row)  # type: ignore[call-overload]
        one["address"], one["name"] = f"aws_db_instance.main{at}", f"main{at}"
        changes.append(one)
    return json.dumps({**LOST, "resource_changes": changes}).encode()


def test_python_goes_on_meanwhile() -> None:
    from blastgate import _native
    from blastgate._inputs import Collected

    given = Collected(max_bytes=1 << 30)
    given.plans = [("plan", large(600))]
    ticks: list[float] = []
    done = threading.Event()

    def tick() -> None:
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    other = threading.Thread(target=tick)
    other.start()
    began = time.monotonic()
    _native.check(given)
    ended = time.monotonic()
    done.set()
    other.join()
    inside = [at for at in ticks if began < at < ended]
    # It must have taken long enough to tell; a thread that waits for the lock ticks at the edges alone.
    assert ended - began > 0.05
    middle = [at for at in inside if began + (ended - began) / 4 < at < ended - (ended - began) / 4]
    assert len(middle) > 3, (len(inside), ended - began)


def test_many_at_once() -> None:
    files = sorted((TESTDATA / "labelled").glob("*.json"))[:40]
    alone = [blastgate.check(file) for file in files]
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(blastgate.check, files * 5)) == alone * 5


def test_a_small_stack_is_enough() -> None:
    """Hostile nesting on the smallest stack that Python gives a thread."""
    deep = 120
    block = "dynamic \"a\" {\n" * 200 + "}\n" * 200
    values = json.loads("[" * deep + "]" * deep)
    plan = json.loads(json.dumps(LOST))
    plan["resource_changes"][0]["change"]["before"]["nested"] = values
    sources = {"main.tf": block, "more.tf": "locals {\n a = " + "(" * 5000 + "1" + ")" * 5000 + "\n}\n", "list.tf": "locals {\n a = " + "[" * 5000 + "]" * 5000 + "\n}\n"}
    template = "\n".join(" " * at + "a:" for at in range(1000))
    outcome: list[object] = []

    def judge() -> None:
        try:
            outcome.append(blastgate.check(plan, sources=sources).verdict)
        except blastgate.BlastgateError as error:
            outcome.append(error)
        for hostile in ["[" * 100_000, "{\"a\":" * 100_000, template]:
            try:
                blastgate.check(plan, templates=[hostile + "\n"], context=[("context", hostile + "\n")])
            except blastgate.InputError:
                outcome.append("refused")

    before = threading.stack_size(64 * 1024)
    try:
        thread = threading.Thread(target=judge)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert outcome == ["block", "refused", "refused", "refused"]
