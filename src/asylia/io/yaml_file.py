"""Read a small YAML file into flat keys with their lines: plain values and lists only, nothing that can grow.

The only module that knows YAML. Anchors, aliases, tags and several documents are refused before anything is built,
so that a file of a few lines cannot become gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from asylia.core.errors import CaseError, Problem
from asylia.io.door import CONTROL, fail, read_text

YAML_BYTES: Final = 100_000
MOST_DEPTH: Final = 6
MOST_EVENTS: Final = 20_000

Way = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value of a YAML file: its text, or the texts of a list, and the line it stands on.

    Parameters
    ----------
    is_empty
        Whether nothing stands behind the key: a section without keys, or null.
    """

    line: int
    text: str = ""
    items: tuple[str, ...] | None = None
    is_empty: bool = False

    @property
    def written(self) -> str:
        """What was found, for a message."""
        return self.text if self.items is None else f"[{', '.join(self.items)}]"


def read_yaml(folder: Path, name: str) -> dict[Way, Value]:
    """Read a YAML file: values by the way of keys to them.

    Raises
    ------
    CaseError
        With every problem that kept it from being read.
    """
    text = read_text(folder, name, most=YAML_BYTES)
    for number, line in enumerate(text.split("\n"), start=1):
        if CONTROL.search(line.replace("\t", " ")):
            raise fail(name, "holds no control characters", "Type the line again.", row=number)
    try:
        _check_events(name, text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _syntax(name, error) from error
    values: dict[Way, Value] = {}
    problems = list(_walk(name, node, (), values))
    if problems:
        raise CaseError(problems)
    return values


def _check_events(name: str, text: str) -> None:
    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        row = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise fail(name, "uses no anchors (&) and no aliases (*)", "Write the value out.", row=row)
        if getattr(event, "tag", None) is not None:
            raise fail(name, "uses no tags (!)", "Write the plain value.", row=row)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > MOST_DEPTH or count > MOST_EVENTS:
            raise fail(name, "is a short list of settings in a few levels", "Take some out.", row=row)
        if documents > 1:
            raise fail(name, "holds one document", 'Remove the line "---" and what follows.', row=row)


def _walk(name: str, node: yaml.Node | None, way: Way, values: dict[Way, Value]) -> Iterator[Problem]:
    if node is None:
        return
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        yield from _walk_keys(name, node, way, values)
    elif isinstance(node, yaml.SequenceNode):
        if all(isinstance(one, yaml.ScalarNode) for one in node.value):
            values[way] = Value(line=line, items=tuple(str(one.value) for one in node.value))
        else:
            must = "a list holds plain values"
            yield Problem(file=name, row=line, column=".".join(way), must=must, mend="Write [1.0, 0.5].")
    else:
        values[way] = Value(line=line, text=str(node.value), is_empty=node.tag.endswith(":null"))
    if not way and not isinstance(node, yaml.MappingNode) and not values[way].is_empty:
        yield Problem(
            file=name, row=line, must="holds keys and values", mend='Write "move_rules:" and so on.'
        )


def _walk_keys(name: str, node: yaml.MappingNode, way: Way, values: dict[Way, Value]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            yield Problem(file=name, row=line, must="a key is one word", mend="Write the name of a setting.")
            continue
        word = str(key.value)
        if word in seen:
            must = f"a key stands once; line {seen[word]} has it already"
            yield Problem(file=name, row=line, column=".".join((*way, word)), must=must, mend="Remove one.")
        seen.setdefault(word, line)
        yield from _walk(name, value, (*way, word), values)


def _syntax(name: str, error: yaml.YAMLError) -> CaseError:
    mark = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", "") or "not understood")
    mend = "Indent with blanks, not tabs, and put a blank behind every colon."
    return fail(name, f"follows the rules of YAML ({said})", mend, row=mark.line + 1 if mark else None)
