"""How a vendored client was made, as its list of files tells it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from formance_codegen import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All that a client was made from, beside the document itself."""

    document: str
    """The service whose document it is, or the path of a document from the working folder."""
    package: str
    """The folder, and so the import package."""
    only: tuple[str, ...] = ()
    """What was asked for; everything where there is nothing."""
    overlays: tuple[str, ...] = ()
    """The paths of overlays from the working folder, beside the document's own."""


def about(recipe: Recipe, text: str, version: str) -> Mapping[str, object]:
    """Return what a list of files says of a recipe and of the document that it was followed with."""
    return {
        "version": __version__,
        "document": {
            "name": recipe.document,
            "version": version,
            "sha256": hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest(),
        },
        "package": recipe.package,
        "only": list(recipe.only),
        "overlays": list(recipe.overlays),
    }


def recipe_of(found: Mapping[str, object]) -> Recipe | None:
    """Return the recipe that a list of files tells; None where it tells none."""
    document, package = found.get("document"), found.get("package")
    name = document.get("name") if _is_object(document) else None
    if not isinstance(name, str) or not isinstance(package, str):
        return None
    return Recipe(
        document=name, package=package, only=_texts(found.get("only")), overlays=_texts(found.get("overlays"))
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if _is_array(value) else ()


def _is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)
