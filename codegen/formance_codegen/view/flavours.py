"""The words in which the sync and the async client differ; all else is one template."""

from dataclasses import dataclass
from typing import Final

from formance_codegen.view.imports import Import


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavour:
    """A kind of client."""

    module: str
    definition: str
    """How a method that sends is introduced."""
    wait: str
    """What stands before the call that sends."""
    namespace: Import
    client: Import
    page: Import
    stream: Import
    items: Import
    upload: tuple[Import, ...]
    """What an upload may be, besides bytes."""
    http_client: str
    on_request: str
    on_response: str
    adjective: str


def _core(module: str, name: str) -> Import:
    return Import(module=f"/_core/{module}", name=name)


_UPLOAD: Final = (Import(module="typing", name="BinaryIO"), Import(module="collections.abc", name="Iterable"))

SYNC: Final = Flavour(
    module="_sync",
    definition="def",
    wait="",
    namespace=_core("namespace", "Namespace"),
    client=_core("client", "Client"),
    page=_core("page", "Page"),
    stream=_core("stream", "ByteStream"),
    items=_core("item_stream", "ItemStream"),
    upload=_UPLOAD,
    http_client="HttpClient",
    on_request="OnRequest",
    on_response="OnResponse",
    adjective="",
)
ASYNC: Final = Flavour(
    module="_async",
    definition="async def",
    wait="await ",
    namespace=_core("namespace", "AsyncNamespace"),
    client=_core("client", "AsyncClient"),
    page=_core("page", "AsyncPage"),
    stream=_core("stream", "AsyncByteStream"),
    items=_core("item_stream", "AsyncItemStream"),
    upload=(*_UPLOAD, Import(module="collections.abc", name="AsyncIterable")),
    http_client="AsyncHttpClient",
    on_request="AsyncOnRequest",
    on_response="AsyncOnResponse",
    adjective="async ",
)
WIRE: Final = Flavour(
    module="_operations",
    definition="",
    wait="",
    namespace=_core("namespace", "Namespace"),
    client=_core("client", "Client"),
    page=_core("operation", "PageData"),
    stream=_core("operation", "Streamed"),
    items=_core("operation", "StreamedItems"),
    upload=(),
    http_client="",
    on_request="",
    on_response="",
    adjective="",
)
"""What the runtime reads, before either flavour makes it pleasant."""
