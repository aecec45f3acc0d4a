"""Specs: one text form that reads back, and a registry that says what it does not know."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Registry, Spec, Value, format_value, parse_value
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

THINGS: Registry[object] = Registry("thing")


@THINGS.register("plain")
def plain() -> object:
    return "plain"


@THINGS.register("sized")
def sized(
    problem: Problem, size: int = 3, factor: float = 0.5, mode: str = "soft", on: bool = False
) -> object:
    return problem.n, size, factor, mode, on


@THINGS.register("filed")
def filed(file: str) -> object:
    return file


@pytest.fixture
def problem() -> Problem:
    return from_arrays([1, 2], [[1, 1]], [0], [1], [0, 0], [1, 1], [True, False])


def test_a_registry_builds_with_parameters_and_the_problem_where_asked(problem: Problem) -> None:
    assert list(THINGS) == ["plain", "sized", "filed"]
    assert THINGS.build(Spec("plain"), problem) == "plain"
    assert THINGS.build(Spec.parse("sized,size=7"), problem) == (2, 7, 0.5, "soft", False)
    assert THINGS.build(Spec.parse("sized,on=true"), problem) == (2, 3, 0.5, "soft", True)
    assert THINGS.parameters("sized") == {"size": 3, "factor": 0.5, "mode": "soft", "on": False}
    assert THINGS.build(Spec.parse("filed,file=x.py"), problem) == "x.py"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("other", "unknown thing 'other'; known: plain, sized, filed"),
        ("plain,size=3", "thing 'plain' has no parameter 'size'; it has: none"),
        ("sized,height=3", "has no parameter 'height'; it has: size, factor, mode, on"),
        ("sized,problem=3", "has no parameter 'problem'"),
        ("sized,size=big", "size must be a finite number, got 'big'"),
        ("sized,size=true", "size must be a finite number, got 'true'"),
        ("sized,factor=nan", "factor must be a finite number, got 'nan'"),
        ("sized,factor=-inf", "factor must be a finite number, got '-inf'"),
        ("sized,mode=3", "mode must be a word, got '3'"),
        ("sized,on=1", "on must be true or false, got '1'"),
        ("sized:2", "thing 'sized' takes no weight"),
        ("filed,file=3", "file must be a word, got '3'"),
        ("filed", "thing 'filed' needs a value for 'file'"),
    ],
)
def test_what_a_registry_refuses(problem: Problem, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        THINGS.build(Spec.parse(text), problem)
    with pytest.raises(UsageError, match=message):
        THINGS.settled(Spec.parse(text))
