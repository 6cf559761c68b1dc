"""Makes the package that leads to all services of a stack, out of what is known of each."""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from formance_codegen.cli.jobs import Built
from formance_codegen.cli.linking import Reach, linked
from formance_codegen.cli.reading import Settings, read_overlays, read_source
from formance_codegen.config import StackConfig
from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.pipeline import describe, generate_stack
from formance_codegen.render.templates import Templates
from formance_codegen.source import Span
from formance_codegen.view.stack import Member

STACK: Final = "stack"
"""The name of the project, and its folder; no document can have it beside a stack."""


def stack_documents(settings: Settings, documents: Mapping[str, Path]) -> Outcome[Mapping[str, Path]]:
    """Return the documents of the services that the stack leads to; none where there is no stack."""
    config = settings.config.stack
    if config is None:
        return Outcome(value={})
    platforms = {name: settings.of_document(path).platform for name, path in documents.items()}
    chosen = config.services
    if chosen is None:
        chosen = tuple(name for name, platform in platforms.items() if platform == "stack")
    mistakes = [*_mistakes(chosen, platforms)]
    if mistakes:
        span = Span(file=settings.file, line=1, column=1)
        found = tuple(diagnose("invalid-config", message, span=span) for message in mistakes)
        return Outcome(value=None, diagnostics=found)
    return Outcome(value={name: documents[name] for name in chosen})


def build_stack(
    settings: Settings, documents: Mapping[str, Path], built: Sequence[Built], templates: Templates, reach: Reach
) -> Built:
    """Return what becomes of the stack.

    Args:
        settings: The settings in force.
        documents: The documents of its services.
        built: What was made in this run; a service of which nothing was made is read, and not made.
        templates: What it is rendered from.
        reach: What the documents may refer to.
    """
    started = time.perf_counter()
    known = {each.name: each.member for each in built if each.member is not None}
    found: list[Diagnostic] = []
    members: list[Member] = []
    for name, path in documents.items():
        member = known.get(name)
        if member is None:
            read = _describe(settings, path, reach)
            found.extend(read.diagnostics)
            member = read.value
        if member is not None:
            members.append(member)
    files = None
    if len(members) == len(documents):
        outcome = generate_stack(members, settings.config.stack or StackConfig(), templates)
        found.extend(outcome.diagnostics)
        files = dict(outcome.value.files) if outcome.value is not None else None
    return Built(
        name=STACK,
        files=files,
        operations=0,
        models=0,
        services=len(documents),
        diagnostics=tuple(found),
        seconds=time.perf_counter() - started,
    )


def _mistakes(chosen: Sequence[str], platforms: Mapping[str, str]) -> Iterable[str]:
    if STACK in platforms:
        yield f"the document {STACK} would make the same project as the stack"
    if not chosen:
        yield 'the stack has no services: no document is of the platform "stack"'
    for name in chosen:
        if name not in platforms:
            yield f"the stack names the service {name}, but there is no such document"
        elif platforms[name] != "stack":
            yield f'the stack names the service {name}, but its platform is not "stack"'


def _describe(settings: Settings, path: Path, reach: Reach) -> Outcome[Member]:
    source = read_source(path, name=settings.document_name(path))
    if source.value is None:
        return Outcome(value=None, diagnostics=source.diagnostics)
    overlays = read_overlays(settings, path, ())
    if overlays.value is None:
        return Outcome(value=None, diagnostics=(*source.diagnostics, *overlays.diagnostics))
    whole = linked(source.value, path, overlays.value, reach)
    if whole.value is None:
        return Outcome(value=None, diagnostics=(*source.diagnostics, *whole.diagnostics))
    outcome = describe(whole.value, settings.of_document(path), overlays.value)
    # What is harmless is told when the service itself is built.
    return outcome if outcome.value is None else Outcome(value=outcome.value)
