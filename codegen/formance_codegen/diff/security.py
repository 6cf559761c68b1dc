"""What changed of the credentials that an operation wants."""

from collections.abc import Iterator

from formance_codegen.diff.call import Call
from formance_codegen.diff.change import Change
from formance_codegen.diff.wording import code
from formance_codegen.ir.operations import Operation


def security_changes(call: Call) -> Iterator[Change]:
    """Yield the changes of the credentials that an operation wants."""
    before, after = _ways(call.old), _ways(call.new)
    if _is_open(call.old) or _is_open(call.new):
        yield from _opening(call)
        return
    lost = [way for way in before if not any(other <= way for other in after)]
    if lost:
        wanted = " or ".join(sorted(" and ".join(code(name) for name in sorted(way)) for way in after))
        yield call.change(
            "security-changed",
            f"{code(call.name)} wants other credentials: {wanted}.",
            remedy="Make the client with credentials of that kind.",
            before=_text(before),
            after=_text(after),
        )
    elif set(after) - set(before):
        message = f"{code(call.name)} takes other credentials as well."
        yield call.change("security-alternative-added", message, before=_text(before), after=_text(after))
    yield from _scopes(call)


def _opening(call: Call) -> Iterator[Change]:
    if _is_open(call.old) and not _is_open(call.new):
        scopes = ", ".join(f"{code(scope)}" for scope in sorted(_wanted(call.new)))
        yield call.change(
            "authentication-required",
            f"{code(call.name)} wants credentials{f' with the scope {scopes}' if scopes else ''}.",
            remedy="Make the client with `auth=`.",
            after=_text(_ways(call.new)),
        )
    elif _is_open(call.new) and not _is_open(call.old):
        message = f"{code(call.name)} wants no credentials."
        yield call.change("authentication-dropped", message, before=_text(_ways(call.old)))


def _scopes(call: Call) -> Iterator[Change]:
    before, after = _wanted(call.old), _wanted(call.new)
    for scope in sorted(after - before):
        remedy = f"See that your credentials are allowed the scope {code(scope)}."
        yield call.change(
            "scope-added", f"{code(call.name)} wants the scope {code(scope)}.", remedy=remedy, after=scope
        )
    for scope in sorted(before - after):
        yield call.change("scope-removed", f"{code(call.name)} wants the scope {code(scope)} no longer.", before=scope)


def _is_open(operation: Operation) -> bool:
    return not operation.security or any(not way for way in operation.security)


def _ways(operation: Operation) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(need.scheme for need in way) for way in operation.security or ())


def _wanted(operation: Operation) -> set[str]:
    return {scope for way in operation.security or () for need in way for scope in need.scopes}


def _text(ways: tuple[frozenset[str], ...]) -> str:
    return " or ".join(sorted(" and ".join(sorted(way)) or "nothing" for way in ways))
