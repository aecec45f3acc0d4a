"""The two renderings of one content, a self-contained HTML page and Markdown, from templates in here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from diffpump.bench.report.drill import CONFIG_HEAD, RUN_HEAD, Instance
from diffpump.bench.report.figures import Picture
from diffpump.bench.report.text import Table

LISTED = 200  # warnings of a kind that a page shows


@dataclass(frozen=True)
class Section:
    """A heading with tables and pictures under it."""

    name: str
    title: str
    tables: Sequence[Table] = ()
    pictures: Sequence[Picture] = ()
    note: str = ""


@dataclass(frozen=True)
class Content:
    """Everything that both renderings show."""

    title: str
    facts: Sequence[tuple[str, str]]
    unlike: Sequence[str]
    contradictions: Sequence[str]
    improvements: Sequence[str]
    notes: Sequence[str]
    sections: Sequence[Section]
    overview: Table
    configurations: Table
    instances: Sequence[Instance]


def html(content: Content) -> str:
    """The page: inline CSS and SVG, no scripts, nothing fetched."""
    return _render("page.html.j2", content, escape=True)


def markdown(content: Content) -> str:
    """The same as GitHub Markdown; pictures are referred to as `figures/NAME.svg`."""
    return _render("page.md.j2", content, escape=False)


def _render(template: str, content: Content, escape: bool) -> str:
    environment = Environment(
        loader=PackageLoader("diffpump.bench.report"),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["svg"] = lambda picture: Markup(picture.svg)  # our own text, not a record's
    environment.filters["cell"] = _cell
    return environment.get_template(template).render(
        **vars(content), listed=LISTED, config_head=CONFIG_HEAD, run_head=RUN_HEAD
    )


def _cell(text: object) -> str:
    """A text that may stand in a Markdown table or line."""
    out = str(text).replace("\\", "\\\\").replace("\n", " ")
    for character in "|*_`<>[]":
        out = out.replace(character, f"\\{character}")
    return out
