"""A service as the complete list of the files of its client project."""

from collections.abc import Iterable

from formance_codegen.ir.operations import Operation
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.table import NamespaceNames
from formance_codegen.view.client import client_module
from formance_codegen.view.context import Context
from formance_codegen.view.exports import (
    ErrorsView,
    LazyView,
    errors_module,
    models_package,
    namespace_package,
    root_package,
)
from formance_codegen.view.files import FileView, Piece
from formance_codegen.view.flavours import ASYNC, SYNC
from formance_codegen.view.methods import namespace_module
from formance_codegen.view.models import model_modules, uses_of
from formance_codegen.view.operations import operations_module
from formance_codegen.view.project import project_file, readme
from formance_codegen.view.testing import plugin, testing_package
from formance_codegen.view.webhooks import webhooks_module


def package_files(context: Context) -> tuple[FileView, ...]:
    """Return every file of the project except the runtime, which is copied."""
    inside = [
        *_models(context),
        *(file for namespace in context.names.namespaces for file in _namespace(context, namespace)),
        _module(root_package(context)),
        _module(errors_module(context)),
        _client(context),
        *([webhooks_module(context)] if context.names.inbound.module else []),
        *_testing(context),
    ]
    package = context.names.package
    return (
        FileView(path="pyproject.toml", template="pyproject.toml.jinja", view=project_file(context)),
        FileView(path="README.md", template="readme.md.jinja", view=readme(context)),
        FileView(path=f"{package}/py.typed", template="py.typed.jinja", view=None),
        *(
            FileView(path=f"{package}/{file.path}", template=file.template, view=file.view, pieces=file.pieces)
            for file in inside
        ),
    )


def _models(context: Context) -> Iterable[FileView]:
    for module in model_modules(context, uses_of(context.service)):
        pieces = (
            *(Piece(template="class.py.jinja", view=found) for found in module.classes),
            *(Piece(template="alias.py.jinja", view=found) for found in module.aliases),
        )
        template = "module.py.jinja" if module.classes else "constants.py.jinja"
        yield FileView(path=module.path, template=template, view=module, pieces=pieces)
    for namespace in context.names.namespaces:
        former = any(each.namespace == namespace.attribute for each in context.names.former_classes)
        if namespace.decls or former:
            yield _module(models_package(context, namespace))


def _namespace(context: Context, namespace: NamespaceNames) -> Iterable[FileView]:
    if namespace.attribute:
        yield _module(namespace_package(context, namespace))
    operations = _operations(context, namespace.operations)
    if not operations:
        return
    constants = operations_module(context, namespace, operations)
    yield FileView(
        path=constants.path,
        template="constants.py.jinja",
        view=constants,
        pieces=tuple(Piece(template="constant.py.jinja", view=found) for found in constants.constants),
    )
    for flavour in (SYNC, ASYNC):
        module = namespace_module(context, namespace, operations, flavour)
        yield FileView(
            path=module.path,
            template="namespace.py.jinja",
            view=module,
            pieces=tuple(Piece(template="method.py.jinja", view=found, indent=4) for found in module.methods),
        )


def _client(context: Context) -> FileView:
    view = client_module(context)
    return FileView(
        path=view.path,
        template="client.py.jinja",
        view=view,
        pieces=tuple(Piece(template="client_class.py.jinja", view=found) for found in view.classes),
    )


def _testing(context: Context) -> Iterable[FileView]:
    view = testing_package(context)
    yield FileView(
        path="testing/__init__.py",
        template="testing.py.jinja",
        view=view,
        pieces=(
            *(Piece(template="fake_namespace.py.jinja", view=found) for found in view.namespaces),
            Piece(template="fake_service.py.jinja", view=view.fake),
        ),
    )
    fixture = plugin(context.header, context.names.client)
    made = (Piece(template="fixture.py.jinja", view=fixture),)
    yield FileView(path="testing/plugin.py", template="plugin.py.jinja", view=fixture, pieces=made)


def _module(view: LazyView | ErrorsView) -> FileView:
    return FileView(path=view.path, template=view.template, view=view)


def _operations(context: Context, pointers: Iterable[Pointer]) -> tuple[Operation, ...]:
    known = {operation.pointer: operation for operation in context.service.operations}
    return tuple(known[pointer] for pointer in pointers)
