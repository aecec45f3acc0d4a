"""What users of other solvers type, and what to write instead.

Three habits work as they are: `diffpump MODEL` is `diffpump solve MODEL`, `--time_limit` is `--time-limit`,
and `help COMMAND` is `COMMAND --help`. Options of HiGHS, SCIP, CBC, GLPK, Gurobi and CPLEX that are called
otherwise here are refused in one line, which says for all of them together what to write.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import click
from click.shell_completion import CompletionItem

# What to write, with {} for the value, and what other solvers call it, without dashes and underscores.
_ADVICE = {
    "--time-limit {SECONDS}": """
        t time timelimit tlim tmlim sec seconds timeout maxtime maxseconds limits/time""",
    "--until gap-to-lp={0.01}": """
        gap mipgap miprelgap relgap gaprel gaplimit gaptolp ratio ratiogap allowablegap epgap optcr
        limits/gap""",
    "--until objective={100}": """
        target targetobjective objectivetarget objectivelimit objectivestop bestobjstop objlimit
        limits/objective""",
    "--start {FILE}": """
        initialsolution initialsolutionfile initsol inputsolution inputfile mipstart mips mst warmstart
        startfile readsolution readsolutionfile readsol hint hints incumbent""",
    "--history {DIR}": "recall yesterday previous previoussolutions solutionpool",
    "--solution-file {FILE}": """
        o w out output outputfile sol solfile solu solution write writesol writesolution writesolutionfile
        savesolution resultfile""",
    "--until first": """
        first firstsolution stopfirst feasibility maxsolutions maxsols solutionlimit mipmaximprovingsols
        limits/solutions""",
    "--threads {N}": "p j jobs thread numthreads nthreads cores workers",
    "--seed {N}": "randomseed randomcbcseed rngseed",
    "--max-iter {N} (of the pump)": "maxiter iterations iterationlimit itlim",
    "--log-file {FILE}": "l log logfile",
    "--config {FILE} (TOML)": "s optionsfile params paramfile settings",
    "{MODEL}": "f file modelfile read import lp cpxlp mps freemps math",
    "options instead of commands": "b c batch command",
    "the sense of the objective into the file": "min max minimize maximize minimise maximise",
}  # fmt: skip
_LEAVE_OUT = frozenset("solve optimize branch initialsolve mip quit exit".split())
FOREIGN_OPTIONS = {name: advice for advice, names in _ADVICE.items() for name in names.split()}
FOREIGN_COMMANDS = {
    name: command
    for command, names in {
        "solve": "optimize optimise opt run mip read",
        "check": "verify validate checksol",
        "info": "stat stats statistics display show describe",
        "explain": "analyze analyse analyze-infeasibility iis",
        "presets": "list set params",
        "generate": "gen example",
        "bench": "benchmark compare",
        "fetch": "download get",
        "doctor": "selftest",
        "--version": "version",
    }.items()
    for name in names.split()
}
_SIMILAR = 0.85  # of names that are offered as a correction; `--gap` must not become `--paper`
_NUMBER = re.compile(r"-?\d*\.?\d+(e[+-]?\d+)?", re.IGNORECASE)


class Foreign(NamedTuple):
    """A word of the command line that is no option of the command.

    word        the word, without its value
    advice      what to write instead; "" for a word to leave out, and None if that is not known
    positional  whether the word is written NAME=VALUE, as gurobi_cl has its parameters
    """

    word: str
    advice: str | None
    positional: bool


def foreign(words: Sequence[str], options: Mapping[str, click.Parameter]) -> Iterator[Foreign]:
    """Yield the words that are no options here.

    Parameters
    ----------
    words : sequence of str
        The command line after the name of the command.
    options : mapping of str to click.Parameter
        The options of the command by name, with their dashes.
    """
    rest = list(words)
    while rest and rest[0] != "--":
        whole = rest.pop(0)
        word, equals, value = whole.partition("=")
        option = options.get(_dashed(word))
        if option is not None:
            if not equals and not getattr(option, "is_flag", False) and rest:
                rest.pop(0)
            continue
        positional = not word.startswith("-")
        if positional and (not equals or _plain(word) not in FOREIGN_OPTIONS or _is_file(whole)):
            continue
        if word == "-" or (re.fullmatch(r"-\w+", word) and all(f"-{c}" in options for c in word[1:])):
            continue  # standard input, or several of our flags in one word
        following = not equals and rest and (rest[0][:1] != "-" or _NUMBER.fullmatch(rest[0]))
        value = rest[0] if following else value
        advice = _advice(word, value, options)
        if following and advice is not None and shlex.quote(value) in advice:
            rest.pop(0)
        yield Foreign(word, advice, positional)


def _advice(word: str, value: str, options: Mapping[str, click.Parameter]) -> str | None:
    """Return what to write instead of a word and its value, "" for nothing, None if that is not known."""
    plain = _plain(word)
    if plain == "s" and value.isdigit():
        plain = "randomseed"  # else the settings of SCIP
    template = FOREIGN_OPTIONS.get(plain)
    if template is None and plain in _LEAVE_OUT:
        return ""
    if template is None:
        known = [name for name in options if name.startswith("--")]
        close = get_close_matches(f"--{word.lstrip('-').lower().replace('_', '-')}", known, 1, _SIMILAR)
        if not close:
            return None
        takes = value and not getattr(options[close[0]], "is_flag", False)
        return f"{close[0]} {shlex.quote(value)}" if takes else close[0]
    if template.startswith("--") and template.split()[0] not in options:
        return None
    return re.sub(r"\{(.*)\}", lambda place: shlex.quote(value) if value else place[1], template)


def _plain(word: str) -> str:
    return re.sub(r"[-_]", "", word).lower()


def _is_file(word: str) -> bool:
    with suppress(OSError, ValueError):  # the word is too long for a name, or has a NUL
        return Path(word).is_file()
    return False


def _dashed(word: str) -> str:
    """Return an option's name with dashes for its underscores."""
    return word.replace("_", "-")


