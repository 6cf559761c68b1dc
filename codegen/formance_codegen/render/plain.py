"""Recognises pieces that black leaves as they are, so that it need not be asked about them.

Black is nine tenths of the cost of a build, and most of what views emit has one of a few shapes: a class of fields, a
method, a constant; all on one line, or an item a line with a comma behind each. Those are read here line by line, and
whatever is not surely one of them is left to black. Tests ask black about all that is recognised.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WIDTH: Final = 88
_KEYWORD: Final = re.compile(r"^\w+=")
_STRING: Final = re.compile(r'"[^"\\]*"')
# Possessive, since there is one way to read a name: a line that fits no shape must not cost more than one that does.
_ATOM: Final = r'(?<![\w"\])])"[^"\\]*+"(?![\w"])|[A-Za-z_][A-Za-z0-9_.]*+|(?<![\w.])-?(?:0|[1-9][0-9]*+)(?![\w.])'
_TYPE: Final = (
    rf"(?:{_ATOM}|\[(?=[\w\"\[(-])|\((?=[\w\"\[()-])|(?<!\[)[\])]|(?<=[^\s(\[]), (?=[\w\"\[(-])"
    rf"|(?<=[\w\"\])]) \| (?=[\w\"]))+"
)
"""Names, literals, subscripts, calls and unions, with black's spaces between them."""
_VALUE: Final = rf"(?:{_TYPE[3:-2]}|,(?=\))|(?<=\w)=(?=[\w\"(\[-])|(?<![\w\])\"])lambda: (?=\w))+"
_PARAMETER: Final = rf"(?:\*|/|self|\*{{0,2}}\w+: {_TYPE}(?: = {_VALUE})?)"

_CLASS: Final = re.compile(rf"class \w+\({_VALUE}\):")
_DECORATOR: Final = re.compile(rf"@[A-Za-z_][\w.]*(?:\({_VALUE}\))?")
_SIGNATURE: Final = re.compile(rf"(?:async )?def \w+\((?:{_PARAMETER}(?:, {_PARAMETER})*)?\) -> {_TYPE}:")
_SIGNATURE_OPENS: Final = re.compile(r"(?:async )?def \w+\(")
_SIGNATURE_ITEM: Final = re.compile(f"{_PARAMETER},")
_SIGNATURE_ENDS: Final = re.compile(rf"\) -> {_TYPE}:")
_STATEMENT: Final = re.compile(rf"return (?:await )?{_VALUE}|\w+(?:: {_VALUE})?(?: = {_VALUE})?")
_STATEMENT_OPENS: Final = re.compile(
    rf"return (?:await )?[A-Za-z_][\w.]*\(|\w+(?:: {_VALUE})? = [A-Za-z_][\w.]*[(\[]|\w+: [A-Za-z_][\w.]*\["
)
_STATEMENT_ENDS: Final = re.compile(r"\)|\](?: = [A-Za-z_]\w*)?")
_ITEM: Final = re.compile(f"{_VALUE},")
_ITEM_ENDS: Final = re.compile(r"[)\]],")
_ITEM_OPENS: Final = re.compile(r"(?:\w+=)?(?:lambda: )?(?:[A-Za-z_][\w.]*)?[(\[]")
_CALL_OPENS: Final = re.compile(r"[A-Za-z_][\w.]*\(")
_CALL_ENDS: Final = re.compile(r"\)")
_WRAPPED: Final = re.compile(rf"\w+: {_VALUE} = ")
_TYPE_OPENS: Final = re.compile(r"\w+: [A-Za-z_][\w.]*\[")
_TYPE_ITEM: Final = re.compile(_TYPE)
_TYPE_ENDS: Final = re.compile(r"\] = [A-Za-z_][\w.]*\(")


def is_plain(text: str, indent: int) -> bool:
    """Return whether black leaves a piece as it is, but for blank lines at its ends; False where that is not certain.

    The piece is a class, a function or statements that are valid Python, at ``indent``.
    """
    lines = text.strip("\n").split("\n")
    try:
        _Piece(lines).read(indent)
    except _Doubt:
        return False
    return True


class _Doubt(Exception):
    """Black has to be asked."""


