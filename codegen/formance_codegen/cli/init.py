"""The command `init`: a working starting point in a folder, none of whose files is overwritten."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from formance_codegen import __version__
from formance_codegen.cli.output import value_or_exit
from formance_codegen.cli.reading import (
    OVERLAYS,
    Settings,
    bundled_settings,
    find_documents,
    read_settings,
    read_source,
)
from formance_codegen.emit import replace_files
from formance_codegen.naming.lock import FILE as LOCK
from formance_codegen.naming.lock import read_locks, write_locks
from formance_codegen.resources import resources
from formance_codegen.update.sources import SOURCES

PLACES: Final = {
    "github": ".github/workflows/formance-codegen.yml",
    "gitlab": ".gitlab/formance-codegen.yml",
    "pre-commit": ".pre-commit-config.yaml",
}
"""Where each starting point goes."""
SPECS: Final = "specs"
OUTPUT: Final = "generated"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """What is to be there in the end."""

    files: Mapping[str, bytes]
    """New files."""
    changed: Mapping[str, bytes]
    """Files of the user's with something added."""
    left: tuple[str, ...]
    """Files of the user's that are there already."""


@click.command()
@click.option("--service", "services", metavar="NAME", multiple=True, help="A Formance service; may be repeated.")
@click.option(
    "--spec", "specs", type=click.Path(path_type=Path), metavar="FILE", multiple=True, help="A document to copy in."
)
@click.option("--ci", type=click.Choice(["github", "gitlab"]), help="Follow the documents, and check pull requests.")
@click.option("--pre-commit", is_flag=True, help="Check the clients before each commit.")
def init(*, services: tuple[str, ...], specs: tuple[Path, ...], ci: str | None, pre_commit: bool) -> None:
    """Write what a build needs into the working folder; files that are there stay as they are."""
    bundled = value_or_exit(bundled_settings(Path()))
    unknown = [name for name in services if name not in (find_documents(bundled).value or {})]
    if unknown:
        known = ", ".join(find_documents(bundled).value or {})
        raise click.BadParameter(f"there is no {unknown[0]}; there are {known}", param_hint="--service")
    wanted = [(PLACES[each], each) for each in (ci, "pre-commit" if pre_commit else None) if each is not None]
    settings = _own_settings()
    places = (settings.config.specs, settings.config.output) if settings is not None else (SPECS, OUTPUT)
    found = {
        **_documents(bundled, services, specs, places[0]),
        **{path: _starting_point(name, *places) for path, name in wanted},
    }
    start = _sorted_out(found, _changes(bundled, services, places[1], has_table=settings is not None))
    changes = value_or_exit(replace_files(Path(), {**start.files, **start.changed}))
    for path in changes.written:
        click.echo(f"written: {path.as_posix()}")
    for name in start.left:
        click.echo(f"left as it is: {name}", err=True)
    click.echo("next: formance-codegen build" if services or specs else f"next: put documents into {places[0]}/")


def _own_settings() -> Settings | None:
    """Return the settings of the working folder, if it has any."""
    settings = value_or_exit(read_settings(Path()))
    return None if settings.are_bundled else settings


def _starting_point(name: str, specs: str, output: str) -> bytes:
    ending = "yaml" if name == "pre-commit" else "md" if name == "specs" else "yml"
    text = (resources().templates / "init" / f"{name}.{ending}").read_text(encoding="utf-8")
    for hole, value in (("@VERSION@", __version__), ("@SPECS@", specs), ("@OUTPUT@", output)):
        text = text.replace(hole, value)
    return text.encode()


def _documents(bundled: Settings, services: Sequence[str], specs: Sequence[Path], folder: str) -> dict[str, bytes]:
    """Return the files of the folder of documents."""
    from formance_codegen.cli.toml import sources_of

    found = {f"{folder}/README.md": _starting_point("specs", folder, "")}
    documents = find_documents(bundled).value or {}
    for name in services:
        found[f"{folder}/{documents[name].name}"] = documents[name].read_bytes()
        overlay = bundled.overlay_of(documents[name])
        if overlay is not None:
            found[f"{folder}/{OVERLAYS}/{overlay.name}"] = overlay.read_bytes()
    for spec in specs:
        found[f"{folder}/{spec.name}"] = value_or_exit(read_source(spec)).text.encode()
    if services:
        found[f"{folder}/{SOURCES}"] = sources_of(bundled, services)
        locks = value_or_exit(read_locks(value_or_exit(read_source(bundled.specs / LOCK))))
        found[f"{folder}/{LOCK}"] = write_locks({name: locks.get(name, {}) for name in services}).encode()
    return found


def _changes(
    bundled: Settings, services: Sequence[str], output: str, *, has_table: bool
) -> Iterator[tuple[str, bytes]]:
    """Yield files of the user's with what has to stand in them."""
    from formance_codegen.cli.toml import with_table

    if not has_table:
        yield "pyproject.toml", with_table(Path("pyproject.toml"), bundled, services, (SPECS, OUTPUT))
    line = f"{output}/** linguist-generated=true"
    attributes = Path(".gitattributes")
    text = attributes.read_text(encoding="utf-8") if attributes.is_file() else ""
    if line not in text.splitlines():
        gap = "" if not text or text.endswith("\n") else "\n"
        yield attributes.name, f"{text}{gap}{line}\n".encode()


def _sorted_out(found: Mapping[str, bytes], changes: Iterable[tuple[str, bytes]]) -> _Start:
    there = {path: Path(path).read_bytes() for path in found if Path(path).is_file()}
    return _Start(
        files={path: content for path, content in found.items() if path not in there},
        changed=dict(changes),
        left=tuple(path for path, content in there.items() if content != found[path]),
    )
