"""Makes a client of one document and looks whether it is what was asked for."""

import importlib
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from corpus.child import Ended, forked
from corpus.documents import CORPUS, Document, operations_in
from formance_codegen.cli.app import main

LIMIT: Final = 60.0
"""Seconds."""
EXPLAINED: Final = frozenset({"external-reference"})
"""Errors of documents that are not whole: what they refer to is in the network, or nowhere."""

_ERROR: Final = re.compile(r"^(?P<place>\S.*?:\d+:\d+): error\[(?P<code>[\w-]+)\] .+", re.MULTILINE)
_COUNT: Final = re.compile(r": (\d[\d,]*) operations?, ")


class Outcome(StrEnum):
    """What became of a document."""

    OK = "ok"
    """A client that is complete and can be imported."""
    REFUSED = "refused"
    """A clear error with its place, and nothing was written; right for a negative document."""
    EXPLAINED = "not whole"
    """The same, for a document that refers to what is not there."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found of a document."""

    path: str
    outcome: Outcome
    stage: str = ""
    """Where it failed."""
    reason: str = ""
    seconds: float = 0.0
    megabytes: int = 0
    warnings: int = 0


def check(document: Document, folder: Path, package: str) -> Finding:
    """Generate, count, import; types are for another day.

    Args:
        document: The document.
        folder: Becomes the project.
        package: What to call it.
    """
    arguments = ["generate", str(document.file), "--output", str(folder), "--package", package]
    arguments += ["--ref-root", str(document.suite)]
    log = folder.with_suffix(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    ended = forked(lambda: _generate(arguments), log, limit=LIMIT)
    base = Finding(path=document.path, outcome=Outcome.OK, seconds=round(ended.seconds, 2), megabytes=ended.megabytes)
    failed = _generated(document, ended, folder)
    if failed is not None:
        return replace(base, outcome=failed.outcome, stage=failed.stage, reason=failed.reason)
    log = folder.with_suffix(".import.log")
    imported = forked(lambda: _import(folder, package), log, limit=LIMIT)
    if imported.code:
        return replace(base, outcome=Outcome.FAILED, stage="import", reason=_last(imported))
    return replace(base, warnings=ended.said.count(": warning["))


def _generate(arguments: Sequence[str]) -> int:
    main(arguments, prog_name="formance-codegen")
    return 0


def _generated(document: Document, ended: Ended, folder: Path) -> Finding | None:
    """Return why there is no complete client; None where there is one."""

    def found(outcome: Outcome, stage: str, reason: str) -> Finding:
        return Finding(path=document.path, outcome=outcome, stage=stage, reason=reason)

    if ended.is_late:
        return found(Outcome.FAILED, "time", f"more than {LIMIT:.0f} s")
    if ended.code not in (0, 1) or "Traceback" in ended.said:
        return found(Outcome.FAILED, "crash", _last(ended))
    if ended.code == 0:
        return _counted(document, ended)
    if folder.exists():
        return found(Outcome.FAILED, "partial", "there was an error, and something was written")
    errors = list(_ERROR.finditer(ended.said))
    if not errors:
        return found(Outcome.FAILED, "place", f"an error without a place: {_last(ended)}")
    said = errors[0][0].removeprefix(errors[0]["place"]).removeprefix(": ").replace(f"{CORPUS}/", "")
    if all(error["code"] in EXPLAINED for error in errors) and document.references != "none":
        return found(Outcome.EXPLAINED, "generate", said)
    return found(Outcome.REFUSED if document.is_negative else Outcome.FAILED, "generate", said)


def _counted(document: Document, ended: Ended) -> Finding | None:
    expected, found = operations_in(document), _COUNT.search(ended.said)
    count = int(found[1].replace(",", "")) if found else 0
    if expected == count or document.is_negative:
        return None
    reason = f"{count} of {expected} operations"
    return Finding(path=document.path, outcome=Outcome.FAILED, stage="operations", reason=reason)


def _import(folder: Path, package: str) -> int:
    """Import every module and build every model."""
    sys.path.insert(0, str(folder))
    for file in sorted((folder / package).rglob("*.py")):
        parts = file.relative_to(folder).with_suffix("").parts
        module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            if ".models" in module.__name__ and isinstance(value, type) and issubclass(value, BaseModel):
                value.model_rebuild(raise_errors=True)
    return 0


def _last(ended: Ended) -> str:
    lines = [line for line in ended.said.splitlines() if line.strip()]
    return f"{lines[-1] if lines else 'no word'} (exit code {ended.code})"
