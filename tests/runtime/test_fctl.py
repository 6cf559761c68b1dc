"""The profile of fctl: what is read of it, what is said where it is of no use, and that nothing is written."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flavours import Callers, Clock
from loopback import Answer, Loopback
from runtime.errors import AuthError, Unauthorized
from runtime.fctl import FctlProfile
from sample_client import GET

CALL = GET.request(path=("l", "a"), query=(None, None), headers=(None,), cookies=(None,))
ORGANIZATION, STACK = "org1", "abcd"


class Folder:
    """A folder as fctl 3 keeps it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        claims = {"org": [{"id": ORGANIZATION, "stacks": [{"id": STACK, "uri": "https://org1-abcd.example"}]}]}
        tokens = {"accessToken": {"token": "SECRET-root"}, "idToken": {"token": "SECRET-id", "claims": claims}}
        self.write("config.yml", {"currentProfile": "work", "uniqueID": "u"})
        self.write(
            "profiles/work/profile.json",
            {"defaultOrganization": ORGANIZATION, "defaultStack": STACK, "rootTokens": tokens},
        )
        self.cache("SECRET-one", 3600)

    def write(self, name: str, value: object) -> None:
        """Write a file, as fctl would."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(value if isinstance(value, str) else json.dumps(value))

    def cache(self, token: str, seconds: float) -> None:
        """Put a token of the stack there that lives for some seconds."""
        ends = datetime.fromtimestamp(self.clock.time + seconds, UTC).isoformat()
        self.write(
            f"profiles/work/organizations/{ORGANIZATION}/stacks/{STACK}/api_token_cache.json",
            {"accessToken": token, "tokenType": "Bearer", "expiry": ends},
        )

    def content(self) -> Mapping[str, str]:
        """Return all there is."""
        return {str(file): file.read_text() for file in self.path.rglob("*") if file.is_file()}


@pytest.fixture
def folder(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A folder that CONFIG_DIR leads to; the home directory is empty."""
    monkeypatch.setenv("CONFIG_DIR", str(tmp_path / "fctl"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return Folder(tmp_path / "fctl", clock)


def test_the_cached_token_is_sent_and_nothing_is_written(server: Loopback, callers: Callers, folder: Folder) -> None:
    before = folder.content()
    server.say(Answer(status=200, body=b'{"data":{"address":"a"}}'))
    callers(auth=FctlProfile()).send(CALL)
    assert server.last.header("Authorization") == "Bearer SECRET-one"
    assert folder.content() == before


def test_the_server_is_that_of_the_stack(folder: Folder) -> None:
    assert FctlProfile().server == "https://org1-abcd.example"
    with pytest.raises(AuthError, match="knows no stack 'other'"):
        _ = FctlProfile(stack="other").server


def test_a_token_that_fctl_renewed_is_used_after_a_refusal(server: Loopback, callers: Callers, folder: Folder) -> None:
    def answer(request: object) -> Answer:
        if server.last.header("Authorization") == "Bearer SECRET-one":
            folder.cache("SECRET-two", 3600)
            return Answer(status=401)
        return Answer(status=200, body=b'{"data":{"address":"a"}}')

    server.handler = answer
    callers(auth=FctlProfile("work", organization=ORGANIZATION, stack=STACK)).send(CALL)
    assert [each.header("Authorization") for each in server.requests] == ["Bearer SECRET-one", "Bearer SECRET-two"]


def test_a_token_that_stays_refused_is_an_error_that_says_what_to_do(
    server: Loopback, callers: Callers, folder: Folder
) -> None:
    server.say(Answer(status=401))
    with pytest.raises((AuthError, Unauthorized), match="is refused: run a command of fctl"):
        callers(auth=FctlProfile()).send(CALL)
    assert len(server.requests) == 1


@pytest.mark.parametrize(("seconds", "good"), [(6, True), (5, False), (-1, False)])
def test_a_token_is_used_while_more_than_five_seconds_are_left(
    clock: Clock, folder: Folder, seconds: float, *, good: bool
) -> None:
    folder.cache("SECRET-late", seconds)
    if good:
        assert FctlProfile().token(clock.time) == "SECRET-late"
    else:
        with pytest.raises(AuthError, match=r"has ended: run a command of fctl .* or use `fctl stack proxy`"):
            FctlProfile().token(clock.time)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("config.yml", "currentProfile: work", "config.yml is not what fctl 3 writes"),
        ("config.yml", {"currentProfile": "../../x"}, "current profile is not the name of one"),
        ("config.yml", {"currentProfile": "none"}, "has no profile 'none'"),
        ("profiles/work/profile.json", "[]", "profile.json is not what fctl 3 writes"),
        ("profiles/work/profile.json", {}, "has no default organization: give FctlProfile organization="),
        ("profiles/work/profile.json", {"defaultOrganization": "../x", "defaultStack": "s"}, "is not the id of one"),
        ("profiles/work/profile.json", {"defaultOrganization": "o", "defaultStack": "s"}, "has no token of the stack"),
        (
            f"profiles/work/organizations/{ORGANIZATION}/stacks/{STACK}/api_token_cache.json",
            {"accessToken": "SECRET\n", "expiry": "2100-01-01T00:00:00.123456789Z"},
            "cannot be sent",
        ),
    ],
)
def test_what_is_of_no_use_is_told_and_not_shown(
    folder: Folder, clock: Clock, file: str, content: object, message: str
) -> None:
    folder.write(file, content)
    with pytest.raises(AuthError, match=message) as caught:
        FctlProfile().token(clock.time)
    assert "SECRET" not in str(caught.value)


def test_without_fctl_and_with_an_old_one(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CONFIG_DIR", raising=False)
    with pytest.raises(AuthError, match="run `fctl login` first"):
        FctlProfile().token(clock.time)
    old = tmp_path / ".formance/fctl.config"
    old.parent.mkdir()
    old.write_text('{"profiles": {}}')
    with pytest.raises(AuthError, match="of fctl 2"):
        FctlProfile().token(clock.time)


def test_a_profile_shows_no_secret_and_takes_no_path(folder: Folder) -> None:
    assert repr(FctlProfile("work", stack="abcd")) == "FctlProfile(name='work', stack='abcd')"
    with pytest.raises(ValueError, match=r"stack: '../x' is not the name of one"):
        FctlProfile(stack="../x")
