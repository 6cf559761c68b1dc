"""Name the arguments of a method."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from formance_codegen.diagnostics import Diagnostic
from formance_codegen.ir.operations import Location, Operation, Parameter
from formance_codegen.naming import PyName
from formance_codegen.naming.case import snake
from formance_codegen.naming.identifier import attribute
from formance_codegen.naming.reserved import PARAMETER
from formance_codegen.naming.scope import Claim, Scope
from formance_codegen.naming.words import spell
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.notes import Site, notes

BODY: Final = PyName("body")
"""The argument of a request body."""

_RANKS: Final = {Location.PATH: 0, Location.QUERY: 1, Location.HEADER: 2, Location.COOKIE: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterNames:
    """The arguments of one method beside its body."""

    names: Mapping[Pointer, PyName]
    """In the order of the operation."""
    diagnostics: tuple[Diagnostic, ...]


def name_parameters(operation: Operation, renames: Mapping[Pointer, str]) -> ParameterNames:
    """Return the names of the parameters of ``operation``: the path's go first, what is deprecated goes last."""
    locations: dict[str, set[Location]] = {}
    if operation.body is not None:
        locations[BODY] = set()
    for parameter in operation.parameters:
        locations.setdefault(_name(parameter.wire), set()).add(parameter.location)
    claims = [
        _claim(
            parameter,
            renames.get(parameter.pointer),
            contested=len(locations[_name(parameter.wire)]) > 1 or _is_body(parameter, operation),
        )
        for parameter in operation.parameters
    ]
    owners = {} if operation.body is None else {str(BODY): "request body"}
    settlement = Scope(context=PARAMETER, taken=frozenset(owners)).settle(claims)
    sites = {parameter.pointer: _site(parameter) for parameter in operation.parameters}
    return ParameterNames(
        names={parameter.pointer: settlement.names[parameter.pointer] for parameter in operation.parameters},
        diagnostics=tuple(notes(settlement, sites, owners)),
    )


def _is_body(parameter: Parameter, operation: Operation) -> bool:
    return operation.body is not None and _name(parameter.wire) == BODY


def _claim(parameter: Parameter, rename: str | None, *, contested: bool) -> Claim[Pointer]:
    """Return the claim of a parameter; ``contested`` where its location can tell it from another."""
    candidates = [] if rename is None else [rename]
    candidates.append(_name(parameter.wire))
    if contested:
        candidates.append(_name(f"{parameter.location.value} {parameter.wire}"))
    if parameter.deprecated:
        candidates.append(_name(f"deprecated {parameter.wire}"))
    candidates.append(_name(" ".join(spell(parameter.wire))))
    rank = _RANKS[parameter.location]
    return Claim(
        key=parameter.pointer,
        candidates=tuple(dict.fromkeys(candidates)),
        priority=(
            int(rename is None),
            int(parameter.location is not Location.PATH),
            int(parameter.deprecated),
            rank,
            int(snake(parameter.wire) != parameter.wire),
            int(not parameter.wire.isidentifier()),
        ),
        tie=parameter.wire,
    )


def _name(wire: str) -> str:
    return attribute(wire, context=PARAMETER, fallback="param")


def _site(parameter: Parameter) -> Site:
    label = f'{parameter.location.value} parameter "{parameter.wire}"'
    return Site(label=label, pointer=parameter.pointer, span=parameter.span)
