"""Named, weighted, parameterised choices: one text form for the command line, records and tables.

A `Spec` reads and prints as ``name[:weight][,key=value]...``, for example ``integrality:10,order=2``
or ``gaussian,sigma=0.15``. A `Registry` maps names to factories and refuses what it does not know,
naming what it does. A factory receives only parameters that its signature has.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem

T = TypeVar("T")
Value = float | int | bool | str
CONTEXT = ("problem",)  # what a factory may ask for and a user may not set
REQUIRED = inspect.Parameter.empty


def parse_value(text: str) -> Value:
    """The number, truth value or word that a text stands for."""
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def format_value(value: Value) -> str:
    """The text that `parse_value` reads back as an equal value (1.0 prints as 1)."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def digest(values: Mapping[str, Any], contents: bytes = b"") -> str:
    """Twelve hexadecimal digits that name plain values (and the contents of files that they name)."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode() + contents).hexdigest()[:12]


@dataclass(frozen=True)
class Spec:
    """A registered name with a weight (None where weights have no meaning) and parameters."""

    name: str
    weight: float | None = None
    params: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Spec:
        """Read ``name[:weight][,key=value]...``; UsageError says what does not fit."""
        head, *rest = text.split(",")
        name, colon, weight_text = head.partition(":")
        weight: float | None = None
        if colon:
            try:
                weight = float(weight_text)
            except ValueError:
                raise UsageError(f"'{text}': the weight '{weight_text}' is not a number") from None
        params: dict[str, Value] = {}
        for item in rest:
            key, equals, value = item.partition("=")
            if not (key and equals and value):
                raise UsageError(f"'{text}': expected key=value, got '{item}'")
            if key in params:
                raise UsageError(f"'{text}': {key} is given twice")
            params[key] = parse_value(value)
        if not name:
            raise UsageError(f"'{text}': a name is missing")
        return cls(name, weight, params)

    def __str__(self) -> str:
        head = self.name if self.weight is None else f"{self.name}:{format_value(self.weight)}"
        return ",".join([head, *(f"{key}={format_value(value)}" for key, value in self.params.items())])


def _wanted(default: object, value: Value) -> str | None:
    """What a value should have been, told by the parameter's default (a required one is a word)."""
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "true or false"
    if isinstance(default, (int, float)):
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        return None if number else "a finite number"
    return None if isinstance(value, str) else "a word"


class Registry(Generic[T]):
    """Names to factories of one kind of operator; a new operator is one decorated factory in one file.

    `weighted`: whether a spec of this kind may have a weight.
    """

    def __init__(self, kind: str, weighted: bool = False) -> None:
        self.kind, self.weighted = kind, weighted
        self._factories: dict[str, Callable[..., T]] = {}

    def register(self, name: str) -> Callable[[Callable[..., T]], Callable[..., T]]:
        """Decorator: make a class or function known under `name`."""

        def add(factory: Callable[..., T]) -> Callable[..., T]:
            self._factories[name] = factory
            return factory

        return add

    def __iter__(self) -> Iterator[str]:
        return iter(self._factories)

    def factory(self, name: str) -> Callable[..., T]:
        """The factory of a name; UsageError lists the known ones."""
        try:
            return self._factories[name]
        except KeyError:
            raise UsageError(f"unknown {self.kind} '{name}'; known: {', '.join(self)}") from None

    def settled(self, spec: Spec) -> Spec:
        """The spec with everything said: weight 1 where none was given, every parameter, in one order.

        Two texts that mean the same settle to the same spec, and later defaults do not change its meaning.
        UsageError unless the name, the weight and the parameters, their names and kinds, fit.
        """
        known = self.parameters(spec.name)
        if spec.weight is not None and not self.weighted:
            raise UsageError(f"{self.kind} '{spec.name}' takes no weight")
        if spec.weight is not None and not math.isfinite(spec.weight):
            raise UsageError(f"'{spec}': the weight must be a finite number")
        for key, value in spec.params.items():
            if key not in known:
                names = ", ".join(known) or "none"
                raise UsageError(f"{self.kind} '{spec.name}' has no parameter '{key}'; it has: {names}")
            wanted = _wanted(known[key], value)
            if wanted:
                got = format_value(value)
                raise UsageError(f"{self.kind} '{spec.name}': {key} must be {wanted}, got '{got}'")
        missing = [key for key, default in known.items() if default is REQUIRED and key not in spec.params]
        if missing:
            raise UsageError(f"{self.kind} '{spec.name}' needs a value for '{missing[0]}'")
        params = {key: spec.params.get(key, default) for key, default in known.items()}
        return Spec(spec.name, 1.0 if self.weighted and spec.weight is None else spec.weight, params)

    def parameters(self, name: str) -> dict[str, Any]:
        """The parameters a user may set, with their defaults (`REQUIRED` where there is none)."""
        signature = inspect.signature(self.factory(name)).parameters
        return {key: p.default for key, p in signature.items() if key not in CONTEXT}

    def build(self, spec: Spec, problem: Problem) -> T:
        """Call the factory with the spec's parameters, and the problem if its signature asks for it."""
        spec, factory = self.settled(spec), self.factory(spec.name)
        context = {"problem": problem} if "problem" in inspect.signature(factory).parameters else {}
        return factory(**spec.params, **context)
