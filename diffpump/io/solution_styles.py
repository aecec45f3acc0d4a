"""The styles of solution files that consist of lines, and how the style of a file is detected.

The style follows from the content of the first lines, never from the name of the file. If these lines can
also be read as `name value` with the name of one of the model's columns, the file is plain, so a column that
is called `Optimal - objective value` or `{x}` is not misread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from diffpump.core.errors import InputError
from diffpump.io.solution_file import BLANKS, Collector, Lines, name_and_value, split_last

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?:inf|nan)", re.IGNORECASE)
_MAX_NUMBER_LENGTH = 400  # no number is longer; the expression takes quadratic time on a long run of digits
_MARK = re.compile(r"=(?!obj=)\w+=")  # =infeas= of MIPLIB
_PLAIN_HEADERS = ("# MIP start", "# Solution for model", "# Objective value")  # Gurobi's, and our .mst
_PRIMAL = "# Primal solution values"
_CBC_OBJECTIVE = " - objective value "
_CLP_OBJECTIVE = "Objective value "
_GLPK_RAW = re.compile(r"c (?:Problem|Rows|Columns|Non-zeros|Status|Objective):.*|s (?:mip|bas|ipt) .*")
_GLPK_STATES = {
    "o": "optimal", "f": "feasible", "i": "infeasible", "n": "no solution exists", "u": "undefined",
}  # fmt: skip
_GLPK_VALUE = slice(23, 36)  # bytes of a line of the printable report
_HEAD = 3  # lines that decide the style, after comments


def style_of(lines: Lines, found: Collector) -> str:
    """Return the style of a file from its first lines."""
    opening = [text for _, text in islice(lines.stripped(), 1)]
    if opening and opening[0].startswith(_PLAIN_HEADERS):
        return "plain"
    head = [text for _, text in islice(_without_comments(lines), _HEAD)] + [""] * _HEAD
    first, second = head[:2]
    if (split_last(first) or ("", ""))[0] == "=obj=" or _MARK.fullmatch(first):
        return "miplib"
    if _is_plain(first, found):
        return "plain"
    if first.startswith("<"):
        return "cplex"
    if first.startswith("{"):
        return "json"
    if first.startswith(("solution status:", "objective value:")) or first == "no solution available":
        return "scip"
    if first in ("Model status", _PRIMAL):
        return "highs"
    if first == "Columns" and second.startswith("Index Status"):
        return "highs-pretty"
    if first.startswith("Problem:") and second.startswith("Rows:"):
        return "glpk"
    if _GLPK_RAW.fullmatch(first):
        return "glpk-raw"
    if _is_number(first.partition(_CBC_OBJECTIVE)[2]) and (not second or _cbc_entry(second)):
        return "cbc"
    if _clp_objective(second) and (not head[2] or _cbc_entry(head[2])):
        return "cbc"
    return "plain"


def _is_plain(text: str, found: Collector) -> bool:
    """Return whether the text is the name of one of the model's columns and a number."""
    fields = split_last(text)
    return fields is not None and _is_number(fields[1]) and found.is_column(fields[0])


def _is_number(text: str) -> bool:
    text = text.strip(BLANKS)
    return len(text) <= _MAX_NUMBER_LENGTH and _NUMBER.fullmatch(text) is not None


def _without_comments(lines: Lines) -> Iterator[tuple[int, str]]:
    return ((line, text) for line, text in lines.stripped() if text[0] != "#" or text == _PRIMAL)


def read_plain(lines: Lines, found: Collector, miplib: bool = False) -> None:
    """Read `name value` lines, and `=obj= value`.

    In MIPLIB's style `#x 1` is a column, since such a name is allowed, and a comment has a blank behind `#`.
    `=obj=` is the objective on the first line of that style; elsewhere a column of that name comes first.
    """
    is_first = miplib
    for line, text in lines.stripped():
        if text[0] == "#" and not (miplib and text[1:2].strip(BLANKS)):
            continue
        if _MARK.fullmatch(text):
            return found.deny(line, text)
        name, value = name_and_value(line, text)
        if name == "=obj=" and (is_first or not found.is_column(name)):
            found.objective = value
        else:
            found.add(line, name, value)
        is_first = False
    if not found.names and not miplib:
        raise InputError("the file holds no solution", line=1)


