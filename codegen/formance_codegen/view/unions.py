"""A union of declared types as a named type that a reader can decide."""

from formance_codegen.ir.decls import Telling, UnionDecl, Variant
from formance_codegen.view.annotations import Refer, Voice, annotate
from formance_codegen.view.imports import Import
from formance_codegen.view.layout import WIDTH, call, lines
from formance_codegen.view.literals import literal


def union_lines(union: UnionDecl, name: str, refer: Refer, imports: set[Import], *, recursive: bool) -> tuple[str, ...]:
    """Return the lines of the statement that defines a union."""
    tagged = union.telling is Telling.TAG and union.tag is not None
    how = f"by_tag({literal(union.tag)})" if tagged else "BY_SHAPE"
    imports.add(Import(module="/_core/unions", name="by_tag" if tagged else "BY_SHAPE"))
    imports.add(Import(module="/_core/unions", name="Unknown"))
    imports.add(Import(module="typing", name="Annotated"))
    members = [_member(variant, refer, imports) for variant in union.variants]
    flat = " | ".join([*dict.fromkeys(members), "Unknown"])
    joined = "\n    | ".join([*dict.fromkeys(members), "Unknown"])
    if recursive:
        imports.add(Import(module="typing_extensions", name="TypeAliasType"))
        return recursive_lines(name, f"Annotated[{flat}, {how}]")
    imports.add(Import(module="typing", name="TypeAlias"))
    one = f"{name}: TypeAlias = Annotated[{flat}, {how}]"
    if len(one) <= WIDTH:
        return (one,)
    shown = flat if len(flat) + len("    ,") <= WIDTH else joined
    return (f"{name}: TypeAlias = Annotated[", *f"    {shown},".split("\n"), f"    {how},", "]")


def recursive_lines(name: str, type_: str) -> tuple[str, ...]:
    """Return the lines of the statement that defines a type that needs itself.

    It is text as a whole: pydantic reads it when a model is built, and type checkers know what to do with it.
    """
    return lines(call("TypeAliasType", literal(name), literal(type_)), 0, f"{name} = ")


def _member(variant: Variant, refer: Refer, imports: set[Import]) -> str:
    found = annotate(variant.type, Voice.FIELD, refer)
    imports.update(found.imports)
    if not variant.tags:
        return found.text
    imports.add(Import(module="/_core/unions", name="Tag"))
    return f"Annotated[{found.text}, Tag({', '.join(map(literal, variant.tags))})]"
