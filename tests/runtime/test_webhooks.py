"""The checking of signed webhooks: who is let in, when, how often, and what is said of those who are not."""

import base64
import pickle
import traceback
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from runtime.errors import ClientError
from runtime.incoming import Webhook
from runtime.model import Json
from runtime.webhook_errors import (
    WebhookBodyError,
    WebhookDuplicate,
    WebhookError,
    WebhookHeadersError,
    WebhookSignatureError,
    WebhookTimestampError,
)
from runtime.webhooks import (
    ID,
    IDEMPOTENCY_KEY,
    SIGNATURE,
    TEST,
    TIMESTAMP,
    HasItems,
    SeenDeliveries,
    SeenInMemory,
    WebhookDelivery,
    sign_webhook,
    verify,
)

EVENT: Final[Webhook[Json]] = Webhook("any", "POST", lambda: TypeAdapter(Json))
SECRET: Final = "V0bivxRWveaoz08afqjU6Ko/jwO0Cb+3"
OTHER: Final = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
BODY: Final = b'{"type":"ledger.committed_transactions"}'
MOMENT: Final = datetime.fromtimestamp(1_700_000_000, UTC)
VECTOR: Final = {
    "Formance-Webhook-Id": "11111111-1111-1111-1111-111111111111",
    "Formance-Webhook-Timestamp": "1700000000",
    "Formance-Webhook-Signature": "v1,uOlF6VFzwGxSDKqZrXfeSBsmnCIOEE3gX9ljZfp/vjE=",
    "Formance-Webhook-Test": "false",
}
SECOND: Final = timedelta(seconds=1)


def check(
    headers: HasItems,
    body: bytes = BODY,
    *,
    secret: str | list[str] = SECRET,
    tolerance: timedelta = timedelta(minutes=5),
    now: datetime = MOMENT,
    seen: SeenDeliveries | None = None,
) -> WebhookDelivery[Json]:
    return verify(EVENT, secret, headers, body, tolerance=tolerance, now=now, seen=seen)


def signed(
    body: bytes = BODY, *, secret: str = SECRET, delivery_id: str = "d-1", at: datetime = MOMENT
) -> dict[str, str]:
    return sign_webhook(secret, body, delivery_id=delivery_id, timestamp=at)


def test_the_vector_is_let_in() -> None:
    delivery = check(VECTOR)

    assert delivery.id == "11111111-1111-1111-1111-111111111111"
    assert (delivery.timestamp, delivery.test, delivery.idempotency_key) == (MOMENT, False, None)
    assert delivery.event() == {"type": "ledger.committed_transactions"}


def test_the_vector_is_what_is_signed() -> None:
    made = sign_webhook(SECRET, BODY, delivery_id="11111111-1111-1111-1111-111111111111", timestamp=MOMENT)

    assert {name: made[name.lower()] for name in VECTOR} == VECTOR


def test_what_the_other_headers_say_is_told() -> None:
    made = sign_webhook(SECRET, BODY, test=True, idempotency_key="key", timestamp=MOMENT)

    delivery = check(made)

    assert (delivery.test, delivery.idempotency_key, delivery.id) == (True, "key", made[ID])
    assert delivery.id != check(sign_webhook(SECRET, BODY, timestamp=MOMENT)).id


def test_the_secret_is_not_decoded() -> None:
    with pytest.raises(WebhookSignatureError):
        check(VECTOR, secret=base64.b64decode(SECRET).decode("latin-1"))


