r"""A strict reader of LP files: the CPLEX grammar, as far as it describes a MILP.

    minimize | maximize   [name:] linear expression, constants included
    subject to            [name:] expression (<= | >= | =) number, or  number <= expression <= number
    bounds                x <= 4    -3 <= x <= 4    x = 2    x free    -inf <= x
    generals, binaries    names                          end

Where readers differ, this one follows these rules:
* Repeated terms are added up. A constant beside the terms of a row moves to the other side.
* Each row begins on a new line and its right-hand side is a number, so `x >= 1` and `+ y <= 3` on the next
  line are two rows.
* A keyword is recognised only at the beginning of a line. A file without `end` is refused as truncated.
* Columns are in the order of their first appearance in the objective, the rows and the bounds. A name that
  appears only among the types is refused. Unnamed rows are called R1, R2, ... by their position, with
  underscores behind a name that is taken.
* The objective, the rows and every other section may be missing.
* The last of several bounds on the same side counts. If it is the default (0 or infinity) and another bound
  came before, it is refused, since HiGHS obeys it and SCIP does not. A negative upper bound without a lower
  bound is refused as ambiguous.
* If a column has bounds before it is declared binary, they must be inside [0, 1] or have no upper end, since
  HiGHS keeps wider bounds and SCIP does not. Later bounds replace those of the binary.
* Quadratic terms, indicators, SOS, semicontinuous columns, and lazy and general constraints are unsupported.
* Comments begin with a backslash.
Sums are computed in rational arithmetic.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

import numpy as np

from diffpump.core.errors import InputError, UnsupportedError
from diffpump.core.limits import no_check
from diffpump.io.coded import CodedModel, unmentioned_columns
from diffpump.io.numbers import Codes, Numbers, bound, decode_names, printable, refuse_control_characters

_TOKEN = re.compile(
    rb"""[ \t\r\f\v]*(?:(?P<end>\n|\\[^\n]*)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<relation><=|=<|>=|=>|<|>|=)
    | (?P<name>(?![,.]\d)[A-Za-z_!"\#$%&(),.?@'`{}~|\x80-\xff][\w!"\#$%&(),;?@'`{}~|./\[\]\x80-\xff]*)
    | (?P<sign>[+-])(?!>)
    | (?P<colon>:)
    | (?P<strange>->|[^ \t\r\f\v])
    )""",
    re.VERBOSE,
)
_SECTION = re.compile(
    rb"""[ \t\r\f\v]*(?:(?P<multi>(?:max|min)(?:imi[sz]e|imum)?[ \t]+multi-objectives?)
    | (?P<objective>(?:max|min)(?:imi[sz]e|imum)?)
    | (?P<rows>subject[ \t]+to|such[ \t]+that|s\.t\.|st\.?)
    | (?P<bounds>bounds?)
    | (?P<general>general[ \t]+constraints?|gencons(?:tr)?)
    | (?P<generals>gen(?:erals?)?|int(?:egers?)?)
    | (?P<binaries>bin(?:ary|aries)?)
    | (?P<semi>semi(?:-continuous|s)?)
    | (?P<semi_integer>semi-integers?)
    | (?P<sos>sos[12]?)
    | (?P<lazy>lazy[ \t]+constraints?)
    | (?P<cuts>user[ \t]+cuts?)
    | (?P<piecewise>pwlobj)
    | (?P<stop>end)
    )(?=[ \t\r\f\v\n\\]|$)(?![ \t]*(?::|[<>=]))""",
    re.VERBOSE | re.IGNORECASE,
)
_STOP = re.compile(rb"^[ \t\r\f\v]*end(?=[ \t\r\f\v\n\\]|$)(?![ \t]*[:<>=])", re.MULTILINE | re.IGNORECASE)
_UNSUPPORTED_SECTIONS = {
    "multi": "several objectives",
    "general": "general constraints",
    "semi": "semicontinuous columns",
    "semi_integer": "semi-integer columns",
    "sos": "special ordered sets",
    "lazy": "lazy constraints",
    "cuts": "user cuts",
    "piecewise": "piecewise linear terms",
}
_UNSUPPORTED_TOKENS = {
    b"[": "quadratic terms",
    b"^": "quadratic terms",
    b"*": "products",
    b"->": "indicator constraints",
}
TOKENS_PER_CHECK = 1000  # of a line that may be as long as the file
_INFINITY_WORDS = (b"inf", b"infinity")
# Single objects, since `_Reader._model` caches codes by object identity.
_ZERO, _ONE, _MINUS_ONE = Fraction(0), Fraction(1), Fraction(-1)


class Token(NamedTuple):
    """A token of the file.

    kind    the name of the group of `_TOKEN` that matched, or "sense", or "nothing" at the end of a section
    text    the bytes; a relation is normalised to <, > or =
    line    the line number, from 1
    """

    kind: str
    text: bytes
    line: int


class Row(NamedTuple):
    """A row: the coefficients by column name, and the lower and upper side."""

    terms: dict[bytes, Fraction]
    low: Any
    high: Any


class Expression(NamedTuple):
    """A linear expression: coefficients by column name in order of appearance, and the constant or None."""

    terms: dict[bytes, Fraction]
    constant: Any


def parse(data: bytes, check: Callable[[], None] = no_check) -> CodedModel:
    """Parse the bytes of an LP file.

    check    called many times a second; an exception from it ends the parsing

    Raises InputError for an invalid file and UnsupportedError for a part that a MILP does not have. Both name
    the line.
    """
    refuse_control_characters(data)
    return _Reader(data, check).read()


def _tokens(data: bytes, check: Callable[[], None]) -> Iterator[Token]:
    """Yield the tokens of a file, one at a time: all of them would take 50 times the memory of the file.

    A keyword that begins a section is one token. That of the objective is followed by its sense. `check` is
    called every `TOKENS_PER_CHECK` tokens.
    """
    at, line, line_begins, begun, unchecked = 0, 1, True, False, 0
    while at < len(data):
        unchecked += 1
        if unchecked == TOKENS_PER_CHECK:
            check()
            unchecked = 0
        head = _SECTION.match(data, at) if line_begins else None
        if head and head.lastgroup:
            yield Token("section", head.lastgroup.encode(), line)
            if head.lastgroup == "objective":
                yield Token("sense", head["objective"].lower(), line)
            at, line_begins, begun = head.end(), False, True
            continue
        found = _TOKEN.match(data, at)
        if not found or not found.lastgroup:  # the rest of the file is blank
            return
        at, kind, text = found.end(), found.lastgroup, found[found.lastgroup]
        line_begins = kind == "end" and text == b"\n"
        if kind == "end":
            line += line_begins
        elif not begun:
            what = f"'{printable(text)}' before the objective's sense (minimize or maximize)"
            raise InputError(f"{what} or another keyword", None, line)
        else:
            yield Token(kind, text.strip(b"=") or b"=" if kind == "relation" else text, line)


class _Reader:
    """A recursive descent parser for one file.

    tokens          the tokens that follow those in `ahead`, which have been looked at but not taken
    last            the token that was taken last
    cols            position by column name
    rows            the rows in file order, and `row_names` their names
    lower, upper    given bounds by column name: (value, line)
    only_bounded    the columns that appear first in the section of bounds, and their lines
    integer         the columns that are listed in a section of types; `binary` has the binary ones
    """

    def __init__(self, data: bytes, check: Callable[[], None]) -> None:
        self.data = data
        self.numbers = Numbers()
        self.maximise = False
        self.tokens = _tokens(data, check)
        self.ahead: deque[Token] = deque()
        self.last = Token("nothing", b"", 1)
        self.objective = Expression({}, None)
        self.cols: dict[bytes, int] = {}
        self.rows: list[Row] = []
        self.row_names: list[bytes] = []
        self.lower: dict[bytes, tuple[Any, int]] = {}
        self.upper: dict[bytes, tuple[Any, int]] = {}
        self.only_bounded: dict[bytes, int] = {}
        self.integer: set[bytes] = set()
        self.binary: set[bytes] = set()

    def read(self) -> CodedModel:
        """Read all sections in order and assemble the model."""
        seen: list[str] = []
        while head := self._next_section(not seen):
            section, line = head
            if seen[-1:] == ["stop"]:
                raise InputError("text after 'end'", None, line)
            if section in _UNSUPPORTED_SECTIONS:
                if self._more() or section not in ("semi", "sos"):  # some writers emit them empty
                    raise UnsupportedError(f"{_UNSUPPORTED_SECTIONS[section]} are not supported", None, line)
                continue
            if seen and (section == "objective" or (section == "rows" and seen != ["objective"])):
                raise InputError(
                    f"section '{section}' is out of place: the order is objective, rows, others", None, line
                )
            seen.append(section)
            if section == "objective":
                self._objective()
            elif section == "rows":
                self._rows()
            elif section == "bounds":
                while self._more():
                    self._bound()
            elif section in ("generals", "binaries"):
                while self._more():
                    self._type(section)
            elif self._more():
                raise InputError("text after 'end'", None, self._peek().line)
        if seen[-1:] != ["stop"]:
            self._refuse_cut()
        return self._model()

    # -- the cursor ----------------------------------------------------------------------------

    def _next_section(self, first: bool) -> tuple[str, int] | None:
        """Take the keyword of a section, and return its name and its line, or None at the end of the file.

        first    whether no section has been read: then the file must have one, and must not be cut off

        Of a file that was cut off, the cut is the first fault to report, although it is the last in the file.
        """
        head = self._look(0)
        if first and head is None:
            raise InputError("no section at all: the file is empty or not LP", None, 1)
        if first and not _STOP.search(self.data):
            self._refuse_cut()
        if head is None:
            return None
        self.last = self.ahead.popleft()
        return head.text.decode(), head.line

    def _refuse_cut(self) -> NoReturn:
        line = self.data.count(b"\n") + 1
        raise InputError("the file ends without 'end': it was cut off", None, line)

    def _look(self, ahead: int) -> Token | None:
        """Return a token that has not been taken, or None behind the end of the file."""
        while len(self.ahead) <= ahead:
            token = next(self.tokens, None)
            if token is None:
                return None
            self.ahead.append(token)
        return self.ahead[ahead]

    def _peek(self, ahead: int = 0) -> Token:
        token = self._look(ahead)
        if token is None or token.kind == "section":
            return Token("nothing", b"the end of the section", self.last.line)
        return token

    def _more(self) -> bool:
        """Return whether the section has another token."""
        return self._peek().kind != "nothing"

    def _take(self) -> Token:
        token = self._peek()
        if token.kind != "nothing":
            self.last = self.ahead.popleft()
        return token

    def _refuse(self, token: Token, expected: str) -> NoReturn:
        if token.kind == "strange" and token.text in _UNSUPPORTED_TOKENS:
            raise UnsupportedError(f"{_UNSUPPORTED_TOKENS[token.text]} are not supported", None, token.line)
        raise InputError(f"expected {expected}, got '{printable(token.text)}'", None, token.line)

    def _number(self, negative: bool, token: Token) -> Any:
        numbers = self.numbers
        return numbers.number(numbers.code((b"-" if negative else b"+") + token.text, token.line))

    def _skip_signs(self) -> tuple[bool, bool]:
        """Skip signs. Return whether there were any, and whether their product is negative."""
        signed = negative = False
        while self._peek().kind == "sign":
            negative ^= self._take().text == b"-"
            signed = True
        return signed, negative

    # -- expressions and rows ------------------------------------------------------------------

    def _next_is_on_new_line(self) -> bool:
        """Return whether the next token is on a later line than the one before it."""
        return self._peek().line > self.last.line

    def _label(self) -> bytes | None:
        if self._peek().kind == "name" and self._peek(1).kind == "colon":
            label = self._take().text
            self._take()
            return label
        return None

    def _expression(self) -> Expression:
        """Read the longest sequence of terms and constants that are separated by signs.

        It ends before a token of another kind, before a label, and before a new line without a sign.
        """
        terms: dict[bytes, Fraction] = {}
        constant: Any = None
        while True:
            signed, negative = self._skip_signs()
            token = self._peek()
            begun = bool(terms) or constant is not None
            if begun and not signed and token.kind in ("number", "name"):
                if self._next_is_on_new_line():
                    return Expression(terms, constant)
                self._refuse(token, "a sign or a relation")
            value: Any = _MINUS_ONE if negative else _ONE
            if token.kind == "number":
                value = self._number(negative, self._take())
                token = self._peek()
                if token.kind != "name" or self._colon_follows():
                    constant = self._sum(constant, value, token)
                    continue
            if token.kind != "name" or self._colon_follows():
                if signed or token.kind == "strange":
                    self._refuse(token, "a term")
                return Expression(terms, constant)
            self._take()
            if token.text.lower() in _INFINITY_WORDS:
                if terms or constant is not None or value not in (1, -1):
                    self._refuse(token, "a finite term")
                constant = value * math.inf
                continue
            name = token.text
            terms[name] = self._sum(terms.get(name), value, token)
            self.cols.setdefault(name, len(self.cols))

    def _sum(self, total: Any, value: Any, token: Token) -> Any:
        if total is None:
            return value
        try:
            float(total + value)
        except OverflowError:
            raise InputError("a sum is outside the range of float64", None, token.line) from None
        return total + value

    def _colon_follows(self) -> bool:
        return self._peek(1).kind == "colon"

    def _objective(self) -> None:
        self.maximise = self._take().text.startswith(b"max")
        self._label()
        self.objective = self._expression()
        if self._more():
            self._refuse(self._peek(), "a term of the objective")
        if isinstance(self.objective.constant, float):
            raise InputError("an infinite constant in the objective", None, self._peek().line)

    def _rows(self) -> None:
        labels: list[bytes | None] = []
        given: set[bytes] = set()
        while self._more():
            line = self._peek().line
            if labels and not self._next_is_on_new_line():
                self._refuse(self._peek(), "a new line")
            label = self._label()
            if label is not None:
                if label in given:
                    raise InputError(f"row '{printable(label)}' appears twice", None, line)
                given.add(label)
            labels.append(label)
            self.rows.append(self._row(label is not None, line))
        for position, label in enumerate(labels, 1):
            name = b"R%d" % position if label is None else label
            while label is None and name in given:
                name += b"_"
            given.add(name)
            self.row_names.append(name)

    def _row(self, labelled: bool, line: int) -> Row:
        """Read `expression rel number`, `number rel expression` or `number rel expression rel number`.

        Only a row with a label may have no terms.
        """
        left = self._expression()
        relation = self._relation()
        if left.constant is None or left.terms:
            if not left.terms and not labelled:
                raise InputError("a row without a column", None, line)
            return Row(
                left.terms, *self._interval(relation, self._side(self._rhs(), left.constant, line), line)
            )
        middle = self._expression()
        if not middle.terms and (not labelled or middle.constant is None):
            self._refuse(self._peek(), "a term")
        mirrored = {b"<": b">", b">": b"<"}.get(relation, relation)
        low, high = self._interval(mirrored, self._side(left.constant, middle.constant, line), line)
        if self._peek().kind == "relation":
            if self._relation() != relation or relation == b"=":
                raise InputError(
                    "a row with two relations must be: number <= expression <= number", None, line
                )
            last = self._interval(relation, self._side(self._rhs(), middle.constant, line), line)
            low, high = max(low, last[0]), min(high, last[1])
            if low > high:
                raise InputError("lower side above upper side", None, line)
        return Row(middle.terms, low, high)

    def _relation(self) -> bytes:
        token = self._take()
        return token.text if token.kind == "relation" else self._refuse(token, "a relation (<=, >= or =)")

    def _rhs(self) -> Any:
        """Read the number on the right-hand side of a row or a bound."""
        value = self._bound_value()
        return self._refuse(self._peek(), "a number") if value is None else value

    def _side(self, right: Any, left: Any, line: int) -> Any:
        """Return the right-hand side after the constant of the left-hand side has moved to it."""
        if isinstance(left, float):
            raise InputError("an infinite constant beside the terms of a row", None, line)
        return bound(right - (left or 0))

    def _interval(self, relation: bytes, side: Any, line: int) -> tuple[Any, Any]:
        low = -math.inf if relation == b"<" else side
        high = math.inf if relation == b">" else side
        if low == math.inf or high == -math.inf:
            raise InputError("a side that is infinite in the wrong direction", None, line)
        return low, high

    # -- bounds and types ----------------------------------------------------------------------

    def _column(self, token: Token) -> bytes:
        return token.text if token.kind == "name" else self._refuse(token, "the name of a column")

    def _bound_value(self) -> Any:
        """Read a number, which may be infinite. If the next token is none, return None and leave it there."""
        signed, negative = self._skip_signs()
        token = self._peek()
        if token.kind == "number":
            return bound(self._number(negative, self._take()))
        if token.kind == "name" and token.text.lower() in _INFINITY_WORDS:
            self._take()
            return -math.inf if negative else math.inf
        return self._refuse(token, "a number") if signed else None

    def _bound(self) -> None:
        """Read `number rel name [rel number]`, `name rel number` or `name free`."""
        first = self._bound_value()
        before = self._relation() if first is not None else None
        token = self._take()
        name = self._column(token)
        if name not in self.cols:
            self.cols[name] = len(self.cols)
            self.only_bounded[name] = token.line
        following = self._peek()
        if before is None and following.kind == "name" and following.text.lower() == b"free":
            self._take()
            self._set_bound(name, b"<", math.inf, token)
            self._set_bound(name, b">", -math.inf, token)
            return
        if before:
            self._set_bound(name, {b"<": b">", b">": b"<"}.get(before, before), first, token)
        if following.kind == "relation":
            relation, last = self._relation(), self._rhs()
            if before and (before != relation or relation == b"="):
                raise InputError(
                    "two relations on a column must be: number <= name <= number", None, token.line
                )
            self._set_bound(name, relation, last, token)
        elif before is None:
            self._refuse(following, "a relation or 'free'")

    def _set_bound(self, name: bytes, relation: bytes, value: Any, token: Token) -> None:
        for given, other, side in ((self.lower, b"<", "lower"), (self.upper, b">", "upper")):
            if relation != other:
                default = 0 if side == "lower" else math.inf
                if value == default and given.get(name, (value, 0))[0] != value:
                    what = (
                        f"second {side} bound of column '{printable(name)}' is the default, unlike the first"
                    )
                    raise InputError(f"{what}: readers differ on which one counts", None, token.line)
                if value == (math.inf if side == "lower" else -math.inf):
                    raise InputError(
                        f"column '{printable(name)}': an infinite bound on the wrong side", None, token.line
                    )
                given[name] = value, token.line

    def _type(self, section: str) -> None:
        """Read the name of a general or binary column."""
        token = self._take()
        name = self._column(token)
        if name not in self.cols:
            what = f"column '{printable(name)}' is in neither the objective nor a row nor the bounds"
            raise InputError(what, None, token.line)
        self.integer.add(name)
        if section == "binaries":
            low, _ = self.lower.get(name, (_ZERO, 0))
            high, _ = self.upper.get(name, (math.inf, 0))
            if low < 0 or 1 < high < math.inf:
                what = f"binary column '{printable(name)}' has bounds outside [0, 1]"
                raise InputError(what, None, token.line)
            self.binary.add(name)

    # -- the model -----------------------------------------------------------------------------

    def _column_bounds(self, name: bytes) -> tuple[Any, Any]:
        low, low_line = self.lower.get(name, (_ZERO, 0))
        high, high_line = self.upper.get(name, (math.inf, 0))
        line = max(low_line, high_line)
        if name in self.binary:
            high = _ONE if high == math.inf else high
        if high < 0 and name not in self.lower:
            raise InputError(
                f"column '{printable(name)}': a negative upper bound needs a lower bound", None, line
            )
        if low > high:
            raise InputError(f"column '{printable(name)}': lower bound above upper bound", None, line)
        return low, high

    def _model(self) -> CodedModel:
        n, cols, numbers = len(self.cols), self.cols, self.numbers
        code_of: dict[int, int] = {}  # by object identity, since most columns and rows share a few objects

        def codes(values: list[Any]) -> Codes:
            for value in values:
                if id(value) not in code_of:
                    code_of[id(value)] = numbers.add(value)
            return np.array([code_of[id(value)] for value in values], np.int32)

        bounds = [self._column_bounds(name) for name in cols]
        rows, counts = self.rows, [len(terms) for terms, _, _ in self.rows]
        return CodedModel(
            name="", maximise=self.maximise, numbers=numbers,
            offset=numbers.add(self.objective.constant or _ZERO),
            c=codes([self.objective.terms.get(name, _ZERO) for name in cols]),
            rows=np.repeat(np.arange(len(rows), dtype=np.int32), counts),
            cols=np.array([cols[name] for terms, _, _ in rows for name in terms], np.int32),
            values=codes([value for terms, _, _ in rows for value in terms.values()]),
            row_lo=codes([low for _, low, _ in rows]), row_hi=codes([high for _, _, high in rows]),
            lb=codes([low for low, _ in bounds]), ub=codes([high for _, high in bounds]),
            integer=np.fromiter((name in self.integer for name in cols), np.bool_, n),
            col_names=decode_names(list(cols)), row_names=decode_names(self.row_names),
            remarks=unmentioned_columns(self.only_bounded),
        )  # fmt: skip
