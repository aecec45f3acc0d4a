"""Reading CPLEX's solution and MIP start files: XML with one `variable` element per column."""

from __future__ import annotations

from xml.parsers import expat

from diffpump.core.errors import InputError
from diffpump.io.solution_file import Collector

_MAX_DEPTH = 100  # nested elements; CPLEX's files have 4, and every level costs the parser memory
_PIECE = 1 << 20  # bytes that are parsed at once


def read_xml(data: bytes, found: Collector) -> None:
    """Read a solution in CPLEX's XML format.

    Raises InputError if the bytes are not XML, if there is no `variable` element although the status promises
    one, and for several solutions. Entity declarations are refused, since a small file could expand to an
    enormous one.
    """
    parser = expat.ParserCreate()
    solutions = depth = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal solutions, depth
        line = parser.CurrentLineNumber
        depth += 1
        if depth > _MAX_DEPTH:
            raise InputError("nested too deeply", line=line)
        if name == "CPLEXSolution":
            solutions += 1
            if solutions > 1:
                raise InputError("a second solution; the file must hold exactly one", line=line)
        elif name == "header":
            found.objective = attributes.get("objectiveValue")
            if status := attributes.get("solutionStatusString"):
                found.says(line, status)
        elif name == "variable":
            try:
                found.add(line, attributes["name"], attributes["value"])
            except KeyError as missing:
                raise InputError(f"a variable without {missing.args[0]}", line=line) from None

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(*declared: object) -> None:
        raise InputError("XML with entity declarations is not supported", line=parser.CurrentLineNumber)

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.EntityDeclHandler = entity
    try:
        for at in range(0, len(data), _PIECE):
            parser.Parse(data[at : at + _PIECE], False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        line = min(error.lineno, max(1, data.count(b"\n")))
        raise InputError(f"not XML: {expat.ErrorString(error.code)}", line=line) from None
    if not found.names and found.denied_at is None:
        raise InputError("the XML holds no variables; only CPLEX's solution files are read", line=1)
