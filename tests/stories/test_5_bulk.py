"""Story 5: many writes at once, and a ledger moved elsewhere."""

import json
from pathlib import Path
from typing import Final

import pytest

from formance_ledger.v2 import (
    BaseBulkElementResult,
    BulkElementAddMetadata,
    BulkElementAddMetadataData,
    BulkElementCreateTransaction,
    BulkElementResultCreateTransaction,
    BulkElementResultError,
    BulkResponse,
    Posting,
    PostTransaction,
    TargetType,
)
from formance_stack import ApiError, BadRequest
from stories.story import BYTES, Sent, Story

BIG: Final = 2**70
LINE: Final = "POST /api/ledger/v2/main/_bulk"


def pay(source: str, amount: int, key: str) -> BulkElementCreateTransaction:
    coins = Posting(source=source, destination="users:001", amount=amount, asset="USD/2")
    return BulkElementCreateTransaction(ik=key, data=PostTransaction(postings=[coins], metadata={}))


def label(**metadata: str) -> BulkElementAddMetadata:
    what = BulkElementAddMetadataData(target_type=TargetType.ACCOUNT, target_id="users:001", metadata=metadata)
    return BulkElementAddMetadata(data=what)


def paid(source: str, amount: int, key: str) -> str:
    coins = f'{{"amount":{amount},"asset":"USD/2","destination":"users:001","source":"{source}"}}'
    return f'{{"action":"CREATE_TRANSACTION","ik":"{key}","data":{{"postings":[{coins}],"metadata":{{}}}}}}'


LABELLED: Final = (
    '{"action":"ADD_METADATA","data":{"targetId":"users:001","targetType":"ACCOUNT","metadata":{"tier":"gold"}}}'
)


@pytest.fixture(autouse=True)
def main(story: Story) -> None:
    story.do(story.formance.ledger.v2.create_ledger("main", {}))
    story.forget()


def test_a_bulk_does_all(story: Story) -> None:
    v2, do = story.formance.ledger.v2, story.do
    answer = do(v2.create_bulk("main", [pay("world", BIG, "k-1"), label(tier="gold")], atomic=True))
    match answer.data:
        case [BulkElementResultCreateTransaction(data=done), BaseBulkElementResult(response_type="ADD_METADATA")]:
            assert done.postings[0].amount == BIG
        case other:
            pytest.fail(f"{other}")
    assert do(v2.get_account("main", "users:001")).metadata == {"tier": "gold"}
    story.saw(
        Sent(f"{LINE}?atomic=true", f'[{paid("world", BIG, "k-1")},{LABELLED}]'),
        Sent("GET /api/ledger/v2/main/accounts/users%3A001"),
    )


def test_what_failed_is_told_element_by_element(story: Story) -> None:
    v2, do = story.formance.ledger.v2, story.do
    with pytest.raises(BadRequest) as refused:
        do(v2.create_bulk("main", [pay("world", BIG, "k-1"), pay("shops:042", 1, "k-2"), label(tier="gold")]))
    story.saw(Sent(LINE, f'[{paid("world", BIG, "k-1")},{paid("shops:042", 1, "k-2")},{LABELLED}]'))

    assert refused.value.code == "INSUFFICIENT_FUND"
    results = refused.value.body
    assert isinstance(results, BulkResponse)
    match results.data:
        case [BulkElementResultCreateTransaction(data=done), BulkElementResultError() as failure]:
            assert (done.id, done.postings[0].amount) == (1, BIG)
            assert (failure.error_code, failure.log_id) == ("INSUFFICIENT_FUND", 0)
            assert failure.error_description == "account shops:042 had insufficient funds"
        case other:
            pytest.fail(f"{other}")
    # Not atomic: what came before the failure is kept.
    assert do(v2.count_accounts("main")) == 2
    story.forget()


def test_an_atomic_bulk_keeps_nothing_of_a_failure(story: Story) -> None:
    v2, do = story.formance.ledger.v2, story.do
    with pytest.raises(BadRequest):
        do(v2.create_bulk("main", [pay("world", BIG, "k-1"), pay("shops:042", 1, "k-2")], atomic=True))
    assert do(v2.count_accounts("main")) == 0
    story.forget()


def test_a_ledger_is_moved(story: Story, tmp_path: Path) -> None:
    v2, do = story.formance.ledger.v2, story.do
    do(v2.create_bulk("main", [pay("world", BIG, "k-1"), label(tier="gold")]))
    story.forget()

    file = tmp_path / "main.jsonl"
    size = do(v2.export_logs("main").save(file))
    assert file.stat().st_size == size
    logs = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(each["id"], each["type"]) for each in logs] == [(1, "NEW_TRANSACTION"), (2, "SET_METADATA")]
    story.saw(Sent("POST /api/ledger/v2/main/logs/export", accept=f"{BYTES}, application/json"))

    do(v2.create_ledger("copy", {}))
    with file.open("rb") as stream:
        do(v2.import_logs("copy", stream))
    story.saw(
        Sent("POST /api/ledger/v2/copy", "{}"),
        Sent("POST /api/ledger/v2/copy/logs/import", file.read_text(), content=BYTES),
    )
    copied = do(v2.get_account("copy", "users:001", expand="volumes"))
    assert copied == do(v2.get_account("main", "users:001", expand="volumes"))
    assert copied.volumes is not None
    assert copied.volumes["USD/2"].balance == BIG

    # A ledger in use is not written over.
    with pytest.raises(ApiError) as refused:
        do(v2.import_logs("copy", file.read_bytes()))
    assert refused.value.code == "IMPORT"
    story.forget()


def test_an_export_is_read_line_by_line_as_it_comes(story: Story) -> None:
    v2, do = story.formance.ledger.v2, story.do
    do(v2.create_bulk("main", [pay("world", n, f"k-{n}") for n in range(1, 4)]))
    chunks = story.all(v2.export_logs("main").iter_bytes(16))
    assert max(map(len, chunks)) == 16
    assert len(b"".join(chunks).splitlines()) == 3
    story.forget()


def test_the_export_of_no_ledger_is_an_error_and_no_file(story: Story, tmp_path: Path) -> None:
    with pytest.raises(ApiError) as missing:
        story.do(story.formance.ledger.v2.export_logs("nowhere").save(tmp_path / "nowhere.jsonl"))
    assert (missing.value.status, missing.value.code) == (404, "LEDGER_NOT_FOUND")
    assert [*tmp_path.iterdir()] == []
    story.forget()
