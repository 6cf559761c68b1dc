"""The command `vendor`: clients inside the source tree of another repository."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from formance_codegen.cli.options import overlay_option, ref_root_option, remote_option
from formance_codegen.cli.output import count, tell
from formance_codegen.cli.reading import display_name
from formance_codegen.cli.stack import STACK
from formance_codegen.cli.vendored import Client, make_client, noted_path, pristine_of, vendored
from formance_codegen.diagnostics import Diagnostic, Severity, diagnose
from formance_codegen.drift import compare
from formance_codegen.emit import ADVICE, apply
from formance_codegen.manifest import manifest_of
from formance_codegen.naming.identifier import is_public
from formance_codegen.source import Span
from formance_codegen.vendoring.edits import Conflict, Kept, keep_edits
from formance_codegen.vendoring.pristine import ARCHIVE
from formance_codegen.vendoring.recipe import Recipe


@click.command()
@click.argument("dest", type=click.Path(path_type=Path, file_okay=False))
@click.option("--service", "services", metavar="NAME", multiple=True, help="A document of the settings; may repeat.")
@click.option("--spec", type=click.Path(path_type=Path), metavar="FILE", help="Any other document.")
@click.option("--package", metavar="NAME", help="The folder in DEST; by default the package's own name.")
@click.option(
    "--only", metavar="NAME", multiple=True, help="Only this namespace, method, or operationId; may be repeated."
)
@overlay_option
@ref_root_option
@remote_option
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a client in DEST is stale or was edited.")
@click.option("--update", is_flag=True, help="Make the clients in DEST anew, and keep what was edited there.")
@click.option("--force", is_flag=True, help="Give up edits.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github", "sarif"]),
    default="text",
    show_default=True,
    help="How findings are told: as text, as annotations of GitHub, or as SARIF 2.1.0.",
)
def vendor(
    *,
    dest: Path,
    services: tuple[str, ...],
    spec: Path | None,
    package: str | None,
    only: tuple[str, ...],
    overlays: tuple[Path, ...],
    ref_roots: tuple[Path, ...],
    allow_remote: bool,
    check: bool,
    update: bool,
    force: bool,
    form: str,
) -> None:
    """Put client packages into the folder DEST of another project.

    What a package was made from is noted beside it, so that --check and --update need no options but DEST, and look at
    all clients below it. With options, --update makes the client that they tell of by them from now on.
    """
    recipe = Recipe(
        package=package or "",
        only=only,
        overlays=tuple(map(noted_path, overlays)),
        ref_roots=tuple(map(noted_path, ref_roots)),
        allow_remote=allow_remote,
    )
    named = bool(services or spec or recipe != Recipe())
    if check and (update or force or named):
        raise click.BadParameter("it goes with DEST and --format alone", param_hint="--check")
    if check or (update and not named):
        found = vendored(dest)
        made = _made(found.values(), form=form)
        clients = dict(zip(found, made, strict=True))
    else:
        recipes = _recipes(services, spec, recipe)
        clients = _folders(dest, _made(recipes, form=form, asked=True))
    if check:
        _check(clients, form=form)
    elif update:
        _update(clients, force=force, form=form)
    else:
        _write(clients, {}, force=force, form=form)


def _recipes(services: Sequence[str], spec: Path | None, recipe: Recipe) -> list[Recipe]:
    """Return the recipe for each document that is named."""
    if not services and spec is None:
        raise click.UsageError("name a client with --service, or a document with --spec")
    if STACK in services:
        message = "the stack imports the clients as packages of their own: vendor the services"
        raise click.BadParameter(message, param_hint="--service")
    recipes = [dataclasses.replace(recipe, service=name) for name in services]
    if spec is not None:
        recipes.append(dataclasses.replace(recipe, spec=noted_path(spec)))
    if len(recipes) > 1 and (recipe.package or recipe.only or recipe.overlays):
        raise click.BadParameter("they go with one client at a time", param_hint="--package, --only, --overlay")
    if recipe.package and not is_public(recipe.package):
        raise click.BadParameter(f"{recipe.package} is not a Python name", param_hint="--package")
    return recipes


def _made(recipes: Iterable[Recipe], *, form: str, asked: bool = False) -> list[Client]:
    """Make clients, and tell what their documents get wrong; exit after an error.

    Args:
        recipes: What they are made by.
        form: How errors are told.
        asked: Whether the recipes are what the user just said.
    """
    clients = [make_client(recipe) for recipe in recipes]
    found = [each for client in clients for each in client.diagnostics if each.severity is not Severity.NOTE]
    if all(client.files is not None for client in clients):
        tell(found, form="text")
        return clients
    if asked and (unknown := next((each for each in found if each.code.slug == "unknown-name"), None)):
        raise click.BadParameter(unknown.message, param_hint="--only")
    tell(found, form=form)
    click.echo("nothing was written", err=True)
    raise click.exceptions.Exit(1)


def _folders(dest: Path, clients: Iterable[Client]) -> dict[Path, Client]:
    folders: dict[Path, Client] = {}
    for client in clients:
        if folders.setdefault(dest / client.package, client) is not client:
            message = f"two clients would be {display_name(dest / client.package)}; give one another --package"
            raise click.BadParameter(message, param_hint="--service")
    return folders


def _check(clients: Mapping[Path, Client], *, form: str) -> None:
    trees = {folder: client.tree() for folder, client in clients.items()}
    drift = compare(trees, command="vendor", unreadable=frozenset({ARCHIVE}))
    if form != "text":
        tell(drift.diagnostics(), form=form)
    if drift.is_clean:
        return
    if form == "text":
        click.echo(drift.diff, nl=False)
        for kind, files in drift.by_kind():
            for file in files if kind != "stale" else ():
                click.echo(f"{kind}: {display_name(file)}")
    found = ", ".join(f"{len(files)} {kind}" for kind, files in drift.by_kind() if files)
    # The list of files is stale as soon as anything would be made otherwise.
    is_current = not any(files for kind, files in drift.by_kind() if kind != "edited")
    click.echo(found if is_current else f"{found}: run formance-codegen vendor --update", err=True)
    if drift.edited:
        click.echo(f"--update keeps what was edited, and --update --force gives it up; {ADVICE}", err=True)
    raise click.exceptions.Exit(1)


def _update(clients: Mapping[Path, Client], *, force: bool, form: str) -> None:
    for folder in clients:
        vendored(folder)
    kept = {folder: _kept(folder, client, force=force) for folder, client in clients.items()}
    conflicts = {folder: each.conflicts for folder, each in kept.items() if each.conflicts}
    if conflicts:
        if form == "text":
            for folder, found in conflicts.items():
                _show(folder, found)
        else:
            tell([each for folder, found in conflicts.items() for each in _diagnostics(folder, found)], form=form)
        advice = "take the edits back, move them elsewhere, or give them up with --force"
        click.echo(f"nothing was written: {advice}", err=True)
        raise click.exceptions.Exit(1)
    for folder, each in kept.items():
        for path in each.edited:
            click.echo(f"{display_name(folder / path)}: the edits stay", err=True)
    _write(clients, kept, force=True, form=form)


def _kept(folder: Path, client: Client, *, force: bool) -> Kept:
    files = client.files or {}
    if force:
        return Kept(files=files)
    base = pristine_of(folder)
    if base is None:
        message = f"{display_name(folder / ARCHIVE)} does not tell what was generated, so edits cannot be told"
        click.echo(f"{message}; --force gives them up", err=True)
        raise click.exceptions.Exit(1)
    owned = manifest_of(folder).files
    mine = {path: (folder / path).read_bytes() for path in base if path in owned and (folder / path).is_file()}
    try:
        return keep_edits(base, mine, files)
    except FileNotFoundError:
        click.echo("git, which merges the edits, is not there", err=True)
        raise click.exceptions.Exit(1) from None


def _show(folder: Path, conflicts: Iterable[Conflict]) -> None:
    for conflict in conflicts:
        name = display_name(folder / conflict.path)
        click.echo(f"{name}: {conflict.reason}")
        for hunk in conflict.hunks:
            click.echo(f"@@ {name}:{hunk.line} @@\n{hunk.text}", nl=False)


def _diagnostics(folder: Path, conflicts: Iterable[Conflict]) -> Iterable[Diagnostic]:
    for conflict in conflicts:
        for line in [hunk.line for hunk in conflict.hunks] or [1]:
            span = Span(file=(folder / conflict.path).as_posix(), line=line, column=1)
            yield diagnose("edited-file", conflict.reason, span=span)


def _write(clients: Mapping[Path, Client], kept: Mapping[Path, Kept], *, force: bool, form: str) -> None:
    trees = {folder: client.tree(kept[folder].files if folder in kept else None) for folder, client in clients.items()}
    outcome = apply(trees, command="vendor", force=force)
    if outcome.value is None:
        tell(outcome.diagnostics, form=form)
        click.echo("nothing was written", err=True)
        if any(found.code.slug == "edited-file" for found in outcome.diagnostics):
            click.echo("with the same options, --update keeps what was edited", err=True)
        raise click.exceptions.Exit(1)
    changes = outcome.value
    for folder, client in clients.items():
        counts = f"{count(client.operations, 'operation')}, {count(client.models, 'model')}"
        click.echo(f"{display_name(folder)}: {counts}", err=form != "text")
    pruned = f", {len(changes.pruned)} removed" if changes.pruned else ""
    counts = f"{count(len(changes.written), 'file')} written, {len(changes.unchanged)} unchanged{pruned}"
    click.echo(counts, err=form != "text")