def read_scip(lines: Lines, found: Collector) -> None:
    """Read `solution status: s`, `objective value: v`, then `name value (obj:c)`, where zeros are omitted."""
    for line, text in lines.stripped():
        entry = _without_cost(text)
        key, _, rest = text.partition(":")
        is_head = found.names == 0 and entry == text  # a column without a cost comes after the head
        if is_head and key == "solution status":
            found.says(line, rest.strip(BLANKS))
        elif is_head and key == "objective value" and found.objective is None:
            found.objective = rest.strip(BLANKS)
        elif is_head and text == "no solution available":
            found.deny(line, text)
        else:
            found.add(line, *name_and_value(line, entry))


def _without_cost(text: str) -> str:
    """Return a line without SCIP's `(obj:c)` at its end."""
    cut = text.rfind("(obj:")
    is_cost = cut > 0 and text.endswith(")") and text.count(")", cut) == 1 and text.count("(", cut) == 1
    return text[:cut].rstrip(BLANKS) if is_cost else text


def read_highs(lines: Lines, found: Collector) -> None:
    """Read `# Primal solution values`, a status, `Objective v`, `# Columns n` and n lines of HiGHS.

    A negative n denotes the sparse form. It lists only the nonzero columns, and each line ends with an index.
    """
    numbered, is_primal = lines.stripped(), False
    for line, text in numbered:
        if text == "Model status":
            found.says(*next(numbered, (line, "")))
        elif text == _PRIMAL:
            is_primal = True
        elif is_primal and text == "None":
            return found.deny(line, text)
        elif is_primal and text.startswith("Objective "):
            found.objective = text.split()[1]
        elif is_primal and text.startswith("# Columns "):
            return _highs_columns(numbered, line, text.split()[2], lines, found)
    if found.denied_at is None:
        reason = "the file has no primal columns; it was cut off or holds no solution"
        raise InputError(reason, line=lines.count)


def _highs_columns(
    numbered: Iterator[tuple[int, str]], start: int, count: str, lines: Lines, found: Collector
) -> None:
    if not re.fullmatch(r"-?[0-9]{1,10}", count):
        raise InputError(f"{count[:40]!r} is not a number of columns", line=start)
    size, is_sparse, read = abs(int(count)), count.startswith("-"), 0
    for line, text in islice(numbered, size):
        found.add(line, *name_and_value(line, name_and_value(line, text)[0] if is_sparse else text))
        read += 1
    if read < size:
        raise InputError(f"the file declares {size} columns but ends before the last one", line=lines.count)


def read_highs_pretty(lines: Lines, found: Collector) -> None:
    """Read HiGHS's table of columns, whose header says where a field ends. A column may have no value."""
    header, is_columns, primal = "", True, slice(0)
    for line, text in lines:
        key, colon, rest = text.rstrip(BLANKS).partition(":")
        if text[:1] not in (" ", "\t"):
            is_columns = is_columns and key in ("Columns", "")
            if colon and key == "Model status":
                found.says(line, rest.strip(BLANKS))
            elif colon and key == "Objective value":
                found.objective = rest.strip(BLANKS)
        elif is_columns and not header:
            header = text.rstrip(BLANKS)
            if not header.endswith("Name") or "Upper" not in header or "Primal" not in header:
                raise InputError("expected the head of HiGHS's table of columns", line=line)
            primal = slice(header.index("Upper") + len("Upper") + 1, header.index("Primal") + len("Primal"))
        elif is_columns and (value := _field(text, primal, line)):
            found.add(line, text[len(header) - len("Name") :].strip(BLANKS), value)
    _require_values(lines, found)


def _field(text: str | bytes, place: slice, line: int) -> str:
    """Return the field of a table at a place, without blanks. Raises InputError if it goes on beyond it."""
    around = [text[place.start - 1 : place.start], text[place.stop : place.stop + 1]]
    if any(part.strip() for part in around):
        raise InputError("a value is not at its place in the table", line=line)
    field = text[place]
    return (field if isinstance(field, str) else field.decode("latin-1")).strip(BLANKS)


