"""How the innermost loops are compiled.

Compiled code counts the users of every array it takes out of a structure or passes on, and in small inner functions that
counting took a third of the time. Inner loops are therefore compiled without numba's memory manager: nothing is counted,
and the compiler refuses code that would allocate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def inner(function: Function) -> Function:
    """Compile an inner loop: it may neither allocate nor keep an array."""
    return cast("Function", njit(cache=True, _nrt=False)(function))  # type: ignore[call-overload]  # numba's types leave out what stands with an underscore


def written_in(function: Function) -> Function:
    """Compile an inner loop into those who call it: where it takes a tuple of many arrays, handing that over costs more than it does."""
    return cast("Function", njit(cache=True, _nrt=False, inline="always")(function))  # type: ignore[call-overload]  # as above


def allocating(function: Function) -> Function:
    """Compile a function that allocates, also where those who call it must not."""
    return cast("Function", njit(cache=True, _nrt=True)(function))  # type: ignore[call-overload]  # as above


def branchless(function: Function) -> Function:
    """Compile a loop over numbers that are divided without a look whether by 0: a processor then takes several at once."""
    return cast("Function", njit(cache=True, _nrt=False, error_model="numpy")(function))  # type: ignore[call-overload]  # as above