class _Piece:
    """The lines of a piece, read from the first to the last."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.at = 0

    def read(self, indent: int) -> None:
        first = self.lines[0].lstrip()
        if first.startswith("class "):
            self._class()
        elif first.startswith(("def ", "async def ", "@")):
            self._function(indent)
        else:
            self._statements(indent)

    def _class(self) -> None:
        if len(self.lines) > 2 and self.lines[2] == "):":
            self._long_class_line()
        else:
            self._line(_CLASS, 0)
        self._docstring(4)
        if self.at < len(self.lines):
            _demand(not self.lines[self.at])
            self.at += 1
            self._statements(4)

    def _long_class_line(self) -> None:
        opening, bases, closing = self.lines[:3]
        joined = opening + bases.lstrip() + closing
        _demand(bool(_CLASS.fullmatch(joined)) and _is_balanced(joined))
        _demand(len(joined) > _WIDTH >= len(bases) and _indent(bases) == 4)
        self.at = 3

    def _function(self, indent: int) -> None:
        while self._line_at(indent).startswith("@"):
            self._line(_DECORATOR, indent)
        if self._line_at(indent).endswith("("):
            self._line(_SIGNATURE_OPENS, indent, of_many=True)
            while not self._line_at(indent).startswith(")"):
                if self._line_at(indent + 4).endswith(": ("):
                    self._long_union(_SIGNATURE_ITEM, indent + 4)
                else:
                    self._line(_SIGNATURE_ITEM, indent + 4)
            self._line(_SIGNATURE_ENDS, indent, of_many=True)
        else:
            self._line(_SIGNATURE, indent)
        self._docstring(indent + 4)
        self._statements(indent + 4)

    def _long_union(self, shape: re.Pattern[str], indent: int) -> None:
        """Read a parameter or a field whose type is a union that has no room beside its name."""
        opening = self._line_at(indent)[:-1]
        self.at += 1
        members: list[str] = []
        while not self._line_at(indent).startswith(")"):
            members.append(self._line_at(indent + 4))
            self.at += 1
        union = " ".join(members)
        joined = f"{opening}{union}{self._line_at(indent)[1:]}"
        _demand(joined.isascii() and shape.fullmatch(joined) is not None and _is_balanced(joined.removesuffix(",")))
        if " = " in joined and not joined.endswith(","):
            # Of a field, the value is what black would rather wrap.
            _demand(indent + len(f"{opening}{union} = (") > _WIDTH)
        _demand(indent + len(joined) > _WIDTH >= indent + 4 + max(map(len, members)))
        if indent + 4 + len(union) <= _WIDTH:
            _demand(len(members) == 1 and " | " in union)
        else:
            _demand(all(member.startswith("| ") for member in members[1:]) and len(members) == _members(union) > 1)
        self.at += 1

    def _statements(self, indent: int) -> None:
        _demand(self.at < len(self.lines))
        while self.at < len(self.lines):
            line = self._line_at(indent)
            if not line.endswith(("(", "[")):
                self._line(_STATEMENT, indent)
            elif line.endswith(": ("):
                self._long_union(_STATEMENT, indent)
            elif line.endswith(" = ("):
                self._wrapped(indent)
            elif _is_long_type(self.lines[self.at : self.at + 3], indent):
                self._long_type(indent)
            else:
                self._group(_STATEMENT_OPENS, _STATEMENT_ENDS, indent)
            self._docstring(indent)

    def _wrapped(self, indent: int) -> None:
        """Read a value that has no room beside its name and type: None, or a call of many lines."""
        before = self._line_at(indent)[:-1]
        _demand(before.isascii() and _WRAPPED.fullmatch(before) is not None and _is_balanced(before))
        self.at += 1
        value = self._line_at(indent + 4)
        _demand(indent + len(before) < _WIDTH < indent + len(before) + len(value))
        if value == "None":
            self.at += 1
        else:
            self._group(_CALL_OPENS, _CALL_ENDS, indent + 4)
        _demand(self._line_at(indent) == ")")
        self.at += 1

    def _long_type(self, indent: int) -> None:
        """Read ``name: type[item]`` where it has no room on one line, and the call that it may be given."""
        opening, item = self._line_at(indent), self.lines[self.at + 1]
        self._line(_TYPE_OPENS, indent, of_many=True)
        self._line(_TYPE_ITEM, indent + 4)
        _demand(_indent(item) == indent + 4 and "," not in item)
        joined = indent + len(opening) + len(item.lstrip())
        if self._line_at(indent) == "]":
            _demand(joined + 1 > _WIDTH)
            self.at += 1
        else:
            _demand(joined + len("] = (") > _WIDTH)
            self._group(_TYPE_ENDS, _CALL_ENDS, indent)

    def _group(self, opens: re.Pattern[str], ends: re.Pattern[str], indent: int) -> None:
        """Read what is bracketed, an item a line, each with the comma that keeps it so."""
        bracket = self._line_at(indent)[-1:]
        self._line(opens, indent, of_many=True)
        items = 0
        while not self._line_at(indent).startswith((")", "]")):
            if self._line_at(indent + 4).endswith(("(", "[")):
                self._group(_ITEM_OPENS, _ITEM_ENDS, indent + 4)
            else:
                self._line(_ITEM, indent + 4)
            items += 1
        # A comma behind the only item of a subscript would make it a tuple: black has other rules for it.
        _demand(items > (bracket == "[") and bracket + self._line_at(indent)[0] in ("()", "[]"))
        self._line(ends, indent, of_many=True)

    def _line(self, shape: re.Pattern[str], indent: int, *, of_many: bool = False) -> None:
        line = self._line_at(indent)
        _demand(len(line) + indent <= _WIDTH, line.isascii(), shape.fullmatch(line) is not None)
        # An item of a call may be given by name.
        _demand(of_many or _is_balanced(_KEYWORD.sub("", line.removesuffix(",")) if line.endswith(",") else line))
        self.at += 1

    def _line_at(self, indent: int) -> str:
        """Return the line at hand without its indent; it must be at least that deep."""
        _demand(self.at < len(self.lines))
        line = self.lines[self.at]
        _demand(not line[:indent].strip() and len(line) > indent)
        return line[indent:]

    def _docstring(self, indent: int) -> None:
        """Read the docstring that may stand here, behind a class line, a signature or a field."""
        quotes = " " * indent + '"""'
        if self.at == len(self.lines) or not self.lines[self.at].startswith(quotes):
            return
        first, *others = self.lines[self.at :]
        text = first.removeprefix(quotes)
        if text.endswith('"""') and len(text) > 3:
            text = text[:-3]
            _demand(text[-1:] != " ")
            lines = [text]
        else:
            _demand(quotes in others)
            lines = [text, *others[: others.index(quotes)]]
            _demand(any(_indent(line) == indent for line in lines[1:] if line))
            _demand(all(_indent(line) >= indent for line in lines[1:] if line))
            self.at += 1
        _demand(bool(text) and text[0] not in ' "' and lines[-1][-1:] not in ("", '"'))
        _demand(all(line.isprintable() and line[-1:] != " " and "\\" not in line for line in lines))
        _demand(not any('"""' in line for line in lines))
        self.at += len(lines)


