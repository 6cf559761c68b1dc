"""A client as the generator would write it: one of everything, for tests of the runtime."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import TypeAdapter
from typing_extensions import TypeAliasType

from runtime.envelopes import CursorOf, DataOf, PageData, PageInData, PageOf
from runtime.events import ServerSentEvent
from runtime.model import NULLABLE, Alias, CamelModel, OpenIntEnum, OpenStrEnum, Timestamp
from runtime.operation import (
    BinaryBody,
    Cookie,
    Data,
    Empty,
    EventItems,
    Events,
    FormBody,
    Header,
    HeaderValue,
    Json,
    JsonBody,
    JsonDatum,
    JsonLines,
    JsonTexts,
    MultipartBody,
    Operation,
    Paged,
    Path,
    Query,
    Requirement,
    Stream,
    StreamedItems,
    Text,
    TextBody,
    TextDatum,
)
from runtime.service import Scheme, Service
from runtime.unions import BY_SHAPE, Tag, Unknown, by_tag


class Kind(OpenStrEnum):
    """An open set of strings."""

    USER = "USER"
    WORLD = "WORLD"


class Level(OpenIntEnum):
    """An open set of integers."""

    LOW = 1
    HIGH = 2


class Account(CamelModel):
    """A model with a field of each sort."""

    address: str
    balance: int | None = None
    kind: Kind | None = None
    level: Level | None = None
    created_at: Timestamp | None = None
    note: Annotated[str | None, NULLABLE] = None
    hold: Annotated[str | None, Alias("hold_id")] = None
    parent: Account | None = None
    children: list[Account] | None = None
    by_name: dict[str, Account] | None = None


class Hold(CamelModel):
    """A model that shares no key with the others."""

    id: str


class Create(CamelModel):
    """A variant with a tag, and with elements of its own union."""

    action: Literal["CREATE"] = "CREATE"
    data: Account
    then: list[Element] | None = None


class Drop(CamelModel):
    """A variant with a tag."""

    action: Literal["DROP"] = "DROP"
    address: str
    ik: str | None = None


Element: TypeAlias = Annotated[
    Annotated[Create, Tag("CREATE")] | Annotated[Drop, Tag("DROP")] | Unknown,
    by_tag("action"),
]
Anything: TypeAlias = Annotated[Account | Hold | Drop | dict[str, str] | list[int] | int | str | Unknown, BY_SHAPE]
Filter = TypeAliasType("Filter", "Annotated[dict[str, Filter] | list[Filter] | str | int, BY_SHAPE]")


class ErrorResponse(CamelModel):
    """An error as Formance writes it."""

    error_code: Kind
    error_message: str
    details: str | None = None


SERVICE: Final = Service(
    name="formance_sample",
    version="1.2.3",
    prefix="/api/sample",
    token_url="/api/auth/oauth/token",
    schemes={
        "Authorization": Scheme("client credentials"),
        "key": Scheme("apiKey in header", "X-Api-Key"),
        "query_key": Scheme("apiKey in query", "key"),
        "cookie_key": Scheme("apiKey in cookie", "sid"),
        "basic": Scheme("basic"),
    },
    env_prefix="FORMANCE",
)
WRITE: Final = ((Requirement("Authorization", ("sample:write",)),),)
READ: Final = ((Requirement("Authorization", ("sample:read",)),),)

GET: Final = Operation(
    name="v2.get_account",
    method="GET",
    path="/v2/{ledger}/accounts/{address}",
    path_parameters=(Path("ledger"), Path("address")),
    query=(Query("expand"), Query("pit")),
    headers=(Header("X-Trace"),),
    cookies=(Cookie("theme"),),
    results=(("200", Data(lambda: TypeAdapter(DataOf[Account]))),),
    errors=(("default", Json(lambda: TypeAdapter(ErrorResponse))),),
    security=READ,
)
CREATE: Final = Operation(
    name="v2.create_account",
    method="POST",
    path="/v2/{ledger}/accounts",
    path_parameters=(Path("ledger"),),
    query=(Query("dryRun"),),
    headers=(Header("Idempotency-Key"),),
    body=(JsonBody("application/json", lambda: TypeAdapter(Account)),),
    results=(("200", Data(lambda: TypeAdapter(DataOf[Account]))),),
    errors=(("default", Json(lambda: TypeAdapter(ErrorResponse))),),
    security=WRITE,
    idempotency_key="Idempotency-Key",
)
POST: Final = Operation(
    name="v2.post_account",
    method="POST",
    path="/accounts",
    body=(JsonBody("application/json", lambda: TypeAdapter(Account)),),
    results=(("200", Json(lambda: TypeAdapter(Account))),),
    security=WRITE,
)
LIST: Final = Operation(
    name="v2.list_accounts",
    method="GET",
    path="/v2/{ledger}/accounts",
    path_parameters=(Path("ledger"),),
    query=(Query("pageSize"), Query("cursor")),
    headers=(Header("X-Trace"),),
    body=(JsonBody("application/json", lambda: TypeAdapter(dict[str, Any])),),
    results=(("200", Paged(lambda: TypeAdapter(CursorOf[Account]), cursor="cursor")),),
    security=READ,
)
LIST_INNER: Final = Operation(
    name="list_logs",
    method="GET",
    path="/logs",
    query=(Query("cursor"),),
    results=(("200", Paged(lambda: TypeAdapter(PageInData[int]), cursor="cursor")),),
)
LIST_ONCE: Final = Operation(
    name="list_configs",
    method="GET",
    path="/configs",
    results=(("200", Paged(lambda: TypeAdapter(PageOf[int]))),),
)
COUNT: Final = Operation(
    name="count",
    method="HEAD",
    path="/count",
    results=(("204", HeaderValue("Count", lambda: TypeAdapter(int))),),
)
DEBIT: Final[Operation[Hold | None]] = Operation(
    name="debit",
    method="POST",
    path="/debit",
    results=(("201", Data(lambda: TypeAdapter(DataOf[Hold]))), ("204", Empty())),
)
BULK: Final[Operation[list[Element]]] = Operation(
    name="bulk",
    method="POST",
    path="/bulk",
    body=(JsonBody("application/json", lambda: TypeAdapter(list[Element])),),
    results=(
        ("200", Data(lambda: TypeAdapter(DataOf[list[Element]]))),
        ("400", Data(lambda: TypeAdapter(DataOf[list[Element]]))),
    ),
)
ANY: Final[Operation[Anything]] = Operation(
    name="anything",
    method="GET",
    path="/anything",
    results=(("2XX", Json(lambda: TypeAdapter(Anything))),),
)
DELETE: Final = Operation(name="delete", method="DELETE", path="/thing", results=(("204", Empty()),))
METRICS: Final = Operation(name="metrics", method="GET", path="/metrics", results=(("200", Text("text/plain")),))
EXPORT: Final = Operation(
    name="v2.export_logs",
    method="POST",
    path="/export",
    results=(("200", Stream("application/octet-stream")),),
    errors=(("default", Json(lambda: TypeAdapter(ErrorResponse))),),
)
IMPORT: Final = Operation(
    name="v2.import_logs",
    method="POST",
    path="/import",
    body=(BinaryBody("application/octet-stream"),),
    results=(("204", Empty()),),
)


class Upload(CamelModel):
    """A form."""

    file_name: str
    count: int | None = None
    tags: list[str] | None = None
    owner: Account | None = None
    content: bytes | None = None


UPLOAD: Final = Operation(
    name="upload",
    method="POST",
    path="/upload",
    body=(
        JsonBody("application/json", lambda: TypeAdapter(Upload)),
        MultipartBody("multipart/form-data", lambda: TypeAdapter(Upload)),
        TextBody("application/yaml"),
    ),
    results=(("204", Empty()),),
)
FORM: Final = Operation(
    name="form",
    method="POST",
    path="/form",
    body=(FormBody("application/x-www-form-urlencoded", lambda: TypeAdapter(Upload)),),
    results=(("204", Empty()),),
)
FOLLOW: Final[Operation[StreamedItems[Account] | None]] = Operation(
    name="follow",
    method="GET",
    path="/accounts/events",
    query=(Query("after"),),
    results=(("200", EventItems("text/event-stream", lambda: TypeAdapter(Account))), ("204", Empty())),
    errors=(("default", Json(lambda: TypeAdapter(ErrorResponse))),),
)
EVENTS: Final[Operation[StreamedItems[ServerSentEvent[Account | str]]]] = Operation(
    name="events",
    method="GET",
    path="/events",
    results=(
        (
            "200",
            Events("text/event-stream", TextDatum(), named=(("account", JsonDatum(lambda: TypeAdapter(Account))),)),
        ),
    ),
)
LINES: Final[Operation[StreamedItems[Account]]] = Operation(
    name="lines",
    method="GET",
    path="/lines",
    results=(("200", JsonLines("application/x-ndjson", lambda: TypeAdapter(Account))),),
)
TEXTS: Final[Operation[StreamedItems[int]]] = Operation(
    name="texts",
    method="GET",
    path="/texts",
    results=(("200", JsonTexts("application/json-seq", lambda: TypeAdapter(int))),),
)
Page: TypeAlias = PageData[Account]
