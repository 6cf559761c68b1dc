"""The command `vendor`: clients inside the source tree of another repository."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from formance_codegen.cli.jobs import Job, run_one
from formance_codegen.cli.linking import Reach, linked
from formance_codegen.cli.options import overlay_option
from formance_codegen.cli.output import count, tell, value_or_exit
from formance_codegen.cli.reading import (
    Settings,
    display_name,
    find_documents,
    load_templates,
    names_of,
    read_overlays,
    read_settings,
    read_source,
)
from formance_codegen.cli.stack import STACK
from formance_codegen.diagnostics import Severity
from formance_codegen.drift import compare
from formance_codegen.emit import ADVICE, apply
from formance_codegen.manifest import MANIFEST, manifest_of, projects_in, with_manifest
from formance_codegen.naming.identifier import is_public
from formance_codegen.tree import FileTree
from formance_codegen.vendoring.edits import Kept, keep_edits
from formance_codegen.vendoring.pristine import ARCHIVE, pack, unpack
from formance_codegen.vendoring.recipe import Recipe, about, recipe_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A client that was made by a recipe."""

    files: Mapping[str, bytes]
    """Inside the package's folder."""
    note: Mapping[str, object]
    """What its list of files says of how it was made."""
    operations: int
    models: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Project:
    """A whole project, as `build` would write it."""

    files: Mapping[str, bytes]
    text: str
    """The document."""
    version: str
    operations: int
    models: int


@click.command()
@click.argument("dest", type=click.Path(path_type=Path, file_okay=False))
@click.option("--service", "services", metavar="NAME", multiple=True, help="A document of the settings; may repeat.")
@click.option("--spec", type=click.Path(path_type=Path), metavar="FILE", help="Any other document.")
@click.option("--package", metavar="NAME", help="The folder in DEST; by default the package's own name.")
@click.option(
    "--only", metavar="NAME", multiple=True, help="Only this namespace, method, or operationId; may be repeated."
)
@overlay_option
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a client in DEST is stale or was edited.")
@click.option("--update", is_flag=True, help="Make the clients in DEST anew, and keep what was edited there.")
@click.option("--force", is_flag=True, help="Give up edits.")
@click.option(
    "--format", "form", type=click.Choice(["text", "github", "sarif"]), default="text", help="How findings are told."
)
def vendor(
    *,
    dest: Path,
    services: tuple[str, ...],
    spec: Path | None,
    package: str | None,
    only: tuple[str, ...],
    overlays: tuple[Path, ...],
    check: bool,
    update: bool,
    force: bool,
    form: str,
) -> None:
    """Put client packages into the folder DEST of another project.

    What a package was made from is noted beside it, so that --check and --update need no options but DEST.
    """
    settings = value_or_exit(read_settings(Path()))
    if check or update:
        if check and update:
            raise click.BadParameter("it goes without --check", param_hint="--update")
        if services or spec or package or only or overlays:
            raise click.BadParameter("they are noted beside each client: name DEST alone", param_hint="options")
        again = _check if check else _update
        again(settings, _vendored(dest), force=force, form=form)
        return
    recipes = _recipes(settings, services, spec, package, only, overlays)
    projects: dict[Path, FileTree] = {}
    for recipe in recipes:
        made = _make(settings, recipe)
        projects[dest / recipe.package] = _tree(made.files, made.files, made.note, _archive(dest / recipe.package))
        counts = f"{count(made.operations, 'operation')}, {count(made.models, 'model')}"
        click.echo(f"{display_name(dest / recipe.package)}: {counts}")
    _write(projects, force=force, form=form)


def _recipes(
    settings: Settings,
    services: Sequence[str],
    spec: Path | None,
    package: str | None,
    only: tuple[str, ...],
    overlays: Sequence[Path],
) -> list[Recipe]:
    documents = [*services, *([] if spec is None else [spec.as_posix()])]
    if not documents:
        raise click.UsageError("name a client with --service, or a document with --spec")
    if STACK in services:
        raise click.BadParameter(
            "the stack imports the clients as packages of their own: vendor the services", param_hint="--service"
        )
    if len(documents) > 1 and (package or only or overlays):
        raise click.BadParameter("they go with one client at a time", param_hint="--package, --only, --overlay")
    if package is not None and not is_public(package):
        raise click.BadParameter(f"{package} is not a Python name", param_hint="--package")
    given = tuple(overlay.as_posix() for overlay in overlays)
    recipes = [Recipe(document=name, package=package or "", only=only, overlays=given) for name in documents]
    return [dataclasses.replace(recipe, package=recipe.package or _own_package(settings, recipe)) for recipe in recipes]


def _own_package(settings: Settings, recipe: Recipe) -> str:
    """Return the package that a client has outside."""
    files = _generate(settings, recipe).files
    return next(path.partition("/")[0] for path in files if "/" in path)


def _path_of(settings: Settings, document: str) -> Path:
    """Return the path of a document: of a service by its name, or as it is."""
    found = find_documents(settings).value or {}
    if document in found:
        return found[document]
    if not Path(document).is_file():
        names = ", ".join(found)
        raise click.BadParameter(f"{document} is neither a file nor one of {names}", param_hint="--service")
    return Path(document)


