"""Servers of a document as the runtime has them."""

from formance_codegen.ir.servers import Server
from formance_codegen.view.layout import Group, Node, call, prefixed, tuple_
from formance_codegen.view.literals import literal


def server_node(server: Server) -> Node:
    """Return a server: its URL, and the default and the allowed values of each variable."""
    variables = tuple(
        prefixed(f"{literal(v.wire)}: ", tuple_(*map(literal, (v.default, *v.values)))) for v in server.variables
    )
    return call("Server", literal(server.url), *([Group("{", variables, "}")] if variables else []))
