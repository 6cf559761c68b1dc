"""Lists in pages of every kind: the operations, as the generator writes them, and a server that gives the pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from pydantic import TypeAdapter

from runtime.envelopes import PageData
from runtime.operation import Cursor, Link, NoPage, Offset, Operation, PagedAt, PageNumber, Query, Requirement

Row = dict[str, Any]
Reply = tuple[object, dict[str, str]]
"""The body of an answer, and its headers."""
PATH: Final = "/api/sample/rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for a page, and the part of the list that it may get."""

    url: str
    query: Mapping[str, str]
    rows: Sequence[Row]
    size: int

    def number(self, name: str, default: int) -> int:
        """Return a parameter."""
        return int(self.query.get(name, default))

    def at(self, index: int) -> list[Row]:
        """Return the rows from an index on, a page of them."""
        return [*self.rows[index : index + self.size]]

    def more(self, index: int) -> bool:
        """Return whether there are rows beyond the page at an index."""
        return index + self.size < len(self.rows)

    @property
    def count(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-len(self.rows) // self.size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of page."""

    operation: Operation[PageData[Row]]
    reply: Callable[[Asked], Reply]

    @property
    def is_list(self) -> bool:
        """Whether an answer is the list itself."""
        result = self.operation.results[0][1]
        return isinstance(result, PagedAt) and result.items == ""

    def answer(self, url: str, rows: Sequence[Row], size: int) -> Reply:
        """Return what a server answers to a request, by its URL."""
        query = {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
        return self.reply(Asked(url=url, query=query, rows=rows, size=size))


def _operation(*query: str, **where: Any) -> Operation[PageData[Row]]:
    result = PagedAt[Row](lambda: TypeAdapter(list[Row]), **where)
    return Operation(
        name="list_rows",
        method="GET",
        path="/rows",
        query=(Query("filter"), *map(Query, query)),
        results=(("200", result), ("204", NoPage())),
        security=((Requirement("query_key"),), ()),
    )


def _cursor(asked: Asked) -> Reply:
    index = int(asked.query.get("cursor", "c0")[1:])
    mark = f"c{index + asked.size}" if asked.more(index) else ""
    return {"rows": asked.at(index), "meta": {"next_cursor": mark}}, {}


def _last(asked: Asked) -> Reply:
    after = asked.query.get("starting_after")
    index = 0 if after is None else [row["id"] for row in asked.rows].index(after) + 1
    return {"data": asked.at(index), "has_more": asked.more(index)}, {}


def _offset(first: int) -> Callable[[Asked], Reply]:
    def reply(asked: Asked) -> Reply:
        index = asked.number("offset", first) - first
        return {"rows": asked.at(index), "total": len(asked.rows), "more": asked.more(index)}, {}

    return reply


def _number(first: int) -> Callable[[Asked], Reply]:
    def reply(asked: Asked) -> Reply:
        number = asked.number("page", first)
        rows = asked.at((number - first) * asked.size)
        meta = {"page": number, "pages": asked.count, "total": len(asked.rows)}
        return {"rows": rows, "meta": meta}, {}

    return reply


def _bare(asked: Asked) -> Reply:
    return asked.at(asked.number("offset", 0)), {}


def _bare_page(asked: Asked) -> Reply:
    return asked.at((asked.number("page", 1) - 1) * asked.size), {}


def _link(form: str) -> Callable[[Asked], Reply]:
    def reply(asked: Asked) -> Reply:
        index = asked.number("from", 0)
        base = asked.url.partition("?")[0]
        urls = {
            "absolute": f"{base}?from=",
            "rooted": f"{PATH}?filter=f&from=",
            "relative": "rows?from=",
            "bare": "?from=",
        }
        following = f"{urls[form]}{index + asked.size}" if asked.more(index) else None
        before = f"{urls[form]}{index - asked.size}" if index else None
        return {"rows": asked.at(index), "next": following, "previous": before}, {}

    return reply


def _header(asked: Asked) -> Reply:
    index = asked.number("from", 0)
    base = asked.url.partition("?")[0]
    links = [f'<{base}?from={index - asked.size}>; rel="prev"'] if index else []
    links += (
        [f'<{base}?a=1,2;3&from={index + asked.size}>; title="a, \\"b\\""; rel="next last"']
        if asked.more(index)
        else []
    )
    return asked.at(index), {"Link": ", ".join(links)}


KINDS: Final[dict[str, Kind]] = {
    "cursor": Kind(
        operation=_operation("cursor", items="/rows", next="/meta/next_cursor", turn=Cursor("cursor", keep=True)),
        reply=_cursor,
    ),
    "last item": Kind(
        operation=_operation(
            "starting_after", items="/data", more="/has_more", last="/id", turn=Cursor("starting_after", keep=True)
        ),
        reply=_last,
    ),
    "offset to a total": Kind(
        operation=_operation("offset", items="/rows", total="/total", turn=Offset("offset")), reply=_offset(0)
    ),
    "offset from one": Kind(
        operation=_operation("offset", items="/rows", total="/total", turn=Offset("offset", 1)), reply=_offset(1)
    ),
    "offset with a flag": Kind(
        operation=_operation("offset", items="/rows", more="/more", turn=Offset("offset")), reply=_offset(0)
    ),
    "offset of a list": Kind(operation=_operation("offset", items="", turn=Offset("offset")), reply=_bare),
    "number of pages": Kind(
        operation=_operation("page", items="/rows", pages="/meta/pages", turn=PageNumber("page", 1)), reply=_number(1)
    ),
    "number of pages from nought": Kind(
        operation=_operation("page", items="/rows", pages="/meta/pages", turn=PageNumber("page")), reply=_number(0)
    ),
    "number that is told": Kind(
        operation=_operation(
            "page", items="/rows", pages="/meta/pages", position="/meta/page", turn=PageNumber("page", None)
        ),
        reply=_number(1),
    ),
    "number from nought that is told": Kind(
        operation=_operation(
            "page", items="/rows", pages="/meta/pages", position="/meta/page", turn=PageNumber("page", None)
        ),
        reply=_number(0),
    ),
    "number to a total": Kind(
        operation=_operation("page", items="/rows", total="/meta/total", turn=PageNumber("page", 1)), reply=_number(1)
    ),
    "number of a list": Kind(operation=_operation("page", items="", turn=PageNumber("page", 1)), reply=_bare_page),
    **{
        f"{form} link": Kind(operation=_operation("from", items="/rows", next="/next", turn=Link()), reply=_link(form))
        for form in ("absolute", "rooted", "relative", "bare")
    },
    "link in a header": Kind(operation=_operation("from", items="", turn=Link("header")), reply=_header),
}
"""By what the next page is asked for with."""
