"""The testing kit of a package: each operation of the client as an attribute with the type of what it gives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from formance_codegen.ir.operations import Body, Items, MediaKind, MediaType, Operation, Paged, Stream
from formance_codegen.ir.types import SymbolId
from formance_codegen.naming.case import snake
from formance_codegen.naming.reserved import FAKE
from formance_codegen.resolve.table import NamespaceNames
from formance_codegen.view.annotations import NONE, Annotation, Refer, Voice, annotate, union
from formance_codegen.view.client import head
from formance_codegen.view.context import Context, models_path
from formance_codegen.view.docs import docstring, prose
from formance_codegen.view.flavours import WIRE
from formance_codegen.view.imports import Import, Package, export_key, statements
from formance_codegen.view.layout import WIDTH, call, lines, prefixed, subscripts
from formance_codegen.view.literals import literal
from formance_codegen.view.results import item_annotation, main_result, result_annotation

_FAKES: Final = ("Fake", "FakeNamespace", "FakeItems", "FakeOperation", "FakePages", "FakeStream")
_KIT: Final = {
    "Answer": "answers",
    "FakeItems": "operations",
    "FakeOperation": "operations",
    "FakePages": "operations",
    "FakeStream": "operations",
    "RecordedCall": "recording",
    "Refusal": "answers",
    "UnexpectedCall": "script",
    "make": "examples",
    "make_json": "examples",
}
"""What the module offers beside the fakes of this service, and the modules of the runtime that have it."""
_PACKAGE: Final = Package(parts=("testing",))


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeDoorView:
    """The property that leads to the fake of a namespace, or of a service."""

    head: tuple[str, ...]
    docstring: tuple[str, ...]
    made: tuple[str, ...]
    """The statement that returns it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeClassView:
    """The fake of a namespace, or of a whole service."""

    head: tuple[str, ...]
    docstring: tuple[str, ...]
    attributes: tuple[str, ...]
    """The lines that declare the operations."""
    arguments: tuple[str, ...] = ()
    """What the base class of a service's fake is told of it."""
    doors: tuple[FakeDoorView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TestingView:
    """The package ``testing``."""

    header: str
    docstring: tuple[str, ...]
    imports: tuple[str, ...]
    typing_imports: tuple[str, ...]
    exports: tuple[str, ...]
    namespaces: tuple[FakeClassView, ...]
    fake: FakeClassView


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginView:
    """The module ``testing.plugin``."""

    header: str
    docstring: tuple[str, ...]
    fake: str
    head: tuple[str, ...]
    """The lines of ``def fake_ledger() -> Iterator[FakeLedger]:``."""


def testing_package(context: Context) -> TestingView:
    """Return the package of the fakes of a service."""
    names = context.names
    root, *others = [found for found in names.namespaces if found.operations or not found.attribute]
    typing_imports: set[Import] = set()
    namespaces = tuple(_namespace(context, namespace, typing_imports) for namespace in others)
    fake = _service(context, root, others, typing_imports)
    imports = {
        Import(module="__future__", name="annotations"),
        *(Import(module=f"/_core/testing/{module}", name=name) for name, module in _KIT.items()),
        Import(module="/_core/testing/fake", name="Fake"),
        *(Import(module="/client", name=name) for name in ("SERVICE", names.client, names.async_client)),
    }
    if others:
        imports.add(Import(module="/_core/testing/fake", name="FakeNamespace"))
        imports.add(Import(module="functools", name="cached_property"))
    if typing_imports:
        imports.add(Import(module="typing", name="TYPE_CHECKING"))
    exported = (*_KIT, fake_name(names.client), *(f"Fake{namespace.sync_class}" for namespace in others))
    return TestingView(
        header=context.header,
        docstring=docstring([f"A `{names.client}` without a network, for the tests of applications."], 0),
        imports=statements(imports, _PACKAGE),
        typing_imports=statements(typing_imports, _PACKAGE, 4),
        exports=tuple(sorted(exported, key=export_key)),
        namespaces=namespaces,
        fake=fake,
    )


def plugin(header: str, client: str) -> PluginView:
    """Return the module of the pytest fixture."""
    fake = fake_name(client)
    return PluginView(
        header=header,
        docstring=docstring([f"A pytest fixture: import `{snake(fake)}` into a conftest.py, or name this plugin."], 0),
        fake=fake,
        head=_signature(snake(fake), f"Iterator[{fake}]"),
    )


def _signature(name: str, returns: str) -> tuple[str, ...]:
    one = f"def {name}() -> {returns}:"
    return (one,) if len(one) <= WIDTH else (f"def {name}() -> (", f"    {returns}", "):")


def fake_name(client: str) -> str:
    """Return the class of the fake of a client: what the client is called after, behind Fake."""
    name = f"Fake{client.removesuffix('Client') or client}"
    return f"{name}Service" if name in _FAKES else name


def _namespace(context: Context, namespace: NamespaceNames, imports: set[Import]) -> FakeClassView:
    where = f"`{context.names.client}.{namespace.attribute}`"
    return FakeClassView(
        head=head(f"Fake{namespace.sync_class}", "FakeNamespace"),
        docstring=docstring([f"What {where} is answered."], 4),
        attributes=tuple(_attributes(context, namespace, imports)),
    )


def _service(
    context: Context, root: NamespaceNames, others: Sequence[NamespaceNames], imports: set[Import]
) -> FakeClassView:
    names = context.names
    return FakeClassView(
        head=fake_head(names.client, f"Fake[{names.client}, {names.async_client}]"),
        docstring=docstring(service_doc(names.client), 4),
        attributes=tuple(_attributes(context, root, imports)),
        arguments=("SERVICE", names.client, names.async_client),
        doors=tuple(
            FakeDoorView(
                head=lines(call(free(found.attribute), "self"), 4, before="def ", after=f" -> Fake{found.sync_class}:"),
                docstring=docstring([f"What `{names.client}.{found.attribute}` is answered."], 8),
                made=lines(
                    call(f"Fake{found.sync_class}", call("self._namespace", literal(found.attribute))),
                    8,
                    before="return ",
                ),
            )
            for found in others
        ),
    )


def fake_head(client: str, base: str) -> tuple[str, ...]:
    """Return the lines of ``class FakeLedger(Fake[LedgerClient, AsyncLedgerClient]):``."""
    name = fake_name(client)
    one = head(name, base)
    return one if len(one) == 1 else (f"class {name}(", *lines(subscripts(base), 4), "):")


def service_doc(client: str) -> tuple[str, ...]:
    """Return the docstring of the fake of a client."""
    text = f"""A `{client}` without a network: `client()` and `async_client()` are real, the service is not.

Each attribute of the client is here, too: say what it answers, and ask what it was called with."""
    return prose(text, 4)


def _attributes(context: Context, namespace: NamespaceNames, imports: set[Import]) -> Iterable[str]:
    """Yield the lines that declare the operations of a namespace."""
    known = {operation.pointer: operation for operation in context.service.operations}
    refer = _refer(context)
    for pointer in namespace.operations:
        name = context.names.operations[pointer].method
        found = _fake_operation(known[pointer], refer)
        imports.update(found.imports)
        attribute = name if namespace.attribute else free(name)
        yield from lines(prefixed(f"{attribute}: ", subscripts(found.text)), 4)


def free(attribute: str) -> str:
    """Return an attribute of the client as one of its fake, which has some of its own."""
    return f"{attribute}_" if FAKE.forbids(attribute) else attribute


def _fake_operation(operation: Operation, refer: Refer) -> Annotation:
    result = main_result(operation.successes)
    body = None if operation.body is None else _body(operation.body, refer)
    match result:
        case Paged(item=item):
            kind, parts = "FakePages", [annotate(item, Voice.RESULT, refer)]
        case Items():
            kind, parts = "FakeItems", [item_annotation(result, Voice.RESULT, refer)]
        case Stream():
            kind, parts = "FakeStream", []
        case _:
            kind, parts = "FakeOperation", [result_annotation(operation.successes, WIRE, refer)]
    parts += [] if body is None else [body]
    text = ", ".join(part.text for part in parts)
    imports = frozenset(found for part in parts for found in part.imports)
    return Annotation(f"{kind}[{text}]" if parts else kind, imports)


def _body(body: Body, refer: Refer) -> Annotation:
    """Return what a recorded body is: a model, text or bytes."""
    found = union(_form(media, refer) for media in body.media)
    return found if body.required else found | NONE


def _form(media: MediaType, refer: Refer) -> Annotation:
    match media.kind:
        case MediaKind.JSON | MediaKind.LINES:
            return annotate(media.type, Voice.RESULT, refer)
        case MediaKind.TEXT:
            return Annotation("str")
        case MediaKind.FORM | MediaKind.MULTIPART | MediaKind.BINARY:
            return Annotation("bytes")
        case _:
            assert_never(media.kind)


def _refer(context: Context) -> Refer:
    """Return how the package names declarations: those of namespaces may be called the same."""

    def name(symbol: SymbolId) -> Annotation:
        found = context.names.decls[symbol]
        folder = models_path(found.namespace).rpartition("/")[0] or "/"
        alias = f"{found.namespace}_models" if found.namespace else ""
        imported = Import(module=folder, name="models", alias=alias)
        return Annotation(f"{imported.local}.{found.name}", frozenset({imported}))

    return name
