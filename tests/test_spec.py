"""Specs, whose text form reads back, and registries, which build them and refuse unknown ones."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.backends.interface import BACKENDS
from diffpump.bench.peers import PEERS
from diffpump.config.presets import PRESETS
from diffpump.config.pump import REGISTRIES
from diffpump.config.schedule import ARMS, Role
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.registry import Registry
from diffpump.core.spec import Spec, Value, format_value, parse_value
from diffpump.families import FAMILIES
from diffpump.io.foreign import from_arrays

law = settings(derandomize=True, deadline=None)
names = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
words = st.from_regex(r"[a-z/][a-z_./-]{0,12}", fullmatch=True).filter(
    lambda word: word not in ("true", "false", "nan", "inf", "infinity")
)
numbers = st.one_of(st.integers(-(10**20), 10**20), st.floats(allow_nan=False))
values = st.one_of(numbers, st.booleans(), words)


@given(value=values)
@law
def test_values_read_back(value: Value) -> None:
    back = parse_value(format_value(value))
    assert back == value
    assert isinstance(back, bool) == isinstance(value, bool)
    assert isinstance(back, str) == isinstance(value, str)


@given(name=names, weight=st.none() | st.floats(allow_nan=False), params=st.dictionaries(names, values))
@law
def test_specs_read_back(name: str, weight: float | None, params: dict[str, Value]) -> None:
    spec = Spec(name, weight, params)
    assert Spec.parse(str(spec)) == spec
    assert str(Spec.parse(str(spec))) == str(spec)


@given(text=st.text(max_size=30))
@law
def test_any_text_is_a_spec_or_a_usage_error(text: str) -> None:
    try:
        spec = Spec.parse(text)
    except UsageError:
        return
    assert spec.name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nearest", Spec("nearest")),
        ("integrality:10,order=2", Spec("integrality", 10.0, {"order": 2})),
        ("gaussian,sigma=0.15,fit=no", Spec("gaussian", None, {"sigma": 0.15, "fit": "no"})),
        ("f:1e-3", Spec("f", 0.001)),
        ("f,flag=true,path=a/b=c.py", Spec("f", None, {"flag": True, "path": "a/b=c.py"})),
    ],
)
def test_what_a_text_means(text: str, expected: Spec) -> None:
    assert Spec.parse(text) == expected


@pytest.mark.parametrize("written", ["a:1,b=1", "a:1.0,b=1.0", "a:1e0,b=10e-1"])
def test_equal_numbers_have_one_text(written: str) -> None:
    assert str(Spec.parse(written)) == "a:1,b=1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a name is missing"),
        (":3", "a name is missing"),
        ("a:", "the weight '' is not a number"),
        ("a:ten", "the weight 'ten' is not a number"),
        ("a,", "expected key=value, got ''"),
        ("a,b", "expected key=value, got 'b'"),
        ("a,=1", "expected key=value"),
        ("a,b=", "expected key=value"),
        ("a,b=1,b=2", "b is given twice"),
    ],
)
def test_texts_that_are_no_spec(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Spec.parse(text)


# --- the registry -----------------------------------------------------------------------------

THINGS: Registry[object] = Registry("thing", package=__name__, group="diffpump.things")


@THINGS.register("plain", help="the word plain")
def plain() -> object:
    return "plain"


@THINGS.register("sized", help="what it was given")
def sized(
    problem: Problem, size: int = 3, factor: float = 0.5, mode: str = "soft", on: bool = False
) -> object:
    return problem.n, size, factor, mode, on


@THINGS.register("filed", help="the file")
def filed(file: str) -> object:
    return file


@THINGS.register("kinds", help="a type of each kind")
def kinds(
    count: int = 1,
    ratio: float = 1,
    side: Literal["left", "right"] = "left",
    size: Annotated[int, "help"] = 2,
) -> object:
    return count, ratio, side, size


@pytest.fixture
def problem() -> Problem:
    return from_arrays([1, 2], [[1, 1]], [0], [1], [0, 0], [1, 1], [True, False])


def test_a_registry_builds_with_parameters_and_the_problem_where_asked(problem: Problem) -> None:
    assert list(THINGS) == ["plain", "sized", "filed", "kinds"]
    assert THINGS.build(Spec("plain"), problem) == "plain"
    assert THINGS.build(Spec.parse("sized,size=7"), problem) == (2, 7, 0.5, "soft", False)
    assert THINGS.build(Spec.parse("sized,on=true"), problem) == (2, 3, 0.5, "soft", True)
    assert THINGS.parameters("sized") == {"size": 3, "factor": 0.5, "mode": "soft", "on": False}
    assert THINGS.build(Spec.parse("filed,file=x.py"), problem) == "x.py"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("other", "unknown thing 'other'; known: plain, sized, filed, kinds"),
        ("plain,size=3", "thing 'plain' has no parameter 'size'; it has: none"),
        ("sized,height=3", "has no parameter 'height'; it has: size, factor, mode, on"),
        ("sized,problem=3", "has no parameter 'problem'"),
        ("sized,size=big", "size must be a whole number, got 'big'"),
        ("sized,size=true", "size must be a whole number, got 'true'"),
        ("sized,factor=nan", "factor must be a finite number, got 'nan'"),
        ("sized,factor=-inf", "factor must be a finite number, got '-inf'"),
        ("sized,mode=3", "mode must be a word, got '3'"),
        ("sized,on=1", "on must be true or false, got '1'"),
        ("sized:2", "thing 'sized' takes no weight"),
        ("filed,file=3", "file must be a word, got '3'"),
        ("filed", "thing 'filed' needs a value for 'file'"),
        ("kinds,count=10.5", "count must be a whole number, got '10.5'"),
        ("kinds,size=0.5", "size must be a whole number, got '0.5'"),
        ("kinds,ratio=true", "ratio must be a finite number, got 'true'"),
        ("kinds,side=up", "side must be one of left, right, got 'up'"),
        ("kinds,side=1", "side must be one of left, right, got '1'"),
    ],
)
def test_what_a_registry_refuses(problem: Problem, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        THINGS.build(Spec.parse(text), problem)
    with pytest.raises(UsageError, match=message):
        THINGS.resolve(Spec.parse(text))


def test_a_parameter_has_its_annotations_type(problem: Problem) -> None:
    """Never its default's: `ratio` has the default 1 and takes 0.5, `count` has it too and does not."""
    assert THINGS.build(Spec.parse("kinds,count=1e1,ratio=0.5,side=right"), problem) == (10, 0.5, "right", 2)


