"""SCIP's LP interface (LPI), called through ctypes in the library that PySCIPOpt contains.

`pyscipopt.LP` wraps the same functions, but it holds the GIL while it solves (no signal handler runs and
`stop` is not polled), it cannot be interrupted, it does not distinguish a time limit from a failure, and it
copies entry by entry. ctypes releases the GIL and passes whole arrays. The signatures are those of SCIP's
`lpi/lpi.h`.
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
# NumPy checks dtype and layout in every call.
REALS = np.ctypeslib.ndpointer(np.float64, flags="C_CONTIGUOUS")
INTS = np.ctypeslib.ndpointer(np.int32, flags="C_CONTIGUOUS")
NULL, OUT = c_void_p, POINTER(c_int)
FUNCTIONS: dict[str, tuple[Any, ...]] = {  # argument types after the LPI; each returns a SCIP_RETCODE
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
QUESTIONS = (  # functions of the LPI alone that return a number
    "IsOptimal", "IsPrimalInfeasible", "IsTimelimExc", "IsIterlimExc", "HasDualRay", "GetInternalStatus",
)  # fmt: skip


class Lpi:
    """An LP inside SCIP's LP solver.

    lpi        the LP of another owner; None creates one, which is freed with the object
    infinity   the number that the LP solver takes as infinite
    """

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

    def do(self, function: str, *arguments: Any) -> None:
        """Call SCIPlpi<function>. Raises RuntimeError unless it returns SCIP_OKAY."""
        code = getattr(self._library, "SCIPlpi" + function)(self._lpi, *arguments)
        if code != OKAY:
            raise RuntimeError(f"SCIPlpi{function} returned {code}")

    def count(self, function: str) -> int:
        """Return the number that SCIPlpi<function> writes."""
        number = c_int()
        self.do(function, byref(number))
        return number.value

    def ask(self, question: str) -> int:
        """Return the value of SCIPlpi<question>."""
        return int(getattr(self._library, "SCIPlpi" + question)(self._lpi))


def versions() -> dict[str, str]:
    """Return the versions of PySCIPOpt, of its SCIP and of SCIP's LP solver."""
    scip = library()
    import pyscipopt

    version = ".".join(str(getattr(scip, f"SCIP{part}Version")()) for part in ("major", "minor", "tech"))
    return {"pyscipopt": pyscipopt.__version__, "scip": version, "lp": scip.SCIPlpiGetSolverName().decode()}


@cache
def library() -> ctypes.CDLL:
    """Return the library with SCIP's functions, which the dynamic linker finds behind PySCIPOpt's own module.

    Raises UsageError without PySCIPOpt, and if its build does not export the functions.
    """
    try:
        import pyscipopt.scip
    except ImportError as error:
        raise UsageError("the scip backend needs PySCIPOpt: pip install 'diffpump[scip]'") from error
    scip = ctypes.CDLL(pyscipopt.scip.__file__)
    try:
        scip.SCIPlpiCreate.argtypes = (POINTER(c_void_p), c_void_p, c_char_p, c_int)
        scip.SCIPlpiFree.argtypes = (POINTER(c_void_p),)
        scip.SCIPlpiInfinity.argtypes, scip.SCIPlpiInfinity.restype = (c_void_p,), c_double
        scip.SCIPlpiGetSolverName.restype = c_char_p
        for name, arguments in {**FUNCTIONS, **dict.fromkeys(QUESTIONS, ())}.items():
            getattr(scip, "SCIPlpi" + name).argtypes = (c_void_p, *arguments)
    except AttributeError as error:  # some builds hide the functions, as on Windows
        raise UsageError("this build of PySCIPOpt does not export SCIP's LP interface; use highs") from error
    return scip
