"""Prints what this flyte SDK would store of each rendered file of a JSON list, as base64 of the protobuf, without a server."""

import json
import sys
from base64 import b64encode

import flyte
from flyte._deploy import _get_documentation_entity
from flyte._internal.runtime.task_serde import translate_task_to_wire
from flyte.models import SerializationContext


def spec_of(source, task_id):
    module = {"__name__": "build_image_task"}
    exec(compile(source, "build_image_task.py", "exec"), module)
    task = module["build_image_task"]
    spec = translate_task_to_wire(task, SerializationContext(**task_id), default_inputs=[])
    # A deploy puts it in, and not the serializer.
    spec.documentation.CopyFrom(_get_documentation_entity(task))
    return b64encode(spec.SerializeToString()).decode()


def answer(case):
    try:
        return {"spec": spec_of(**case)}
    except Exception as error:
        return {"refusal": f"{type(error).__name__}: {error}"}


json.dump({"version": flyte.version(), "answers": [answer(case) for case in json.load(sys.stdin)]}, sys.stdout)
