"""The configuration of Sphinx: `make docs` builds docs/build/html, without a network, warnings as errors.

The pages are Markdown (MyST). Two pages are made here from the program itself: docs/generated/commands.md
from the commands' help, and docs/generated/parts.md from the registries.
"""

from __future__ import annotations

import inspect
import os
import re
from pathlib import Path
from typing import Any

import click

from diffpump.cli import cli
from diffpump.cli.presets import options_text
from diffpump.config.presets import PRESET_HELP, PRESETS
from diffpump.config.pump import REGISTRIES
from diffpump.config.schedule import ARMS
from diffpump.core.registry import Registry
from diffpump.core.spec import format_value
from diffpump.core.version import __version__

HERE = Path(__file__).parent
# Where links to files outside docs/ lead: to the folder of the repository, or to an address of it.
REPOSITORY = os.environ.get("DIFFPUMP_REPOSITORY", "../../..")

project = "diffpump"
author = "The diffpump developers"
copyright = "The diffpump developers; MIT license"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
exclude_patterns = ["build", "pictures"]
nitpicky = True

html_theme = "furo"
html_title = f"diffpump {__version__}"
html_show_sphinx = False
html_copy_source = False

myst_heading_anchors = 3  # as GitHub makes them, so that links work in both places
myst_url_schemes = {"http": None, "https": None, "repository": f"{REPOSITORY}/{{{{path}}}}#{{{{fragment}}}}"}

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say the types
autosummary_generate = False

_LINK = re.compile(r"(?<!!)(\[[^\[\]]*\]\()\.\./")
_UNDERLINE = re.compile(r"-{3,}\s*$")  # of a section's title
_WITH_ENTRIES = ("Parameters", "Attributes", "Returns", "Yields", "Raises", "Warns")
_LISTING = re.compile(r"\S+(?:, \S+)*\s{2,}\S")  # "name   what it is"
_SPECIAL = re.compile(r"[\\*|]|_(?=\W|$)")


def _outside(app: Any, page: str, source: list[str]) -> None:
    """Let the links of a page to files of the repository lead out of the documentation."""
    source[0] = _LINK.sub(r"\1repository:", source[0])


def _as_rst(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Turn a docstring, which is plain prose with NumPy's sections, into reStructuredText.

    Single backticks become literals, and characters with a meaning in reStructuredText are escaped. A section
    becomes a list of definitions. Elsewhere, what is indented or aligned in columns is shown as it is.
    """
    found, in_entries = [], False
    for block in _blocks(lines):
        if len(block) > 1 and _UNDERLINE.match(block[1]):
            found += [f".. rubric:: {block[0]}", ""]
            in_entries = block[0] in _WITH_ENTRIES
            block = block[2:]
        if block and block[0].lstrip().startswith(">>> "):
            found += block
        elif in_entries:
            found += _entries(block)
        elif block and (block[0].startswith(" ") or _LISTING.match(block[0])):
            found += ["::", "", *(f"    {line}" for line in block)]
        else:
            found += [_escaped(line) for line in block]
        found.append("")
    lines[:] = found


def _entries(block: list[str]) -> list[str]:
    """Return the entries of a section, a name with its type and the indented description, as definitions."""
    found: list[str] = []
    for line in block:
        if not line.startswith(" "):
            names, colon, kind = line.partition(" : ")
            found += ["", f"``{names}``{colon}{_escaped(kind)}"]
        elif any(one.startswith("     ") for one in block):  # a list within: its lines stay lines
            text = line.lstrip()
            found.append(f"    | {' ' * (len(line) - len(text) - 4)}{_escaped(text)}")
        else:
            found.append(f"    {_escaped(line.lstrip())}")
    return found


def _blocks(lines: list[str]) -> list[list[str]]:
    """Return the runs of lines between empty ones."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _escaped(line: str) -> str:
    parts = line.split("`")
    parts[::2] = [_SPECIAL.sub(r"\\\g<0>", part) for part in parts[::2]]
    return "``".join(parts)


def _commands() -> str:
    """Return the page of all commands, with their help."""
    text = ["# Commands", "", "What `diffpump COMMAND --help` prints.", ""]
    context = click.Context(cli, info_name="diffpump", terminal_width=100, **cli.context_settings)
    for name, command in sorted(cli.commands.items()):
        own = click.Context(command, parent=context, info_name=name)
        text += _help(command, own)
        for part, one in sorted(getattr(command, "commands", {}).items()):
            text += _help(one, click.Context(one, parent=own, info_name=part))
    return "\n".join([*text, ""])


def _help(command: click.Command, context: click.Context) -> list[str]:
    return [f"## {context.command_path}", "", "```text", command.get_help(context), "```", ""]


def _parts() -> str:
    """Return the page of all presets and registered names."""
    text = [
        "# All parts",
        "",
        "What `diffpump presets`, `presets --engine` and `generate` list.",
        "",
        "## Presets",
        "",
    ]
    text += ["| preset | what it is, and the options that it stands for |", "|---|---|"]
    text += [
        f"| `{name}` | {_cell(PRESET_HELP[name])}: `{options_text(one.as_dict())}` |"
        for name, one in PRESETS.items()
    ]
    from diffpump.backends.interface import BACKENDS
    from diffpump.bench.peers import PEERS
    from diffpump.families import FAMILIES

    others = {"arm": ARMS, "backend": BACKENDS, "peer": PEERS, "family": FAMILIES}
    for title, registry in {**REGISTRIES, **others}.items():
        text += ["", f"## {title.capitalize()}", "", "| name | parameters | what it is |", "|---|---|---|"]
        text += [
            f"| `{name}` | {_parameters(registry, name)} | {_cell(registry.entry(name).help)} |"
            for name in registry
        ]
    return "\n".join([*text, ""])


def _parameters(registry: Registry[Any], name: str) -> str:
    shown = (
        f"`{key}`" if default is inspect.Parameter.empty else f"`{key}={format_value(default)}`"
        for key, default in registry.parameters(name).items()
    )
    return " ".join(shown)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _generate() -> None:
    folder = HERE / "generated"
    folder.mkdir(exist_ok=True)
    for name, text in (("commands", _commands()), ("parts", _parts())):
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def setup(app: Any) -> None:
    """Make the generated pages, and register what changes the sources."""
    _generate()
    app.connect("source-read", _outside)
    app.connect("autodoc-process-docstring", _as_rst, priority=400)  # before napoleon
