"""Registries: for each kind of member (losses, arms, LP backends, ...), a map from names to factories.

    LOSSES: Registry[Loss] = Registry("loss", package="diffpump.operators.losses", group="diffpump.losses")

    @LOSSES.register("bilinear", help="sum of d (1 - d)")
    def bilinear(problem: Problem) -> Integrality: ...

A new member needs one file. When a name is first looked up, the modules of `package` are imported, and so
are the entry points of `group` that installed distributions declare:

    [project.entry-points."diffpump.losses"]
    mine = "my_package.my_loss"

Command-line choices, help texts, TOML keys, the compilation of kernels and the tests read the registries,
so all of them know a new file, in child processes too. A factory's parameters are the options that a user
may set. Their types are those of the annotations (bool, int, float, str or a Literal of words), not those of
the defaults.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from threading import RLock
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar, get_args, get_origin

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Spec, Value, format_value

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
# Parameters of a factory that the program passes and no user may set.
CONTEXT = ("problem", "interior", "context")
REQUIRED = inspect.Parameter.empty
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # what a spec, an option or a TOML file can denote
BASIC = {kind.__name__: kind for kind in (bool, int, float, str)}


class Parameter(NamedTuple):
    """A parameter that a user may set.

    Attributes
    ----------
    default : value
        The default value; `REQUIRED` if there is none.
    type : type
        bool, int, float, str or a Literal of words.
    """

    default: Any
    type: Any


@dataclass(frozen=True)
class Entry:
    """A registered member.

    Attributes
    ----------
    name : str
        The registered name.
    factory : callable
        The decorated class or function.
    help : str
        One line for help texts and listings.
    parameters : mapping of str to Parameter
        The parameters that a user may set, in the factory's order.
    context : tuple of str
        The parameters of the factory that the program passes.
    facts : object
        Further data of the registration, such as an arm's `Role`.
    extra : str
        The optional dependency that the member needs (`pip install 'diffpump[extra]'`), or "".
    modules : tuple of str
        The modules that this extra installs, for `diffpump doctor`.
    """

    name: str
    factory: Callable[..., Any]
    help: str
    parameters: Mapping[str, Parameter]
    context: tuple[str, ...]
    facts: Any = None
    extra: str = ""
    modules: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The module and qualified name of the factory."""
        return f"{self.factory.__module__}.{self.factory.__qualname__}"


@dataclass(eq=False)
class Registry(Generic[T]):
    """The members of one kind, by name.

    Attributes
    ----------
    kind : str
        The noun for a member in messages.
    package : str
        The package (or module) whose modules register members.
    group : str
        The group of entry points whose modules register members.
    weighted : bool
        Whether a spec of this kind may have a weight.
    reserved : tuple of str
        Names with another meaning in the place of a member's name, which no member may take.
    """

    kind: str
    package: str
    group: str
    weighted: bool = False
    reserved: tuple[str, ...] = ()
    _entries: dict[str, Entry] = field(default_factory=dict)
    _loaded: bool = False
    _loading: bool = False
    _error: UsageError | None = None
    _lock: Any = field(default_factory=RLock)

    def register(
        self, name: str, *, help: str, facts: Any = None, extra: str = "", modules: tuple[str, ...] = ()
    ) -> Callable[[F], F]:
        """Return a decorator that registers a class or function under a name.

        Parameters
        ----------
        name : str
            The name, which must not be taken.
        help, facts, extra, modules
            The attributes of the `Entry`.

        Raises
        ------
        UsageError
            By the decorator, if the name is taken or reserved, or if it is not of the form `NAME`.
        TypeError
            By the decorator, for a parameter without an annotation, or with an annotation or a default that
            the text of a spec cannot denote.
        """

        def add(factory: F) -> F:
            if not (isinstance(name, str) and NAME.fullmatch(name)) or name in self.reserved:
                raise UsageError(f"{self.kind} {name!r} of {factory.__module__}: the name cannot be used")
            parameters, context = _parameters(factory)
            entry = Entry(name, factory, help, parameters, context, facts, extra, modules)
            if name in self._entries:
                taken = self._entries[name].origin
                raise UsageError(f"{self.kind} '{name}' is registered twice: by {taken} and {entry.origin}")
            self._entries[name] = entry
            return factory

        return add

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    @property
    def entries(self) -> Mapping[str, Entry]:
        """All members by name, those of `package` first; the first use imports them."""
        if not self._loaded:
            with self._lock:  # another thread waits until all members are there
                if not (self._loaded or self._loading):
                    self._load_once()
        return self._entries

    def _load_once(self) -> None:
        """Import all members; raise what went wrong the first time again at every later use."""
        if self._error is not None:
            raise self._error
        self._loading = True
        try:
            self._load()
            self._loaded = True
        except UsageError as error:
            self._error = error
            raise
        finally:
            self._loading = False

    def _load(self) -> None:
        package = import_module(self.package)
        for module in sorted(one.name for one in iter_modules(getattr(package, "__path__", ()))):
            import_module(f"{self.package}.{module}")
        for point in _entry_points().get(self.group, ()):
            try:
                point.load()
            except UsageError:
                raise
            except (Exception, SystemExit) as error:  # another package's code may raise anything
                owner = "an installed package" if point.dist is None else point.dist.name
                what = f"{type(error).__name__}: {error}"
                raise UsageError(
                    f"the {self.kind} '{point.name}' of {owner} cannot be loaded ({point.value}: {what}); "
                    f"repair or uninstall {owner}"
                ) from error

    def entry(self, name: str) -> Entry:
        """Return a member.

        Raises
        ------
        UsageError
            With the known names, if there is none of this name.
        """
        try:
            return self.entries[name]
        except KeyError:
            raise UsageError(f"unknown {self.kind} '{name}'; known: {', '.join(self)}") from None

    def factory(self, name: str) -> Callable[..., T]:
        """Return the factory of a member. Raises UsageError as `entry` does."""
        return self.entry(name).factory

    def resolve(self, spec: Spec) -> Spec:
        """Return the complete spec: weight 1 if none was given, and every parameter, in the factory's order.

        Two texts with the same meaning resolve to the same spec, and defaults that change later do not change
        its meaning.

        Raises
        ------
        UsageError
            For an unknown name or parameter, a weight that the kind does not take or that is not finite, a
            value of the wrong type, and a missing value.
        """
        known = self.entry(spec.name).parameters
        if spec.weight is not None and not self.weighted:
            raise UsageError(f"{self.kind} '{spec.name}' takes no weight")
        if spec.weight is not None and not math.isfinite(spec.weight):
            raise UsageError(f"'{spec}': the weight must be a finite number")
        given = {}
        for key, value in spec.params.items():
            if key not in known:
                names = ", ".join(known) or "none"
                raise UsageError(f"{self.kind} '{spec.name}' has no parameter '{key}'; it has: {names}")
            fits, wanted = _converted(known[key].type, value)
            if wanted:
                got = format_value(value)
                raise UsageError(f"{self.kind} '{spec.name}': {key} must be {wanted}, got '{got}'")
            given[key] = fits
        missing = [key for key, one in known.items() if one.default is REQUIRED and key not in given]
        if missing:
            raise UsageError(f"{self.kind} '{spec.name}' needs a value for '{missing[0]}'")
        params = {key: given.get(key, one.default) for key, one in known.items()}
        return Spec(spec.name, 1.0 if self.weighted and spec.weight is None else spec.weight, params)

    def parameters(self, name: str) -> dict[str, Any]:
        """Return the parameters that a user may set and their defaults (`REQUIRED` if there is none)."""
        return {key: one.default for key, one in self.entry(name).parameters.items()}

    def build(self, spec: Spec, problem: Problem, **context: Any) -> T:
        """Call the factory with the spec's parameters, and with what its signature asks for.

        Parameters
        ----------
        spec : Spec
            The name and the parameters.
        problem : Problem
            The model.
        **context
            Further values that a factory may ask for, by the names in `CONTEXT`.

        Raises
        ------
        UsageError
            As `resolve` does.
        """
        spec, entry = self.resolve(spec), self.entry(spec.name)
        available = {"problem": problem, **context}
        member: T = entry.factory(**spec.params, **{name: available[name] for name in entry.context})
        return member


