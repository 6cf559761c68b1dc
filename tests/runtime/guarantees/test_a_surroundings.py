"""A5: the environment neither adds credentials nor takes them elsewhere."""

from pathlib import Path

import pytest

from flavours import Callers
from rig import NO_CONTENT, OK, Rig
from runtime.auth import BearerToken
from sample_client import DELETE

PROXIES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]


@pytest.mark.parametrize("auth", [None, BearerToken("SECRET-1")])
def test_a5_proxies_and_netrc_of_the_environment_are_not_used(
    callers: Callers,
    origin: Rig,
    elsewhere: Rig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    auth: BearerToken | None,
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login other password SECRET-2\ndefault login other password SECRET-2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in PROXIES:
        monkeypatch.setenv(name, elsewhere.url.replace("://", "://proxy:SECRET-3@"))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    elsewhere.script([("serve", OK)])
    origin.script([("serve", NO_CONTENT)])
    callers(url=origin.url, auth=auth).send(DELETE.request())
    assert origin.requests[0].header("authorization") == (None if auth is None else "Bearer SECRET-1")
    assert origin.requests[0].header("proxy-authorization") is None
    assert elsewhere.connections == []
