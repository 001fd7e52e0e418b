"""The sealed zone as it is served: one process, two ports, a heartbeat."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from openregie.envelope import custody

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

SCRIPT = """
import sys
from pathlib import Path
from openregie.sealed.web.serve import serve
serve(Path(sys.argv[1]), client_port=int(sys.argv[2]), data_port=int(sys.argv[3]),
      ready=lambda client, data: print(client, data, flush=True))
"""


def free_ports():
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def start(folder: Path, *ports: int):
    without = {name: text for name, text in os.environ.items() if not name.startswith("OPENREGIE")}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), *map(str, ports)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=without,
    )


def make(folder: Path, **flags):
    custody.create(folder, tenant="lindestad", teams=[], sources=[])
    said = {"v": 1, "tenant": "lindestad", "name": "Gemeente Lindestad", **flags}
    (folder / "openregie.json").write_text(json.dumps(said))


def test_two_origins_answer_and_the_tables_are_sound(tmp_path):
    make(tmp_path, synthetic=True, development=True)
    client, data = free_ports()
    with start(tmp_path, client, data) as server:
        try:
            assert server.stdout.readline().split() == [
                f"http://localhost:{client}",
                f"http://localhost:{data}",
            ]
            page = requests.get(f"http://localhost:{client}/welkom/", timeout=5)
            assert page.status_code == 200
            assert f"connect-src http://localhost:{data}" in page.headers["Content-Security-Policy"]
            assert "Server" not in page.headers
            style = requests.get(f"http://localhost:{client}/static/assets/app.css", timeout=5)
            assert style.headers["Content-Type"].startswith("text/css")
            health = requests.get(f"http://localhost:{data}/v1/health", timeout=5)
            assert health.json() == {"status": "pass", "logEntriesWaiting": 0}
            assert requests.get(f"http://127.0.0.1:{data}/v1/health", timeout=5).status_code == 400
            picker = requests.get(f"http://localhost:{data}/inloggen", timeout=5)
            assert picker.url.startswith(f"http://localhost:{data}/ontwikkel-oidc/inloggen?")
            time.sleep(1.2)
        finally:
            server.terminate()
            _, said = server.communicate(timeout=20)
    assert "failed" not in said
    for name, mode in (("custody/web.key", 0o600), ("sealed", 0o700)):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == mode
    with sqlite3.connect(tmp_path / "sealed" / "db.sqlite3") as con:
        assert con.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    con.close()


def test_a_tenant_of_real_residents_is_not_served_without_a_provider_and_https(tmp_path):
    make(tmp_path)
    with start(tmp_path, *free_ports()) as server:
        _, said = server.communicate(timeout=20)
    assert server.returncode != 0
    assert "`login` is missing" in said
    assert "https://" in said


def test_outside_development_cookies_and_headers_are_for_https_only(tmp_path):
    make(
        tmp_path,
        origins={"client": "https://mijn.example", "data": "https://data.mijn.example"},
        login={"issuer": "https://broker.example", "client_id": "openregie"},
    )
    (tmp_path / "custody" / "login.secret").write_text("secret")
    script = """
import sys
from pathlib import Path
from openregie.sealed.web.setup import prepare
prepare(Path(sys.argv[1]), client_port=1, data_port=2)
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("check")
answer = Client(headers={"Host": "data.mijn.example"}).get("/v1/session")
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, answer.status_code)
print(answer.headers["Strict-Transport-Security"])
print(Client(headers={"Host": "data.mijn.example"}).get("/ontwikkel-oidc/jwks").status_code)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert lines[-3:] == ["__Host-openregie True 200", "max-age=63072000; includeSubDomains", "404"]
