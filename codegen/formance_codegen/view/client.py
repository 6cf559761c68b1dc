"""The client classes: how they are made, and the doors to their namespaces."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from formance_codegen.ir.servers import Server
from formance_codegen.ir.service import SchemeKind, SecurityScheme
from formance_codegen.resolve.table import NamespaceNames
from formance_codegen.view.context import Context
from formance_codegen.view.credentials import auth_doc
from formance_codegen.view.docs import docstring, one_line, prose, summary_and_rest
from formance_codegen.view.flavours import ASYNC, SYNC, Flavour
from formance_codegen.view.imports import Import, Package, statements
from formance_codegen.view.layout import WIDTH, Group, Node, call, keyword, lines, prefixed, tuple_
from formance_codegen.view.literals import literal
from formance_codegen.view.methods import namespace_doc
from formance_codegen.view.project import version
from formance_codegen.view.servers import server_node


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorView:
    """The property that leads to a namespace, or to another client."""

    head: tuple[str, ...]
    """The lines of ``def attribute(self) -> Name:``."""
    docstring: tuple[str, ...]
    imports: tuple[str, ...]
    """The lines that import the class when it is first used, and what must be done before."""
    made: str
    """The source of what the property gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientClassView:
    """A client class, in one flavour."""

    name: str
    head: tuple[str, ...]
    """The lines of ``class Name(Base):``."""
    docstring: tuple[str, ...]
    server: str
    """The parameter that tells where the service is."""
    variables: tuple[str, ...]
    """Keyword parameters: the variables of the document's server."""
    http_client: str
    on_request: str
    on_response: str
    init_docstring: tuple[str, ...]
    target: tuple[str, ...]
    """The argument that tells the base class where the service is."""
    doors: tuple[DoorView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    """The module ``client``."""

    path: str
    header: str
    docstring: tuple[str, ...]
    imports: tuple[str, ...]
    typing_imports: tuple[str, ...]
    service: tuple[str, ...]
    """The statement that defines the facts about the service."""
    classes: tuple[ClientClassView, ...]


WHERE: Final = (
    "Where the service is: a `Stack`, or the URL of a gateway such as `http://localhost:55001` behind "
    "`fctl stack proxy`."
)
"""What is to be said of the server of a stack."""


def client_module(context: Context) -> ClientView:
    """Return the module of the client classes."""
    imports: set[Import] = {
        Import(module="__future__", name="annotations"),
        Import(module="typing", name="TYPE_CHECKING"),
        Import(module="typing", name="Final"),
        Import(module="/_core/service", name="Service"),
    }
    typing_imports = option_imports()
    service = _service(context, imports)
    classes = tuple(_client(context, flavour, imports, typing_imports) for flavour in (SYNC, ASYNC))
    return ClientView(
        path="client.py",
        header=context.header,
        docstring=docstring(
            [f"The clients of the {one_line(context.service.title)}: one blocks, one is for async code."], 0
        ),
        imports=statements(imports, Package(parts=())),
        typing_imports=statements(typing_imports, Package(parts=()), 4),
        service=service,
        classes=classes,
    )


def option_imports() -> set[Import]:
    """Return what the annotations of the arguments that every client has need."""
    imports = {
        Import(module="collections.abc", name="Mapping"),
        Import(module="/_core/auth", name="Auth"),
        Import(module="/_core/drift", name="OnDrift"),
        Import(module="/_core/timeout", name="Timeout"),
    }
    for flavour in (SYNC, ASYNC):
        imports.add(Import(module="/_core/http", name=flavour.http_client))
        imports.add(Import(module="/_core/hooks", name=flavour.on_request))
        imports.add(Import(module="/_core/hooks", name=flavour.on_response))
    return imports


def _service(context: Context, imports: set[Import]) -> tuple[str, ...]:
    config = context.config
    parts: list[Node] = [
        keyword("name", literal(context.names.package)),
        keyword("version", literal(version(context.service.version))),
    ]
    servers = context.service.servers
    if servers and any(operation.server for operation in context.service.operations):
        imports.add(Import(module="/_core/url", name="Server"))
        parts.append(keyword("server", server_node(servers[0])))
    if config.prefix:
        parts.append(keyword("prefix", literal(config.prefix)))
    if config.token_url is not None:
        parts.append(keyword("token_url", literal(config.token_url)))
    if context.service.schemes:
        imports.add(Import(module="/_core/service", name="Scheme"))
        schemes = tuple(
            prefixed(f"{literal(scheme.id)}: ", _scheme(context, scheme)) for scheme in context.service.schemes
        )
        parts.append(keyword("schemes", Group("{", schemes, "}", explode=True)))
    prefix = "FORMANCE" if config.platform else context.names.package.upper().removesuffix("_CLIENT")
    parts.append(keyword("env_prefix", literal(prefix)))
    return lines(call("Service", *parts, explode=True), 0, before="SERVICE: Final = ")


def _scheme(context: Context, scheme: SecurityScheme) -> Node:
    parts: list[Node] = [literal(scheme.kind.value)]
    if scheme.name:
        parts.append(literal(scheme.name))
    # On Formance the token endpoint is the platform's own, not the one that each document repeats.
    if scheme.kind is SchemeKind.CLIENT_CREDENTIALS and scheme.token_url and not context.config.platform:
        parts.append(keyword("token_url", literal(scheme.token_url)))
    return call("Scheme", *parts)


def _client(context: Context, flavour: Flavour, imports: set[Import], typing_imports: set[Import]) -> ClientClassView:
    root, *others = context.names.namespaces
    imports.add(flavour.client)
    bases = [flavour.client.name]
    if root.operations:
        methods = root.async_class if flavour.adjective else root.sync_class
        imports.add(Import(module=f"/{flavour.module}", name=methods))
        bases.append(methods)
    doors = tuple(_door(context, namespace, flavour, typing_imports) for namespace in others if namespace.operations)
    if doors:
        imports.add(Import(module="functools", name="cached_property"))
    server, variables, target = _server(context, imports, typing_imports)
    name = context.names.async_client if flavour.adjective else context.names.client
    return ClientClassView(
        name=name,
        head=head(name, ", ".join(bases)),
        docstring=docstring(_class_doc(context, flavour), 4),
        server=server,
        variables=variables,
        http_client=flavour.http_client,
        on_request=flavour.on_request,
        on_response=flavour.on_response,
        init_docstring=docstring(_init_doc(context), 8),
        target=target,
        doors=doors,
    )


def head(name: str, bases: str) -> tuple[str, ...]:
    """Return the lines of ``class Name(Base):``."""
    one = f"class {name}({bases}):"
    return (one,) if len(one) <= WIDTH else (f"class {name}(", f"    {bases}", "):")


def _door(context: Context, namespace: NamespaceNames, flavour: Flavour, typing_imports: set[Import]) -> DoorView:
    name = namespace.async_class if flavour.adjective else namespace.sync_class
    imported = Import(module=f"/{namespace.attribute}/{flavour.module}", name=name)
    typing_imports.add(imported)
    return DoorView(
        head=lines(call(namespace.attribute, "self"), 4, before="def ", after=f" -> {name}:"),
        docstring=docstring(namespace_doc(context, namespace, 8), 8),
        imports=statements({imported}, Package(parts=()), 8),
        made=f"{name}(self._transport)",
    )


def _server(
    context: Context, imports: set[Import], typing_imports: set[Import]
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return the server parameter, the variables' parameters and what the base class is given."""
    if context.config.platform == "stack":
        typing_imports.add(Import(module="/_core/url", name="Stack"))
        return "server: Stack | str", (), ("            server,",)
    server = next(iter(context.service.servers), None)
    if server is None:
        return "server: str", (), ("            server,",)
    if not server.variables:
        return f"server: str = {literal(server.url)}", (), ("            server,",)
    imports.add(Import(module="/_core/url", name="fill_server"))
    names = context.names.variables
    parameters = tuple(f"{names[variable.wire]}: str = {literal(variable.default)}" for variable in server.variables)
    return "server: str | None = None", parameters, _filled(context, server)


def _filled(context: Context, server: Server) -> tuple[str, ...]:
    names = context.names.variables
    values = tuple(prefixed(f"{literal(v.wire)}: ", names[v.wire]) for v in server.variables)
    enums = tuple(
        prefixed(f"{literal(v.wire)}: ", tuple_(*map(literal, v.values))) for v in server.variables if v.values
    )
    parts: list[Node] = [literal(server.url), Group("{", values, "}")]
    if enums:
        parts.append(keyword("enums", Group("{", enums, "}")))
    filled = call("fill_server", *parts)
    one = lines(filled, 12, before="server or ", after=",")
    return one if len(one) == 1 else (f"{' ' * 12}server", *lines(filled, 12, before="or ", after=","))


def _class_doc(context: Context, flavour: Flavour) -> tuple[str, ...]:
    service = context.service
    summary, rest = summary_and_rest(service.doc.summary, service.doc.description)
    first = f"A{'n async' if flavour.adjective else ''} client of the {one_line(service.title)}."
    return prose("\n\n".join(part for part in (first, summary, rest) if part), 4)


def _init_doc(context: Context) -> tuple[str, ...]:
    platform = context.config.platform
    server = next(iter(context.service.servers), None)
    where = WHERE if platform == "stack" else "The base URL of the service."
    also = [f"`{one_line(other.url)}`" for other in context.service.servers[1:]]
    entries = [f"server: {where}" + (f" The document also names {', '.join(also)}." if also else "")]
    if platform != "stack" and server is not None:
        names = context.names.variables
        entries.extend(
            f"{names[v.wire]}: {one_line(v.doc.description) or 'A part of the base URL.'}" for v in server.variables
        )
    return init_doc(entries, "" if platform else auth_doc(context.service))


def init_doc(server: Iterable[str], auth: str = "") -> tuple[str, ...]:
    """Return the docstring of a client's constructor.

    ``server`` describes the arguments that are not in all, and ``auth`` what is to be said of credentials besides.
    """
    entries = [*server]
    entries.extend(
        (
            f"auth: Who calls; nobody in particular where this is absent.{auth}",
            "timeout: Seconds for each wait, or a `Timeout` that tells the waits apart.",
            "max_retries: How often a call that may be repeated is repeated.",
            "headers: Sent with every call.",
            "http_client: An HTTP client to use; it is yours to close.",
            "on_drift: Told of what an answer holds that the document does not know.",
            "strict: Whether that is an error instead.",
            "on_request: Called before each attempt; it may return headers to add.",
            "on_response: Called after each attempt.",
            "max_response_bytes: The most that is read of an answer, after decompression; streams have no limit.",
            "allow_http: Whether a credential may go over plain http to another machine.",
        )
    )
    body = ["Make a client; nothing is sent before the first call.", "", "Args:"]
    for entry in entries:
        first, *more = prose(entry, 16)
        body.extend((f"    {first}", *(f"        {line}" for line in more)))
    return tuple(body)