def _demand(*certain: bool) -> None:
    if not all(certain):
        raise _Doubt


def _is_long_type(lines: Sequence[str], indent: int) -> bool:
    return len(lines) > 2 and lines[0].endswith("[") and lines[2].startswith(" " * indent + "]")


def _members(union: str) -> int:
    """Return how many members a union has, leaving out those of unions inside it."""
    depth, bars = 0, 0
    for character in _STRING.sub("_", union):
        depth += (character in "([") - (character in ")]")
        bars += character == "|" and not depth
    return bars + 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_balanced(code: str) -> bool:
    """Return whether brackets match, and black neither takes parentheses away nor splits at a comma."""
    code = _STRING.sub("_", code)
    opened: list[_Bracket] = []
    previous = ""
    for character in code:
        if character in "([":
            opened.append(_Bracket(character, previous.isalnum() or previous in ("_", "]")))
        elif character in ")]":
            if not opened or not opened.pop().is_kept(character, previous):
                return False
        elif character == "," and opened:
            opened[-1].commas += 1
        elif character == "," or (character == "=" and previous != " " and not opened):
            return False
        previous = character
    return not opened


@dataclass(slots=True)
class _Bracket:
    """An opening bracket of a line."""

    kind: str
    is_trailer: bool
    """Whether it calls or subscripts what stands before it."""
    commas: int = 0

    def is_kept(self, closing: str, previous: str) -> bool:
        """Return whether black keeps the bracket and all in it on its line, told what closes it and stands before."""
        if self.kind + closing not in ("()", "[]"):
            return False
        if previous == ",":
            # A comma behind the last item asks for a line each, but in a tuple of one.
            return self.kind == "(" and not self.is_trailer and self.commas == 1
        return self.kind == "[" or self.is_trailer or self.commas > 0 or previous == "("
