"""Wire names fall into words."""

import pytest

from formance_codegen.naming.words import spell, split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("account", "account"),
        ("paymentID", "payment id"),
        ("OIDCConfig", "oidc config"),
        ("HTTPServer", "http server"),
        ("connectorIDs", "connector ids"),
        ("accountIDsToURLs", "account ids to urls"),
        ("IDs2", "ids2"),
        ("isSet", "is set"),
        ("v2", "v2"),
        ("v2ListAccounts", "v2 list accounts"),
        ("oauth2Client", "oauth2 client"),
        ("sha256", "sha256"),
        ("SHA256Hash", "sha256 hash"),
        ("iso4217Code", "iso4217 code"),
        ("base64url", "base64url"),
        ("3DSecure", "3d secure"),
        ("2FA", "2fa"),
        ("404Response", "404 response"),
        ("2.1", "2 1"),
        ("getOAuthToken", "get oauth token"),
        ("IPv4Address", "ipv4 address"),
        ("iOSVersion", "ios version"),
        ("X-Request-Id", "x request id"),
        ("filter[name]", "filter name"),
        ("__proto__", "proto"),
        (".self", "self"),
        ("CREATE_TRANSACTION", "create transaction"),
        ("sepa debit", "sepa debit"),
        ("+1", "plus 1"),
        ("-1", "minus 1"),
        ("-created", "created"),
        ("1-2", "1 2"),
        ("%", "percent"),
        ("<", "lt"),
        ("<=", "lte"),
        ("!=", "ne"),
        ("*", "star"),
        ("$", "dollar"),
        ("[", "lbracket"),
        ("→", ""),
        ("👍", ""),
        ("like 👍", "like"),
        ("Übergrößen", "übergrößen"),
        ("日本 語", "日本 語"),
        ("ﬁle", "file"),
        ("x²", "x2"),
        ("ＡＢｃ", "a bc"),
    ],
)
def test_split(text: str, words: str) -> None:
    assert split(text) == tuple(words.split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-created", "minus created"),
        ("$match", "dollar match"),
        ("_id", "underscore id"),
        ("a<=b", "a lte b"),
        ("plain", "plain"),
    ],
)
def test_spell(text: str, words: str) -> None:
    assert spell(text) == tuple(words.split())
