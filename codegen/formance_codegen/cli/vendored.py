"""Makes the clients that are vendored, in memory, by their recipes; and finds those that were."""

import dataclasses
import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from formance_codegen.cli.jobs import Job, run_one
from formance_codegen.cli.linking import Reach, linked
from formance_codegen.cli.output import value_or_exit
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
from formance_codegen.diagnostics import Diagnostic
from formance_codegen.manifest import MANIFEST, manifest_of, projects_below, with_manifest
from formance_codegen.tree import FileTree
from formance_codegen.vendoring.pristine import ARCHIVE, pack, unpack
from formance_codegen.vendoring.recipe import Recipe, about, recipe_of

BESIDE: Final = frozenset({ARCHIVE, MANIFEST})
"""What is kept beside the files of a client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """What came of a recipe."""

    package: str
    files: Mapping[str, bytes] | None
    """Inside the package's folder; None after an error."""
    note: Mapping[str, object]
    """What its list of files says of how it was made."""
    operations: int
    models: int
    diagnostics: tuple[Diagnostic, ...]

    def tree(self, edited: Mapping[str, bytes] | None = None) -> FileTree:
        """Return the files, the list of them, and the archive; ``edited`` takes the place of the files alone."""
        pristine = self.files or {}
        archive = (ARCHIVE, pack(pristine))
        listed = with_manifest(FileTree.of([*pristine.items(), archive]), "vendor", self.note)
        return FileTree.of([*(edited or pristine).items(), archive, (MANIFEST, listed.files[MANIFEST])])


def make_client(recipe: Recipe) -> Client:
    """Make a client.

    Raises:
        click.exceptions.Exit: A file cannot be read; it was told of.
        click.BadParameter: There is no such service.
    """
    settings = value_or_exit(read_settings(Path()))
    path = _service(settings, recipe.service) if recipe.service else Path(recipe.spec)
    config = settings.of_document(path)
    is_ours = path.resolve().parent == settings.specs.resolve()
    source = value_or_exit(read_source(path, name=settings.document_name(path) if is_ours else None))
    overlays = value_or_exit(read_overlays(settings, path, [Path(overlay) for overlay in recipe.overlays]))
    reach = Reach(roots=tuple(map(Path, recipe.ref_roots)), remote=recipe.allow_remote)
    job = Job(
        name=path.stem,
        source=value_or_exit(linked(source, path, overlays, reach)),
        config=dataclasses.replace(config, package=recipe.package) if recipe.package else config,
        templates=value_or_exit(load_templates(None)),
        overlays=overlays,
        held=value_or_exit(names_of(settings, path)),
        only=recipe.only,
    )
    built = run_one(job)
    # Beside the package, a project has files in its own folder, and no other folder.
    inside = {path: content for path, content in (built.files or {}).items() if "/" in path}
    package = next((path.partition("/")[0] for path in inside), recipe.package)
    return Client(
        package=package,
        files=None if built.files is None else {path.partition("/")[2]: content for path, content in inside.items()},
        note=about(dataclasses.replace(recipe, package=package), source, built.version),
        operations=built.operations,
        models=built.models,
        diagnostics=built.diagnostics,
    )


def _service(settings: Settings, name: str) -> Path:
    documents = value_or_exit(find_documents(settings))
    if name not in documents:
        close = difflib.get_close_matches(name, documents, n=1)
        hint = f"do you mean {close[0]}?" if close else f"there are {', '.join(documents)}."
        raise click.BadParameter(f"there is no document {name}; {hint}", param_hint="--service")
    return documents[name]


def noted_path(path: Path) -> str:
    """Return a path as a recipe has it: from the working folder, which is the same wherever the repository is."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:
        # On another drive there is no way from here to there.
        return path.as_posix()


def vendored(dest: Path) -> Mapping[Path, Recipe]:
    """Return the clients in a folder, at any depth, or the one that it is, by how they were made.

    Raises:
        click.BadParameter: There is none, or how one was made cannot be told.
    """
    folders = projects_below(dest, "vendor")
    if not folders:
        raise click.BadParameter(f"{display_name(dest)} holds no vendored client", param_hint="DEST")
    return {folder: _recipe(folder) for folder in folders}


def _recipe(folder: Path) -> Recipe:
    manifest = manifest_of(folder)
    recipe = recipe_of(manifest.about)
    if recipe is None:
        name = display_name(folder / MANIFEST)
        advice = (
            "take it, and what is beside it, from either side of the merge" if not manifest.is_whole else "restore it"
        )
        raise click.BadParameter(f"{name} does not tell how the client was made; {advice}", param_hint="DEST")
    return recipe


def pristine_of(folder: Path) -> Mapping[str, bytes] | None:
    """Return the files of a client as they were generated; None where that cannot be told.

    Raises:
        OSError: A file cannot be read.
    """
    file = folder / ARCHIVE
    if not file.is_file() or file.is_symlink():
        return None
    content = file.read_bytes()
    manifest = manifest_of(folder)
    try:
        files = unpack(content)
    except ValueError:
        return None
    is_complete = manifest.files.keys() <= files.keys() | BESIDE
    return files if is_complete and not manifest.is_edited(ARCHIVE, content) else None
