"""The lazy packages of a client: what can be imported from where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from formance_codegen.ir.operations import MediaKind, MediaType
from formance_codegen.ir.types import SymbolId
from formance_codegen.resolve.table import NamespaceNames
from formance_codegen.view.context import Context, models_path, module_path
from formance_codegen.view.docs import docstring, one_line
from formance_codegen.view.imports import Import, Package, export_key, statements

CREDENTIALS: Final = ("ApiKey", "Auth", "BasicAuth", "BearerToken", "ClientCredentials", "NoAuth")
OPTIONS: Final[Mapping[str, str]] = {
    "Drift": "/_core/drift",
    "Finding": "/_core/drift",
    "RequestEvent": "/_core/hooks",
    "ResponseEvent": "/_core/hooks",
    "Timeout": "/_core/timeout",
}
"""What the arguments of a client take or are given, and where it is."""
_PAGES: Final = ("AsyncPage", "Page")
_STREAMS: Final = {
    "AsyncByteStream": "/_core/stream",
    "AsyncItemStream": "/_core/item_stream",
    "ByteStream": "/_core/stream",
    "ItemStream": "/_core/item_stream",
    "ServerSentEvent": "/_core/events",
}
ERRORS: Final = (
    "ApiError",
    "AuthError",
    "BadRequest",
    "Conflict",
    "DecodeError",
    "Forbidden",
    "Gone",
    "InvalidRequest",
    "NotFound",
    "PaginationError",
    "RateLimited",
    "RequestTimeout",
    "ServerError",
    "TransportError",
    "Unauthorized",
    "UnprocessableEntity",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A name that a package offers, and the module that has it."""

    name: str
    module: str
    """Relative to the package; with ``:Name`` behind where it has another name there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LazyView:
    """A package whose names are imported when they are first used (PEP 562)."""

    path: str
    header: str
    docstring: tuple[str, ...]
    imports: tuple[str, ...]
    typing_imports: tuple[str, ...]
    lazy_module: str
    exports: tuple[Export, ...]
    template: str = "lazy.py.jinja"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorsView:
    """The module of the exceptions."""

    path: str
    header: str
    docstring: tuple[str, ...]
    imports: tuple[str, ...]
    root: str
    """What the root of the exceptions is called in this package."""
    names: tuple[str, ...]
    template: str = "errors.py.jinja"


def models_package(context: Context, namespace: NamespaceNames) -> LazyView:
    """Return the package of the models of a namespace."""
    where = f" of `{namespace.attribute}`" if namespace.attribute else ""
    return lazy_view(
        context.header,
        models_path(namespace.attribute),
        f"The models{where}; each is imported when it is first used.",
        _model_exports(context, namespace, modules=True),
    )


def namespace_package(context: Context, namespace: NamespaceNames) -> LazyView:
    """Return the package of a namespace: its classes and its models."""
    folder = f"/{namespace.attribute}"
    exports = dict(_model_exports(context, namespace, modules=False))
    if namespace.operations:
        exports |= {namespace.sync_class: f"{folder}/_sync", namespace.async_class: f"{folder}/_async"}
    client = context.names.client
    return lazy_view(
        context.header, folder, f"What `{client}.{namespace.attribute}` needs: its models, by name.", exports
    )


def root_package(context: Context) -> LazyView:
    """Return the client package itself."""
    names = context.names
    root = error_root(context)
    exports = {
        **dict(_model_exports(context, names.namespaces[0], modules=False)),
        names.client: "/client",
        names.async_client: "/client",
        root: "/errors",
        **dict.fromkeys(ERRORS, "/errors"),
        **dict.fromkeys(CREDENTIALS, "/_core/auth"),
        **OPTIONS,
        **dict.fromkeys(_PAGES, "/_core/page"),
        **_STREAMS,
        "Unknown": "/_core/unions",
    }
    if any(media.kind is MediaKind.MULTIPART for media in _bodies(context)):
        exports["FilePart"] = "/_core/files"
    if context.config.platform == "stack":
        exports["Stack"] = "/_core/url"
        exports["FctlProfile"] = "/_core/fctl"
    if names.inbound.module:
        home = f"/{names.inbound.module}"
        exports |= {**dict.fromkeys(names.inbound.exports, home), names.inbound.module: f"{home}:"}
    return lazy_view(context.header, "", f"A client of the {one_line(context.service.title)}.", exports)


def _bodies(context: Context) -> Iterator[MediaType]:
    for operation in context.service.operations:
        yield from operation.body.media if operation.body is not None else ()


def errors_module(context: Context) -> ErrorsView:
    """Return the module of the exceptions, their root under the name of this package."""
    return errors_view(context.header, error_root(context))


def errors_view(header: str, root: str) -> ErrorsView:
    """Return the module of the exceptions, their root under a name."""
    return ErrorsView(
        path="errors.py",
        header=header,
        docstring=docstring(["The exceptions of this client, by what they mean."], 0),
        imports=statements(
            [Import(module="/_core/errors", name=name) for name in (*ERRORS, "ClientError")], Package(parts=())
        ),
        root=root,
        names=tuple(sorted((*ERRORS, root), key=export_key)),
    )


def error_root(context: Context) -> str:
    """Return the name of the root of all exceptions of this package."""
    return context.config.error_root or f"{context.names.client.removesuffix('Client')}Error"


def _model_exports(context: Context, namespace: NamespaceNames, *, modules: bool) -> Mapping[str, str]:
    found = [context.names.decls[symbol] for symbol in namespace.decls]
    exports = {str(name.name): module_path(name) if modules else models_path(namespace.attribute) for name in found}
    for former in context.names.former_classes:
        if former.namespace == namespace.attribute:
            now = context.names.decls[SymbolId(former.pointer)]
            exports[former.name] = f"{module_path(now)}:{now.name}"
    return exports


def lazy_view(header: str, folder: str, summary: str, exports: Mapping[str, str]) -> LazyView:
    """Return a lazy package: ``exports`` tells the module of each name, from the package's root.

    A colon behind a module means the module itself.
    """
    package = Package(parts=tuple(part for part in folder.split("/") if part))
    return LazyView(
        path=f"{folder}/__init__.py".lstrip("/"),
        header=header,
        docstring=docstring([summary], 0),
        imports=statements([Import(module="typing", name="TYPE_CHECKING")], package),
        typing_imports=statements((_import(name, module) for name, module in exports.items()), package, 4),
        lazy_module=package.relative("/_core/lazy"),
        exports=tuple(
            Export(name=name, module=package.relative(exports[name])) for name in sorted(exports, key=export_key)
        ),
    )


def _import(name: str, target: str) -> Import:
    module, colon, there = target.partition(":")
    if colon and not there:
        return Import(module=module.rpartition("/")[0] or "/", name=name)
    return Import(module=module, name=there or name, alias=name if there not in ("", name) else "")
