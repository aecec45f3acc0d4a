"""Access to a running SCIP through its C interface: the current LP as arrays, and whether SCIP must stop.

PySCIPOpt returns an LP only entry by entry, and does not report that a solve was interrupted. The LP read
here is the one in SCIP's LP solver: a minimisation in transformed space, with cuts and the focus node's
bounds.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_char_p, c_double, c_int, c_uint, c_void_p, pythonapi
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import scipy.sparse as sp

from diffpump.backends.interface import Basis
from diffpump.backends.lpi import OKAY, Lpi, library
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import INFINITE

# SCIP's functions: the types of the arguments after the object's pointer, and the type of the result.
CALLS: dict[str, tuple[tuple[Any, ...], Any]] = {
    "SCIPgetLPI": ((POINTER(c_void_p),), c_int),
    "SCIPisStopped": ((), c_uint),
    "SCIPgetCutoffbound": ((), c_double),
    "SCIPgetLPObjval": ((), c_double),
    "SCIPinfinity": ((), c_double),
    "SCIPgetBestSol": ((), c_void_p),
    "SCIPsolGetHeur": ((), c_void_p),
    "SCIPheurGetName": ((), c_char_p),
}


@dataclass(frozen=True, eq=False)
class CurrentLp:
    """The LP relaxation of the focus node, solved to optimality.

    problem    the LP as a problem with n columns and m rows; `integer` includes implied integers
    columns    the variables of the n columns (`pyscipopt.scip.Variable`)
    x          SCIP's optimal vertex (n,)
    basis      the basis of that vertex
    loose      the contribution to the objective of variables that are not in the LP
    """

    problem: Problem
    columns: list[Any]
    x: Vector
    basis: Basis
    loose: float


class Host:
    """SCIP during a call of one of its plugins; do not keep it after the call."""

    def __init__(self, model: Any) -> None:
        self._model, self._functions = model, functions()
        self._scip = c_void_p(pythonapi.PyCapsule_GetPointer(model.to_ptr(False), b"scip"))

    def stopped(self) -> bool:
        """Return whether SCIP will end soon: by an interrupt, or a limit of time, nodes or memory."""
        return bool(self._functions.SCIPisStopped(self._scip))

    def cutoff(self) -> float:
        """Return the cutoff bound in the transformed objective, infinite without an incumbent."""
        value = float(self._functions.SCIPgetCutoffbound(self._scip))
        return value if value < self._functions.SCIPinfinity(self._scip) else np.inf

    def lp_value(self) -> float:
        """Return the objective of the current LP in the transformed objective."""
        return float(self._functions.SCIPgetLPObjval(self._scip))

    def finder(self) -> str:
        """Return the name of the heuristic that found the best solution, or "relaxation" if none did."""
        heuristic = self._functions.SCIPsolGetHeur(self._functions.SCIPgetBestSol(self._scip))
        if not heuristic:
            return "relaxation"
        name: bytes = self._functions.SCIPheurGetName(heuristic)
        return name.decode()

    def lp(self) -> CurrentLp:
        """Return the current LP, which must have been solved to optimality."""
        lpi = self._lpi()
        n, m, nonzeros = (lpi.count(what) for what in ("GetNCols", "GetNRows", "GetNNonz"))
        c, lb, ub, data = np.empty(n), np.empty(n), np.empty(n), np.empty(nonzeros)
        lo, hi = np.empty(m), np.empty(m)
        begin, rows = np.empty(n + 1, np.int32), np.empty(nonzeros, np.int32)
        columns_at, rows_at = np.empty(n, np.int32), np.empty(m, np.int32)
        if n:
            lpi.do("GetObj", 0, n - 1, c)
            lpi.do("GetCols", 0, n - 1, lb, ub, byref(c_int()), begin, rows, data)
        begin[n] = nonzeros
        if m:
            lpi.do("GetSides", 0, m - 1, lo, hi)
        lpi.do("GetBase", columns_at, rows_at)
        for bound in (lb, ub, lo, hi):
            bound[bound >= INFINITE], bound[bound <= -INFINITE] = np.inf, -np.inf
        columns = self._model.getLPColsData()
        x = np.fromiter((column.getPrimsol() for column in columns), np.float64, n)
        A = sp.csc_matrix((data, rows, begin), (m, n)).tocsr()
        integer = np.fromiter((column.isIntegral() for column in columns), np.bool_, n)
        problem = Problem(
            "LP", c, 0.0, False, A, lo, hi, lb, np.maximum(lb, ub), integer,
            [f"x{j}" for j in range(n)], [f"r{i}" for i in range(m)],
        )  # fmt: skip
        variables, loose = [column.getVar() for column in columns], self.lp_value() - float(c @ x)
        return CurrentLp(problem, variables, x, Basis(columns_at, rows_at), loose)

    def _lpi(self) -> Lpi:
        pointer = c_void_p()
        if self._functions.SCIPgetLPI(self._scip, byref(pointer)) != OKAY:
            raise RuntimeError("SCIP does not give access to its LP")
        return Lpi(pointer)


@cache
def functions() -> ctypes.CDLL:
    """Return SCIP's C functions. Raises UsageError if the build of PySCIPOpt hides them."""
    scip = library()
    for name, (arguments, result) in CALLS.items():
        getattr(scip, name).argtypes, getattr(scip, name).restype = (c_void_p, *arguments), result
    pythonapi.PyCapsule_GetPointer.argtypes = (ctypes.py_object, ctypes.c_char_p)
    pythonapi.PyCapsule_GetPointer.restype = c_void_p
    return scip
