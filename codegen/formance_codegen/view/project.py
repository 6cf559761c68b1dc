"""The files around the package: how it is installed, and what a user reads first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from formance_codegen.ir.operations import Items, Location, Operation, Paged, Stream
from formance_codegen.resolve.parameters import CONTENT_TYPE
from formance_codegen.view.annotations import Annotation
from formance_codegen.view.context import Context
from formance_codegen.view.credentials import example_auth
from formance_codegen.view.docs import markdown, one_line, summary_and_rest
from formance_codegen.view.flavours import SYNC
from formance_codegen.view.literals import literal, toml_string
from formance_codegen.view.results import main_result, result_annotation

DEPENDENCIES: Final = ("httpx2>=2.16", "pydantic>=2.14")
"""What the runtime needs."""
_VERSION: Final = re.compile(r"v?(\d+(?:\.\d+){0,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectView:
    """``pyproject.toml``: every value is the source of a TOML string."""

    header: str
    name: str
    version: str
    description: str
    package: str
    dependencies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A call to begin with."""

    call: str
    """The source, from the client on: ``v2.list_ledgers()``."""
    pages: bool
    """Whether it gives a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """An operation in the table of the README."""

    call: str
    returns: str
    http: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """The operations of a namespace."""

    title: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeView:
    """``README.md``."""

    header: str
    title: str
    description: str
    distribution: str
    package: str
    client: str
    async_client: str
    variable: str
    imports: str
    """What the quickstart imports."""
    async_imports: str
    arguments: str
    """The source of the client's arguments."""
    stack: bool
    error: str
    call: str
    async_call: str
    pages: bool
    """Whether the call of the quickstart gives a page."""
    any_pages: bool
    """Whether any call does."""
    signed: bool
    """Whether the service signs what it sends by itself."""
    sections: tuple[SectionView, ...]


def project_file(context: Context) -> ProjectView:
    """Return what ``pyproject.toml`` says."""
    summary, _ = summary_and_rest(context.service.doc.summary, context.service.doc.description)
    return ProjectView(
        header=context.header,
        name=toml_string(context.names.distribution),
        version=toml_string(version(context.service.version)),
        description=toml_string(one_line(f"A typed client of the {context.service.title}. {summary}")[:200].strip()),
        package=toml_string(context.names.package),
        dependencies=tuple(map(toml_string, DEPENDENCIES)),
    )


def version(declared: str) -> str:
    """Return the version of a document where a Python package can have it (PEP 440), else a neutral one."""
    found = _VERSION.fullmatch(declared.strip())
    return found.group(1) if found else "0.1.0"


def readme(context: Context) -> ReadmeView:
    """Return what the README says."""
    service, names = context.service, context.names
    summary, _ = summary_and_rest(service.doc.summary, service.doc.description)
    variable = names.package.removeprefix("formance_").removesuffix("_client") or "client"
    example = example_of(context)
    call = f"{variable}.{example.call}" if example else ""
    pages = example is not None and example.pages
    stack = context.config.platform == "stack"
    credential, classes = example_auth(service)
    server = "stack" if stack else "" if service.servers else literal("https://api.example.com")
    auth = f"auth={credential}" if credential else ""
    imported = [*(["Stack"] if stack else []), *classes]
    return ReadmeView(
        header=context.header,
        title=markdown(service.title),
        description=f" {markdown(summary)}" if summary else "",
        distribution=names.distribution,
        package=names.package,
        client=names.client,
        async_client=names.async_client,
        variable=variable,
        imports=", ".join(sorted([names.client, *imported])),
        async_imports=", ".join(sorted([names.async_client, *imported])),
        arguments=", ".join(part for part in (server, auth) if part),
        stack=stack,
        error=context.config.error_root or f"{names.client.removesuffix('Client')}Error",
        call=call,
        async_call=call if pages else f"await {call}",
        pages=pages,
        any_pages=any(isinstance(main_result(o.successes), Paged) for o in service.operations),
        signed=service.inbound.signature is not None,
        sections=tuple(_sections(context)),
    )


def example_of(context: Context) -> Example | None:
    """Return the call to show first; None where there is no operation that is good for it."""
    operation = _example(context.service.operations)
    if operation is None:
        return None
    pages = isinstance(main_result(operation.successes), Paged)
    return Example(call=_example_call(context, operation), pages=pages)


def _example(operations: Iterable[Operation]) -> Operation | None:
    """Return the operation to show first: one that lists something and needs little; a stream is for later."""

    def effort(operation: Operation) -> tuple[bool, bool, int]:
        needed = sum(parameter.required for parameter in operation.parameters)
        body = operation.body is not None and operation.body.required
        paged = isinstance(main_result(operation.successes), Paged)
        return (body or operation.deprecated, not paged, needed)

    shown = (o for o in operations if not isinstance(main_result(o.successes), Items | Stream))
    return min((o for o in shown if o.method in ("GET", "POST")), key=effort, default=None)


def _example_call(context: Context, operation: Operation) -> str:
    names = context.names.operations[operation.pointer]
    arguments = [f'"{names.parameters[p.pointer]}"' for p in operation.parameters if p.location is Location.PATH]
    if operation.body is not None and operation.body.required:
        arguments.append("{}")
    arguments.extend(
        f"{names.parameters[p.pointer]}=..."
        for p in operation.parameters
        if p.required and p.location is not Location.PATH
    )
    dotted = ".".join(part for part in (names.namespace, names.method) if part)
    return f"{dotted}({', '.join(arguments)})"


def _sections(context: Context) -> Iterable[SectionView]:
    known = {operation.pointer: operation for operation in context.service.operations}
    for namespace in context.names.namespaces:
        if namespace.operations:
            yield SectionView(
                title=namespace.attribute or context.names.client,
                rows=tuple(_row(context, known[pointer]) for pointer in namespace.operations),
            )


def _row(context: Context, operation: Operation) -> RowView:
    names = context.names.operations[operation.pointer]
    positional = [names.parameters[p.pointer] for p in operation.parameters if p.location is Location.PATH]
    if operation.body is not None:
        positional.append(names.body)
    keywords = [names.parameters[p.pointer] for p in operation.parameters if p.location is not Location.PATH]
    if operation.body is not None and operation.body.choice:
        keywords.append(CONTENT_TYPE)
    arguments = [*positional, *(["*"] if keywords else []), *keywords]
    dotted = f"{names.namespace}.{names.method}" if names.namespace else names.method
    refer = context.refer(names.namespace)
    returns: Annotation = result_annotation(operation.successes, SYNC, refer)
    summary, _ = summary_and_rest(operation.doc.summary, operation.doc.description)
    marked = "**Deprecated.** " if operation.deprecated else ""
    return RowView(
        call=f"{dotted}({', '.join(arguments)})",
        returns=returns.text.replace("|", "\\|"),
        http=f"{operation.method} {one_line(operation.path)}".replace("|", "\\|").replace("`", "'"),
        summary=marked + markdown(summary),
    )
