"""The one command: measure, print the table, fail if a gate is missed."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from importlib import import_module
from math import inf

from benchmarks.table import Row, as_table

#: Name → module; each has `measure() -> list[Row]`. Light ones first, so that the load leaves no warm caches.
KINDS = {
    "import": "benchmarks.import_time",
    "client-import": "benchmarks.client_import",
    "client-calls": "benchmarks.client_calls",
    "client-concurrency": "benchmarks.client_concurrency",
    "client-memory": "benchmarks.client_memory",
    "client-fixtures": "benchmarks.client_fixtures",
    "webhook-import": "benchmarks.webhook_import",
    "webhook-verify": "benchmarks.webhook_verify",
    "webhook-command": "benchmarks.webhook_command",
    "egress": "benchmarks.egress",
    "help": "benchmarks.help_time",
    "start": "benchmarks.server_start",
    "prompts": "benchmarks.prompt_adherence",
    "studio": "benchmarks.studio",
    "release-check": "benchmarks.release_check",
    "release-audio": "benchmarks.release_audio",
    "artwork": "benchmarks.artwork",
    "admission": "benchmarks.admission",
    "reads": "benchmarks.reads",
    "limited-reads": "benchmarks.limited_reads",
    "recording": "benchmarks.recording",
    "library-growth": "benchmarks.library_growth",
    "many-processes": "benchmarks.many_processes",
    "webhook-deliveries": "benchmarks.webhook_deliveries",
    "distributions": "benchmarks.distributions",
}


def main() -> int:
    """Measure what was asked for."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--only", choices=sorted(KINDS), action="append", help="may be repeated")
    chosen = options.parse_args().only or list(KINDS)
    rows: list[Row] = []
    for name, module in KINDS.items():
        if name in chosen:
            print(f"measuring: {name} …", file=sys.stderr, flush=True)
            measure: Callable[[], list[Row]] = import_module(module).measure
            try:
                rows += measure()
            except Exception as error:  # the other figures are still worth having
                print(f"{name}: {error}", file=sys.stderr)
                rows.append(Row(f"{name}: could not be measured", inf, 0))
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}\n")
    print(as_table(rows))
    missed = [row.what for row in rows if not row.passed]
    if missed:
        print(f"\nmissed: {'; '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
