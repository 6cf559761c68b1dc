"""Name the methods of operations, and the constants that hold their wire facts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from formance_codegen.diagnostics import Diagnostic
from formance_codegen.ir.operations import Operation
from formance_codegen.naming import PyName
from formance_codegen.naming.case import upper
from formance_codegen.naming.identifier import attribute
from formance_codegen.naming.reserved import CONSTANT, METHOD
from formance_codegen.naming.scope import Claim, Scope
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.locking import Held
from formance_codegen.resolve.namespaces import ROOT_NAMESPACE, Partition
from formance_codegen.resolve.notes import Site, notes
from formance_codegen.resolve.parameters import BODY, name_parameters
from formance_codegen.resolve.table import OperationName
from formance_codegen.resolve.versions import drop_version

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationNames:
    """The names of all operations."""

    names: Mapping[Pointer, OperationName]
    """In the order of the document."""
    diagnostics: tuple[Diagnostic, ...]


def name_operations(
    operations: tuple[Operation, ...], places: Partition, renames: Mapping[Pointer, str], held: Held
) -> OperationNames:
    """Return the names of ``operations``; a client's own namespaces are taken among its methods."""
    kept = {pointer: name for pointer, (home, name) in held.operations.items() if places.operations[pointer] == home}
    chosen = {**kept, **renames}
    found: dict[Pointer, OperationName] = {}
    diagnostics: list[Diagnostic] = []
    for namespace in places.namespaces:
        here = [operation for operation in operations if places.operations[operation.pointer] == namespace]
        version = places.versions.get(namespace, "")
        owners = {name: f'namespace "{name}"' for name in places.namespaces if namespace == ROOT_NAMESPACE}
        claims = [_claim(operation, version, chosen.get(operation.pointer)) for operation in here]
        settlement = Scope(context=METHOD, taken=frozenset(owners)).settle(claims)
        diagnostics += notes(settlement, {operation.pointer: _site(operation) for operation in here}, owners)
        constants = _name_constants(settlement.names)
        for operation in here:
            parameters = name_parameters(operation, {**held.parameters.get(operation.pointer, {}), **renames})
            diagnostics += parameters.diagnostics
            found[operation.pointer] = OperationName(
                namespace=namespace,
                method=settlement.names[operation.pointer],
                constant=constants[operation.pointer],
                parameters=parameters.names,
                body=BODY,
            )
    ordered = {operation.pointer: found[operation.pointer] for operation in operations}
    return OperationNames(names=ordered, diagnostics=tuple(diagnostics))


def _claim(operation: Operation, version: str, rename: str | None) -> Claim[Pointer]:
    hints = [hint for hint in (operation.name,) if hint]
    whole, dropped = operation.id, drop_version(operation.id, version)
    if operation.id.startswith(f"{operation.method} {operation.path}"):
        whole = dropped = _path_words(operation, version, exact=False)
    texts = [*hints, dropped, whole, _path_words(operation, version, exact=True)]
    names = [attribute(text, context=METHOD, fallback="call") for text in texts]
    return Claim(
        key=operation.pointer,
        candidates=tuple(dict.fromkeys(names if rename is None else [rename, *names])),
        priority=(int(rename is None), int(not hints), int(operation.deprecated), int(dropped != whole)),
        tie=operation.pointer,
    )


def _path_words(operation: Operation, version: str, *, exact: bool) -> str:
    """Return the method and the path in words: what a parameter follows is one of its kind.

    ``GET /users/{id}/posts`` gives "get user posts", and "get user by id posts" where it is to be exact.
    """
    words = [operation.method.lower()]
    for segment in operation.path.split("/"):
        variable = _VARIABLE.fullmatch(segment)
        if variable is None:
            words += [] if segment.lower() == version else [segment]
            continue
        if len(words) > 1:
            words[-1] = _singular(words[-1])
        words += ["by", variable[1]] if exact else []
    return " ".join(word for word in (*words, operation.variant) if word)


def _singular(word: str) -> str:
    """Return the singular of a plural as English mostly makes it."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _name_constants(methods: Mapping[Pointer, PyName]) -> Mapping[Pointer, PyName]:
    return Scope(context=CONSTANT).settle(_constant_claims(methods)).names


def _constant_claims(methods: Mapping[Pointer, PyName]) -> Iterable[Claim[Pointer]]:
    for pointer, method in methods.items():
        yield Claim(key=pointer, candidates=(upper(method),), tie=pointer)


def _site(operation: Operation) -> Site:
    return Site(label=f'operation "{operation.id}"', pointer=operation.pointer, span=operation.span)
