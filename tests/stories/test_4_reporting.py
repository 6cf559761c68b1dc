"""Story 4: what is in the books, now and at a moment in the past."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import pytest

from formance_ledger.v2 import Posting, PostTransaction
from stories.book import START
from stories.story import Sent, Story

USERS: Final = {"$match": {"address": "users:"}}
USERS_BODY: Final = '{"$match":{"address":"users:"}}'
PART: Final = 10**20
"""What the first user gets; the next one gets twice that, and so on."""


@pytest.fixture(autouse=True)
def main(story: Story) -> None:
    """Seven transactions, one a minute: five users are paid, and two of them pay a shop."""
    v2, do = story.formance.ledger.v2, story.do
    do(v2.create_ledger("main", {}))
    paid = [("world", f"users:{n:03}", n * PART) for n in range(1, 6)]
    spent = [("users:001", "shops:042", PART), ("users:002", "shops:042", PART)]
    for source, destination, amount in [*paid, *spent]:
        coins = Posting(source=source, destination=destination, amount=amount, asset="USD/2")
        do(v2.create_transaction("main", PostTransaction(postings=[coins], metadata={})))
    story.forget()


def test_accounts_are_counted_without_being_read(story: Story) -> None:
    v2, do = story.formance.ledger.v2, story.do
    assert do(v2.count_accounts("main")) == 7
    assert do(v2.count_accounts("main", USERS)) == 5
    story.saw(
        Sent("HEAD /api/ledger/v2/main/accounts"),
        Sent("HEAD /api/ledger/v2/main/accounts", USERS_BODY),
    )


def test_accounts_that_match_are_read_over_all_pages(story: Story) -> None:
    v2 = story.formance.ledger.v2
    accounts = v2.list_accounts("main", USERS, expand="volumes", page_size=2)
    first = story.first(accounts)
    balances = {each.address: each.volumes["USD/2"].balance for each in story.all(accounts) if each.volumes}
    assert balances == {
        "users:001": 0,
        "users:002": PART,
        "users:003": 3 * PART,
        "users:004": 4 * PART,
        "users:005": 5 * PART,
    }
    cursors = [each.target.partition("?")[2] for each in story.server.requests[-2:]]
    assert cursors[0] == f"cursor={first.next}"
    assert first.previous is None
    # Neither filter nor size come again: the cursor has them.
    story.saw(
        Sent("GET /api/ledger/v2/main/accounts?expand=volumes&pageSize=2", USERS_BODY),
        *(Sent(f"GET /api/ledger/v2/main/accounts?{cursor}") for cursor in cursors),
    )


def test_a_page_can_be_asked_for_again_by_its_cursor(story: Story) -> None:
    v2 = story.formance.ledger.v2
    first = story.first(v2.list_accounts("main", USERS, page_size=3))
    second = story.first(v2.list_accounts("main", cursor=first.next))
    assert [each.address for each in second.data] == ["users:004", "users:005"]
    assert not second.has_more
    back = story.first(v2.list_accounts("main", cursor=second.previous))
    assert back.data == first.data
    story.saw(
        Sent("GET /api/ledger/v2/main/accounts?pageSize=3", USERS_BODY),
        Sent(f"GET /api/ledger/v2/main/accounts?cursor={first.next}"),
        Sent(f"GET /api/ledger/v2/main/accounts?cursor={second.previous}"),
    )


def test_balances_at_a_moment_in_the_past(story: Story) -> None:
    v2, do = story.formance.ledger.v2, story.do
    both = {"$and": [{"$match": {"address": "users:"}}, {"$not": {"$match": {"address": "users:005"}}}]}
    before_spending = START + timedelta(minutes=4)
    assert do(v2.get_balances_aggregated("main", both, pit=before_spending)) == {"USD/2": 10 * PART}
    assert do(v2.get_balances_aggregated("main", both)) == {"USD/2": 8 * PART}
    sent = '{"$and":[{"$match":{"address":"users:"}},{"$not":{"$match":{"address":"users:005"}}}]}'
    story.saw(
        Sent("GET /api/ledger/v2/main/aggregate/balances?pit=2026-03-02T09%3A34%3A00Z", sent),
        Sent("GET /api/ledger/v2/main/aggregate/balances", sent),
    )


def test_a_moment_has_a_zone(story: Story) -> None:
    v2, do = story.formance.ledger.v2, story.do
    with pytest.raises(ValueError, match="pit"):
        do(v2.get_balances_aggregated("main", pit=datetime(2026, 3, 2, 9, 34)))  # noqa: DTZ001 - the mistake
    in_paris = datetime(2026, 3, 2, 10, 34, 0, 5000, tzinfo=timezone(timedelta(hours=1)))
    assert do(v2.get_balances_aggregated("main", USERS, pit=in_paris)) == {"USD/2": 15 * PART}
    # The plus of the zone is not left to be read as a space.
    moment = "2026-03-02T10%3A34%3A00.005000%2B01%3A00"
    story.saw(Sent(f"GET /api/ledger/v2/main/aggregate/balances?pit={moment}", USERS_BODY))


def test_volumes_by_group_within_a_time(story: Story) -> None:
    v2 = story.formance.ledger.v2
    volumes = v2.get_volumes_with_balances(
        "main", start_time=START, end_time=datetime(2026, 3, 2, 9, 35, tzinfo=UTC), group_by=1, page_size=100
    )
    rows = {row.account: (row.input, row.output, row.balance) for row in story.all(volumes)}
    assert rows == {
        "shops": (PART, 0, PART),
        "users": (15 * PART, PART, 14 * PART),
        "world": (0, 15 * PART, -15 * PART),
    }
    times = "startTime=2026-03-02T09%3A30%3A00Z&endTime=2026-03-02T09%3A35%3A00Z"
    story.saw(Sent(f"GET /api/ledger/v2/main/volumes?{times}&groupBy=1&pageSize=100"))


def test_one_account(story: Story) -> None:
    v2, do = story.formance.ledger.v2, story.do
    account = do(v2.get_account("main", "users:001", expand="volumes"))
    assert account.volumes is not None
    volume = account.volumes["USD/2"]
    assert (volume.input, volume.output, volume.balance) == (PART, PART, 0)
    # What nobody asked for is not there.
    assert do(v2.get_account("main", "users:001")).volumes is None
    story.saw(
        Sent("GET /api/ledger/v2/main/accounts/users%3A001?expand=volumes"),
        Sent("GET /api/ledger/v2/main/accounts/users%3A001"),
    )
