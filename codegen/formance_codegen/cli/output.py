"""Shows diagnostics on standard error and turns errors into exit codes."""

from collections.abc import Iterable
from typing import TypeVar

import click

from formance_codegen.diagnostics import Diagnostic, Outcome, Severity
from formance_codegen.report import concise

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


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 model``, ``2 models``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
