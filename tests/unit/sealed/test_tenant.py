"""A municipality's settings, read once."""

from __future__ import annotations

import json

import pytest

from openregie.sealed.vault.errors import TenantUnusable
from openregie.sealed.vault.tenant import LEVELS, nowhere, read_tenant

RIGHT = {"v": 1, "tenant": "lindestad", "name": "Gemeente Lindestad"}
LOGIN = {"issuer": "https://broker.example/", "client_id": "openregie"}


def tenant(folder, **said):
    (folder / "openregie.json").write_text(json.dumps({**RIGHT, **said}))
    return read_tenant(folder, client_origin="http://localhost:1", data_origin="http://localhost:2")


def test_ports_move_a_development_tenant_and_no_other(tmp_path):
    origins = {"client": "https://mijn.example", "data": "https://data.example"}
    assert tenant(tmp_path, development=True).data_origin == "http://localhost:2"
    assert tenant(tmp_path, origins=origins).data_origin == "https://data.example"
    assert tenant(tmp_path, origins=origins).is_secure


@pytest.mark.parametrize(
    ("development", "synthetic", "data", "may"),
    [
        (True, True, "http://localhost:8001", True),
        (True, True, "http://127.0.0.1:8001", True),
        (True, False, "http://localhost:8001", False),
        (False, True, "http://localhost:8001", False),
        (True, True, "http://localhost.elsewhere.example", False),
        (True, True, "https://data.example", False),
    ],
)
def test_personas_are_for_made_up_residents_on_this_machine(
    tmp_path, development, synthetic, data, may
):
    (tmp_path / "openregie.json").write_text(
        json.dumps({**RIGHT, "development": development, "synthetic": synthetic})
    )
    assert read_tenant(tmp_path, data_origin=data).development_login is may


def test_truth_is_only_true(tmp_path):
    assert not tenant(tmp_path, development="yes", synthetic=1).development_login


def test_the_providers_secret_stands_in_custody(tmp_path):
    with pytest.raises(TenantUnusable, match="client secret is missing"):
        tenant(tmp_path, login=LOGIN)
    (tmp_path / "custody").mkdir()
    (tmp_path / "custody" / "login.secret").write_text("s\n")
    provider = tenant(tmp_path, login=LOGIN).provider
    assert (provider.issuer, provider.client_secret) == ("https://broker.example", "s")
    assert provider.minimum_level == LEVELS[1]
    assert "client_secret" not in repr(provider)


def test_an_unknown_level_is_refused(tmp_path):
    (tmp_path / "custody").mkdir()
    (tmp_path / "custody" / "login.secret").write_text("s")
    with pytest.raises(TenantUnusable, match="minimum_level"):
        tenant(tmp_path, login={**LOGIN, "minimum_level": "hoog"})


def test_new_keys_wait_less_than_three_days_in_development_only(tmp_path):
    assert tenant(tmp_path).recovery_hours == 72
    assert tenant(tmp_path, development=True, recovery_hours=0).recovery_hours == 0
    with pytest.raises(TenantUnusable, match="from 72"):
        tenant(tmp_path, recovery_hours=71)


@pytest.mark.parametrize("text", ["", "[]", '{"v":2}', '{"v":1}', '{"v":1,"tenant":7}'])
def test_a_file_that_is_no_tenant_says_where_and_what_to_do(tmp_path, text):
    (tmp_path / "openregie.json").write_text(text)
    with pytest.raises(TenantUnusable, match=r"openregie\.json"):
        read_tenant(tmp_path)


def test_without_a_folder_nothing_is_served():
    with pytest.raises(TenantUnusable, match="OPENREGIE_DIR"):
        _ = nowhere().dir
