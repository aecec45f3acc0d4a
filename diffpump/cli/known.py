"""Option types whose choices, help and completion come from a registry, imported only when it is needed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from diffpump.core.registry import Registry


class Known(click.ParamType[Any]):
    """A name of a registry, or with `many` several names separated by commas.

    `registry` is "module:NAME": importing a registry takes 0.3 s, and `--help` of other commands must answer
    at once. The help shows `shown`, or the known names if that is None. This type accepts unknown names; the
    later lookup raises an error that lists the known ones.
    """

    def __init__(self, registry: str, many: bool = False, shown: str | None = None) -> None:
        self._place, self._many, self._shown = registry, many, shown
        self.name = "NAME[,NAME...]" if many else "NAME"

    def _registry(self) -> Registry[Any]:
        module, _, name = self._place.partition(":")
        found: Registry[Any] = getattr(import_module(module), name)
        return found

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return what the help shows in place of a value."""
        if self._shown is not None:
            return self._shown
        from diffpump.core.errors import UsageError

        try:
            names = "|".join(self._registry())
        except UsageError:  # the help answers although a plug-in cannot be loaded
            return self.name
        return f"{names}[,...]" if self._many else names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the name, or with `many` the tuple of names."""
        return value if isinstance(value, tuple) or not self._many else words(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the completions of the last name."""
        done, comma, word = incomplete.rpartition(",") if self._many else ("", "", incomplete)
        entries = self._registry().entries.items()
        return [CompletionItem(f"{done}{comma}{n}", help=e.help) for n, e in entries if n.startswith(word)]


def words(text: str) -> tuple[str, ...]:
    """Return the comma-separated words of a text without the blanks around them."""
    return tuple(word.strip() for word in text.split(",") if word.strip())