def read_glpk(lines: Lines, found: Collector) -> None:
    """Read GLPK's printable report (`glpsol -o`); a name of more than 12 bytes has a line of its own.

    Fields end at fixed bytes: the number at 6, the name at 19 and the value at 36.
    """
    is_columns, long_name = False, None
    for line, text in lines:
        raw = text.rstrip(BLANKS).encode(lines.encoding)
        if text.startswith("Status:"):
            found.says(line, text.partition(":")[2].strip(BLANKS))
        elif text.startswith("Objective:"):
            found.objective = text.partition(" (M")[0].split(" ")[-1]
        elif re.match(r" *No\. +Column name", text):
            is_columns = True
        elif is_columns and not raw:
            break
        elif is_columns and raw[:6] != b"------":
            if long_name is not None or (raw[19:20] == b" " and raw[23:]):
                name = raw[7:19].decode(lines.encoding).strip(BLANKS) if long_name is None else long_name
                found.add(line, name, _field(raw, _GLPK_VALUE, line))
                long_name = None
            else:
                long_name = raw[7:].decode(lines.encoding).strip(BLANKS)
    if long_name is not None:
        raise InputError("the file ends before its last value: it was cut off", line=lines.count)
    _require_values(lines, found)


def read_glpk_raw(lines: Lines, found: Collector) -> None:
    """Read GLPK's raw file (`glpsol -w`), which gives columns by their position in the model: `j 1 0.5`."""
    if found.columns is None:
        raise InputError("the file gives columns by position, so their names must be known", line=1)
    kind, complete = "", False
    for line, text in lines.stripped():
        fields = text.split(" ")
        if text.startswith("c Status:"):
            found.says(line, text.partition(":")[2].strip(BLANKS))
        elif fields[0] == "s" and len(fields) >= 6:
            kind = fields[1]
            if fields[3] != str(len(found.columns)):
                reason = f"the file has {fields[3][:40]} columns, but the model has {len(found.columns)}"
                raise InputError(reason, line=line)
            found.says(line, _GLPK_STATES.get(fields[4], fields[4]))
            found.objective = fields[-1]
        elif fields[0] == "j" and kind:
            place = 3 if kind == "bas" else 2
            if len(fields) <= place or not re.fullmatch(r"[0-9]{1,10}", fields[1]):
                raise InputError("expected `j`, the position of a column and its value", line=line)
            if not 1 <= int(fields[1]) <= len(found.columns):
                raise InputError(f"the model has no column {fields[1]}", line=line)
            found.add(line, found.columns[int(fields[1]) - 1], fields[place])
        elif text == "e o f":
            complete = True
        elif fields[0] not in ("c", "i"):
            raise InputError("not a line of GLPK's raw solution file", line=line)
    if found.denied_at is None and not complete:
        raise InputError("the file ends without `e o f`: it was cut off", line=lines.count)


def read_cbc(lines: Lines, found: Collector) -> None:
    """Read CBC's status and objective, then `index name value reduced-cost`; zeros may be left out.

    A violated line begins with `**`. With CBC's option for it, the model's rows come first. Clp has the
    objective on a line of its own, and the reduced cost may be missing in a start.
    """
    for line, text in lines.stripped():
        if found.status is None:
            status, _, objective = text.partition(_CBC_OBJECTIVE)
            found.says(line, status.strip(BLANKS))
            found.objective = objective.strip(BLANKS) or None
        elif found.objective is None and (clp_objective := _clp_objective(text)):
            found.objective = clp_objective
        elif entry := _cbc_entry(text):
            if not found.is_row(entry[0]):
                found.add(line, *entry)
        else:
            raise InputError("expected an index, a column name, a value and a reduced cost", line=line)


def _cbc_entry(text: str) -> tuple[str, str] | None:
    """Return name and value of a line of CBC, or None if it is none."""
    index, _, rest = text.removeprefix("**").strip(BLANKS).partition(" ")
    fields = split_last(rest.strip(BLANKS))
    if fields is None or not (index.isascii() and index.isdigit() and _is_number(fields[1])):
        return None
    with_cost = split_last(fields[0])
    return with_cost if with_cost is not None and _is_number(with_cost[1]) else fields


def _clp_objective(text: str) -> str | None:
    """Return the number of a line `Objective value v`, or None if it is another line."""
    value = text.removeprefix(_CLP_OBJECTIVE).strip(BLANKS)
    return value if text.startswith(_CLP_OBJECTIVE) and _is_number(value) else None


def _require_values(lines: Lines, found: Collector) -> None:
    if not found.names and found.columns != [] and found.denied_at is None:
        found.deny(lines.count, found.status or "nothing")


READERS: dict[str, Callable[[Lines, Collector], None]] = {
    "plain": read_plain,
    "miplib": lambda lines, found: read_plain(lines, found, miplib=True),
    "scip": read_scip,
    "highs": read_highs,
    "highs-pretty": read_highs_pretty,
    "glpk": read_glpk,
    "glpk-raw": read_glpk_raw,
    "cbc": read_cbc,
}
"""The reader of each style of lines."""
