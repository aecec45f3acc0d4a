"""SCIP's LP interface (LPI), out of the library that PySCIPOpt brings along.

`pyscipopt.LP` wraps the same functions but holds the GIL while it solves (no signal handler, no `stop`),
cannot interrupt, does not tell a time limit from a failure, and copies entry by entry. So they are called
through ctypes, which releases the GIL and takes whole arrays. Signatures: SCIP's `lpi/lpi.h`.
"""

from __future__ import annotations

import ctypes
import weakref
from ctypes import POINTER, byref, c_char_p, c_double, c_int, c_void_p
from functools import cache
from typing import Any

import numpy as np

from diffpump.core.errors import UsageError

OKAY = 1  # SCIP_OKAY
FEASTOL, DUAL_FEASTOL, ITERATION_LIMIT, TIME_LIMIT, TIMING = 6, 7, 10, 11, 16  # SCIP_LPPAR_*
WALL_CLOCK = 2  # a value of TIMING
REALS = np.ctypeslib.ndpointer(np.float64, flags="C_CONTIGUOUS")  # checked at every call
INTS = np.ctypeslib.ndpointer(np.int32, flags="C_CONTIGUOUS")
NULL, OUT = c_void_p, POINTER(c_int)
STEPS: dict[str, tuple[Any, ...]] = {  # the arguments after the LPI; the result is a SCIP_RETCODE
    "ChgSides": (c_int, INTS, REALS, REALS),
    "AddCols": (c_int, REALS, REALS, REALS, NULL, c_int, NULL, NULL, NULL),
    "AddRows": (c_int, REALS, REALS, NULL, c_int, INTS, INTS, REALS),
    "ChgObj": (c_int, INTS, REALS),
    "ChgBounds": (c_int, INTS, REALS, REALS),
    "SetIntpar": (c_int, c_int),
    "SetRealpar": (c_int, c_double),
    "SolvePrimal": (),
    "SolveDual": (),
    "Interrupt": (c_int,),
    "ClearState": (),
    "GetBase": (INTS, INTS),
    "SetBase": (INTS, INTS),
    "GetSol": (NULL, REALS, NULL, NULL, NULL),
    "GetIterations": (OUT,),
    "GetDualfarkas": (REALS,),
    "GetNCols": (OUT,),
    "GetNRows": (OUT,),
    "GetNNonz": (OUT,),
    "GetObj": (c_int, c_int, REALS),
    "GetCols": (c_int, c_int, REALS, REALS, OUT, INTS, INTS, REALS),
    "GetSides": (c_int, c_int, REALS, REALS),
}
QUESTIONS = (
    "IsOptimal", "IsPrimalInfeasible", "IsTimelimExc", "IsIterlimExc", "HasDualRay", "GetInternalStatus",
)  # fmt: skip


class Lpi:
    """One LP inside SCIP's LP solver, freed with the object; or one that belongs to somebody else."""

    def __init__(self, lpi: c_void_p | None = None) -> None:
        self._library, self._lpi = library(), lpi or c_void_p()
        if lpi is None:
            self._create()
        self.infinity = float(self._library.SCIPlpiInfinity(self._lpi))

    def _create(self) -> None:
        if self._library.SCIPlpiCreate(byref(self._lpi), None, b"relaxation", 1) != OKAY:
            raise MemoryError("SCIP could not create an LP")
        pointer = c_void_p(self._lpi.value)
        weakref.finalize(self, self._library.SCIPlpiFree, byref(pointer)).atexit = False

    def do(self, step: str, *arguments: Any) -> None:
        """Call SCIPlpi<step>; RuntimeError unless it returns SCIP_OKAY."""
        code = getattr(self._library, "SCIPlpi" + step)(self._lpi, *arguments)
        if code != OKAY:
            raise RuntimeError(f"SCIPlpi{step} returned {code}")

    def count(self, what: str) -> int:
        """The number that SCIPlpi<what> gives out."""
        number = c_int()
        self.do(what, byref(number))
        return number.value

    def ask(self, question: str) -> int:
        """The answer of SCIPlpi<question>."""
        return int(getattr(self._library, "SCIPlpi" + question)(self._lpi))


def versions() -> dict[str, str]:
    """PySCIPOpt, its SCIP and its LP solver."""
    scip = library()
    import pyscipopt

    version = ".".join(str(getattr(scip, f"SCIP{part}Version")()) for part in ("major", "minor", "tech"))
    return {"pyscipopt": pyscipopt.__version__, "scip": version, "lp": scip.SCIPlpiGetSolverName().decode()}


@cache
def library() -> ctypes.CDLL:
    """The loaded library; the dynamic linker finds SCIP's functions behind PySCIPOpt's own module."""
    try:
        import pyscipopt.scip
    except ImportError as error:
        raise UsageError("the scip backend needs PySCIPOpt: pip install diffpump[scip]") from error
    scip = ctypes.CDLL(pyscipopt.scip.__file__)
    try:
        scip.SCIPlpiCreate.argtypes = (POINTER(c_void_p), c_void_p, c_char_p, c_int)
        scip.SCIPlpiFree.argtypes = (POINTER(c_void_p),)
        scip.SCIPlpiInfinity.argtypes, scip.SCIPlpiInfinity.restype = (c_void_p,), c_double
        scip.SCIPlpiGetSolverName.restype = c_char_p
        for name, arguments in {**STEPS, **dict.fromkeys(QUESTIONS, ())}.items():
            getattr(scip, "SCIPlpi" + name).argtypes = (c_void_p, *arguments)
    except AttributeError as error:  # a build that hides them, as on Windows
        raise UsageError("this build of PySCIPOpt does not export SCIP's LP interface; use highs") from error
    return scip
