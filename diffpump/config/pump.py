"""The configuration of the pump: the frozen `Config`, and the digest that names a run in tables.

Operators are given as `Spec`s, whose one text form the command line, the records and the tables share. The
named configurations are in `config.presets`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diffpump.backends.interface import BACKENDS
from diffpump.core.errors import UsageError
from diffpump.core.registry import Registry
from diffpump.core.spec import Spec, Value, digest, parse_value
from diffpump.operators.jacobians import JACOBIANS
from diffpump.operators.losses import LOSSES
from diffpump.operators.multipliers import MULTIPLIERS
from diffpump.operators.optimizers import OPTIMIZERS
from diffpump.operators.restarts import RESTARTS
from diffpump.operators.roundings import ROUNDINGS

REGISTRIES: Mapping[str, Registry[Any]] = {
    "losses": LOSSES,
    "rounding": ROUNDINGS,
    "jacobian": JACOBIANS,
    "optimizer": OPTIMIZERS,
    "restarts": RESTARTS,
    "multipliers": MULTIPLIERS,
}
SINGLE = ("rounding", "jacobian", "optimizer", "multipliers")  # fields of one spec each
_CHOICES = {
    "integers": ("box", "aux", "periodic"),
    "stages": ("one", "binaries"),
    "final": ("none", "nearest", "hull"),
    "optimizer_state": ("keep", "reset"),
    "presolve": ("off", "on"),
    "cuts": ("none", "cover"),
    "polish": ("off", "on"),
    "lp_free": ("off", "on"),
    "repair": ("lp", "off"),
    "lp_start": ("warm", "cold"),
    "lp_algorithm": ("auto", "primal", "dual"),
    "locks": ("ignore", "use"),
    "memory": ("last", "all"),
    "scaling": ("none", "max"),
    "objective": ("norm", "value"),
    "line_search": ("off", "exact"),
}
NON_NEGATIVE = {
    "stall": int, "improvements": int, "penalties": float, "segment": int,
    "lp_iterations": int, "alpha": float,
}  # fmt: skip


@dataclass(frozen=True)
class Config:
    """The configuration of a run of the pump: everything but the model and the seed.

    An instance holds every parameter of its specs, defaults included.

    Attributes
    ----------
    preset : str
        The label of the configuration in tables and logs. It is not part of the digest.
    losses : tuple of Spec
        The weighted terms of the total loss, at least one.
    optimizer : Spec
        The step on theta.
    rounding : Spec
        The rounding x_lp -> x_round, and its backward pass.
    jacobian : Spec
        The surrogate Jacobian of the LP argmin.
    restarts : tuple of Spec
        The policies in order of precedence. Only the first kick is applied.
    integers : {"box", "aux", "periodic"}
        The treatment of general integers. With "box" a bound of the LP stops the pull of the cost at the next
        integer. With "aux" the LP minimises the distance to the rounding, on both sides of it. With
        "periodic" the cost pulls alone and the bounds stay.
    repair : {"lp", "off"}
        With "lp", if a rounding is no solution, its integers are fixed and an LP chooses the continuous
        columns.
    backend : str
        The name of the LP backend, such as "highs" or "scip".
    lp_start : {"warm", "cold"}
        "warm" starts each LP from the last basis. With "cold" an LP point depends on the cost alone.
    lp_algorithm : {"auto", "primal", "dual"}
        The simplex. "auto" chooses by the simplex iterations of the first re-solves.
    max_iter : int
        Iterations after the first LP.
    time_limit : float or None
        Wall seconds, reading and checking included. None stands for no limit.
    locks : {"ignore", "use"}
        With "use", an integer column that has no lock in one direction gets no cost and is rounded in that
        direction.
    memory : {"last", "all"}
        With "all", a rounding that any earlier iteration had is a cycle, which makes the pump perturb. With
        "last", roundings are compared with that of the iteration before only.
    stall : int
        Iterations in a row without fewer violated rows that count as a cycle. 0 stands for never.
    scaling : {"none", "max"}
        With "max", the gradient of each loss at x_lp is scaled to a largest absolute entry of 1 before its
        weight is applied.
    multipliers : Spec or None
        How the multipliers of the rows grow at a stall (`operators.multipliers`). None keeps all of them 1.
    presolve : {"off", "on"}
        With "on" the pump works on the model that HiGHS's presolve leaves (`search.alone`).
    cuts : {"none", "cover"}
        With "cover" one round of minimal cover cuts, violated by the LP relaxation's optimum, joins the
        model's rows (`knapsack.covers`).
    polish : {"off", "on"}
        With "on" a solution is improved by 1-opt, and then by the LP over its continuous columns.
    lp_free : {"off", "on"}
        With "on" the pump begins with searches without an LP (`pump.lp_free`). If they find a solution and
        there are improvements, the first LP follows, and the pump asks for a better one.
    improvements : int
        After a solution the pump goes on up to this many times for a better one (`pump.improvement`).
    penalties : float
        s >= 0: when a rounding repeats, the penalty of each integer column that the LP point does not meet
        grows by the factor 1 + s. The integrality losses are weighted by these penalties, which are 1 at
        first.
    stages : {"one", "binaries"}
        With "binaries" the general integers are continuous until the pump has integral values of the binary
        columns or makes no more progress (`pump.stages`).
    final : {"none", "nearest", "hull"}
        A last search by branch and cut after the last iteration: for the solution "nearest" to the best
        rounding, or for one in the "hull" of the LP points (`pump.final`).
    optimizer_state : {"keep", "reset"}
        With "reset" the optimizer forgets its state, such as a momentum, at every kick.
    segment : int
        The number of points that are rounded on each of three segments, from x_lp to its rounding, to the
        last x_round and to the last x_lp. The rounding with the fewest violated rows is judged too. 0 stands
        for none.
    line_search : {"off", "exact"}
        With "exact" every rounding on the segment from x_lp to the last x_round is tried, and the one with
        the fewest violated rows is judged too.
    lp_iterations : int
        Simplex iterations that an LP after the first may take. 0 stands for no limit. A limit needs
        lp_algorithm="primal" and lp_start="warm", with which an LP that is cut off ends in P.
    alpha : float
        The share of the objective in the LP's cost is alpha^k in iteration k, 0 <= alpha < 1.
    objective : {"norm", "value"}
        The scale of the objective in that cost: "norm" for ||theta|| / ||c||, "value" for |theta'x| / |c'x|
        at the last LP point.
    cutoff : float or None
        Accept only solutions that are at least this good in the model's own sense, by a row of the LP. None
        accepts any.

    Raises
    ------
    UsageError
        If the field or the registry of an operator does not allow a value.

    Notes
    -----
    The fields from `locks` on are switches beyond the paper, which are off in its presets.
    """

    preset: str
    losses: tuple[Spec, ...]
    optimizer: Spec
    rounding: Spec = Spec("gaussian", params={"sigma": 0.15})
    jacobian: Spec = Spec("minus_identity")
    restarts: tuple[Spec, ...] = (Spec("perturbation"), Spec("flip"))
    integers: str = "box"
    repair: str = "lp"
    backend: str = "highs"
    lp_start: str = "warm"
    lp_algorithm: str = "auto"
    max_iter: int = 1000
    time_limit: float | None = 60.0
    locks: str = "ignore"
    memory: str = "last"
    stall: int = 0
    scaling: str = "none"
    multipliers: Spec | None = None
    presolve: str = "off"
    cuts: str = "none"
    polish: str = "off"
    lp_free: str = "off"
    improvements: int = 0
    penalties: float = 0.0
    stages: str = "one"
    final: str = "none"
    optimizer_state: str = "keep"
    segment: int = 0
    line_search: str = "off"
    lp_iterations: int = 0
    alpha: float = 0.0
    objective: str = "norm"
    cutoff: float | None = None

    def __post_init__(self) -> None:
        for name, known in _CHOICES.items():
            value = getattr(self, name)
            if value not in known:
                raise UsageError(f"unknown {name} '{value}'; known: {', '.join(known)}")
        if not isinstance(self.backend, str):
            raise UsageError(f"backend must be the name of an LP backend, got {self.backend!r:.60}")
        if self.backend != "highs":  # the default needs no look-up, which would import the LP solvers
            BACKENDS.entry(self.backend)
        if not _is_number(self.max_iter, int) or self.max_iter < 0:
            raise UsageError(f"max_iter must be a whole number >= 0, got {self.max_iter}")
        if self.time_limit is not None and not (
            _is_number(self.time_limit, int, float) and self.time_limit >= 0
        ):
            raise UsageError(f"time_limit must be a number of seconds >= 0, got {self.time_limit}")
        for name, kind in NON_NEGATIVE.items():
            value = getattr(self, name)
            if not _is_number(value, int, kind) or not 0 <= value < math.inf:
                whole = "a whole number" if kind is int else "a number"
                raise UsageError(f"{name} must be {whole} >= 0, got {value}")
            object.__setattr__(self, name, kind(value))
        if self.alpha >= 1:
            raise UsageError(f"alpha must be below 1, got {self.alpha}")
        if self.cutoff is not None:
            if not _is_number(self.cutoff, int, float) or not math.isfinite(self.cutoff):
                raise UsageError(f"cutoff must be a number or none, got {self.cutoff}")
            object.__setattr__(self, "cutoff", float(self.cutoff))
        if self.lp_iterations and (self.lp_algorithm, self.lp_start) != ("primal", "warm"):
            raise UsageError("lp_iterations needs lp_algorithm=primal and lp_start=warm")
        if not self.losses:
            raise UsageError("at least one loss is needed")
        for name, registry in REGISTRIES.items():
            specs = getattr(self, name)
            if specs is None:  # only multipliers may be
                continue
            resolved = (
                tuple(map(registry.resolve, specs)) if isinstance(specs, tuple) else registry.resolve(specs)
            )
            object.__setattr__(self, name, resolved)

    @property
    def uses_kernels(self) -> bool:
        """Whether the pump calls compiled kernels."""
        return (
            self.rounding.name.endswith("propagation")
            or "search" in [spec.name for spec in self.restarts]
            or "on" in (self.polish, self.lp_free)
            or self.line_search != "off"
        )

    def without_kernels(self) -> Config:
        """Return a configuration that calls no compiled kernels."""
        return self.with_(rounding="nearest", restarts=(), polish="off", lp_free="off", line_search="off")

    def as_dict(self) -> dict[str, Any]:
        """Return the configuration as plain values, specs as texts, for records and for `from_dict`."""
        out: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                value = [str(spec) for spec in value]
            out[field.name] = str(value) if isinstance(value, Spec) else value
        return out

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that name this configuration; its label is left out.

        The content of a file that a loss names is part of the digest. A switch that is off is not, so that
        the digest of a configuration stays the same when a new switch is added.
        """
        values = {
            key: value
            for key, value in self.as_dict().items()
            if key != "preset" and not (key in SWITCHES_OFF and value == SWITCHES_OFF[key])
        }
        files = [Path(str(spec.params["file"])) for spec in self.losses if "file" in spec.params]
        contents = b"".join(path.read_bytes() for path in files if path.is_file())
        return digest(values, contents)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Config:
        """Return the configuration from what `as_dict` returned, also in an earlier version.

        Then `multipliers` was the step of the rule `ldf`, or 0 for none.
        """
        step = values.get("multipliers")
        if isinstance(step, (int, float)):
            values = {**values, "multipliers": f"ldf,step={step}" if step else None}
        return cls(**_parsed(values))

    def with_(self, **changes: Any) -> Config:
        """Return a copy with changed fields.

        Parameters
        ----------
        **changes
            New values of fields. For a field of specs, a text is parsed as a spec. One spec alone may stand
            for the losses or the restarts.

        Raises
        ------
        UsageError
            If a field is unknown, or as `Config` does.
        """
        return dataclasses.replace(self, **_parsed(changes))

    def set(self, assignment: str) -> Config:
        """Return a copy with one assignment applied.

        Parameters
        ----------
        assignment : str
            ``key=value``, which sets a field (``repair=off``), a parameter of an operator
            (``optimizer.eta=0.5``, ``losses.integrality.order=2``) or the weight of a loss
            (``losses.integrality=10``). The value "none" stands for None.

        Raises
        ------
        UsageError
            For any other text, and as `Config` does.
        """
        key, equals, text = assignment.partition("=")
        if not (equals and key and text):
            raise UsageError(f"--set '{assignment}': expected key=value")
        path = key.split(".")
        value: Value | None = None if text == "none" else parse_value(text)
        if len(path) == 1:
            if key == "preset":
                raise UsageError(f"--set '{assignment}': use --preset instead")
            if key in ("losses", "restarts"):
                raise UsageError(
                    f"--set '{assignment}': use --{'loss' if key == 'losses' else 'restart'} instead"
                )
            if key == "time_limit" and isinstance(value, int) and not isinstance(value, bool):
                value = float(value)
            return self.with_(**{key: value})
        if path[0] in ("losses", "restarts"):
            specs = getattr(self, path[0])
            if len(path) < 2 or path[1] not in [spec.name for spec in specs]:
                raise UsageError(f"--set '{assignment}': this configuration has no such entry in {path[0]}")
            changed = tuple(
                _change(s, path[2:], value, assignment) if s.name == path[1] else s for s in specs
            )
            return self.with_(**{path[0]: changed})
        if path[0] in SINGLE:
            spec = getattr(self, path[0])
            if spec is None:
                raise UsageError(f"--set '{assignment}': this configuration has no {path[0]}")
            return self.with_(**{path[0]: _change(spec, path[1:], value, assignment)})
        raise UsageError(f"--set '{assignment}': unknown setting '{key}'")

    def paper(self) -> Config:
        """Return the authors' exact setting: the soft rounding's slope on all columns, and no repair."""
        rounding = self.rounding
        if rounding.name == "gaussian":
            rounding = dataclasses.replace(rounding, params={**rounding.params, "continuous": "quirk"})
        return dataclasses.replace(self, rounding=rounding, repair="off")


