"""The command `init`: a working starting point in a folder, none of whose files is overwritten."""

import json
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from formance_codegen import __version__
from formance_codegen.cli.output import value_or_exit
from formance_codegen.cli.reading import (
    Settings,
    bundled_settings,
    display_name,
    find_documents,
    read_lock,
    read_settings,
    read_source,
)
from formance_codegen.config import Config
from formance_codegen.emit import replace_files
from formance_codegen.naming.lock import FILE as LOCK
from formance_codegen.resources import resources
from formance_codegen.update.sources import SOURCES

_WORKFLOWS: Final = {
    "github": {".github/workflows/formance-codegen.yml": "github.yml"},
    "gitlab": {".gitlab/formance-codegen.yml": "gitlab.yml", ".gitlab-ci.yml": "gitlab-ci.yml"},
}
"""The files of a forge, and what they are made from."""
_HOOKS: Final = {".pre-commit-config.yaml": "pre-commit.yaml"}
_SHARED: Final = {".gitlab-ci.yml": "/.gitlab/formance-codegen.yml", ".pre-commit-config.yaml": "formance-codegen"}
"""Files that others need, too, and what stands in them if ours has been added."""


@click.command()
@click.option("--service", "services", metavar="NAME", multiple=True, help="A Formance service; may be repeated.")
@click.option(
    "--spec", "specs", type=click.Path(path_type=Path), metavar="FILE", multiple=True, help="A document to copy in."
)
@click.option("--ci", type=click.Choice(["github", "gitlab"]), help="Follow the documents, and check pull requests.")
@click.option("--pre-commit", is_flag=True, help="Check the clients before each commit.")
def init(*, services: tuple[str, ...], specs: tuple[Path, ...], ci: str | None, pre_commit: bool) -> None:
    """Write what a build needs into the working folder; files that are there stay as they are.

    Only pyproject.toml, .gitattributes, sources.toml and names.lock get something added behind what they hold. After
    an error nothing is written at all.
    """
    from formance_codegen.cli.incoming import incoming

    bundled = value_or_exit(bundled_settings(Path()))
    starting = (_WORKFLOWS[ci] if ci else {}) | (_HOOKS if pre_commit else {})
    _refuse_below_root(starting)
    own = value_or_exit(read_settings(Path()))
    settings = _DEFAULTS if own.are_bundled else own
    found = incoming(settings, bundled, services, specs)
    folder = settings.config.specs
    files = {posixpath.join(folder, path): content for path, content in found.files.items()}
    files |= {path: _starting_point(name, settings.config) for path, name in starting.items()}
    files[posixpath.join(folder, "README.md")] = _starting_point("specs.md", settings.config)
    there = {path: Path(path).read_bytes() for path in files if Path(path).is_file()}
    changed = {
        "pyproject.toml": _settings(None if own.are_bundled else own.config, found.services),
        ".gitattributes": _attributes(settings.config),
        posixpath.join(folder, SOURCES): _sources(settings, found.services),
        posixpath.join(folder, LOCK): _lock(settings, bundled, found.services),
    }
    wanted = {path: content for path, content in changed.items() if content}
    _write({**{path: content for path, content in files.items() if path not in there}, **wanted})
    others = [path for path, content in there.items() if content != files[path]]
    for path in (*map(display_name, found.left), *others):
        click.echo(f"left as it is: {path}", err=True)
    _advise(others, files)
    has_documents = find_documents(settings).value is not None
    click.echo(f"next: {'' if has_documents else f'put documents into {folder}/, then '}formance-codegen build")


_DEFAULTS: Final = Settings(
    config=Config(), specs=Path(Config().specs), output=Path(Config().output), file="pyproject.toml"
)


def _refuse_below_root(starting: Mapping[str, str]) -> None:
    here = Path.cwd()
    root = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    if starting and root != here:
        message = f"{', '.join(starting)} would be read at the root of the repository only, which is {root}"
        raise click.UsageError(f"{message}; run it there, with specs and output that lead here in its pyproject.toml")


def _starting_point(name: str, config: Config) -> bytes:
    """Return a file of ours with its holes filled: what is the user's is quoted for where it stands."""
    text = (resources().templates / "init" / name).read_text(encoding="utf-8")
    specs, output = posixpath.normpath(config.specs), posixpath.normpath(config.output)
    holes = {
        "VERSION": __version__,
        "SPECS": json.dumps(specs),
        "OUTPUT": json.dumps(output),
        "PATTERN": json.dumps(f"^({_below(specs)}|{_below(output)}|pyproject[.]toml$)"),
    }
    return re.sub("@([A-Z]+)@", lambda hole: holes[hole[1]], text).encode()


def _below(folder: str) -> str:
    return "" if folder == "." else f"{re.escape(folder)}/"


def _settings(own: Config | None, services: Iterable[str]) -> bytes:
    from formance_codegen.cli.toml import with_settings

    return with_settings(_content(Path("pyproject.toml")), own, services)


def _attributes(config: Config) -> bytes:
    """Return the file with what git has to know: what is generated, and that its line endings are part of it."""
    from formance_codegen.cli.toml import behind

    content = _content(Path(".gitattributes"))
    specs, output = posixpath.normpath(config.specs), posixpath.normpath(config.output)
    rows = {f"{specs}/{LOCK}": "-text", f"{output}/**": "-text linguist-generated=true"}
    # A pattern cannot lead out of the folder, and one for all of it would call the user's own files generated.
    lines = [f"{_quoted(path)} {row}" for path, row in rows.items() if not path.startswith((".", "/"))]
    there = content.decode(errors="replace").splitlines()
    return behind(content, "".join(f"{line}\n" for line in lines if line not in there), gap=False)


def _quoted(pattern: str) -> str:
    """Return a pattern of git; one with spaces needs quotes (gitattributes(5))."""
    return json.dumps(pattern, ensure_ascii=False) if re.search(r'[\s"]', pattern) else pattern


def _sources(settings: Settings, services: Sequence[str]) -> bytes:
    from formance_codegen.cli.toml import with_sources
    from formance_codegen.update.sources import read_sources

    file = settings.specs / SOURCES
    if not file.exists():
        return with_sources(b"", (), services)
    there = value_or_exit(read_sources(value_or_exit(read_source(file))))
    return with_sources(_content(file), there, services)


def _lock(settings: Settings, bundled: Settings, services: Sequence[str]) -> bytes:
    """Return the names that the documents were given, with those of new documents."""
    from formance_codegen.naming.lock import write_locks

    there, ours = value_or_exit(read_lock(settings)), value_or_exit(read_lock(bundled))
    missing = {name: ours.get(name, {}) for name in services if name not in there}
    return write_locks({**there, **missing}).encode() if missing else b""


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def _write(files: Mapping[str, bytes]) -> None:
    before = {path for path in files if Path(path).exists()}
    changes = value_or_exit(replace_files(Path(), files))
    for path in changes.written:
        click.echo(f"{'added to' if path.as_posix() in before else 'written'}: {path.as_posix()}")


def _advise(others: Sequence[str], files: Mapping[str, bytes]) -> None:
    """Say what is to be added to files that others need, too."""
    for path in others:
        if path in _SHARED and _SHARED[path].encode() not in Path(path).read_bytes():
            lines = [line for line in files[path].decode().splitlines() if not line.startswith("#")]
            click.echo(f"add to {path}:\n" + "".join(f"    {line}\n" for line in lines), err=True)
