"""Reads files and folders of a git revision, such as ``main:specs/ledger.yaml``."""

import posixpath
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from formance_codegen.diagnostics import Outcome, diagnose


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A revision of the repository of the working folder."""

    name: str
    """As the user spells it: a branch, a tag, a hash, ``HEAD~1``."""
    git: str
    """The program."""
    prefix: str
    """The way from the root of the repository to the working folder, with a slash at its end; "" for the root."""

    def path(self, given: str) -> str:
        """Return a path from the root of the repository; only one that begins with a dot starts at the working folder.

        That is how git itself reads ``REVISION:PATH``.
        """
        relative = given == "." or given.startswith(("./", "../"))
        found = posixpath.normpath(posixpath.join(self.prefix, given) if relative else given or ".")
        return "" if found == "." else found

    def kind(self, path: str) -> str:
        """Return ``"blob"`` for a file, ``"tree"`` for a folder, and "" where there is nothing."""
        done = _run(self.git, ["cat-file", "-t", f"{self.name}:{path}"])
        return done.stdout.decode().strip() if done.returncode == 0 else ""

    def read(self, path: str) -> bytes:
        """Return the content of a file that is there."""
        return _run(self.git, ["cat-file", "blob", f"{self.name}:{path}"]).stdout

    def files(self, path: str) -> list[str]:
        """Return the names of the files of a folder that is there."""
        listed = _run(self.git, ["ls-tree", "-z", "--full-tree", f"{self.name}:{path}"]).stdout.decode(errors="replace")
        rows = (row.partition("\t") for row in listed.split("\0") if row)
        return [name for facts, _, name in rows if facts.split()[1] == "blob"]


def revision(name: str) -> Outcome[Revision]:
    """Return a revision of the repository around the working folder; an error where there is none, or no git."""
    git = shutil.which("git")
    if git is None:
        return _refused(name, "there is no git on this machine's PATH")
    inside = _run(git, ["rev-parse", "--show-prefix"])
    if inside.returncode != 0:
        return _refused(name, "the working folder is in no git repository")
    known = _run(git, ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{tree}}"])
    if known.returncode != 0:
        return _refused(name, "git knows no such revision")
    return Outcome(value=Revision(name=name, git=git, prefix=inside.stdout.decode().strip()))


def _refused(name: str, cause: str) -> Outcome[Revision]:
    return Outcome(value=None, diagnostics=(diagnose("unreadable-file", f"cannot read the revision {name}: {cause}"),))


def _run(git: str, arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([git, *arguments], capture_output=True, check=False)
