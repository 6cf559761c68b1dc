"""The names by which pages are told, as they are in use: squashed, so that spelling does not matter."""

from typing import Final

LISTS: Final = frozenset(
    """collection content data docs documents edges elements entities entries hits items list members nodes objects
    records resources result results rows value values""".split()
)
"""Lists that are the whole point of an answer."""
SIZES: Final = frozenset(
    """count first itemcount itemsperpage limit length max maxcount maxitems maxpagesize maxresults num numresults
    pagelimit pagesize perpage resultsperpage rows rowsperpage size take top""".split()
)
"""How many items there are to be on a page."""
OFFSETS: Final = frozenset("offset pageoffset skip start startat startindex".split())
"""The position of the first item."""
STARTS_AT_ZERO: Final = frozenset("offset pageoffset skip".split())
"""Those of which an absent one can only be nought."""
NUMBERS: Final = frozenset("currentpage page pageindex pageno pagenum pagenumber".split())
"""The number of a page."""
TOTALS: Final = frozenset(
    """total totalcount totalelements totalentries totalhits totalitems totalrecords totalresults totalrows
    totalsize""".split()
)
"""How many items there are on all pages. A bare count is none: it may be that of the page."""
PAGES: Final = frozenset("lastpage numberofpages numpages pagetotal pages totalpagecount totalpages".split())
"""How many pages there are. A page count is none: it may be that of the items."""
POSITIONS: Final = frozenset("currentpage page pageindex pageno pagenum pagenumber".split())
"""Which page this is."""
FLAGS: Final = frozenset(
    """hasadditionalresults hasmore hasmoredata hasmoreitems hasmorepages hasmoreresults hasnext hasnextpage istruncated
    more moreavailable moreitems moreresults""".split()
)
"""Whether another page follows."""
STATUSES: Final = frozenset("error errorcode errormessage ok success".split())
"""Whether a call succeeded, where the status of the answer does not say."""
CURSORS: Final = frozenset(
    """after bookmark continuation continuationtoken continue cursor marker nextcursor nextmarker nextpagecursor
    nextpagetoken nexttoken pageafter pagecursor pagemarker pagetoken paginationtoken scrollid startcursor
    startingafter token""".split()
)
"""Marks of a place in a list, as parameters."""
ABOUT: Final = FLAGS | NUMBERS | OFFSETS | PAGES | POSITIONS | SIZES | STATUSES | TOTALS
"""What an answer says about a page."""

_BARE: Final = frozenset("id key name offset page token".split())
"""Too common to mean a mark where the answer has the same."""
_NOUNS: Final = ("cursor", "marker", "token", "bookmark")
_ONWARDS: Final = frozenset("next nextpage end after pagination nextpagination nextcontinuation nextstart".split())
_ASKING: Final = frozenset("continuation from next nextpage page pagination start starting".split())


def leads_on(parameter: str, key: str, folder: str) -> bool:
    """Return whether a value of an answer, by its name, is what a parameter takes to lead on.

    Args:
        parameter: The name of the parameter, squashed, as are all of these.
        key: The name of the value.
        folder: The name of what that stands in.
    """
    if key == f"next{parameter}" and parameter not in ("id", "key", "name", "token"):
        return True
    if key == parameter and (parameter in CURSORS - _BARE or folder in ("next", "nextpage")):
        return True
    if folder in ("cursor", "cursors") and key in ("after", "next"):
        return parameter in CURSORS - _BARE
    if parameter in ("after", "pageafter", "startingafter"):
        return key in ("endcursor", "aftercursor", "nextcursor")
    for noun in _NOUNS:
        if key.endswith(noun) and parameter.endswith(noun):
            asking, onwards = parameter.removesuffix(noun), key.removesuffix(noun)
            return onwards in _ONWARDS and (asking in _ASKING or (asking == "" and noun != "token"))
    return False


def is_last_id(parameter: str, key: str) -> bool:
    """Return whether a parameter takes the id of an item after which the list goes on, and a value is that id."""
    if key == "lastid":
        return parameter in ("after", "afterid", "startingafter")
    return key == "id" and parameter in ("afterid", "startafterid", "startingafter", "startingafterid")


def is_link(key: str, folder: str, *, is_url: bool) -> bool:
    """Return whether a text is the URL of the next page.

    Args:
        key: Its name.
        folder: The name of what it stands in.
        is_url: Whether its format or an example says that it is a URL; else it may be a path below something.
    """
    bare = key.removeprefix("odata")
    if bare in ("nextlink", "nextpageurl", "nexturl") or (folder in ("next", "nextpage") and key in ("href", "url")):
        return True
    if folder in ("next", "nextpage"):
        return is_url and key in ("link", "uri")
    return is_url and bare in ("next", "nexthref", "nextpage", "nextpagelink", "nextpageuri", "nexturi")
