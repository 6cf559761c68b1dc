"""The whole generator as one pure function: a text and a configuration become a tree of files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from formance_codegen.config import ServiceConfig, StackConfig
from formance_codegen.diagnostics import Diagnostic, Outcome
from formance_codegen.ir.service import Service
from formance_codegen.naming.lock import Lock
from formance_codegen.quiet import quiet_collector
from formance_codegen.render.templates import Templates
from formance_codegen.resolve.table import NameTable
from formance_codegen.source import SourceFile
from formance_codegen.tree import FileTree
from formance_codegen.view.context import Context, class_names, is_camel
from formance_codegen.view.stack import Member, member_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that a document's parts have had."""

    lock: Lock
    relock: bool = False
    """Whether they may have others now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A client project and what it was made of."""

    tree: FileTree
    service: Service
    names: NameTable
    member: Member
    """What a stack needs to know of it."""

    @property
    def operations(self) -> int:
        """How many operations of the document the client has."""
        return sum(not operation.variant for operation in self.service.operations)

    @property
    def models(self) -> int:
        """How many models, enums, unions and aliases the client has."""
        return len(self.service.decls)


@quiet_collector()
def generate(
    source: SourceFile,
    config: ServiceConfig,
    templates: Templates,
    overlays: Sequence[SourceFile] = (),
    held: Names | None = None,
    only: Sequence[str] = (),
) -> Outcome[Generated]:
    """Return the client project of a document, with overlays applied to it in their order, and names held to a lock.

    ``only`` names what is asked for of it, as `resolve.pruning.prune` takes it.

    It reads and writes nothing: no disk, clock, environment or network.
    """
    from formance_codegen.render.package import render
    from formance_codegen.resolve.pruning import prune
    from formance_codegen.view.package import package_files

    understood = understand(source, config, overlays, held)
    if understood.value is None:
        return Outcome(value=None, diagnostics=understood.diagnostics)
    pruned = prune(understood.value.service, understood.value.names, only)
    if pruned.value is None:
        return Outcome(value=None, diagnostics=(*understood.diagnostics, *pruned.diagnostics))
    service, names = pruned.value
    context = replace(understood.value, service=service, names=names, class_names=class_names(names))
    rendered = render(package_files(context), context.names.package, templates)
    diagnostics = (*understood.diagnostics, *rendered.diagnostics)
    if rendered.value is None:
        return Outcome(value=None, diagnostics=diagnostics)
    generated = Generated(tree=rendered.value, service=context.service, names=context.names, member=member_of(context))
    return Outcome(value=generated, diagnostics=diagnostics)


@quiet_collector()
def generate_stack(members: Sequence[Member], config: StackConfig, templates: Templates) -> Outcome[FileTree]:
    """Return the project of the package that leads to services, in whatever order they come.

    It reads and writes nothing: no disk, clock, environment or network.
    """
    from formance_codegen.render.package import render
    from formance_codegen.resolve.stack import name_stack
    from formance_codegen.view.stack import stack_files

    names = name_stack((member.name for member in members), config)
    return render(stack_files(members, names, config), names.package.package, templates)


def describe(source: SourceFile, config: ServiceConfig, overlays: Sequence[SourceFile] = ()) -> Outcome[Member]:
    """Return what a stack needs to know of a document, without generating anything."""
    understood = understand(source, config, overlays)
    member = None if understood.value is None else member_of(understood.value)
    return Outcome(value=member, diagnostics=understood.diagnostics)


@quiet_collector()
def understand(
    source: SourceFile, config: ServiceConfig, overlays: Sequence[SourceFile] = (), held: Names | None = None
) -> Outcome[Context]:
    """Return what a document says and what everything in it is called, before anything is rendered."""
    from formance_codegen.load.document import load
    from formance_codegen.load.openapi import parse_openapi
    from formance_codegen.lower.service import lower
    from formance_codegen.resolve.names import NamingConfig, resolve

    diagnostics: list[Diagnostic] = []
    loaded = load(source, overlays)
    diagnostics.extend(loaded.diagnostics)
    if loaded.value is None:
        return Outcome(value=None, diagnostics=tuple(diagnostics))
    parsed = parse_openapi(loaded.value)
    diagnostics.extend(parsed.diagnostics)
    if parsed.value is None:
        return Outcome(value=None, diagnostics=tuple(diagnostics))
    lowered = lower(loaded.value, parsed.value)
    diagnostics.extend(lowered.diagnostics)
    if lowered.value is None:
        return Outcome(value=None, diagnostics=tuple(diagnostics))
    chosen = NamingConfig(
        package=config.package,
        distribution=config.distribution,
        client=config.client,
        error_root=config.error_root,
        renames=config.renames,
        relock=held is not None and held.relock,
    )
    named = resolve(lowered.value, chosen, held.lock if held is not None else None)
    diagnostics.extend(named.diagnostics)
    if named.value is None:
        return Outcome(value=None, diagnostics=tuple(diagnostics))
    names = named.value
    context = Context(
        service=lowered.value, names=names, config=config, camel=is_camel(names), class_names=class_names(names)
    )
    return Outcome(value=context, diagnostics=tuple(diagnostics))
