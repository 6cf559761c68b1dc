"""From servers to where a client, and each of its calls, finds the service."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from openapi_pydantic.v3.v3_1 import Server as ServerObject

from formance_codegen.ir.decls import Doc
from formance_codegen.ir.operations import Operation
from formance_codegen.ir.servers import Server, ServerVariable
from formance_codegen.load.json_value import as_mapping
from formance_codegen.lower.session import Session
from formance_codegen.pointer import ROOT, Pointer, join


def lower_servers(session: Session, declared: Sequence[ServerObject]) -> tuple[Server, ...]:
    """Return the servers of a document that users can reach; a relative one leads nowhere by itself."""
    given = "servers" in as_mapping(session.document.data)
    reason = "is relative or leads to the publisher's own machine; it is never a default"
    found: list[Server] = []
    for index, server in enumerate(declared):
        if _is_public(server.url):
            found.append(_server(server))
        elif given:
            session.report("ignored-server", f'the server "{server.url}" {reason}', join(ROOT, "servers", index))
    return tuple(found)


def own_server(session: Session, places: Iterable[tuple[Sequence[ServerObject] | None, Pointer]]) -> Server | None:
    """Return the server of an operation or of its path, the nearer first; a relative one is on the client's host."""
    for declared, owner in places:
        for index, server in enumerate(declared or ()):
            if _is_public(server.url) or _is_relative(server.url):
                return _server(server)
            reason = "leads to the publisher's own machine, or is no URL; the base URL of the client is used"
            pointer = join(owner, "servers", index)
            session.report("ignored-server", f'the server "{server.url}" {reason}', pointer)
        if declared:
            return None
    return None


def settle_servers(
    servers: tuple[Server, ...], operations: tuple[Operation, ...]
) -> tuple[tuple[Server, ...], tuple[Operation, ...]]:
    """Return the servers of the client, and the operations with a server only where it is another one.

    Where the document names servers beside its operations alone, and for each of them, the first is the client's.
    """
    own = [operation.server for operation in operations]
    if not servers and own and own[0] is not None and all(each and _is_public(each.url) for each in own):
        servers = (own[0],)
    usual = servers[0].url if servers else ""
    settled = (
        replace(operation, server=None) if operation.server and operation.server.url == usual else operation
        for operation in operations
    )
    return servers, tuple(settled)


def _server(server: ServerObject) -> Server:
    return Server(
        url=f"https:{server.url}" if server.url.startswith("//") else server.url,
        variables=tuple(
            ServerVariable(
                wire=name,
                default=variable.default,
                values=tuple(variable.enum or ()),
                doc=Doc(description=variable.description or ""),
            )
            for name, variable in (server.variables or {}).items()
        ),
        doc=Doc(description=server.description or ""),
    )


def _is_public(url: str) -> bool:
    """Return whether a server can be meant for users: an absolute URL that does not lead to their own machine."""
    try:
        parts = urlsplit(f"https:{url}" if url.startswith("//") else url)
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return bool(host)


def _is_relative(url: str) -> bool:
    """Return whether a server stays on the host that it is relative to."""
    odd = any(character <= " " or character in "\\?#@" for character in url)
    return not odd and "://" not in url and not url.startswith(("//", "{"))
