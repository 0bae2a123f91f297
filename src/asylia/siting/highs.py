"""The one door to HiGHS: a linear or whole-number program goes in as arrays, a plan with its bound comes out.

One thread, so that the same program gives the same plan. HiGHS is imported when it is first needed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from time import process_time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from highspy import Highs

Floats = NDArray[np.float64]


class State(StrEnum):
    """How a search in HiGHS ended; the text says it to a person."""

    PROVED = "proved: no plan is better by more than the gap that was asked for"
    TIME = "out of time"
    INFEASIBLE = "no plan meets all conditions"
    UNBOUNDED = "there is no limit to how good a plan can be: a cost or a limit is missing"
    FAILED = "HiGHS gave up"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """Minimise `cost @ x + constant`, rows between their limits, `x` between its limits.

    Parameters
    ----------
    cost, lower, upper
        float64 (column,).
    whole
        bool (column,): which columns are whole numbers; none if `None`.
    row_lower, row_upper
        float64 (row,).
    starts, columns, values
        The rows: int (row + 1,), int (entry,), float64 (entry,).
    """

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    starts: NDArray[np.integer]
    columns: NDArray[np.integer]
    values: Floats
    whole: NDArray[np.bool_] | None = None
    constant: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What HiGHS found.

    Parameters
    ----------
    plan
        float64 (column,), `None` without a plan; whole columns are rounded.
    value, bound
        Infinite where nothing is known, or where there is no plan at all.
    row_prices, column_prices
        Worth of one more at the limit of a row or column; empty with whole columns.
    seconds
        Time of the processor.
    nodes
        Branches looked at.
    """

    state: State
    plan: Floats | None
    value: float
    bound: float
    seconds: float
    nodes: int
    row_prices: Floats = field(default_factory=lambda: np.empty(0))
    column_prices: Floats = field(default_factory=lambda: np.empty(0))


def minimise(
    program: Program,
    *,
    seconds: float = math.inf,
    gap: float = 0.0,
    below: float = math.inf,
    start: Floats | None = None,
    options: Mapping[str, bool | int | float | str] | None = None,
) -> Outcome:
    """Search a program with HiGHS on one thread.

    Parameters
    ----------
    seconds
        Time limit by the clock.
    gap
        Relative gap at which the search may stop.
    below
        Plans of this value or more need not be looked for. If none is lower the state is `INFEASIBLE` and the bound is this value.
    start
        float64 (column,), a plan to begin with.
    options
        Further options of HiGHS by name.

    Raises
    ------
    ValueError
        If HiGHS refuses the arrays or an option.
    """
    began = process_time()
    highs = _ready({**_settings(seconds, gap, below - program.constant), **(options or {})})
    _pass(highs, program)
    if start is not None:
        _begin_at(highs, start)
    highs.run()
    return _outcome(highs, program, process_time() - began, below)


def _settings(seconds: float, gap: float, below: float) -> dict[str, bool | int | float | str]:
    settings: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": gap,
        "mip_abs_gap": 0.0 if gap == 0.0 else 1e-6,
    }
    if math.isfinite(seconds):
        settings["time_limit"] = max(seconds, 0.0)
    if math.isfinite(below):
        settings["objective_bound"] = below
    return settings


def _ready(settings: Mapping[str, bool | int | float | str]) -> Highs:
    from highspy import Highs, HighsStatus  # noqa: PLC0415 - half a second, and most commands need no solver

    highs = Highs()  # type: ignore[no-untyped-call]  # its constructor alone has no types
    for name, value in settings.items():
        if highs.setOptionValue(name, value) == HighsStatus.kError:
            raise ValueError(f"HiGHS has no option {name} = {value}.")
    return highs


def _pass(highs: Highs, program: Program) -> None:
    from highspy import HighsLp, HighsStatus, HighsVarType, MatrixFormat  # noqa: PLC0415 - as above

    model = HighsLp()
    model.num_col_, model.num_row_ = program.cost.size, program.row_lower.size
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.offset_ = program.constant
    model.a_matrix_.format_ = MatrixFormat.kRowwise
    model.a_matrix_.start_ = program.starts.astype(np.int32)
    model.a_matrix_.index_ = program.columns.astype(np.int32)
    model.a_matrix_.value_ = program.values
    if program.whole is not None:
        kinds = (HighsVarType.kContinuous, HighsVarType.kInteger)
        model.integrality_ = [kinds[int(one)] for one in program.whole]
    if highs.passModel(model) == HighsStatus.kError:
        raise ValueError("HiGHS refuses these arrays: sizes that do not fit, or a number that is not one.")


def _begin_at(highs: Highs, start: Floats) -> None:
    from highspy import HighsSolution  # noqa: PLC0415 - as above

    solution = HighsSolution()
    solution.col_value = start.tolist()
    solution.value_valid = True
    highs.setSolution(solution)


def _outcome(highs: Highs, program: Program, seconds: float, below: float) -> Outcome:
    info, state = highs.getInfo(), _state(highs)
    solution = highs.getSolution()
    mixed = program.whole is not None and bool(program.whole.any())
    # 2 is HiGHS's mark for a point that meets every row
    plan = np.array(solution.col_value) if info.primal_solution_status == 2 else None
    if plan is not None and program.whole is not None:
        plan = np.where(program.whole, np.round(plan), plan)
    value = float(program.cost @ plan) + program.constant if plan is not None else math.inf
    if state is State.INFEASIBLE:
        bound = below
    elif mixed:
        bound = info.mip_dual_bound
    else:
        bound = value if state is State.PROVED else -math.inf
    return Outcome(
        state=state,
        plan=plan,
        value=-math.inf if state is State.UNBOUNDED else value,
        bound=bound,
        seconds=seconds,
        nodes=max(info.mip_node_count, 0),
        row_prices=np.empty(0) if mixed else np.array(solution.row_dual),
        column_prices=np.empty(0) if mixed else np.array(solution.col_dual),
    )


def _state(highs: Highs) -> State:
    from highspy import HighsModelStatus as Status  # noqa: PLC0415 - as above

    status = highs.getModelStatus()
    if status == Status.kUnboundedOrInfeasible:
        # presolve saw one of the two; without it HiGHS says which
        highs.setOptionValue("presolve", "off")
        highs.run()
        status = highs.getModelStatus()
    return {
        Status.kOptimal: State.PROVED,
        Status.kModelEmpty: State.PROVED,
        Status.kTimeLimit: State.TIME,
        Status.kIterationLimit: State.TIME,
        Status.kSolutionLimit: State.TIME,
        Status.kInfeasible: State.INFEASIBLE,
        Status.kUnbounded: State.UNBOUNDED,
        Status.kObjectiveBound: State.INFEASIBLE,
    }.get(status, State.FAILED)
