"""Compares two versions of a service as the users of its client see them."""

from collections.abc import Iterable, Mapping

from formance_codegen.diff.change import Change, Comparison
from formance_codegen.diff.client import client_change, client_changes, document_place
from formance_codegen.diff.matching import match
from formance_codegen.diff.models import model_changes
from formance_codegen.diff.operations import operation_changes
from formance_codegen.diff.shapes import Shapes
from formance_codegen.diff.side import side_of
from formance_codegen.diff.webhooks import webhook_changes
from formance_codegen.diff.wording import code
from formance_codegen.view.context import Context
from formance_codegen.view.project import version


def compare(service: str, old: Context, new: Context) -> Comparison:
    """Return what changed between two versions of a service."""
    before, after = side_of(old), side_of(new)
    pairs = match(before, after)
    shapes = Shapes(old=before, new=after, decls=pairs.decls)
    changes = (
        *client_changes(before, after),
        *operation_changes(shapes, pairs),
        *webhook_changes(shapes),
        *model_changes(shapes, pairs),
    )
    return _comparison(service, new, _ordered(changes))


def compare_all(old: Mapping[str, Context], new: Mapping[str, Context]) -> tuple[Comparison, ...]:
    """Return what changed between two versions of several services, by their names."""
    return tuple(_service(name, old.get(name), new.get(name)) for name in sorted({*old, *new}))


def _service(name: str, old: Context | None, new: Context | None) -> Comparison:
    match old, new:
        case Context(), Context():
            return compare(name, old, new)
        case Context(), None:
            package = old.names.package
            change = client_change(
                "service-removed",
                package,
                f"There is no {code(package)} any more.",
                remedy=f"Take out what imports {code(package)}.",
                before=package,
                old=document_place(side_of(old)),
            )
            return _comparison(name, old, (change,))
        case None, Context():
            package, place = new.names.package, document_place(side_of(new))
            change = client_change("service-added", package, f"{code(package)} is new.", after=package, new=place)
            return _comparison(name, new, (change,))
        case _:
            raise LookupError(name)


def _comparison(service: str, newest: Context, changes: tuple[Change, ...]) -> Comparison:
    return Comparison(
        service=service,
        package=newest.names.package,
        distribution=newest.names.distribution,
        version=version(newest.service.version),
        changes=changes,
    )


def _ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Put the worst first; else everything stays in the order of the documents."""
    return tuple(sorted(changes, key=lambda change: change.impact.rank))
