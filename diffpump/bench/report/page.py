"""The two renderings of the content, a self-contained HTML page and Markdown, from `templates/`.

Names of instances and configurations may have any characters. In both renderings, those that are not
printable are shown as escapes, and those with a meaning in HTML or Markdown have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from diffpump.bench.report.drill import CONFIG_HEAD, RUN_HEAD, Instance
from diffpump.bench.report.figures import Picture
from diffpump.bench.report.text import Table
from diffpump.core.text import escaped

MAX_WARNINGS = 200  # of each kind that a page shows


@dataclass(frozen=True)
class Section:
    """A heading with its tables and figures."""

    name: str
    title: str
    tables: Sequence[Table] = ()
    pictures: Sequence[Picture] = ()
    note: str = ""


@dataclass(frozen=True)
class Content:
    """Everything that both renderings show.

    facts            the provenance, as (name, text)
    differences      sentences on settings in which the runs differ
    contradictions   sentences on results that contradict each other or known objectives
    improvements     sentences on objectives better than the best known ones
    notes            sentences on the statistics
    overview         the table of instances and configurations
    """

    title: str
    facts: Sequence[tuple[str, str]]
    differences: Sequence[str]
    contradictions: Sequence[str]
    improvements: Sequence[str]
    notes: Sequence[str]
    sections: Sequence[Section]
    overview: Table
    configurations: Table
    instances: Sequence[Instance]


def html(content: Content) -> str:
    """Return an HTML page with inline CSS and SVG, without scripts or external resources."""
    return _render("page.html.j2", content, escape=True)


def markdown(content: Content) -> str:
    """Return the content as GitHub Markdown, which refers to figures as `figures/NAME.svg`."""
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
    if escape:
        environment.finalize = _shown
    # Figures are not escaped: matplotlib made them.
    environment.filters["svg"] = lambda picture: Markup(picture.svg)
    environment.filters["cell"] = _cell
    return environment.get_template(template).render(
        **vars(content), listed=MAX_WARNINGS, config_head=CONFIG_HEAD, run_head=RUN_HEAD
    )


def _shown(value: object) -> object:
    """Return a value of the HTML page, a text as printable characters; markup stays as it is."""
    return escaped(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _cell(text: object) -> str:
    """Return the text in printable characters on one line, with Markdown's special characters escaped."""
    out = escaped(str(text)).replace("\\", "\\\\")
    for character in "|*_`<>[]":
        out = out.replace(character, f"\\{character}")
    return out