_SWITCHES = (
    "locks", "memory", "stall", "scaling", "multipliers", "presolve", "cuts", "polish", "lp_free",
    "improvements", "penalties", "stages", "final", "optimizer_state", "segment", "line_search",
    "lp_iterations", "alpha", "objective", "cutoff",
)  # fmt: skip
SWITCHES_OFF = {field.name: field.default for field in dataclasses.fields(Config) if field.name in _SWITCHES}


def _parsed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of fields with the texts of specs parsed. Raises UsageError for an unknown field."""
    known, parsed = {field.name for field in dataclasses.fields(Config)}, dict(values)
    for name, value in values.items():
        if name not in known:
            raise UsageError(f"unknown setting '{name}'; known: {', '.join(sorted(known))}")
        if name in ("losses", "restarts"):
            items = [value] if isinstance(value, (str, Spec)) else value
            if not isinstance(items, Iterable):
                raise UsageError(f"{name} must be a list of specs, got {value!r:.60}")
            parsed[name] = tuple(_spec(item) for item in items)
        elif name == "multipliers" and value in (None, "none"):
            parsed[name] = None
        elif name in SINGLE:
            parsed[name] = _spec(value)
    return parsed


def _is_number(value: object, *kinds: type) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def _spec(value: str | Spec) -> Spec:
    return value if isinstance(value, Spec) else Spec.parse(str(value))


def _change(spec: Spec, path: list[str], value: Value | None, assignment: str) -> Spec:
    if value is None or len(path) > 1:
        raise UsageError(f"--set '{assignment}': expected one parameter and one value")
    if not path:
        if isinstance(value, (str, bool)):
            raise UsageError(f"--set '{assignment}': the weight must be a number")
        return dataclasses.replace(spec, weight=float(value))
    return dataclasses.replace(spec, params={**spec.params, path[0]: value})
