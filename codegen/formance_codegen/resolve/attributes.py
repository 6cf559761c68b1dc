"""Name the fields of records and the members of enums."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from formance_codegen.diagnostics import Diagnostic
from formance_codegen.ir.decls import EnumDecl, EnumMember, Field, Record
from formance_codegen.ir.types import SymbolId, WireName
from formance_codegen.naming import PyName
from formance_codegen.naming.case import snake, wire_name
from formance_codegen.naming.identifier import attribute, constant
from formance_codegen.naming.reserved import FIELD, MEMBER
from formance_codegen.naming.scope import Claim, Scope
from formance_codegen.naming.words import spell
from formance_codegen.pointer import Pointer, join
from formance_codegen.resolve.notes import Site, notes

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeNames(Generic[K]):
    """The names of what a class holds, in the order of the document."""

    names: Mapping[K, PyName]
    diagnostics: tuple[Diagnostic, ...]


def field_pointer(record: SymbolId, wire: WireName) -> Pointer:
    """Return the pointer by which a field can be renamed, also where the document declares it in an ``allOf``."""
    return join(Pointer(record), "properties", wire)


def name_fields(record: Record, renames: Mapping[Pointer, str]) -> AttributeNames[WireName]:
    """Return the names of the fields of ``record``: a field that lives beats one that is deprecated."""
    claims = [_field_claim(entry, renames.get(field_pointer(record.id, entry.wire))) for entry in record.fields]
    settlement = Scope(context=FIELD).settle(claims)
    sites = {
        entry.wire: Site(
            label=f'property "{entry.wire}"', pointer=field_pointer(record.id, entry.wire), span=entry.span
        )
        for entry in record.fields
    }
    return AttributeNames(
        names={entry.wire: settlement.names[entry.wire] for entry in record.fields},
        diagnostics=tuple(notes(settlement, sites, {})),
    )


def name_members(enum: EnumDecl, held: Mapping[str | int, str]) -> AttributeNames[str | int]:
    """Return the names of the members of ``enum``; those that are held by a lock stay."""
    values = [member.value for member in enum.members]
    settlement = Scope(context=MEMBER).settle(_member_claim(member, held.get(member.value)) for member in enum.members)
    sites = {value: Site(label=f'value "{value}"', pointer=Pointer(enum.id), span=enum.span) for value in values}
    return AttributeNames(
        names={value: settlement.names[value] for value in values},
        diagnostics=tuple(notes(settlement, sites, {})),
    )


def _field_claim(entry: Field, rename: str | None) -> Claim[WireName]:
    candidates = [] if rename is None else [rename]
    candidates.append(attribute(entry.wire, context=FIELD, fallback="field"))
    if entry.deprecated:
        candidates.append(attribute(f"deprecated {entry.wire}", context=FIELD, fallback="field"))
    candidates.append(attribute(" ".join(spell(entry.wire)), context=FIELD, fallback="field"))
    name = snake(entry.wire)
    oddities = (entry.deprecated, name != entry.wire, wire_name(name) != entry.wire, not entry.wire.isidentifier())
    return Claim(
        key=entry.wire,
        candidates=tuple(dict.fromkeys(candidates)),
        priority=(int(rename is None), *(int(oddity) for oddity in oddities)),
        tie=entry.wire,
    )


def _member_claim(member: EnumMember, held: str | None) -> Claim[str | int]:
    value = member.value
    chosen = [name for name in (member.name, held) if name is not None]
    if isinstance(value, int):
        text = f"value minus {-value}" if value < 0 else f"value {value}"
        return Claim(key=value, candidates=(*chosen, _member(text)), priority=(int(not chosen),), tie=text)
    name = _member(value) if value else "EMPTY"
    candidates = [*chosen, name, _member(" ".join(spell(value)))]
    if value.islower():
        candidates.append(f"LOWER_{name}")
    return Claim(
        key=value,
        candidates=tuple(dict.fromkeys(candidates)),
        priority=(int(not chosen), int(name != value), int(not value.isidentifier())),
        tie=value,
    )


def _member(text: str) -> str:
    return constant(text, context=MEMBER, fallback="VALUE")
