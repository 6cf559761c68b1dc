"""What changed of the client as a whole: what is imported, how it is made, where it calls."""

from collections.abc import Iterator, Mapping

from formance_codegen.diff.catalogue import CHECKS
from formance_codegen.diff.change import Change, Place, Subject
from formance_codegen.diff.side import Side
from formance_codegen.diff.wording import code
from formance_codegen.ir.servers import Server
from formance_codegen.ir.service import SchemeKind, SecurityScheme
from formance_codegen.pointer import Pointer, join
from formance_codegen.resolve.table import NamespaceNames
from formance_codegen.source import Span
from formance_codegen.view.exports import error_root

_SCHEMES = Pointer("/components/securitySchemes")


def client_changes(old: Side, new: Side) -> Iterator[Change]:
    """Yield the changes of the client as a whole."""
    yield from _names(old, new)
    yield from _former(old, new)
    yield from _namespaces(old, new)
    yield from _server(old, new)
    yield from _settings(old, new)
    yield from _schemes(old, new)


def client_change(
    slug: str,
    name: str,
    message: str,
    *,
    remedy: str = "",
    member: str = "",
    before: str = "",
    after: str = "",
    old: Place | None = None,
    new: Place | None = None,
) -> Change:
    """Return a change of a client."""
    check = CHECKS[slug]
    return Change(
        check=check,
        impact=check.sent,
        subject=Subject.CLIENT,
        name=name,
        member=member,
        message=message,
        remedy=remedy,
        before=before,
        after=after,
        old=old,
        new=new,
    )


def document_place(side: Side, pointer: Pointer = Pointer("")) -> Place:  # noqa: B008 - a pointer is a text
    """Return the document, or a part of it whose line is not known."""
    service = side.context.service
    file = service.operations[0].span.file if service.operations else service.document
    return Place(pointer=pointer, span=Span(file=file, line=1, column=1))


def _former(old: Side, new: Side) -> Iterator[Change]:
    """Tell of old names that were kept for one release and are gone now."""
    kept = {*new.former(), *map(new.method, new.context.service.operations), *map(new.model, new.context.service.decls)}
    for name, pointer in old.former().items():
        if name not in kept:
            yield client_change(
                "former-name-removed",
                name,
                f"{code(name)}, which was deprecated, is gone.",
                remedy=f"Use what took the place of {code(name)}.",
                before=name,
                old=document_place(old, pointer),
            )


def _names(old: Side, new: Side) -> Iterator[Change]:
    before, after = old.context.names, new.context.names
    places = document_place(old), document_place(new)
    for slug, one, other, remedy in (
        ("package-renamed", before.package, after.package, "Import from `{}`."),
        ("distribution-renamed", before.distribution, after.distribution, "Depend on `{}`."),
        ("client-renamed", before.client, after.client, "Import `{}`."),
        ("client-renamed", before.async_client, after.async_client, "Import `{}`."),
        ("error-root-renamed", error_root(old.context), error_root(new.context), "Catch `{}`."),
    ):
        if one != other:
            yield client_change(
                slug,
                one,
                f"{code(one)} is now {code(other)}.",
                remedy=remedy.format(other),
                before=one,
                after=other,
                old=places[0],
                new=places[1],
            )


def _namespaces(old: Side, new: Side) -> Iterator[Change]:
    before, after = _doors(old), _doors(new)
    for attribute, namespace in before.items():
        if attribute not in after:
            yield client_change(
                "namespace-removed",
                attribute,
                f"The client has no {code(attribute)} any more.",
                remedy=f"See what became of the methods of {code(attribute)}.",
                before=namespace.sync_class,
                old=document_place(old),
            )
        elif namespace.sync_class != after[attribute].sync_class:
            yield client_change(
                "namespace-renamed",
                attribute,
                f"The class of {code(attribute)} is now {code(after[attribute].sync_class)}.",
                remedy=f"Import {code(after[attribute].sync_class)} in place of {code(namespace.sync_class)}.",
                before=namespace.sync_class,
                after=after[attribute].sync_class,
                old=document_place(old),
                new=document_place(new),
            )
    for attribute, namespace in after.items():
        if attribute not in before:
            message = f"The client has {code(attribute)}."
            place = document_place(new)
            yield client_change("namespace-added", attribute, message, after=namespace.sync_class, new=place)


def _doors(side: Side) -> Mapping[str, NamespaceNames]:
    found = side.context.names.namespaces
    return {namespace.attribute: namespace for namespace in found if namespace.operations and namespace.attribute}


