"""Run benchmarks by name: `python -m benchmarks [NAME ...] [--json]`; all of them without a name."""

from __future__ import annotations

import argparse
import json
from importlib import import_module

NAMES = (
    "engine",
    "consent",
    "agreement",
    "needs",
    "cluster",
    "members",
    "common_luck",
    "siting",
    "siting_large",
    "open_camp",
    "replay",
    "threat",
)


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    unknown = sorted(set(asked.names) - set(NAMES))
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}; known: {', '.join(NAMES)}")
    modules = {name: import_module(f"benchmarks.{name}") for name in asked.names or NAMES}
    found = {name: module.measure() for name, module in modules.items()}
    if asked.json:
        print(json.dumps(found, indent=2))
        return
    for name, module in modules.items():
        print(f"{name}\n{module.show(found[name])}")


if __name__ == "__main__":
    main()
