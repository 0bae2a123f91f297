"""Results as JSON that every reader takes: a number that is none is null."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any


def json_text(data: Any) -> str:
    r"""Write a result as JSON; what is neither text, number, list nor mapping is written as text.

    >>> json_text({"low": float("nan")})
    '{\n  "low": null\n}'
    """
    return json.dumps(_strict(data), indent=2, ensure_ascii=False, allow_nan=False, default=str)


def _strict(data: Any) -> Any:
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, Mapping):
        return {key: _strict(value) for key, value in data.items()}
    return [_strict(value) for value in data] if isinstance(data, (list, tuple)) else data
