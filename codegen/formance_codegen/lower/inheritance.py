"""Inheritance: a schema with a discriminator that others take in through allOf stands for any of them."""

from collections.abc import Iterator
from typing import Final

from openapi_pydantic.v3.v3_1 import Discriminator, Schema

from formance_codegen.load.openapi import reference_of
from formance_codegen.load.refs import resolve
from formance_codegen.lower.compose import view_of
from formance_codegen.lower.session import Session
from formance_codegen.lower.unions import mapped_tags
from formance_codegen.pointer import Pointer, tokens

_MOST: Final = 100
"""A union of more variants would have a client import all of a service at once."""


def find_heirs(session: Session) -> None:
    """Note which component takes in which through allOf."""
    for pointer, schema in session.schemas.items():
        for member in schema.allOf or ():
            if (reference := reference_of(member)) is not None:
                session.heirs.setdefault(resolve(session.document, reference)[0], []).append(pointer)


def heirs_of(session: Session, base: Pointer) -> tuple[Pointer, ...]:
    """Return the components that a component stands for, in the order of the document; none where it is itself only.

    An heir that has a discriminator of its own stands for its heirs.
    """
    discriminator = discriminator_of(session, base)
    if discriminator is None:
        return ()
    found = tuple(dict.fromkeys(_below(session, base, frozenset({base}))))
    if len(found) > _MOST:
        message = f"{len(found)} schemas take this one in through allOf; it is read as itself, with what else is in it"
        session.omit("unsupported-feature", message, base)
        return ()
    if found and _names_none(session, base, discriminator, found):
        message = f'no value that "{discriminator.propertyName}" may have is the name of a schema'
        session.report("doubtful", message, base, "the discriminator is left out")
        return ()
    return found


def _names_none(session: Session, base: Pointer, discriminator: Discriminator, heirs: tuple[Pointer, ...]) -> bool:
    """Return whether a discriminator without a mapping has an enum with none of the names that it would imply."""
    declared = view_of(session, session.schemas[base], base).properties.get(discriminator.propertyName)
    if discriminator.mapping or declared is None:
        return False
    values = view_of(session, declared.node, declared.pointer).enum
    return values is not None and not {tokens(heir)[-1] for heir in heirs}.intersection(map(str, values))


def discriminator_of(session: Session, pointer: Pointer) -> Discriminator | None:
    """Return the discriminator of a component that is no union itself."""
    schema: Schema | None = session.schemas.get(pointer)
    return None if schema is None or schema.oneOf or schema.anyOf else schema.discriminator


def heir_tags(session: Session, discriminator: Discriminator, heir: Pointer) -> tuple[str, ...]:
    """Return the values of the discriminator that mean an heir, or one of its own heirs."""
    own = mapped_tags(session, discriminator, heir) or (tokens(heir)[-1],)
    below = _below(session, heir, frozenset({heir})) if discriminator_of(session, heir) else ()
    return tuple(dict.fromkeys((*own, *(tag for each in below for tag in heir_tags(session, discriminator, each)))))


def _below(session: Session, base: Pointer, seen: frozenset[Pointer]) -> Iterator[Pointer]:
    for heir in session.heirs.get(base, ()):
        if heir not in seen:
            yield heir
            if discriminator_of(session, heir) is None:
                yield from _below(session, heir, seen | {heir})
