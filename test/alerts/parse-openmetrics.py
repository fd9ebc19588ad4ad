"""Parses OpenMetrics texts by the parser of Prometheus's Python client, which refuses what the specification does not allow.

Standard input: a JSON list of texts. Standard output: for each, its samples as [name, labels, value], by family with type and unit.
"""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

print(
    json.dumps(
        [
            {
                family.name: {
                    "type": family.type,
                    "unit": family.unit,
                    "samples": [[sample.name, sample.labels, sample.value] for sample in family.samples],
                }
                for family in text_string_to_metric_families(text)
            }
            for text in json.load(sys.stdin)
        ]
    )
)