def _server(old: Side, new: Side) -> Iterator[Change]:
    before, after = _default(old), _default(new)
    client = new.context.names.client
    places = document_place(old, Pointer("/servers")), document_place(new, Pointer("/servers"))
    if before is not None and after is None:
        yield client_change(
            "server-required",
            client,
            f"{code(client)} has no default server any more.",
            remedy=f'Say where the service is: `{client}("{before.url}")`.',
            member="server",
            before=before.url,
            old=places[0],
            new=places[1],
        )
    elif before is None and after is not None:
        message = f"{code(client)} calls {code(after.url)} where no server is given."
        yield client_change(
            "server-default-added", client, message, member="server", after=after.url, old=places[0], new=places[1]
        )
    elif before is not None and after is not None and before.url != after.url:
        yield client_change(
            "server-changed",
            client,
            f"{code(client)} calls {code(after.url)} where no server is given, before {code(before.url)}.",
            remedy="Give the server to be sure of it.",
            member="server",
            before=before.url,
            after=after.url,
            old=places[0],
            new=places[1],
        )
    yield from _variables(old, new)


def _default(side: Side) -> Server | None:
    """Return the server that the client calls when none is given."""
    return None if side.context.config.platform == "stack" else next(iter(side.context.service.servers), None)


def _variables(old: Side, new: Side) -> Iterator[Change]:
    client = new.context.names.client
    before, after = _parts(old), _parts(new)
    places = document_place(old, Pointer("/servers")), document_place(new, Pointer("/servers"))
    for name, default in before.items():
        if name not in after:
            message, remedy = f"{code(client)} no longer takes {code(name)}.", f"Leave {code(name)} out."
            yield client_change(
                "server-variable-removed",
                client,
                message,
                remedy=remedy,
                member=name,
                before=default,
                old=places[0],
            )
        elif default != after[name]:
            message = (
                f"Where {code(name)} of {code(client)} is left out, it is {code(after[name])}, before {code(default)}."
            )
            yield client_change(
                "server-variable-changed",
                client,
                message,
                remedy=f"Give {code(name)} to be sure of its value.",
                member=name,
                before=default,
                after=after[name],
                old=places[0],
                new=places[1],
            )
    for name, default in after.items():
        if name not in before:
            message = f"{code(client)} takes {code(name)}."
            yield client_change("server-variable-added", client, message, member=name, after=default, new=places[1])


def _parts(side: Side) -> Mapping[str, str]:
    """Return the arguments of the client for the variables of its server, with their defaults."""
    server = _default(side)
    names = side.context.names.variables
    return {names[found.wire]: found.default for found in server.variables} if server else {}


def _settings(old: Side, new: Side) -> Iterator[Change]:
    client = new.context.names.client
    before, after = old.context.config, new.context.config
    places = document_place(old), document_place(new)
    for slug, one, other, what in (
        ("prefix-changed", before.prefix, after.prefix, "puts `{}` between the base URL and the paths"),
        ("token-url-changed", _token_url(old), _token_url(new), "exchanges client credentials at `{}`"),
    ):
        if one != other:
            yield client_change(
                slug,
                client,
                f"{code(client)} {what.format(other or '')}, before {code(one or '')}.",
                before=one or "",
                after=other or "",
                old=places[0],
                new=places[1],
            )


def _token_url(side: Side) -> str | None:
    """Return where the client exchanges credentials: the platform's own place, or else what the document says."""
    if side.context.config.token_url is not None or side.context.config.platform:
        return side.context.config.token_url
    schemes = side.context.service.schemes
    return next((found.token_url for found in schemes if found.kind is SchemeKind.CLIENT_CREDENTIALS), None)


def _schemes(old: Side, new: Side) -> Iterator[Change]:
    """Tell of schemes that both versions have; others show at the operations that want them."""
    after = {scheme.id: scheme for scheme in new.context.service.schemes}
    for scheme in old.context.service.schemes:
        other = after.get(scheme.id)
        if other is None or _way(scheme) == _way(other):
            continue
        yield client_change(
            "security-scheme-changed",
            scheme.id,
            f"{code(scheme.id)} is {code(_way(other))}, before {code(_way(scheme))}.",
            remedy="Make the client with credentials of that kind.",
            before=_way(scheme),
            after=_way(other),
            old=document_place(old, join(_SCHEMES, scheme.id)),
            new=document_place(new, join(_SCHEMES, scheme.id)),
        )


def _way(scheme: SecurityScheme) -> str:
    return f"{scheme.kind.value} {scheme.name}".strip()
