"""`Facts` and `State` as numba structures: passed by address, where a tuple of fifty arrays is copied at every call.

Only `step.run` makes them, from the tuples. Each part of a day takes out of them, once a day, the arrays it needs: every
array taken out is counted, and in inner loops that counting took a third of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from numba import types
from numba.experimental import structref

from asylia.move.facts import Facts, Lanes, State

Fields = tuple[tuple[str, types.Type], ...]


class _Struct(types.StructRef):
    def preprocess_fields(self, fields: Fields) -> Fields:
        return tuple((name, types.unliteral(kind)) for name, kind in fields)  # type: ignore[no-untyped-call]  # numba


@structref.register
class _FactsType(_Struct):
    pass


@structref.register
class _LanesType(_Struct):
    pass


@structref.register
class _StateType(_Struct):
    pass


class _FactsRef(structref.StructRefProxy):
    pass


class _LanesRef(structref.StructRefProxy):
    pass


class _StateRef(structref.StructRefProxy):
    pass


structref.define_constructor(_FactsRef, _FactsType, list(Facts._fields))  # type: ignore[no-untyped-call]  # numba
structref.define_constructor(_LanesRef, _LanesType, list(Lanes._fields))  # type: ignore[no-untyped-call]  # numba
structref.define_constructor(_StateRef, _StateType, list(State._fields))  # type: ignore[no-untyped-call]  # numba

facts_by_address = cast("Callable[..., Facts]", _FactsRef)
"""Put `Facts` on the heap, in a kernel; takes its fields in order."""
lanes_by_address = cast("Callable[..., Lanes]", _LanesRef)
"""Put `Lanes` on the heap, in a kernel; takes its fields in order."""
state_by_address = cast("Callable[..., State]", _StateRef)
"""Put `State` on the heap, in a kernel; takes its fields in order."""