def test_flips_are_counted_in_whole_numbers() -> None:
    """`low=10.5` was accepted, since its default is a number."""
    with pytest.raises(UsageError, match=r"restart 'flip': low must be a whole number, got '10.5'"):
        PRESETS["FP"].with_(restarts=["flip,low=10.5"])


def test_a_name_can_be_registered_once() -> None:
    with pytest.raises(UsageError, match=r"thing 'plain' is registered twice: by .*\.plain and .*\.again"):

        @THINGS.register("plain", help="another one")
        def again() -> object:
            return None

    assert THINGS.factory("plain") is plain


def test_a_parameter_needs_a_type_that_a_text_can_denote() -> None:
    with pytest.raises(
        TypeError, match="untyped: size must be annotated as bool, int, float, str or Literal"
    ):

        @THINGS.register("untyped", help="a parameter without a type")
        def untyped(size=3):  # type: ignore[no-untyped-def]
            return size

    with pytest.raises(TypeError, match="many must be annotated"):

        @THINGS.register("listed", help="a parameter that no text denotes")
        def listed(many: list[int]) -> object:
            return many

    assert "untyped" not in THINGS and "listed" not in THINGS


@pytest.mark.parametrize(
    "registry", [*REGISTRIES.values(), BACKENDS, ARMS, PEERS, FAMILIES], ids=lambda r: r.kind
)
def test_every_registered_name_has_a_line_of_help(registry: Registry[object]) -> None:
    assert len(registry.entries) >= 2
    for entry in registry.entries.values():
        assert entry.help and "\n" not in entry.help and not entry.help.endswith(".")
        assert bool(entry.extra) == bool(entry.modules)


AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from diffpump.config.schedule import ARMS
together = Barrier(8)
def names(_):
    together.wait()
    return len(ARMS.entries)
with ThreadPoolExecutor(8) as pool:
    print(len(set(pool.map(names, range(8)))))
"""


def test_threads_that_use_a_registry_first_at_once_see_all_of_it() -> None:
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("1\n", 0), done.stderr


@pytest.mark.parametrize("name", ["", "a b", "a,b", "a=1", "1st", "-x", "é", None, "taken"])
def test_a_name_that_no_spec_can_denote_is_refused(name: Any) -> None:
    registry: Registry[object] = Registry("thing", package="json", group="none", reserved=("taken",))
    with pytest.raises(UsageError, match="the name cannot be used"):
        registry.register(name, help="")(lambda: None)


def test_a_default_that_no_spec_can_denote_is_refused() -> None:
    def word(kind: Literal["a", "b"] = "c") -> None:  # type: ignore[assignment]
        """Take a word."""

    def number(rate: float = float("nan")) -> None:
        """Take a number."""

    def text(path: str = "a,b") -> None:
        """Take a text."""

    registry: Registry[object] = Registry("thing", package="json", group="none")
    for factory in (word, number, text):
        with pytest.raises(TypeError, match="the default of"):
            registry.register("one", help="")(factory)


def test_a_registry_that_could_not_be_loaded_says_so_again() -> None:
    registry: Registry[object] = Registry("thing", package="json", group="none")
    registry._error = UsageError("broken")
    for _ in range(2):
        with pytest.raises(UsageError, match="broken"):
            registry.entries  # noqa: B018


@pytest.mark.parametrize(
    "wrong",
    [
        {"space": "presolve"},
        {"before": {1: 0.0}},
        {"cold": {float("nan"): 1.0}},
        {"after": (1, float("inf"))},
        {"with_start": -1.0},
        {"with_start": 1.0, "after": (1, 1.0)},
    ],
)
def test_a_role_that_no_schedule_can_hold_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must be one of|a turn needs|has no turns"):
        Role(**wrong)
