"""The command `generate`: one client project from any OpenAPI document."""

import dataclasses
import keyword
from pathlib import Path

import click

from formance_codegen.cli.jobs import Job, run_one
from formance_codegen.cli.linking import Reach, linked
from formance_codegen.cli.options import overlay_option, ref_root_option, remote_option
from formance_codegen.cli.output import count, show, tell, value_or_exit
from formance_codegen.cli.reading import (
    display_name,
    load_templates,
    names_of,
    read_overlays,
    read_settings,
    read_source,
)
from formance_codegen.diagnostics import Severity
from formance_codegen.emit import apply
from formance_codegen.tree import FileTree


@click.command()
@click.argument("spec", type=click.Path(path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Becomes the project.")
@click.option("--package", metavar="NAME", help="The import package; by default from the document's title.")
@click.option(
    "--templates", type=click.Path(path_type=Path), metavar="DIR", help="Templates that replace ours by path."
)
@overlay_option
@ref_root_option
@remote_option
@click.option("--force", is_flag=True, help="Write and remove generated files that somebody edited, too.")
@click.option("--verbose", "-v", is_flag=True, help="Show notes as well as warnings.")
def generate(
    *,
    spec: Path,
    output: Path,
    package: str | None,
    templates: Path | None,
    overlays: tuple[Path, ...],
    ref_roots: tuple[Path, ...],
    allow_remote: bool,
    force: bool,
    verbose: bool,
) -> None:
    """Make one client project of the OpenAPI document SPEC.

    A document of the folder that [tool.formance-codegen] names gets the settings of its table, and its overlay in the
    folder overlays beside it.
    """
    if package is not None and (not package.isidentifier() or keyword.iskeyword(package)):
        raise click.BadParameter(f"{package} is not a Python name", param_hint="--package")
    settings = value_or_exit(read_settings(Path()))
    config = settings.of_document(spec)
    applied = value_or_exit(read_overlays(settings, spec, overlays))
    reach = Reach(roots=ref_roots, remote=allow_remote)
    job = Job(
        name=spec.stem,
        source=value_or_exit(linked(value_or_exit(read_source(spec)), spec, applied, reach)),
        config=dataclasses.replace(config, package=package) if package else config,
        templates=value_or_exit(load_templates(templates)),
        overlays=applied,
        held=value_or_exit(names_of(settings, spec)),
    )
    built = run_one(job)
    show(built.diagnostics, verbose=verbose)
    if built.files is None:
        raise click.exceptions.Exit(1)
    written = apply({output: FileTree.of(built.files.items())}, command="generate", force=force)
    if written.value is None:
        tell(written.diagnostics, form="text")
        raise click.exceptions.Exit(1)
    warnings = sum(found.severity is Severity.WARNING for found in built.diagnostics)
    counts = f"{count(built.operations, 'operation')}, {count(built.models, 'model')}, {count(warnings, 'warning')}"
    click.echo(f"{display_name(output)}: {counts}, {built.seconds:.2f} s")
