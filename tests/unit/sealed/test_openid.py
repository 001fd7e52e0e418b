"""What a login says, from the claims that brokers of DigiD give."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from openregie.sealed.vault.tenant import LEVELS, LoginProvider
from openregie.sealed.web.login import openid
from openregie.sealed.web.login.openid import LoginRefused

BSN = "999990019"
NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
PROVIDER = LoginProvider("https://broker.example", "openregie", "secret")
CLAIMS = {"bsn": BSN, "acr": LEVELS[1]}


def test_the_bsn_may_lie_anywhere_in_the_claims():
    deep = replace(PROVIDER, bsn_claim=("identity", "nl", "bsn"), level_claim=("identity", "loa"))
    said = {"identity": {"nl": {"bsn": BSN}, "loa": LEVELS[3]}}
    identity = openid.identity_from(said, deep)
    assert (identity.bsn, identity.level_of_assurance) == (BSN, LEVELS[3])


def test_a_brokers_own_names_of_levels_are_mapped():
    mapped = replace(PROVIDER, levels={"substantieel": LEVELS[2]}, minimum_level=LEVELS[2])
    assert openid.identity_from({**CLAIMS, "acr": "substantieel"}, mapped).level_of_assurance


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        (
            {**CLAIMS, "represents": {"sub": "999990020", "iss": "https://broker.example"}},
            "represents",
        ),
        ({"acr": LEVELS[3]}, "no_bsn"),
        ({**CLAIMS, "bsn": "999990018"}, "no_bsn"),
        ({**CLAIMS, "bsn": 999990019}, "no_bsn"),
        ({**CLAIMS, "bsn": [BSN]}, "no_bsn"),
        ({**CLAIMS, "acr": LEVELS[0]}, "level"),
        ({**CLAIMS, "acr": "unheard of"}, "level"),
        ({"bsn": BSN}, "level"),
        ({**CLAIMS, "acr": None}, "level"),
    ],
)
def test_what_is_refused_and_why(claims, reason):
    with pytest.raises(LoginRefused) as refused:
        openid.identity_from(claims, PROVIDER)
    assert refused.value.reason == reason
    assert BSN not in str(refused.value)


KEY = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
TOKEN = {
    "iss": PROVIDER.issuer,
    "aud": PROVIDER.client_id,
    "sub": "s",
    "nonce": "n",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 60,
    **CLAIMS,
}


def checked(claims, *, key=KEY, header=None, nonce="n", now=NOW):
    token = jwt.encode(header or {"alg": "ES256", "kid": KEY.kid}, claims, key)
    keys = {"keys": [KEY.as_dict(private=False)]}
    return openid._verified(token, keys, PROVIDER, nonce, now)


def test_a_right_token_gives_its_claims():
    assert checked(TOKEN)["bsn"] == BSN
    assert checked({**TOKEN, "aud": [PROVIDER.client_id], "azp": PROVIDER.client_id})["bsn"] == BSN


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another client"},
        {"nonce": "another"},
        {"exp": int(NOW.timestamp()) - 3600},
        {"iat": int(NOW.timestamp()) + 3600},
        {"aud": [PROVIDER.client_id, "other"], "azp": "other"},
        {"exp": "soon"},
    ],
)
def test_a_token_for_another_or_another_time_is_refused(change):
    with pytest.raises(LoginRefused) as refused:
        checked({**TOKEN, **change})
    assert refused.value.reason == "forged"


@pytest.mark.parametrize("missing", ["iss", "aud", "exp", "iat", "nonce"])
def test_a_token_that_leaves_something_out_is_refused(missing):
    with pytest.raises(LoginRefused):
        checked({name: value for name, value in TOKEN.items() if name != missing})


def test_a_token_of_another_key_is_refused():
    other = ECKey.generate_key("P-256")
    with pytest.raises(LoginRefused):
        checked(TOKEN, key=other)


def test_a_token_of_another_algorithm_is_refused():
    keys = {"keys": [KEY.as_dict(private=False)]}
    for text in ("", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."):
        with pytest.raises(LoginRefused):
            openid._verified(text, keys, PROVIDER, "n", NOW)
    rsa = RSAKey.generate_key(2048)
    with pytest.raises(LoginRefused):
        checked(TOKEN, key=rsa, header={"alg": "RS256"})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"state": "other", "code": "c"}, "expired"),
        ({"code": "c"}, "expired"),
        ({"state": "s", "error": "access_denied"}, "cancelled"),
        ({"state": "s", "error": "server_error"}, "provider"),
        ({"state": "s"}, "provider"),
    ],
)
def test_an_answer_that_is_not_ours_or_not_a_code_ends_before_any_call(answer, reason):
    started = openid.Started("s", "n", "v")
    with pytest.raises(LoginRefused) as refused:
        openid.finish(PROVIDER, answer, started=started, redirect_uri="https://x/", now=NOW)
    assert refused.value.reason == reason
