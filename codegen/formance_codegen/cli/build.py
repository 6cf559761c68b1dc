"""The command `build`: one client project for each document of the working folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from formance_codegen.cli.jobs import Built
from formance_codegen.cli.linking import Reach
from formance_codegen.cli.making import Made, Wanted, make
from formance_codegen.cli.options import overlay_option, ref_root_option, remote_option
from formance_codegen.cli.output import count, tell
from formance_codegen.cli.reading import display_name
from formance_codegen.diagnostics import Diagnostic, Severity
from formance_codegen.drift import compare
from formance_codegen.emit import ADVICE, apply
from formance_codegen.tree import FileTree


@click.command()
@click.option("--service", "services", metavar="NAME", multiple=True, help="Only this service; may be repeated.")
@click.option("--check", is_flag=True, help="Write nothing; show what is stale as a diff and exit with 1.")
@click.option("--relock", is_flag=True, help="Give all names anew; those that change stay for one release.")
@click.option("--watch", is_flag=True, help="Go on: build again what a change of a document concerns, until Ctrl-C.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes; as many as there are processors.")
@overlay_option
@ref_root_option
@remote_option
@click.option("--force", is_flag=True, help="Write and remove generated files that somebody edited, too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github", "sarif"]),
    default="text",
    show_default=True,
    help="How findings are told: as text, as annotations of GitHub, or as SARIF 2.1.0.",
)
@click.option("--verbose", "-v", is_flag=True, help="Show notes as well as warnings.")
def build(
    *,
    services: tuple[str, ...],
    check: bool,
    relock: bool,
    watch: bool,
    jobs: int | None,
    overlays: tuple[Path, ...],
    ref_roots: tuple[Path, ...],
    allow_remote: bool,
    force: bool,
    form: str,
    verbose: bool,
) -> None:
    """Make a client project of each document.

    The documents and where the projects go are told by [tool.formance-codegen] in the pyproject.toml of the working
    folder. Without it, the documents that come with the generator are built into ./generated. After an error
    nothing is written at all. An overlay overlays/NAME.yaml beside the documents is applied to the document NAME.
    """
    reach = Reach(roots=ref_roots, remote=allow_remote)
    wanted = Wanted(services=services, overlays=overlays, jobs=jobs, verbose=verbose, relock=relock, reach=reach)
    if not watch:
        build_once(wanted, check=check, force=force, form=form)
    elif check or form != "text":
        raise click.BadParameter("it goes with neither --check nor --format", param_hint="--watch")
    else:
        from formance_codegen.cli.watch import watch_documents

        watch_documents(wanted, lambda changed: build_once(changed, check=False, force=force, form="text"))


def build_once(wanted: Wanted, *, check: bool, force: bool, form: str) -> Made:
    """Make the projects and write them, or compare them with what is there.

    Raises:
        click.exceptions.Exit: A document cannot be understood, a file cannot be written, or something is stale.
    """
    made = make(wanted)
    projects = made.projects
    if projects is None:
        tell(made.findings, form=form)
        _summarise(made.results, form=form)
        click.echo("nothing was written", err=True)
        raise click.exceptions.Exit(1)
    if check:
        _check(projects, made.lock, made.findings, form=form)
    else:
        tell(made.findings, form=form)
        _write(projects, made.lock, force=force, form=form)
    _summarise(made.results, form=form)
    return made


def _check(
    projects: Mapping[Path, FileTree], lock: Mapping[Path, bytes], findings: Sequence[Diagnostic], *, form: str
) -> None:
    drift = compare(projects, command="build", files=lock)
    tell(findings if form == "text" else (*findings, *drift.diagnostics()), form=form)
    if drift.is_clean:
        return
    if form == "text":
        click.echo(drift.diff, nl=False)
        for kind, files in drift.by_kind():
            for file in files if kind != "stale" else ():
                click.echo(f"{kind}: {display_name(file)}")
    found = ", ".join(f"{len(files)} {kind}" for kind, files in drift.by_kind() if files)
    click.echo(f"{found}: run formance-codegen build", err=True)
    if drift.edited:
        click.echo(f"to give up what was edited, with --force; {ADVICE}", err=True)
    raise click.exceptions.Exit(1)


def _write(projects: Mapping[Path, FileTree], lock: Mapping[Path, bytes], *, force: bool, form: str) -> None:
    outcome = apply(projects, command="build", force=force, files=lock)
    if outcome.value is None:
        tell(outcome.diagnostics, form=form)
        click.echo("nothing was written", err=True)
        raise click.exceptions.Exit(1)
    changes = outcome.value
    pruned = f", {len(changes.pruned)} removed" if changes.pruned else ""
    click.echo(
        f"{count(len(changes.written), 'file')} written, {len(changes.unchanged)} unchanged{pruned}", err=form != "text"
    )


def _summarise(results: Sequence[Built], *, form: str) -> None:
    width = max((len(built.name) for built in results), default=0)
    for built in results:
        click.echo(f"{built.name:<{width}}{_outcome(built)}  {built.seconds:6.2f} s", err=form != "text")


def _outcome(built: Built) -> str:
    warnings = _number(built, Severity.WARNING)
    if built.services and built.files is not None:
        return f"  {built.services:4} {'service' if built.services == 1 else 'services'}"
    if built.files is None:
        return f"  failed: {count(_number(built, Severity.ERROR), 'error')}, {count(warnings, 'warning')}"
    numbers = ((built.operations, "operation"), (built.models, "model"), (warnings, "warning"))
    return "".join(f"  {number:4} {noun if number == 1 else noun + 's':<{len(noun) + 1}}" for number, noun in numbers)


def _number(built: Built, severity: Severity) -> int:
    return sum(found.severity is severity for found in built.diagnostics)
