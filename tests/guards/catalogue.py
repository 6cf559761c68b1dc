"""The table of all diagnostics for docs/diagnostics.md; run as a program it writes it there."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from formance_codegen.diagnostics import CODES, Code, Severity

PAGE: Final = Path(__file__).parents[2] / "docs" / "diagnostics.md"
START: Final = "<!-- made by `python tests/guards/catalogue.py` from CODES -->\n"
END: Final = "<!-- end -->\n"


def catalogue(codes: Iterable[Code]) -> str:
    """Return the table in Markdown, by severity and then by name."""
    order = list(Severity)
    rows = sorted(codes, key=lambda code: (order.index(code.severity), code.slug))
    lines = (f"| `{code.slug}` | {code.severity.value} | {code.meaning} |\n" for code in rows)
    return "".join(("| Code | Severity | Meaning |\n", "| --- | --- | --- |\n", *lines))


def with_catalogue(page: str, table: str) -> str:
    """Return the page with the table between its two marks."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}{table}{END}{after}"


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_catalogue(text, catalogue(CODES.values())), encoding="utf-8")
