"""Operations of a fake service: what each answers, and what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace
from itertools import count
from threading import Lock
from typing import Any, Generic, Self
from urllib.parse import parse_qsl, urlsplit

from typing_extensions import TypeVar

from ..model import Json
from ..operation import Operation
from ..reading import parse_json
from ..results import Stream
from ..sequences import Sequenced
from ..turning import Offset, PageNumber
from .answers import (
    Answer,
    Disturbance,
    Refusal,
    answer_of,
    example_of,
    main_result,
    refusal_of,
)
from .comparing import differences
from .paging import is_paged
from .probing import Probed
from .recording import Incoming, RecordedCall, recorded
from .script import (
    Pages,
    Script,
    Step,
    UnexpectedCall,
    example_pages_of,
    is_first,
    mark_of,
    pages_of,
)

T = TypeVar("T")
B = TypeVar("B", default=None)


class FakeOperation(Generic[T, B]):
    """An operation that answers what a test says.

    What is said anew takes the place of what was said before; what is said with `then`
    is for the call after. The last answer is for all further calls.

        fake.v2.get_account.returns(make(Account, address="users:1"))
        fake.v2.get_account.raises(503).then.returns(account)

    ``T`` is what the method of the client gives, ``B`` the body that it takes.
    """

    def __init__(self, probed: Probed) -> None:
        self._probed = probed
        self._operation = probed.operation
        self._calls: list[RecordedCall[B]] = []
        self._script = Script()
        self._lock = Lock()
        self._appends = False
        self._serial = count()

    @property
    def name(self) -> str:
        """The attribute path of the method: ``v2.create_transaction``."""
        return self._operation.name

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self._operation.method

    @property
    def path(self) -> str:
        """The template of the path."""
        return self._operation.path

    def place(self, base_url: str, prefix: str) -> str:
        """Return the template of the whole path below a server."""
        server = self._operation.server
        if server is None or not server.is_relative:
            return prefix.rstrip("/") + "/" + self.path.removeprefix("/")
        return urlsplit(server.at(base_url, {})).path + self.path

    @property
    def then(self) -> Self:
        """The same operation: what is said to it now comes after what was said."""
        other = copy(self)
        vars(other).update(_appends=True)
        return other

    def returns(self, value: T) -> Self:
        """Answer with a value: what the method of the client is to give.

        Raises:
            ValueError: The operation gives no such value.
        """
        return self._say(self._encoded(value))

    def returns_example(self) -> Self:
        """Answer with a value of no meaning that fits the document."""
        return self._say(self._example())

    def raises(
        self,
        status: int,
        *,
        code: str | int | None = None,
        message: str = "",
        details: Json = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Answer with an error, in the form that the document gives it.

        Args:
            status: The HTTP status.
            code: The service's own code.
            message: The service's own words.
            details: What goes along with them.
            headers: Headers, such as ``Retry-After``.
        """
        refusal = Refusal(
            status=status,
            code=code,
            message=message,
            details=details,
            headers=headers or {},
        )
        return self._say(refusal_of(self._operation, refusal))

    def responds(
        self,
        status: int = 200,
        *,
        json: Json | None = None,
        content: bytes | Iterable[bytes] = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Answer with exactly this, whether or not the document allows it.

        Args:
            status: The HTTP status.
            json: The body as JSON.
            content: The body as bytes, or as pieces of bytes.
            headers: Headers.
        """
        return self._say(
            Answer(
                status=status,
                json=json,
                content=content if isinstance(content, bytes) else tuple(content),
                headers=headers or {},
            )
        )

    def fails(self, how: Disturbance = "disconnect") -> Self:
        """Give no answer.

        Args:
            how: ``timeout``: none comes in time; ``disconnect``: the line breaks off
                before there is one; ``refused``: there is no connection at all.
        """
        return self._say(how)

    def replies(
        self, handler: Callable[[RecordedCall[B]], T | Answer | Refusal]
    ) -> Self:
        """Answer what a function says.

        Args:
            handler: Takes the call and returns what `returns` takes, or an `Answer`,
                or a `Refusal`.
        """
        return self._say(lambda call: self._replied(handler(call)))

    @property
    def calls(self) -> Sequence[RecordedCall[B]]:
        """What was asked so far; each attempt of a call is a call."""
        return tuple(self._calls)

    def assert_called(self, **arguments: object) -> None:
        """Make sure that some call had these arguments, among others.

        Args:
            arguments: By their Python names, the body among them; None: not sent.

        Raises:
            AssertionError: There is none.
            TypeError: The method has no such argument.
        """
        if not self._calls:
            raise AssertionError(f"{self.name} was not called")
        wrong = [
            list(differences(self._probed, call, arguments)) for call in self._calls
        ]
        if all(wrong):
            nearest = min(("; ".join(each) for each in wrong), key=len)
            raise AssertionError(f"{self.name} was not called so: {nearest}")

    def assert_called_once(self, **arguments: object) -> None:
        """Make sure that there was one call, and that it had these arguments.

        Raises:
            AssertionError: There was none, or more than one, or it had others.
            TypeError: The method has no such argument.
        """
        if len(self._calls) > 1:
            times = len(self._calls)
            raise AssertionError(f"{self.name} was called {times} times")
        self.assert_called(**arguments)

    def assert_not_called(self) -> None:
        """Make sure that there was no call.

        Raises:
            AssertionError: There was one.
        """
        if self._calls:
            times = len(self._calls)
            raise AssertionError(f"{self.name} was called, {times} times")

    @property
    def left(self) -> int:
        """How many of the answers no call has come to."""
        return self._script.left

    def reset(self) -> None:
        """Forget what was said and what was asked."""
        with self._lock:
            self._script.clear()
            self._calls.clear()

    def example(self, request: Incoming | None = None) -> Answer:
        """Return an answer of no meaning that fits the document.

        Args:
            request: What it answers, so that lists without another end have one.
        """
        found = self._example()
        if not isinstance(found, Pages):
            return found
        mark = None if request is None else _mark(self._operation, request)
        known = dict(zip(found.marks, found.answers, strict=True))
        return known.get(mark or "", found.answers[0])

    def _example(self) -> Answer | Pages:
        operation = self._operation
        if not is_paged(operation):
            return example_of(operation)
        return example_pages_of(operation)

    def receive(
        self, values: tuple[str, ...], request: Incoming
    ) -> tuple[RecordedCall[B], Answer | Disturbance | None]:
        """Note a request; return it and what is to happen, None where nobody said.

        Args:
            values: What stands in the path.
            request: The request.

        Raises:
            UnexpectedCall: It asks for a page that no list has.
        """
        call: RecordedCall[B] = recorded(self._probed, values, request)
        with self._lock:
            self._calls.append(call)
            step = self._next(request)
        # Outside of the lock: the function may make calls of its own.
        found = step(call) if callable(step) else step
        return call, found.answers[0] if isinstance(found, Pages) else found

    def _next(self, request: Incoming) -> Step | None:
        operation = self._operation
        mark = _mark(self._operation, request)
        if mark is not None and not is_first(operation, mark):
            known = self._script.pages.get(mark)
            if known is not None:
                return known
        step = self._script.next()
        if isinstance(step, Pages) and not is_first(operation, mark):
            raise UnexpectedCall(f"{operation.name}: no page has the mark {mark!r}")
        return step

    def _say(self, step: Step) -> Self:
        with self._lock:
            if not self._appends:
                self._script.clear()
            self._script.steps.append(step)
        return self

    def _encoded(self, value: T) -> Answer:
        return answer_of(self._operation, value)

    def _replied(self, value: T | Answer | Refusal) -> Answer:
        if isinstance(value, Answer):
            return value
        if isinstance(value, Refusal):
            return refusal_of(self._operation, value)
        return self._encoded(value)


class FakePages(FakeOperation[Sequence[T], B]):
    """An operation that gives pages. ``T`` is an item."""

    def returns(self, value: Sequence[T]) -> Self:
        """Answer with a list of one page.

        Raises:
            ValueError: An item does not fit.
        """
        if isinstance(self._operation.turn, PageNumber | Offset):
            # The page beyond it is asked for.
            return self.returns_pages([value])
        return super().returns(value)

    def returns_pages(self, pages: Iterable[Sequence[T]]) -> Self:
        """Answer with a list of several pages, each of which leads to the next.

        Args:
            pages: The items of each page.

        Raises:
            ValueError: An item does not fit, or there is no page.
        """
        found = [*pages]
        return self._say(pages_of(self._operation, found, next(self._serial)))

    def _encoded(self, value: Sequence[T]) -> Answer:
        return pages_of(self._operation, [value], 0).answers[0]


class FakeStream(FakeOperation[bytes | Sequence[bytes], B], Generic[B]):
    """An operation whose answer is read as it comes: bytes, or pieces of bytes."""


class FakeItems(FakeOperation[Sequence[T], B], Generic[T, B]):
    """An operation whose answer is items that come one by one. ``T`` is an item."""

    def breaks_off(self, items: Sequence[T]) -> Self:
        """Answer with items; then the line breaks off.

        Raises:
            ValueError: An item does not fit.
        """
        return self._say(replace(self._encoded(items), breaks_off=True))


def fake_operation(probed: Probed) -> FakeOperation[Any, Any]:
    """Return the fake of an operation, of the kind that suits what it gives."""
    if is_paged(probed.operation):
        return FakePages[Any, Any](probed)
    if isinstance(main_result(probed.operation)[1], Stream):
        return FakeStream[Any](probed)
    if isinstance(main_result(probed.operation)[1], Sequenced):
        return FakeItems[Any, Any](probed)
    return FakeOperation[Any, Any](probed)


def _mark(operation: Operation[Any], request: Incoming) -> str | None:
    if operation.turn is None:
        return None
    body: object = None
    with suppress(ValueError):
        body = parse_json(request.content)
    return mark_of(operation, dict(parse_qsl(request.query)), body)
