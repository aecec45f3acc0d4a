"""Reading CPLEX's solution and MIP start files: XML with one `variable` element per column."""

from __future__ import annotations

from xml.parsers import expat

from diffpump.core.errors import InputError


def read_xml(text: str) -> tuple[str | None, list[tuple[int, str, str]]]:
    """Read a solution in CPLEX's XML format.

    Returns the text of the claimed objective, or None, and (line, column name, decimal text) of each column.
    Raises InputError if the text is not XML, has no `variable` element, or holds several solutions. Entity
    declarations are also refused, since a small file could expand to an enormous one.
    """
    parser = expat.ParserCreate()
    objectives: list[str] = []
    entries: list[tuple[int, str, str]] = []
    solutions: list[int] = []

    def element(name: str, attributes: dict[str, str]) -> None:
        line = parser.CurrentLineNumber
        if name == "CPLEXSolution":
            solutions.append(line)
            if len(solutions) > 1:
                raise InputError("a second solution; the file must hold exactly one", line=line)
        elif name == "header" and "objectiveValue" in attributes:
            objectives.append(attributes["objectiveValue"])
        elif name == "variable":
            try:
                entries.append((line, attributes["name"], attributes["value"]))
            except KeyError as missing:
                raise InputError(f"a variable without {missing.args[0]}", line=line) from None

    def entity(*declared: object) -> None:
        raise InputError("XML with entity declarations is not supported", line=parser.CurrentLineNumber)

    parser.StartElementHandler = element
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        line = min(error.lineno, max(1, text.count("\n")))
        raise InputError(f"not XML: {expat.ErrorString(error.code)}", line=line) from None
    if not entries:
        raise InputError("the XML holds no variables; only CPLEX's solution files are read", line=1)
    return (objectives[0] if objectives else None), entries