@given(body=st.binary(min_size=1, max_size=60), data=st.data())
def test_any_flipped_bit_is_refused(body: bytes, data: st.DataObject) -> None:
    headers = signed(body)
    assert check(headers, body).body == body
    text = {"body": body, **{name: headers[name].encode() for name in (ID, TIMESTAMP, SIGNATURE)}}
    part = data.draw(st.sampled_from(sorted(text)))
    bit = data.draw(st.integers(0, len(text[part]) * 8 - 1))
    flipped = bytearray(text[part])
    flipped[bit // 8] ^= 1 << bit % 8
    if part == "body":
        with pytest.raises(WebhookSignatureError):
            check(headers, bytes(flipped))
    else:
        # A header may become one that could never be, which is told apart.
        with pytest.raises((WebhookSignatureError, WebhookHeadersError)):
            check({**headers, part: flipped.decode("latin-1")}, body)


@given(secret=st.text(min_size=1).filter(lambda text: text.isprintable()), body=st.binary())
def test_only_who_knows_the_secret_is_let_in(secret: str, body: bytes) -> None:
    headers = signed(body, secret=secret)

    assert check(headers, body, secret=secret).body == body
    with pytest.raises(WebhookSignatureError):
        check(headers, body, secret=f"{secret}x")


def test_body_and_header_cannot_trade_places() -> None:
    """The text that is signed is the same; where its parts begin is not."""
    headers = signed(b"1700000000.{}", delivery_id="d")

    with pytest.raises(WebhookHeadersError):
        check({**headers, ID: "d.1700000000", TIMESTAMP: "1700000000"}, b"{}")


@pytest.mark.parametrize(
    "header",
    [
        "{good}",
        "v1,AAAA {good}",
        "{good} v1,AAAA",
        "v2,whatever v1a,x  {good} v0",
        "v1,é {good}",
    ],
)
def test_one_signature_that_fits_is_enough(header: str) -> None:
    headers = signed()

    assert check({**headers, SIGNATURE: header.format(good=headers[SIGNATURE])}).id == "d-1"


@pytest.mark.parametrize(
    "form", ["v2,{mac}", "{mac}", "v1,{mac},", "V1,{mac}", "v1, {mac}", "v1,{unpadded}", "v1,", "é"]
)
def test_another_form_of_signature_does_not_fit(form: str) -> None:
    headers = signed()
    mac = headers[SIGNATURE].removeprefix("v1,")

    with pytest.raises(WebhookSignatureError):
        check({**headers, SIGNATURE: form.format(mac=mac, unpadded=mac.rstrip("="))})


def test_secrets_can_be_changed_without_a_gap() -> None:
    assert check(signed(), secret=[OTHER, SECRET]).id == "d-1"
    assert check(signed(secret=OTHER), secret=[OTHER, SECRET]).id == "d-1"
    with pytest.raises(WebhookSignatureError):
        check(signed(secret="third"), secret=[OTHER, SECRET])


@pytest.mark.parametrize("secret", ["", [], [SECRET, ""]])
def test_no_secret_lets_nobody_in(secret: str | list[str]) -> None:
    with pytest.raises(ValueError, match="there is no secret"):
        check(signed(), secret=secret)


@pytest.mark.parametrize("side", [1, -1])
def test_the_tolerance_has_two_sides_and_sharp_edges(side: int) -> None:
    tolerance = timedelta(seconds=300)

    assert check(signed(), now=MOMENT + side * tolerance).id == "d-1"
    with pytest.raises(WebhookTimestampError) as caught:
        check(signed(), now=MOMENT + side * (tolerance + timedelta(microseconds=1)))
    assert caught.value.timestamp == MOMENT
    assert check(signed(), tolerance=timedelta()).id == "d-1"
    with pytest.raises(WebhookTimestampError):
        check(signed(), tolerance=timedelta(), now=MOMENT + side * SECOND)


@pytest.mark.parametrize("tolerance", [-SECOND, timedelta(days=367), timedelta.max])
def test_a_tolerance_that_makes_no_sense_is_refused(tolerance: timedelta) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        check(signed(), tolerance=tolerance)


def test_the_clock_is_the_real_one_by_default() -> None:
    assert verify(EVENT, SECRET, sign_webhook(SECRET, BODY), BODY).test is False
    with pytest.raises(WebhookTimestampError):
        verify(EVENT, SECRET, VECTOR, BODY)


def test_a_clock_without_a_zone_is_refused() -> None:
    naive = MOMENT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        check(signed(), now=naive)
    with pytest.raises(ValueError, match="no time zone"):
        sign_webhook(SECRET, BODY, timestamp=naive)


@pytest.mark.parametrize("name", [ID, TIMESTAMP, SIGNATURE])
@pytest.mark.parametrize("value", [None, "", " "])
def test_a_header_that_is_missing_is_named(name: str, value: str | None) -> None:
    headers = {key: text for key, text in signed().items() if key != name}
    with pytest.raises(WebhookHeadersError, match=name) as caught:
        check(headers if value is None else {**headers, name: value})
    assert caught.value.header == name


@pytest.mark.parametrize("value", ["1700000000.0", "-1", "1_700_000_000", "١٧٠", "1e9", "9" * 12, "0x10", "+1"])
def test_a_time_that_is_no_number_of_seconds_is_refused(value: str) -> None:
    with pytest.raises(WebhookHeadersError, match="not well formed"):
        check({**signed(), TIMESTAMP: value})


@pytest.mark.parametrize("value", ["a.b", "a b", "x" * 256, "é", "a\x00"])
def test_an_id_that_could_be_read_in_two_ways_is_refused(value: str) -> None:
    with pytest.raises(WebhookHeadersError, match="not well formed"):
        check({**signed(), ID: value})
    with pytest.raises(ValueError, match="the id of a delivery"):
        sign_webhook(SECRET, BODY, delivery_id=value)


class Multi:
    """Headers as web frameworks have them: no mapping, and a name may come twice."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._pairs = pairs

    def items(self) -> list[tuple[str, str]]:
        return [*self._pairs]


def test_headers_of_frameworks_are_read() -> None:
    pairs = [(name.upper(), f" {value}\t") for name, value in signed().items()]

    assert check(Multi(*pairs, *pairs)).id == "d-1"
    with pytest.raises(WebhookHeadersError, match="twice"):
        check(Multi(*pairs, (SIGNATURE, "v1,other")))
    with pytest.raises(WebhookHeadersError, match="twice"):
        check(Multi(*pairs, (IDEMPOTENCY_KEY, "a"), (IDEMPOTENCY_KEY, "b")))


def test_text_is_no_body() -> None:
    text: object = BODY.decode()
    with pytest.raises(TypeError, match="raw body"):
        check(signed(), text)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="raw body"):
        sign_webhook(SECRET, text)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="raw body"):
        EVENT.parse(text)  # type: ignore[arg-type]


def test_a_delivery_is_taken_once() -> None:
    seen = SeenInMemory()
    first = check(signed(), seen=seen)

    with pytest.raises(WebhookDuplicate) as caught:
        # A retry: another time, and so another signature, but the same id.
        check(signed(at=MOMENT + SECOND), now=MOMENT + SECOND, seen=seen)

    assert caught.value.delivery_id == first.id
    assert check(signed(delivery_id="d-2"), seen=seen).id == "d-2"


def test_what_could_not_be_handled_is_let_in_again() -> None:
    seen = SeenInMemory()

    with pytest.raises(LookupError), check(signed(), seen=seen):
        raise LookupError
    with check(signed(), seen=seen) as delivery:
        assert delivery.id == "d-1"
    with pytest.raises(WebhookDuplicate):
        check(signed(), seen=seen)
    delivery.release()
    assert check(signed(), seen=seen).id == "d-1"


def test_who_cannot_sign_leaves_no_trace() -> None:
    seen = SeenInMemory()

    with pytest.raises(WebhookSignatureError):
        check(signed(secret=OTHER), seen=seen)
    with pytest.raises(WebhookTimestampError):
        check(signed(), now=MOMENT + timedelta(hours=1), seen=seen)

    assert len(seen) == 0


def test_memory_ends_with_what_it_is_for() -> None:
    seen = SeenInMemory(keep=timedelta())
    check(signed(at=MOMENT + 300 * SECOND), seen=seen)

    # As long as the time of the delivery is tolerated, its id is remembered.
    with pytest.raises(WebhookDuplicate):
        check(signed(at=MOMENT + 300 * SECOND), now=MOMENT + 599 * SECOND, seen=seen)
    assert seen.add("d-1", now=MOMENT + 600 * SECOND, until=MOMENT)


def test_memory_lasts_for_the_retries_and_is_bounded() -> None:
    seen = SeenInMemory(limit=2)
    for name in ("a", "b", "c"):
        assert seen.add(name, now=MOMENT, until=MOMENT)

    assert len(seen) == 2
    assert not seen.add("c", now=MOMENT + timedelta(hours=11), until=MOMENT)
    assert seen.add("a", now=MOMENT, until=MOMENT)
    assert seen.add("c", now=MOMENT + timedelta(hours=12), until=MOMENT)
    seen.discard("never seen")
    with pytest.raises(ValueError, match="limit"):
        SeenInMemory(limit=0)


def refusals() -> list[WebhookError]:
    seen = SeenInMemory()
    check(signed(), seen=seen)
    found: list[WebhookError] = []
    for headers, body, now in (
        ({}, BODY, MOMENT),
        (signed(secret=OTHER), BODY, MOMENT),
        (signed(), BODY, MOMENT + timedelta(hours=1)),
        (signed(), BODY, MOMENT),
        (signed(b"private", delivery_id="d-2"), b"private", MOMENT),
    ):
        with pytest.raises(WebhookError) as caught:
            check(headers, body, now=now, seen=seen).event()
        found.append(caught.value)
    return found


def test_each_refusal_has_a_class_and_none_tells_what_is_secret() -> None:
    found = refusals()

    assert [type(error) for error in found] == [
        WebhookHeadersError,
        WebhookSignatureError,
        WebhookTimestampError,
        WebhookDuplicate,
        WebhookBodyError,
    ]
    for error in found:
        assert isinstance(error, ClientError)
        text = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
        assert not [word for word in (SECRET, OTHER, "private") if word in text]
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_a_delivery_does_not_show_what_it_says() -> None:
    delivery = check(signed(b'{"iban": "private"}'), b'{"iban": "private"}')

    assert "private" not in repr(delivery)
    assert SECRET not in repr(delivery)


def test_a_test_says_so() -> None:
    assert check({**signed(), TEST: "TRUE"}).test
    assert not check({name: value for name, value in signed().items() if name != TEST}).test
