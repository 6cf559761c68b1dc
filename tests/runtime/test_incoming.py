"""The reading of webhooks: integers however they are written, and what is said of bodies that are something else."""

import json
from typing import Final

import pytest
from pydantic import TypeAdapter

from runtime.incoming import Webhook
from runtime.model import Json
from runtime.webhook_errors import WebhookBodyError

EVENT: Final[Webhook[Json]] = Webhook("any", "POST", lambda: TypeAdapter(Json))


@pytest.mark.parametrize("amount", ["9007199254740993", "1e+21", str(10**30)])
def test_amounts_are_integers_however_they_are_written(amount: str) -> None:
    numbers: Webhook[dict[str, int]] = Webhook("n", "POST", lambda: TypeAdapter(dict[str, int]))

    assert numbers.parse(f'{{"amount": {amount}}}'.encode()) == {
        "amount": int(float(amount)) if "e" in amount else int(amount)
    }


def test_a_body_that_is_something_else_says_where() -> None:
    numbers: Webhook[dict[str, int]] = Webhook("n", "POST", lambda: TypeAdapter(dict[str, int]))

    with pytest.raises(WebhookBodyError) as caught:
        numbers.parse(json.dumps([1]).encode())
    assert (caught.value.webhook, caught.value.pointer) == ("n", "")
    with pytest.raises(WebhookBodyError, match="empty"):
        numbers.parse(b"")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1.5e+21, "b": 1.25e1}', {"a": 15 * 10**20, "b": 12.5}),
        ('{"a": "1e5"}', {"a": "1e5"}),
        ('{"a": 1e5, "b": "\\u00e9\\ud83d\\ude00"}', {"a": 100_000, "b": "é😀"}),
        ('{"a": 1e5', None),
        ("[" * 100_000 + "1e5", None),
    ],
)
def test_only_integers_with_an_exponent_are_rewritten(text: str, value: Json) -> None:
    if value is None:
        with pytest.raises(WebhookBodyError):
            EVENT.parse(text.encode())
    else:
        assert EVENT.parse(text.encode()) == value


@pytest.mark.parametrize("number", ["1e999999999", "1e99999999999999999999", "1e-99999999999"])
def test_a_number_beyond_all_reason_is_left_to_the_reader(number: str) -> None:
    text = f"[{number}]".encode()

    assert EVENT.parse(text) == TypeAdapter[Json](Json).validate_json(text)


@pytest.mark.parametrize("word", ["NaN", "-Infinity"])
def test_words_are_no_numbers(word: str) -> None:
    with pytest.raises(WebhookBodyError):
        EVENT.parse(f"[1e5, {word}]".encode())
