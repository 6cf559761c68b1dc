"""The table of all kinds of change for docs/diff.md; run as a program it writes it there."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from formance_codegen.diff.catalogue import CHECKS, Bump, Check, bump_of

PAGE: Final = Path(__file__).parents[2] / "docs" / "diff.md"
START: Final = "<!-- made by `python tests/guards/changes.py` from CHECKS -->\n"
END: Final = "<!-- end -->\n"


def table(checks: Iterable[Check]) -> str:
    """Return the table in Markdown, in the order of the catalogue: from the client to the fields of a model."""
    lines = (f"| `{check.id}` | {_classes(check)} | {_bumps(check)} | {check.meaning} |\n" for check in checks)
    return "".join(("| Id | Class | Version | Meaning |\n", "| --- | --- | --- | --- |\n", *lines))


def _classes(check: Check) -> str:
    if check.sent is check.read:
        return f"`{check.sent.value}`"
    return f"sent: `{check.sent.value}`, read: `{check.read.value}`"


def _bumps(check: Check) -> str:
    found: list[Bump] = [bump_of(check, impact) for impact in (check.sent, check.read)]
    return " or ".join(dict.fromkeys(bump.value for bump in found))


def with_table(page: str, text: str) -> str:
    """Return the page with the table between its two marks."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}{text}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), table(CHECKS.values())), encoding="utf-8")
