# SPDX-License-Identifier: AGPL-3.0-or-later
"""CP-SAT as every model here uses it: one worker, no clock, and whoever started us keeps Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable

from ortools.sat.python import cp_model


def one_worker(*, time: float, seed: int) -> cp_model.CpSolver:
    """Return a solver that finds the same each time; `time` is in its own deterministic seconds."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # It would take Ctrl-C from whoever started us, and not give it back.
    solver.parameters.catch_sigint_signal = False
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = time
    solver.parameters.linearization_level = 2
    # The whole of presolve takes longer than most proofs.
    solver.parameters.max_presolve_iterations = 1
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    return solver


class Asking:
    """Asks at each new bound whether to go on; no exception may cross the solver itself."""

    def __init__(self, solver: cp_model.CpSolver, go: Callable[[], bool]) -> None:
        self._solver = solver
        self._go = go
        self._raised: BaseException | None = None
        solver.best_bound_callback = self._hear

    def _hear(self, _bound: float) -> None:
        try:
            if self._go():
                return
        except BaseException as error:  # noqa: BLE001  (raised again by `tell`)
            self._raised = error
        self._solver.stop_search()

    def tell(self) -> None:
        """Raise what was raised meanwhile."""
        if self._raised is not None:
            raise self._raised