@cache
def _entry_points() -> dict[str, list[Any]]:
    """Return the entry points of installed distributions whose group begins with `diffpump.`, by group."""
    from importlib.metadata import entry_points

    found = entry_points()
    return {group: list(found.select(group=group)) for group in found.groups if group.startswith("diffpump.")}


def _parameters(factory: Callable[..., Any]) -> tuple[dict[str, Parameter], tuple[str, ...]]:
    """Return the parameters of a factory that a user may set, and those that the program passes.

    Raises TypeError for a missing annotation and for a type that the text of a spec cannot denote.
    """
    signature = inspect.signature(factory).parameters
    function = factory.__init__ if inspect.isclass(factory) else factory
    names = getattr(function, "__globals__", {})  # a class without __init__ has no parameters
    found = {}
    for key, parameter in signature.items():
        if key not in CONTEXT:
            kind = _type(parameter.annotation, names)
            if kind is None:
                wanted = "bool, int, float, str or Literal"
                raise TypeError(f"{factory.__qualname__}: {key} must be annotated as {wanted}")
            default = parameter.default
            wanted = "" if default is REQUIRED else _converted(kind, default)[1]
            if wanted or default == "" or (isinstance(default, str) and "," in default):
                wanted = wanted or "a word without commas"
                raise TypeError(f"{factory.__qualname__}: the default of {key} must be {wanted}")
            found[key] = Parameter(parameter.default, kind)
    return found, tuple(name for name in signature if name in CONTEXT)


def _type(annotation: Any, names: Mapping[str, Any]) -> Any:
    """Return the type of an annotation in a module with these names, or None if no text denotes it."""
    if isinstance(annotation, str):
        annotation = BASIC.get(annotation) or eval(annotation, dict(names))  # the module's own text
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    words = get_origin(annotation) is Literal and all(isinstance(word, str) for word in get_args(annotation))
    return annotation if annotation in BASIC.values() or words else None


def _converted(annotation: Any, value: Value) -> tuple[Value, str]:
    """Return the value in the annotated type and "", or the value and a phrase for the values allowed."""
    if annotation is bool:
        return value, "" if isinstance(value, bool) else "true or false"
    if annotation in (int, float):
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if annotation is float:
            return value, "" if number else "a finite number"
        whole = number and value == int(value)
        return int(value) if whole else value, "" if whole else "a whole number"
    if annotation is str:
        return value, "" if isinstance(value, str) else "a word"
    known = get_args(annotation)
    return value, "" if value in known else f"one of {', '.join(known)}"
