"""Pieces that are taken for plain are pieces that black leaves alone; nothing else may be taken for one."""

from contextlib import suppress
from typing import Final

import pytest
from black.parsing import InvalidInput
from hypothesis import example, given
from hypothesis import strategies as st

from formance_codegen.render.formatting import ask_black, format_piece
from formance_codegen.render.plain import is_plain

LONG: Final = "AModelWithALongNameThatSomeDocumentHappensToGiveToOneOfItsOw"

CLASSES: Final = (
    '''class Account(CamelModel):
    """An account, and what is on it.

    Its address is unique.

        indented = True
    """

    address: str
    """Where it is."""
    metadata: Annotated[dict[str, str] | None, Alias("Meta-Data"), NULLABLE] = None
    kind: Literal["a, b", "(c]"] = "a, b"
    limit: Annotated[int | None, Within(minimum=-1, maximum=10)] = None
    """Several lines

    of text.
    """''',
    '''class Kind(OpenStrEnum):
    """The kinds."""

    A = "a"
    B2 = "b"''',
    f'''class {LONG}Indeed(
    Model, defer_build=False
):
    """What has a long name."""

    one: str | None = None
    other_item: {LONG} | None = (
        None
    )
    another_item: (
        {LONG} | None
    ) = None
    much_of_it: (
        {LONG}0123456789abcdef
        | None
    ) = None
    listed: Annotated[
        list[{LONG}] | None,
        NULLABLE,
    ] = None
    called_often: FakeOperation[
        {LONG}
    ]''',
    'class Nothing(Model):\n    """Nothing at all."""\n',
)
FUNCTIONS: Final = (
    '''    def get(self, id: str, *, since: datetime | None = None) -> list[Account] | None:
        """Get it.

        Args:
            id: Which.
        """
        return self._transport.send(_ops.GET.request(path=(id,), query=(since,)))''',
    f'''    async def post(
        self,
        body: {LONG},
        another_body: (
            {LONG} | None
        ) = None,
        *,
        expand: Mapping[str, Any] | None = None,
    ) -> Account:
        """Post it."""
        return await self._transport.send(
            _ops.POST.request(
                query=(
                    expand,
                    None,
                ),
                body=body,
            ),
        )''',
    '''    @deprecated("use `get`")
    def former(self, id: str) -> str:
        """Get it."""
        return self.get(id)''',
)
CONSTANTS: Final = (
    """GET: Final[Operation[models.Account]] = Operation(
    name="get",
    path="/{id}",
    path_parameters=(Path("id"),),
    results=(
        ("200", Json(lambda: TypeAdapter(list[models.Account]))),
        ("304", Empty()),
    ),
    errors=(("404", Json(lambda: TypeAdapter(models.Error))),),
)""",
    f"""GET_ACCOUNTS: Final[
    Operation[{LONG}]
] = Operation(
    name="get",
)""",
    f"""GET_ACCOUNT: Final[{LONG}] = (
    Operation(
        name="get",
    )
)""",
    "Metadata: TypeAlias = dict[str, str]",
)
PIECES: Final = (
    *((text, 0) for text in CLASSES),
    *((text, 4) for text in FUNCTIONS),
    *((text, 0) for text in CONSTANTS),
)


@pytest.mark.parametrize(("text", "indent"), PIECES)
def test_what_views_emit_is_recognised(text: str, indent: int) -> None:
    assert ask_black(text, indent) == text.strip("\n")
    assert is_plain(text, indent)
    assert format_piece(text, indent) == text.strip("\n")


@pytest.mark.parametrize(
    ("text", "indent"),
    [
        ("x: int=3", 0),
        ("x:int = 3", 0),
        ("x: A|B = 3", 0),
        ("x = 'a'", 0),
        ("x = f(a = 1)", 0),
        ("x = f(a, b,)", 0),
        ("x = (a, b,)", 0),
        ("x = (a)", 0),
        ("x = f( a)", 0),
        ("x = f(a ,b)", 0),
        ("x = 0XFF", 0),
        ("x = [a,]", 0),
        ("x = f(\n    a, b\n)", 0),
        ("x = f(\n    a,\n    b\n)", 0),
        ("x = f(\n  a,\n)", 0),
        ("x = (\n    None\n)", 0),
        ("x: Final[\n    int\n] = f(\n    a,\n)", 0),
        ("x: Final[int] = (\n    f(\n        a,\n    )\n)", 0),
        ("x: (\n    A | B\n) = None", 0),
        (f"x: {LONG}[{LONG}] = None", 0),
        ("class A():\n    x: int", 0),
        ("class A(B):\n    x: int\n\n\n    y: int", 0),
        ("class A(\n    B\n):\n    x: int", 0),
        ('class A(B):\n    """A."""\n    x: int', 0),
        ('class A(B):\n    """ A. """', 0),
        ('class A(B):\n    """A.\n\n        Deeper.\n    """', 0),
        ('class A(B):\n    """A.\n\n    Not closed on a line of its own, and too long for it. " * 2."""\n', 0),
        ("    def f(self,) -> None:\n        return g()", 4),
        ("    def f(self, x: int=3) -> None:\n        return g()", 4),
        ("    def f(self, x = 3) -> None:\n        return g()", 4),
        ("    def f(\n        self, x: int\n    ) -> None:\n        return g()", 4),
        ("    def f(self)->None:\n        return g()", 4),
        ("    def f(self) -> None:\n\n\n        return g()", 4),
        ("    def f(self) -> None:\n        return (g)", 4),
    ],
)
def test_what_black_would_change_is_not_recognised(text: str, indent: int) -> None:
    assert not is_plain(text, indent)


BITS: Final = st.sampled_from([*"\"' ,()[]=|:.x-#\\", "\n", "\n    "])


@given(
    piece=st.sampled_from(PIECES), place=st.floats(0, 1), removed=st.integers(0, 6), added=st.lists(BITS, max_size=2)
)
@example(piece=("x = (a, (b))", 0), place=0.0, removed=0, added=[])
@example(piece=('x: A = "\\x41"', 0), place=0.0, removed=0, added=[])
def test_black_leaves_alone_whatever_is_recognised(
    piece: tuple[str, int], place: float, removed: int, added: list[str]
) -> None:
    text, indent = piece
    at = int(place * len(text))
    changed = text[:at] + "".join(added) + text[at + removed :]
    if is_plain(changed, indent):
        with suppress(InvalidInput):
            assert ask_black(changed, indent) == changed.strip("\n")
