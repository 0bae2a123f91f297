"""The decorators of the kernel: functions that neither make arrays nor count their owners.

Numba counts the owners of an array at every look-up, by a call each; measured, that was over half of the time of a
day. A bare function leaves it out, which is right as long as it makes no array: whoever calls it owns them all.
`inlined` is for small functions of inner loops that are given whole tuples of arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

bare: Final = cast("Callable[[Kernel], Kernel]", njit(cache=True, _nrt=False))  # type: ignore[call-overload]  # numba does not list it
inlined: Final = cast("Callable[[Kernel], Kernel]", njit(cache=True, inline="always"))
