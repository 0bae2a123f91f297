"""Find a named thing: built-ins first, then entry points of installed packages.

Kinds: `importer`, `rule`, `objective`, `criterion`, `executor`. A package offers one by an entry point in the
group `asylia.<kind>`. Nothing is loaded until it is asked for by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points

from asylia.core.errors import PluginError, nearest

KINDS = ("importer", "rule", "objective", "criterion", "executor")


def find(kind: str, name: str, built_in: Mapping[str, object]) -> object:
    """Return the thing of this kind and name, or say which names there are.

    >>> find("executor", "serial", {"serial": 1})
    1
    """
    if kind not in KINDS:
        raise PluginError(f'"{kind}" is no kind of plug-in. Use one of {", ".join(KINDS)}.')
    if name in built_in:
        return built_in[name]
    offered = {point.name: point for point in entry_points(group=f"asylia.{kind}")}
    if name in offered:
        return offered[name].load()
    known = sorted({*built_in, *offered})
    hint = nearest(name, known) or f"Known: {', '.join(known)}."
    raise PluginError(f'There is no {kind} named "{name}". {hint}')
