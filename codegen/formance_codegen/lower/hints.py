"""What documents say in our own terms (``x-formance-…``): which hints there are, and the names that they give."""

import difflib
from typing import Final

from formance_codegen.ir.service import NameHint
from formance_codegen.load.json_value import JsonValue, Missing, as_mapping, kind_of
from formance_codegen.load.structure import Kind, parts
from formance_codegen.lower.session import Session
from formance_codegen.naming.identifier import is_public
from formance_codegen.pointer import Pointer, join

_PREFIX: Final = "x-formance-"
NAME: Final = "x-formance-name"
ENUM_NAMES: Final = "x-formance-enum-names"
PAGING: Final = "x-formance-paging"
UNWRAP: Final = "x-formance-unwrap"
IDEMPOTENCY_KEY: Final = "x-formance-idempotency-key"
LONG_RUNNING: Final = "x-formance-long-running"
WEBHOOK_SIGNATURE: Final = "x-formance-webhook-signature"

_MEANT: Final = {
    Kind.OPENAPI: (WEBHOOK_SIGNATURE,),
    Kind.OPERATION: (NAME, PAGING, UNWRAP, IDEMPOTENCY_KEY, LONG_RUNNING),
    Kind.PARAMETER: (NAME,),
    Kind.SCHEMA: (NAME, ENUM_NAMES),
}
"""The hints that objects may have."""


def gather_hints(session: Session) -> None:
    """Remember the hints of all objects; one that its object cannot have is reported."""
    for part in parts(session.document.data):
        own = _hints(part.value)
        meant = _MEANT.get(part.kind, ())
        for key in own:
            if key not in meant:
                close = difflib.get_close_matches(key, meant, n=1, cutoff=0.8)
                known = f'do you mean "{close[0]}"?' if close else _expected(part.kind, meant)
                message = f'"{key}" is no hint for an object of this kind ({part.kind.value})'
                session.report("unused-hint", message, join(part.pointer, key), known)
        if understood := {key: hint for key, hint in own.items() if key in meant}:
            session.hints[part.pointer] = understood
            if part.schema_parent == "properties":
                session.hinted_properties.add(part.pointer)


def name_hint(session: Session, pointer: Pointer) -> NameHint | None:
    """Return the Python name that the object at ``pointer`` asks for; a name that cannot be one is reported."""
    hint = session.hint(pointer, NAME)
    if isinstance(hint, Missing):
        return None
    name = checked_name(session, hint, join(pointer, NAME))
    return None if name is None else NameHint(name=name, span=session.span(join(pointer, NAME)))


def checked_name(session: Session, hint: JsonValue, pointer: Pointer) -> str | None:
    """Return a name that Python allows; anything else is reported as an error."""
    if isinstance(hint, str) and is_public(hint):
        return hint
    found = f'"{hint}"' if isinstance(hint, str) else kind_of(hint)
    session.report("invalid-hint", f"{found} is no name that Python allows here", pointer)
    return None


def name_decls(session: Session) -> None:
    """Take down the names that schemas ask for: those of components, and of inline schemas that are no properties."""
    for symbol in session.decls:
        if (
            Pointer(symbol) not in session.hinted_properties
            and (found := name_hint(session, Pointer(symbol))) is not None
        ):
            session.names[Pointer(symbol)] = found


def enum_names(session: Session, pointer: Pointer, values: tuple[str | int, ...]) -> dict[str, str]:
    """Return the names that the enum at ``pointer`` asks for, by its values as texts."""
    hint = session.hint(pointer, ENUM_NAMES)
    if isinstance(hint, Missing):
        return {}
    where = join(pointer, ENUM_NAMES)
    if not isinstance(hint, dict):
        session.report("invalid-hint", f"{ENUM_NAMES} is {kind_of(hint)}, not a mapping of values to names", where)
        return {}
    known = tuple(map(str, values))
    names: dict[str, str] = {}
    for value, name in hint.items():
        if value not in known:
            session.report("invalid-hint", f'"{value}" is no value of this enum', join(where, value))
        elif (checked := checked_name(session, name, join(where, value))) is not None:
            names[value] = checked
    return names


def report_unused(session: Session) -> None:
    """Warn of hints that nothing asked for: what they are about has no counterpart in the client, or needs no name."""
    for pointer, own in session.hints.items():
        for key in own:
            if (place := join(pointer, key)) not in session.used_hints:
                session.report("unused-hint", f'"{key}" changes nothing here', place, _reason(key))


def _hints(value: JsonValue) -> dict[str, JsonValue]:
    return {key: hint for key, hint in as_mapping(value).items() if key.startswith(_PREFIX)}


def _expected(kind: Kind, meant: tuple[str, ...]) -> str:
    return f"the hints for one are {', '.join(meant)}" if meant else f"there are none for a {kind.value}"


def _reason(key: str) -> str:
    if key == NAME:
        return "only what the client has, and what has a name of its own there, can be given one"
    if key == ENUM_NAMES:
        return "only an enum of several strings or integers has members"
    return "no answer of the operation is a JSON value"
