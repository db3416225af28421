"""Writes the classes of reports and explanations from the schemas of what the program prints.

Run it where a schema has changed: `python bindings/python/generate.py`. With `--check` it writes nothing and fails where a
file is not as it would be written.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCHEMAS = HERE / "../../schemas"
PACKAGE = HERE / "python/blastgate"

Schema = dict[str, Any]


def classes(schema: Schema) -> dict[str, Schema]:
    """All types by their names, the document's own last."""
    return {**schema["$defs"], schema["title"]: schema}


def word(schema: Schema) -> str:
    """A type as Python writes it."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(word(one) for one in schema["anyOf"])
    kinds = schema["type"]
    if isinstance(kinds, list):
        return " | ".join(word({**schema, "type": kind}) for kind in kinds)
    if kinds == "array":
        return f"tuple[{word(schema['items'])}, ...]"
    return {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}[kinds]


def default(kind: str) -> str:
    """What stands for a field that is left out. Records never are."""
    if kind.endswith("| None"):
        return " = None"
    if kind.startswith("tuple"):
        return " = ()"
    return f" = {kind}()" if kind in ("str", "int", "bool") else ""


def doc(text: str, indent: str) -> list[str]:
    lines = textwrap.wrap(" ".join(text.replace("`", "``").split()), 112)
    if len(lines) == 1:
        return [f'{indent}"""{lines[0]}"""']
    return [f'{indent}"""{lines[0]}', *(indent + line for line in lines[1:]), f'{indent}"""']


def alias(name: str, schema: Schema) -> list[str]:
    """Words that a field may have."""
    words = schema.get("enum") or [one["const"] for one in schema["oneOf"]]
    return [f"{name} = Literal[{', '.join(json.dumps(one) for one in words)}]", *doc(schema["description"], ""), ""]


def record(name: str, schema: Schema) -> list[str]:
    """A class with a field for each property."""
    base = "Judgement" if name == "Report" else "Record"
    lines = ["", f"@dataclass(frozen=True, kw_only=True, slots=True, repr={base == 'Record'})"]
    lines += [f"class {name}({base}):", *doc(schema["description"], "    ")]
    for field, about in schema["properties"].items():
        kind = word(about)
        is_needed = field in schema.get("required", ())
        field = f"{field}_" if keyword.iskeyword(field) else field
        lines += ["", f"    {field}: {kind}" + ("" if is_needed else default(kind))]
        lines += doc(about.get("description", ""), "    ")
    return [*lines, ""]


def code(text: str) -> str:
    """A module without what it says of itself."""
    return re.sub(r'""".*?"""', "", text, flags=re.DOTALL)


def same(one: Schema, other: Schema) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def module(name: str, known: dict[str, Schema]) -> str:
    """The text of a module. Types that are `known` from the report come from there."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    own, shared = {}, []
    for kind, about in classes(schema).items():
        origin = next((other for other, theirs in known.items() if same(about, theirs)), None)
        if origin:
            shared.append(origin)
        else:
            own[kind] = about
    body: list[str] = []
    for kind, about in own.items():
        body += record(kind, about) if "properties" in about else alias(kind, about)
    # Two types of one name get numbers in the schema; in modules of their own they need none.
    text = "\n".join(body)
    for kind in own:
        plain = kind.rstrip("0123456789")
        if plain != kind and plain not in own:
            text = re.sub(rf"\b{kind}\b", plain, text)
    names = sorted({kind.rstrip("0123456789") for kind in own})
    used = [kind for kind in sorted(shared) if kind not in names and re.search(rf"\b{kind}\b", code(text))]
    imports = [f"from .report import {', '.join(used)}"] if used else []
    bases = [base for base in ("Judgement", "Record") if f"({base})" in text]
    typing = ["from typing import Literal", ""] if "Literal[" in text else [""]
    return "\n".join(
        [
            f'"""{schema["description"]} Made from `schemas/{name}.json` by `generate.py`."""',
            "",
            "from __future__ import annotations",
            "",
            "from dataclasses import dataclass",
            *typing,
            f"from ._record import {', '.join(bases)}",
            *imports,
            "",
            "__all__ = [",
            *textwrap.wrap(", ".join(f'"{name}"' for name in names) + ",", 96, initial_indent=" " * 4, subsequent_indent=" " * 4),
            "]",
            "",
            text.rstrip(),
            "",
        ]
    )


def main() -> int:
    report = classes(json.loads((SCHEMAS / "report.json").read_text(encoding="utf-8")))
    wanted = {"report": module("report", {}), "explanation": module("explanation", report)}
    stale = False
    for name, text in wanted.items():
        path = PACKAGE / f"{name}.py"
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                print(f"{path} is not what its schema says: run generate.py", file=sys.stderr)
                stale = True
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
