"""What a name must not be, context by context."""

import keyword
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A kind of place where names stand, and the names that are impossible or harmful there."""

    names: frozenset[str]
    prefixes: tuple[str, ...] = ()
    """Beginnings that are reserved; a trailing underscore frees a name of them."""

    def forbids(self, name: str) -> bool:
        """Return whether ``name`` cannot stand here."""
        return name in self.names or (name.startswith(self.prefixes) and not name.endswith("_"))


_KEYWORDS: Final = frozenset(keyword.kwlist)
"""Soft keywords (match, type, case) are good names wherever an identifier stands."""

_BUILTIN_TYPES: Final = frozenset(
    {"bool", "bytes", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple", "type"}
)
"""Types in lower case that annotations use: a method of the name would hide them from the rest of its class."""

CLASS: Final = Context(names=_KEYWORDS | frozenset("""
        ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError
        BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
        ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception
        ExceptionGroup FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError
        ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError
        KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplemented
        NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError
        PythonFinalizationError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning
        StopAsyncIteration StopIteration
        SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError
        UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError
        Warning ZeroDivisionError WindowsError
        Annotated Any AsyncIterable AsyncIterator BinaryIO Callable Final Generic IO Iterable Iterator Literal Mapping
        Self Sequence TYPE_CHECKING TypeAlias TypeAliasType
        Decimal UUID
        BaseModel ConfigDict Field TypeAdapter
        ABSENT Alias CamelModel Closed Date Model NULLABLE OpenIntEnum OpenStrEnum READ_ONLY Tag Time Timestamp Unknown
        DecimalNumber SecretText WRITE_ONLY Within
        AsyncByteStream AsyncClient AsyncItemStream AsyncNamespace AsyncPage ByteStream Client FilePart ItemStream
        Namespace Page ServerSentEvent Stack
        ApiKey Auth BasicAuth BearerToken ClientCredentials FctlProfile NoAuth Timeout Drift Finding RequestEvent
        ResponseEvent
        ApiError AuthError BadRequest ClientError Conflict DecodeError Forbidden FormanceError Gone InvalidRequest
        NotFound PaginationError RateLimited RequestTimeout ServerError TransportError Unauthorized UnprocessableEntity
        """.split()))
"""Builtins in capitals, and what generated modules import or export beside the models."""

FIELD: Final = Context(
    names=_KEYWORDS | frozenset({"bool", "bytes", "dict", "float", "int", "list", "str", "tuple"}) | frozenset("""
        construct copy from_orm json mro parse_file parse_obj parse_raw register schema schema_json update_forward_refs
        validate
        """.split()),
    prefixes=("model_",),
)
"""Attributes of pydantic's models and of their metaclass, and types that the annotations of a model use."""

PARAMETER: Final = Context(names=_KEYWORDS | {"self", "cls"})
"""``body`` is free where an operation has none."""

METHOD: Final = Context(names=_KEYWORDS | _BUILTIN_TYPES | frozenset("""
        aclose capture_response close from_env preload sharing with_options
        cached_property classmethod date datetime models property staticmethod time
        """.split()))
"""Attributes of clients and namespaces, and names that the annotations and decorators of their classes use."""

FAKE: Final = Context(names=frozenset("""
        assert_exhausted assert_expected async_client calls client reset respond transport waits
        """.split()))
"""Attributes of the fake of a service, beside those of its client."""

MEMBER: Final = Context(names=_KEYWORDS | {"mro", "name", "value"})
"""Attributes of enums; they are in lower case, as members are not."""

CONSTANT: Final = Context(names=_KEYWORDS | {"NULLABLE", "TYPE_CHECKING", "UUID"})
"""What a module of operations imports in capitals."""

MODULE: Final = Context(names=frozenset(word.lower() for word in keyword.kwlist) | frozenset("""
        client models operations py sync
        aux con nul prn com0 com1 com2 com3 com4 com5 com6 com7 com8 com9
        lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9
        """.split()))
"""Modules of the package itself, and the names of devices that Windows does not let a file have."""
