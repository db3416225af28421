#!/usr/bin/env python3
"""A planlab with more in it: nested blocks, values that change by themselves, and our own resource types.

    python3 lab.py PLANLAB_FOLDER LAB_FOLDER

makes LAB_FOLDER a planlab whose types are planlab's own with those of ../types.toml and types.toml added, and whose
provider is this file. A type here may have nested blocks, always as lists:

    [azurerm_redis_cache.blocks.patch_schedule]
    force_new = ["day_of_week"]
    plain     = ["start_hour_utc:number"]

The environment variable PLANLAB_DRIFT changes what is read, as if somebody had changed it by hand:
PLANLAB_DRIFT='{"aws_instance": {"ami": "ami-2"}}'.
"""
import json
import os
import shutil
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent


def prepare(planlab, lab):
    lab.mkdir(parents=True, exist_ok=True)
    shutil.copy(planlab / "planlab", lab / "planlab")
    shutil.copy(planlab / "provider.py", lab / "planlab_provider.py")
    shutil.copy(__file__, lab / "provider.py")
    types = {}
    for file in (planlab / "types.toml", HERE.parent / "types.toml", HERE / "types.toml"):
        for kind, table in tomllib.loads(file.read_text()).items():
            known = types.setdefault(kind, {})
            for key, fields in table.items():
                known[key] = {**known.get(key, {}), **fields} if key == "blocks" else [*known.get(key, []), *fields]
    (lab / "types.toml").write_text("".join(written(kind, table) for kind, table in types.items()))
    # The programs that planlab keeps from run to run: its own environment is used where there is one.
    cache, known = lab / "cache", Path.home() / ".cache" / "planlab" / "venv"
    cache.mkdir(exist_ok=True)
    if known.exists() and not (cache / "venv").exists():
        (cache / "venv").symlink_to(known)


def written(name, table):
    rows = "".join(f"{key} = {json.dumps(fields)}\n" for key, fields in table.items() if key != "blocks")
    blocks = "".join(written(f"{name}.blocks.{block}", fields) for block, fields in table.get("blocks", {}).items())
    return f"[{name}]\n{rows}{blocks}"


def extend(base):
    """Teaches planlab's provider nested blocks and drift."""
    from tf import provider as protocol
    from tf.blocks import SetNestedBlock
    from tf.gen import tfplugin_pb2 as pb
    from tf.schema import Block, Schema
    from tf.utils import _to_attribute_path

    class Blocks(SetNestedBlock):
        """Nested blocks as a list, as nearly all providers have them."""

        def to_pb(self):
            nested = super().to_pb()
            nested.nesting = pb.Schema.NestedBlock.NestingMode.LIST
            return nested

        def encode(self, value):
            return [protocol._encode_state_d(self._amap(), {}, item, None) for item in value or []]

        def decode(self, value):
            diags = base_diagnostics()
            return [protocol._decode_state(diags, self._amap(), {}, item)[1] for item in value or []]

        def semantically_equal(self, a_decoded, b_decoded):
            return a_decoded == b_decoded

    def base_diagnostics():
        from tf.utils import Diagnostics

        return Diagnostics()

    flat = base.schema_of

    def schema_of(spec):
        schema = flat(spec)
        attributes = lambda fields: [a for a in flat(fields).attributes if a.name != "id"]
        blocks = [Blocks(name, Block(attributes=attributes(fields))) for name, fields in spec.get("blocks", {}).items()]
        return Schema(version=1, attributes=schema.attributes, block_types=blocks)

    plain_class = base.resource_class

    def resource_class(kind, spec):
        stub = plain_class(kind, spec)
        drift = json.loads(os.environ.get("PLANLAB_DRIFT", "{}")).get(kind, {})

        class Drifting(stub):
            def read(self, ctx, current):
                left = super().read(ctx, current)
                return left and {**left, **drift}

        Drifting.__name__ = kind
        return Drifting

    flat_plan = protocol.ProviderServicer.PlanResourceChange

    def plan(self, request, context):
        """What changes inside of a block may force a replacement too."""
        answer = flat_plan(self, request, context)
        blocks = self._get_res_blocks(request.type_name)
        state = lambda value: protocol._decode_state(base_diagnostics(), {}, blocks, value)[1] or {}
        prior, proposed = state(request.prior_state), state(request.proposed_new_state)
        for name, block in blocks.items() if prior else ():
            for place, (old, new) in enumerate(zip(prior.get(name) or [], proposed.get(name) or [])):
                forced = (a.name for a in block.block.attributes if a.requires_replace and old[a.name] != new[a.name])
                answer.requires_replace.extend(_to_attribute_path([name, (place,), attribute]) for attribute in forced)
        return answer

    base.schema_of, base.resource_class = schema_of, resource_class
    protocol.ProviderServicer.PlanResourceChange = plan


def main(program):
    import planlab_provider

    extend(planlab_provider)
    planlab_provider.main(program)


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), Path(sys.argv[2]))