class Advised(click.Command):
    """A command that says what the options of other solvers are called here."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words, and say for unknown options what to write instead."""
        options = {name: parameter for parameter in self.params for name in parameter.opts}
        found = list(foreign(args, options | dict.fromkeys(ctx.help_option_names, _HELP)))
        if any(one.positional for one in found) and not ctx.resilient_parsing:
            raise click.UsageError(_refusal(found), ctx)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            message = _refusal(found) if found else f"No such option '{error.option_name}'"
            raise click.UsageError(message, ctx) from None


_HELP = click.Option(["--help"], is_flag=True)


def _refusal(found: Sequence[Foreign]) -> str:
    """Return the message on words that are no options."""
    named = ", ".join(f"'{one.word}'" for one in found)
    message = f"No such option{'s' if len(found) > 1 else ''} {named}"
    write = " ".join(one.advice for one in found if one.advice)
    omit = ", ".join(one.word for one in found if one.advice == "")
    instead = " and ".join(
        part for part in (write and f"write {write}", omit and f"leave out {omit}") if part
    )
    return f"{message}: {instead}" if instead else message


class Commands(click.Group):
    """The commands, of which `solve` need not be written before the name of a model."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words; a line that begins with a model or an option of `solve` is one of `solve`."""
        if args and self._is_model(ctx, args[0]):
            args = ["solve", *args]
        elif len(args) > 1 and args[0] == "help":
            args = [*args[1:], "--help"]
        elif args == ["help"]:
            args = ["--help"]
        return super().parse_args(ctx, args)

    def _is_model(self, ctx: click.Context, word: str) -> bool:
        """Return whether the first word is the name of a file, or no option of diffpump itself."""
        if self.get_command(ctx, word) is not None:
            return False
        if word.startswith("-"):
            own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
            return word not in own
        return bool(re.search(r"[./=\\]", word)) or _is_file(word)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command, and say for an unknown one what to write instead."""
        word = args[0]
        if self.get_command(ctx, word) is not None or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        close = get_close_matches(word.lower(), self.commands, 1)
        command = FOREIGN_COMMANDS.get(word.lower(), close[0] if close else None)
        if command is None:
            ctx.fail(f"'{word}' is neither a command nor a file")
        ctx.fail(f"No such command '{word}': write {ctx.command_path} {command}")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the matching commands, or if there are none let the shell complete the name of a file."""
        return super().shell_complete(ctx, incomplete) or [CompletionItem(incomplete, type="file")]
