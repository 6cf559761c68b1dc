"""How a vendored client was made, as its list of files tells it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeGuard

from formance_codegen import __version__
from formance_codegen.naming.identifier import is_public
from formance_codegen.source import SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All that a client was made from, beside the document itself."""

    service: str = ""
    """A document of the settings; "" where there is a ``spec``."""
    spec: str = ""
    """The path of any other document, from the working folder."""
    package: str = ""
    """The import package; "" for what the settings or the document's title give."""
    only: tuple[str, ...] = ()
    """What was asked for; everything where there is nothing."""
    overlays: tuple[str, ...] = ()
    """The paths of overlays from the working folder, beside the document's own."""
    ref_roots: tuple[str, ...] = ()
    """The paths of folders, from the working folder, to which references may lead, beside the document's own."""
    allow_remote: bool = False
    """Whether references may lead to the network."""


def about(recipe: Recipe, document: SourceFile, version: str) -> Mapping[str, object]:
    """Return what a list of files says of a recipe and of the document that it was followed with.

    Args:
        recipe: The recipe.
        document: The document, before overlays.
        version: What the document says of its version.
    """
    origin = {"service": recipe.service} if recipe.service else {"spec": recipe.spec}
    return {
        "version": __version__,
        "document": {
            "name": PurePath(document.name).name,
            "version": version,
            "sha256": hashlib.sha256(document.text.replace("\r\n", "\n").encode()).hexdigest(),
        },
        "options": {
            **origin,
            "package": recipe.package,
            "only": list(recipe.only),
            "overlays": list(recipe.overlays),
            "ref_roots": list(recipe.ref_roots),
            "allow_remote": recipe.allow_remote,
        },
    }


def recipe_of(found: Mapping[str, object]) -> Recipe | None:
    """Return the recipe that a list of files tells; None where it tells none."""
    options = found.get("options")
    if not _is_object(options):
        return None
    service, spec, package = (_text(options.get(key)) for key in ("service", "spec", "package"))
    if bool(service) == bool(spec) or not is_public(package):
        return None
    return Recipe(
        service=service,
        spec=spec,
        package=package,
        only=_texts(options.get("only")),
        overlays=_texts(options.get("overlays")),
        ref_roots=_texts(options.get("ref_roots")),
        allow_remote=options.get("allow_remote") is True,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if _is_array(value) else ()


def _is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)
