"""A union of declared types as a named type that a reader can decide."""

from formance_codegen.ir.decls import Telling, UnionDecl, Variant
from formance_codegen.view.annotations import Refer, Voice, annotate
from formance_codegen.view.imports import Import
from formance_codegen.view.layout import WIDTH, Group, lines
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
    if '"' in [member[:1] for member in members]:
        # What is defined later stands in quotes, and takes the whole union in with it.
        flat = '"' + flat.replace('"', "") + '"'
    joined = "\n    | ".join([*dict.fromkeys(members), "Unknown"])
    if recursive:
        imports.add(Import(module="typing_extensions", name="TypeAliasType"))
        # The text of a type that needs itself: pydantic reads it when the model is built.
        wrapped = f"Annotated[{flat}, {how}]"
        return lines(Group("TypeAliasType(", (literal(name), wrapped), ")", explode=True), 0, f"{name} = ")
    imports.add(Import(module="typing", name="TypeAlias"))
    one = f"{name}: TypeAlias = Annotated[{flat}, {how}]"
    if len(one) <= WIDTH:
        return (one,)
    shown = flat if len(flat) + len("    ,") <= WIDTH else joined
    return (f"{name}: TypeAlias = Annotated[", *f"    {shown},".split("\n"), f"    {how},", "]")


def _member(variant: Variant, refer: Refer, imports: set[Import]) -> str:
    found = annotate(variant.type, Voice.FIELD, refer)
    imports.update(found.imports)
    if not variant.tags:
        return found.text
    imports.add(Import(module="/_core/unions", name="Tag"))
    return f"Annotated[{found.text}, Tag({', '.join(map(literal, variant.tags))})]"
