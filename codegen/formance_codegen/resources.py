"""Where the generator's own files are, and how its templates are read."""

from dataclasses import dataclass
from pathlib import Path

from formance_codegen.render.templates import Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """The files that come with the generator."""

    templates: Path
    """The folder with ``package/`` and ``runtime/``."""
    specs: Path
    """The folder of Formance's documents."""
    config: Path
    """The ``pyproject.toml`` with the settings for them."""


def resources() -> Resources:
    """Return where the files are: in the installed package, or in the checkout that an editable install points at."""
    package = Path(__file__).resolve().parent
    bundled = package / "_bundled"
    root = bundled if bundled.is_dir() else package.parents[1]
    return Resources(templates=root / "templates", specs=root / "specs", config=root / "pyproject.toml")


def read_templates(user: Path | None = None) -> Templates:
    """Return the texts of all templates; a file of the user's folder stands in for ours of the same path.

    Raises:
        OSError: A file or the user's folder cannot be read.
        UnicodeDecodeError: A template of the user is not UTF-8.
    """
    ours = resources().templates
    package = _texts(ours / "package")
    if user is not None:
        if not user.is_dir():
            raise NotADirectoryError(f"{user} is not a folder")
        package |= _texts(user)
    runtime = {path: file.read_bytes() for path, file in _files(ours / "runtime").items()}
    return Templates(package=package, runtime=runtime)


def _texts(folder: Path) -> dict[str, str]:
    return {path: file.read_bytes().decode() for path, file in _files(folder).items()}


def _files(folder: Path) -> dict[str, Path]:
    """Return the files below a folder by relative path, without caches and hidden files."""
    found = ((file.relative_to(folder), file) for file in sorted(folder.rglob("*")) if file.is_file())
    return {path.as_posix(): file for path, file in found if not any(_is_cache(part) for part in path.parts)}


def _is_cache(part: str) -> bool:
    return part.startswith(".") or part == "__pycache__"
