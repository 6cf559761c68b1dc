"""Lays expressions out as black does: on one line where they fit, else one item a line with a trailing comma."""

import re
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

WIDTH: Final = 88


@dataclass(frozen=True, slots=True)
class Group:
    """A bracketed list of items: a call, a subscript, a tuple, a dict."""

    opening: str
    """What stands before the items, the bracket included: ``Operation(``."""
    items: "tuple[Node, ...]"
    closing: str
    prefix: str = ""
    """What stands before the opening where this is itself an item: ``query=``."""
    explode: bool = False
    """Whether to take a line per item even where one line would do."""


Node: TypeAlias = str | Group


def call(name: str, *items: Node, explode: bool = False) -> Group:
    """Return a call."""
    return Group(f"{name}(", items, ")", explode=explode)


def tuple_(*items: Node) -> Group:
    """Return a tuple."""
    return Group("(", items, ")")


def keyword(name: str, value: Node) -> Node:
    """Return a keyword argument."""
    if isinstance(value, str):
        return f"{name}={value}"
    return Group(value.opening, value.items, value.closing, prefix=f"{name}={value.prefix}", explode=value.explode)


def prefixed(prefix: str, value: Node) -> Node:
    """Return an item with some text before it: ``lambda: …``, ``"key": …``."""
    if isinstance(value, str):
        return prefix + value
    return Group(value.opening, value.items, value.closing, prefix=prefix + value.prefix, explode=value.explode)


def subscripts(text: str) -> Node:
    """Return an annotation as the nested subscripts that it is made of, so that a long one can take several lines."""
    name, _, inner = text.partition("[")
    parts = _apart(inner[:-1], ",") if text.endswith("]") and name.replace(".", "").isidentifier() else ()
    # What stands behind the last bracket is no item.
    return Group(f"{name}[", tuple(map(subscripts, parts)), "]") if parts else text


def signature_item(name: str, annotation: str, default: str, indent: int) -> str:
    """Return a parameter of a signature; a union that is too long for its line stands in parentheses."""
    one = f"{name}: {annotation}{default}"
    members = _apart(annotation, "|")
    if indent + len(one) + len(",") <= WIDTH or len(members) < 2:
        return one
    margin = " " * (indent + 4)
    inner = annotation
    if indent + 4 + len(annotation) > WIDTH:
        parts = [lay_out(subscripts(each), indent + 4, "| " if index else "") for index, each in enumerate(members)]
        inner = f"\n{margin}".join(parts)
    return f"{name}: (\n{margin}{inner}\n{' ' * indent}){default}"


def lay_out(node: Node, indent: int, before: str = "", after: str = "") -> str:
    """Return the source of an expression whose first line starts with ``before`` at ``indent``."""
    flat = _flat(node)
    if flat is not None and indent + len(before) + len(flat) + len(after) <= WIDTH:
        return before + flat + after
    if isinstance(node, str) or not node.items:
        return before + (flat if flat is not None else "") + after
    margin = " " * (indent + 4)
    lines = [before + node.prefix + node.opening]
    # A comma behind the only item of a subscript would make it a tuple.
    comma = "" if node.closing == "]" and len(node.items) == 1 else ","
    lines.extend(margin + lay_out(item, indent + 4, after=comma) for item in node.items)
    lines.append(" " * indent + node.closing + after)
    return "\n".join(lines)


def lines(node: Node, indent: int, before: str = "", after: str = "") -> tuple[str, ...]:
    """Return the lines of a statement at ``indent``: an expression with what stands before and after it."""
    first, *others = lay_out(node, indent, before, after).split("\n")
    return (" " * indent + first, *others)


def assignment(name: str, annotation: str, value: str, indent: int) -> tuple[str, ...]:
    """Return the lines of an annotated assignment at ``indent``, of a declaration where there is no value."""
    margin = " " * indent
    before = f"{margin}{name}: {annotation}"
    one = f"{before} = {value}" if value else before
    if len(one) <= WIDTH:
        return (one,)
    if not value or len(f"{before} = (") > WIDTH:
        return tuple((margin + signature_item(name, annotation, one.removeprefix(before), indent)).split("\n"))
    return (f"{before} = (", f"{margin}    {value}", f"{margin})")


def class_line(name: str, bases: str) -> tuple[str, ...]:
    """Return the line that begins a class, or the three that it takes where its name is long."""
    one = f"class {name}({bases}):"
    return (one,) if len(one) <= WIDTH else (f"class {name}(", f"    {bases}", "):")


def definition(name: str, annotation: str, value: Group) -> tuple[str, ...]:
    """Return the lines that define a constant; where its type leaves too little room, as black parts them."""
    before = f"{name}: {annotation} = "
    if len(before) + len(value.opening) <= WIDTH:
        return lines(value, 0, before)
    if len(before) + 1 <= WIDTH:
        return (f"{before}(", *lines(value, 4), ")")
    type_ = subscripts(annotation)
    *head, last = lines(type_ if isinstance(type_, str) else replace(type_, explode=True), 0, f"{name}: ")
    return (*head, *lines(value, 0, f"{last} = "))


def _apart(text: str, separator: str) -> tuple[str, ...]:
    """Return what a separator parts outside of brackets and quotes; nothing where the brackets do not match."""
    parts, depth = [""], 0
    for piece in _PIECES.findall(text):
        depth += (piece == "[") - (piece == "]")
        if depth < 0:
            return ()
        if piece == separator and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return () if depth else tuple(part.strip() for part in parts)


_PIECES: Final = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|.', re.DOTALL)
"""Texts in quotes, and single characters outside of them."""


def _flat(node: Node) -> str | None:
    """Return a node on one line, or None where it wants more."""
    if isinstance(node, str):
        return node
    if node.explode and node.items:
        return None
    parts = [_flat(item) for item in node.items]
    texts = [part for part in parts if part is not None]
    if len(texts) < len(parts):
        return None
    inner = ", ".join(texts)
    if node.opening == "(" and len(texts) == 1:
        inner += ","
    return node.prefix + node.opening + inner + node.closing