def _generate(settings: Settings, recipe: Recipe) -> _Project:
    path = _path_of(settings, recipe.document)
    config = settings.of_document(path)
    if recipe.package:
        # What is called otherwise here is so for the folder alone: the classes keep their names.
        config = dataclasses.replace(config, package=recipe.package, client=config.client)
    overlays = value_or_exit(read_overlays(settings, path, [Path(overlay) for overlay in recipe.overlays]))
    own = value_or_exit(read_source(path, name=recipe.document))
    job = Job(
        name=path.stem,
        source=value_or_exit(linked(own, path, overlays, Reach())),
        config=config,
        templates=value_or_exit(load_templates(None)),
        overlays=overlays,
        held=value_or_exit(names_of(settings, path)),
        only=recipe.only,
    )
    built = run_one(job)
    tell([found for found in built.diagnostics if found.severity is not Severity.NOTE], form="text")
    if built.files is None:
        raise click.exceptions.Exit(1)
    return _Project(
        files=built.files,
        text=job.source.text,
        version=built.version,
        operations=built.operations,
        models=built.models,
    )


def _make(settings: Settings, recipe: Recipe) -> _Made:
    built = _generate(settings, recipe)
    prefix = f"{recipe.package}/"
    files = {path.removeprefix(prefix): content for path, content in built.files.items() if path.startswith(prefix)}
    note = about(recipe, built.text, built.version)
    return _Made(files=files, note=note, operations=built.operations, models=built.models)


def _tree(
    files: Mapping[str, bytes], pristine: Mapping[str, bytes], note: Mapping[str, object], there: bytes | None = None
) -> FileTree:
    """Return the files with the list of what was generated, and the archive of it.

    An archive that is there and holds the same stays, whichever version of zlib packed it.
    """
    archive = there if there is not None and _unpacked(there) == pristine else pack(pristine)
    listed = with_manifest(FileTree.of([*pristine.items(), (ARCHIVE, archive)]), "vendor", note)
    return FileTree.of([*files.items(), (ARCHIVE, archive), (MANIFEST, listed.files[MANIFEST])])


def _unpacked(archive: bytes) -> Mapping[str, bytes] | None:
    try:
        return unpack(archive)
    except ValueError:
        return None


def _vendored(dest: Path) -> Mapping[Path, Recipe]:
    """Return the clients in a folder, or the one that it is, by how they were made."""
    folders = [dest] if manifest_of(dest).command == "vendor" else [*projects_in(dest, "vendor")]
    found = {folder: recipe_of(manifest_of(folder).about) for folder in folders}
    recipes = {folder: recipe for folder, recipe in found.items() if recipe is not None}
    if not recipes or len(recipes) < len(found):
        unclear = next((folder for folder, recipe in found.items() if recipe is None), dest)
        raise click.BadParameter(f"{display_name(unclear)} holds no vendored client", param_hint="DEST")
    return recipes


def _check(settings: Settings, recipes: Mapping[Path, Recipe], *, force: bool, form: str) -> None:
    if force:
        raise click.BadParameter("it goes without --check", param_hint="--force")
    drift = compare({folder: _wanted(settings, folder, recipe) for folder, recipe in recipes.items()}, command="vendor")
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
    click.echo(f"{found}: run formance-codegen vendor --update", err=True)
    if drift.edited:
        click.echo(f"--update keeps what was edited; better, {ADVICE}", err=True)
    raise click.exceptions.Exit(1)


def _wanted(settings: Settings, folder: Path, recipe: Recipe) -> FileTree:
    made = _make(settings, recipe)
    return _tree(made.files, made.files, made.note, _archive(folder))


def _archive(folder: Path) -> bytes | None:
    file = folder / ARCHIVE
    return file.read_bytes() if file.is_file() and not file.is_symlink() else None


def _update(settings: Settings, recipes: Mapping[Path, Recipe], *, force: bool, form: str) -> None:
    projects: dict[Path, FileTree] = {}
    has_conflicts = False
    for folder, recipe in recipes.items():
        made = _make(settings, recipe)
        kept = Kept(files=made.files, edited=(), conflicts=()) if force else _kept(folder, made)
        for conflict in kept.conflicts:
            has_conflicts = True
            click.echo(f"{display_name(folder / conflict.path)}: {conflict.reason}")
            click.echo(conflict.text, nl=False)
        for path in kept.edited:
            click.echo(f"{display_name(folder / path)}: the edits stay", err=True)
        projects[folder] = _tree(kept.files, made.files, made.note, _archive(folder))
    if has_conflicts:
        click.echo(
            "nothing was written: take the edits back, move them elsewhere, or give them up with --force", err=True
        )
        raise click.exceptions.Exit(1)
    _write(projects, force=True, form=form)


def _kept(folder: Path, made: _Made) -> Kept:
    archive = _archive(folder)
    base = None if archive is None else _unpacked(archive)
    if base is None:
        click.echo(f"{display_name(folder / ARCHIVE)} cannot be read, so edits cannot be told: see --force", err=True)
        raise click.exceptions.Exit(1)
    mine = {path: (folder / path).read_bytes() for path in base if _is_own_file(folder, path)}
    try:
        return keep_edits(base, mine, made.files)
    except OSError:
        click.echo("git is needed to merge edits; there is none", err=True)
        raise click.exceptions.Exit(1) from None


def _is_own_file(folder: Path, path: str) -> bool:
    return path in manifest_of(folder).files and (folder / path).is_file()


def _write(projects: Mapping[Path, FileTree], *, force: bool, form: str) -> None:
    outcome = apply(projects, command="vendor", force=force)
    if outcome.value is None:
        tell(outcome.diagnostics, form=form)
        click.echo("nothing was written", err=True)
        raise click.exceptions.Exit(1)
    changes = outcome.value
    pruned = f", {len(changes.pruned)} removed" if changes.pruned else ""
    click.echo(f"{count(len(changes.written), 'file')} written, {len(changes.unchanged)} unchanged{pruned}")
