"""Write TOML: plain values, tables and lists of tables, in the order given."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping, Sequence

_BARE = re.compile(r"^[A-Za-z0-9_-]+$")


def to_toml(data: Mapping[str, object]) -> str:
    """Write a table as TOML text.

    Mappings become `[tables]` one level down and inline tables below; lists of mappings become `[[entries]]`.

    >>> print(to_toml({"id": "a", "zones": [{"id": "b", "people": {"between": [1.0, 2.0]}}]}), end="")
    id = "a"
    <BLANKLINE>
    [[zones]]
    id = "b"
    people = { between = [1.0, 2.0] }
    """
    plain = {key: value for key, value in data.items() if value == {} or not _is_section(value)}
    parts = [_lines(plain)] if plain else []
    for key, value in data.items():
        if isinstance(value, Mapping) and value:
            parts.append(f"[{_key(key)}]\n{_lines(value)}")
        elif isinstance(value, Sequence) and _is_section(value):
            parts.extend(f"[[{_key(key)}]]\n{_lines(entry)}" for entry in value)
    return "\n".join(parts)


def _is_section(value: object) -> bool:
    is_entries = isinstance(value, list | tuple) and all(isinstance(entry, Mapping) for entry in value)
    return isinstance(value, Mapping) or (is_entries and bool(value))


def _lines(table: Mapping[str, object]) -> str:
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in table.items())


def _key(key: str) -> str:
    return key if _BARE.match(key) else _string(key)


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(str(key))} = {_value(item)}" for key, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, str):
        return _string(str(value))
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    raise ValueError(f"a case holds no {type(value).__name__} like {value}")


def _string(text: str) -> str:
    # JSON escapes are a subset of those of TOML, save DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
