"""The programs of a user of a whole stack run."""

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

from loopback import loopback
from stories.gateway import STACK_TOKEN, Platform, Proxy

ROOT: Final = Path(__file__).parents[2]
PROGRAMS: Final = (ROOT / "tests/stories/program.py", ROOT / "tests/stories/program_async.py")
CLIENTS: Final = [str(file.parent) for file in sorted((ROOT / "generated").glob("*/pyproject.toml"))]

SAID: Final = """
<Formance https://acme-books.eu-west-1.formance.cloud>
not well: ['search']
ledger main already exists
[1, 1], a repeat: true
409: reference o-1 is taken
True, users:002 gives back 500
not sent: ['body.postings.0.amount', 'body.postings.0.asset', 'body.postings.0.destination', 'body.metadata']
account users:002 had insufficient funds
account users 002 had insufficient funds
once is enough
2 users: {'users:001': 100000000000000000000, 'users:002': 0}
pages of [1, 1], first users:001
{'USD/2': 100000000000000000000}, [('users', 100000000000000000000), ('world', -100000000000000000000)]
1 done, then INSUFFICIENT_FUND
200, 4 logs, beginning with {"id": 1,
{'tier': 'gold'}
HOLD_CLOSED
ada: {'USD/2': 60}
unknown: {'provider': 'Lunarbank', 'name': 'far side', 'phase': 'waning'}
stripe, every None
[100000000000000000000, 100000000000000000002, 100000000000000000003]
SUCCEEDED: po_1
RunWaitEvent of shipped, ended: True
{'USD/2': 1000}
['ledger.committed_transactions'], signed with 32 characters
behind the proxy: 3 accounts
[200, 200], ['ledger.v2.get_account 200', 'wallets.list_wallets 200'], []
401, body b'', request None
401, body b'', request None
no answer; it may have been done: False
AuthError of v2.get_account
"""


@pytest.fixture
def addresses() -> Generator[tuple[str, str]]:
    """The URLs of a stack and of the proxy before it."""
    platform = Platform()
    with loopback() as gateway, loopback() as proxy:
        gateway.handler, proxy.handler = platform, Proxy(platform)
        yield gateway.url, proxy.url
    assert platform.complaints == []


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_it_runs(program: Path, addresses: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "token").write_text(STACK_TOKEN)
    settings = {
        "FORMANCE_BASE_URL": addresses[0],
        "FORMANCE_CLIENT_ID": "accounting",
        "FORMANCE_CLIENT_SECRET": "s&cret",
        "PYTHONPATH": os.pathsep.join(CLIENTS),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program), *addresses, str(tmp_path)],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.replace("<Async", "<").splitlines() == SAID.strip().splitlines()
