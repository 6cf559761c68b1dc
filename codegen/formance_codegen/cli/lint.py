"""The command `lint`: what is wrong or lossy in an OpenAPI document."""

import json
from collections import Counter
from pathlib import Path

import click

from formance_codegen.cli.linking import Reach, linked
from formance_codegen.cli.options import overlay_option, ref_root_option, remote_option
from formance_codegen.cli.output import count, tell, value_or_exit
from formance_codegen.cli.reading import names_of, read_overlays, read_settings, read_source
from formance_codegen.diagnostics import Severity
from formance_codegen.inspection import inspect
from formance_codegen.report import as_json, full


@click.command()
@click.argument("spec", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github", "sarif"]), default="text", show_default=True
)
@click.option("--strict", is_flag=True, help="Exit with 1 after a warning, too.")
@overlay_option
@ref_root_option
@remote_option
def lint(
    *, spec: Path, form: str, strict: bool, overlays: tuple[Path, ...], ref_roots: tuple[Path, ...], allow_remote: bool
) -> None:
    """Show all that a build of the OpenAPI document SPEC would say: errors, warnings and notes."""
    settings = value_or_exit(read_settings(Path()))
    applied = value_or_exit(read_overlays(settings, spec, overlays))
    reach = Reach(roots=ref_roots, remote=allow_remote)
    source = value_or_exit(linked(value_or_exit(read_source(spec)), spec, applied, reach))
    outcome = inspect(source, settings.of_document(spec), applied, value_or_exit(names_of(settings, spec)))
    if form == "json":
        click.echo(json.dumps(as_json(outcome.diagnostics), indent=2))
    elif form != "text":
        tell(outcome.diagnostics, form=form)
    elif outcome.diagnostics:
        others = [text for text in source.linked.values() if not isinstance(text, str)]
        click.echo(full(outcome.diagnostics, {text.name: text for text in (source, *applied, *others)}).rstrip("\n"))
    numbers = Counter(found.severity for found in outcome.diagnostics)
    click.echo(", ".join(count(numbers[severity], severity.value) for severity in Severity), err=True)
    if outcome.failed or (strict and numbers[Severity.WARNING]):
        raise click.exceptions.Exit(1)
