"""Generates several services at once, each in a process of its own."""

import multiprocessing
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field

from formance_codegen.config import ServiceConfig
from formance_codegen.diagnostics import Diagnostic
from formance_codegen.naming.lock import Key, Lock, Locked
from formance_codegen.pipeline import Names, generate
from formance_codegen.render.templates import Templates
from formance_codegen.source import SourceFile
from formance_codegen.view.stack import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """All that one service is made from."""

    name: str
    source: SourceFile
    config: ServiceConfig
    templates: Templates
    overlays: tuple[SourceFile, ...] = ()
    """Applied to the source in this order."""
    held: Names | None = None
    """The names that its parts have had."""
    only: tuple[str, ...] = ()
    """What is asked for of it; all where there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What became of a job; plain values only, since it travels between processes."""

    name: str
    files: Mapping[str, bytes] | None
    """None after an error."""
    version: str = ""
    """Of the document."""
    operations: int
    models: int
    diagnostics: tuple[Diagnostic, ...]
    lock: Lock = field(default_factory=dict[Key, Locked])
    """The names that its parts have."""
    member: Member | None = None
    """What a stack needs to know of it."""
    services: int = 0
    """How many services it leads to, if it is a stack."""
    seconds: float
    """How long it took, on the clock of the wall."""


def run(jobs: Sequence[Job], *, processes: int) -> Iterator[Built]:
    """Yield what becomes of each job, as they end."""
    if min(processes, len(jobs)) < 2:
        yield from map(run_one, jobs)
        return
    # Spawned, not forked: the same on every system, and safe beside the threads of a progress display.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=min(processes, len(jobs)), mp_context=context) as pool:
        largest_first = sorted(jobs, key=lambda job: -len(job.source.text))
        for future in as_completed([pool.submit(run_one, job) for job in largest_first]):
            yield future.result()


def run_one(job: Job) -> Built:
    """Generate one service."""
    started = time.perf_counter()
    outcome = generate(job.source, job.config, job.templates, job.overlays, job.held, job.only)
    generated = None if outcome.failed else outcome.value
    return Built(
        name=job.name,
        files=dict(generated.tree.files) if generated else None,
        version=generated.service.version if generated else "",
        operations=generated.operations if generated else 0,
        models=generated.models if generated else 0,
        diagnostics=outcome.diagnostics,
        lock=generated.names.lock if generated else {},
        member=generated.member if generated else None,
        seconds=time.perf_counter() - started,
    )
