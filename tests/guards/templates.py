"""Finds logic in templates: they may only put attributes of views into text."""

from collections.abc import Iterable
from typing import Final

from jinja2 import Environment, nodes

_PLAIN: Final = (
    nodes.Template,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Not,
    nodes.Macro,
    nodes.Const,
    nodes.Keyword,
)


def logic(text: str) -> list[str]:
    """Return what a template does beyond attributes, loops, flags, includes and macro calls."""
    return [f"line {node.lineno}: {what}" for node, what in _findings(Environment(autoescape=False).parse(text))]


def _findings(node: nodes.Node) -> Iterable[tuple[nodes.Node, str]]:
    if what := _forbidden(node):
        yield node, what
    for child in node.iter_child_nodes():
        yield from _findings(child)


def _forbidden(node: nodes.Node) -> str | None:
    match node:
        case nodes.If(test=test):
            return None if _is_flag(test) else "if on more than a flag"
        case nodes.For(iter=iterable, test=test, recursive=recursive):
            return None if _is_plain(iterable) and test is None and not recursive else "for over more than an attribute"
        case nodes.Call(node=function, args=args, kwargs=kwargs, dyn_args=None, dyn_kwargs=None):
            values = (*args, *(pair.value for pair in kwargs))
            is_plain = _is_plain(function) and all(
                isinstance(value, nodes.Const) or _is_plain(value) for value in values
            )
            return None if is_plain else "call with more than names"
        case nodes.Include(template=template) | nodes.Import(template=template) | nodes.FromImport(template=template):
            return None if isinstance(template, nodes.Const) else "include of a computed name"
        case nodes.Output(nodes=parts):
            return "output of a constant" if any(isinstance(part, nodes.Const) for part in parts) else None
        case _:
            return None if isinstance(node, _PLAIN) else type(node).__name__.lower()


def _is_flag(test: nodes.Node) -> bool:
    return _is_plain(test.node if isinstance(test, nodes.Not) else test)


def _is_plain(node: nodes.Node) -> bool:
    """Whether it is a name or an attribute of one."""
    match node:
        case nodes.Name():
            return True
        case nodes.Getattr(node=inner):
            return _is_plain(inner)
        case _:
            return False
