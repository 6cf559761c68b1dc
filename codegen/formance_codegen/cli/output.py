"""Shows diagnostics on standard error and turns errors into exit codes."""

import json
from collections.abc import Iterable, Sequence
from typing import TypeVar

import click

from formance_codegen.diagnostics import Diagnostic, Outcome, Severity
from formance_codegen.report import concise
from formance_codegen.sarif import annotations, sarif

T = TypeVar("T")


def value_or_exit(outcome: Outcome[T], *, verbose: bool = False) -> T:
    """Show the diagnostics of an outcome and return its value; exit with 1 after an error."""
    show(outcome.diagnostics, verbose=verbose)
    if outcome.value is None or outcome.failed:
        raise click.exceptions.Exit(1)
    return outcome.value


def show(diagnostics: Iterable[Diagnostic], *, verbose: bool) -> None:
    """Write diagnostics to standard error, a line each; notes only when ``verbose``."""
    shown = tuple(found for found in diagnostics if verbose or found.severity is not Severity.NOTE)
    if shown:
        click.echo(concise(shown).rstrip("\n"), err=True)


def tell(diagnostics: Sequence[Diagnostic], *, form: str) -> None:
    """Tell diagnostics in a form: text on standard error, or what a machine reads on standard output.

    Args:
        diagnostics: What to tell; with "text" nothing is written where there are none.
        form: "text" (with notes on how to mend), "github" or "sarif".
    """
    match form:
        case "github":
            click.echo(annotations(diagnostics), nl=False)
        case "sarif":
            click.echo(json.dumps(sarif(diagnostics), indent=2))
        case _:
            show(diagnostics, verbose=True)
            for note in dict.fromkeys(note for found in diagnostics for note in _to_mend(found)):
                click.echo(f"note: {note}", err=True)


def _to_mend(found: Diagnostic) -> tuple[str, ...]:
    return found.notes if found.code.slug == "edited-file" else ()


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 model``, ``2 models``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
