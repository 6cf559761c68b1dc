"""Name the arguments of a method."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from formance_codegen.diagnostics import Diagnostic
from formance_codegen.ir.operations import Operation
from formance_codegen.ir.requests import Location, Parameter
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
CONTENT_TYPE: Final = PyName("content_type")
"""The argument that tells the media type of a body, where it may have several."""

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
    owners = _owners(operation)
    for name in owners:
        locations[name] = set()
    for parameter in operation.parameters:
        locations.setdefault(_name(parameter.wire), set()).add(parameter.location)
    claims = [
        _claim(
            parameter,
            renames.get(parameter.pointer),
            contested=len(locations[_name(parameter.wire)]) > 1 or _name(parameter.wire) in owners,
        )
        for parameter in operation.parameters
    ]
    settlement = Scope(context=PARAMETER, taken=frozenset(owners)).settle(claims)
    sites = {parameter.pointer: _site(parameter) for parameter in operation.parameters}
    return ParameterNames(
        names={parameter.pointer: settlement.names[parameter.pointer] for parameter in operation.parameters},
        diagnostics=tuple(notes(settlement, sites, owners)),
    )


def _owners(operation: Operation) -> Mapping[str, str]:
    """Return the arguments that are no parameters, and what they are."""
    if operation.body is None:
        return {}
    return {BODY: "request body", **({CONTENT_TYPE: "media type of the body"} if operation.body.choice else {})}


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
