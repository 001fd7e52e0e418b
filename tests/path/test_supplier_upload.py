"""A landlord's program uploads ciphertext; the run links it and the resident reads it."""

import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests

from openregie.envelope import age
from resident import Resident
from town import openregie, settle

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

CANARY = "Kanarievogeltje"
TODAY = datetime.now(ZoneInfo("Europe/Amsterdam")).date().isoformat()
PLAIN_BY_NATURE = ("deliveries", "truth", "demo")
SERVE = """
import socket, sys, tempfile
from pathlib import Path
from openregie.sealed.web.serve import serve
tempfile.TemporaryFile = None  # a body that would be put on disk fails
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
client, data = (one.getsockname()[1] for one in held)
for one in held:
    one.close()
serve(Path(sys.argv[1]), client_port=client, data_port=data,
      ready=lambda client, data: print(data, flush=True))
"""


@pytest.fixture(scope="module")
def today_town(tmp_path_factory):
    """A town of today: the door takes the day from its own clock."""
    return settle(tmp_path_factory.mktemp("door") / "lindestad", on=TODAY)


@pytest.fixture(scope="module")
def door(today_town):
    """The address of the data origin, served as an operator serves it."""
    words = [sys.executable, "-c", SERVE, str(today_town.directory)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def program(today_town, door):
    """A supplier's program with its own account and a token."""
    words = ["--name", "Verhuur Noord", "--oin", "00000009999999990000"]
    words += ["--stream", "rent_arrears", "--dir", today_town.directory, "--json"]
    made = json.loads(openregie("supplier", "add", *words).stdout)
    answer = requests.post(
        f"{door}/v1/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(made["client"], made["secret"]),
        timeout=20,
    )
    session = requests.Session()
    session.headers["Authorization"] = "Bearer " + answer.json()["access_token"]
    session.headers["Content-Type"] = "application/octet-stream"
    return session


def arrears_with_canary(directory):
    """Rent arrears of the landlord that has Noor, a word planted in each row; its attestations."""
    for file in sorted((directory / "deliveries").glob("rent_arrears*")):
        text = file.read_bytes().decode("cp1252", "ignore")
        if "Bakker" in text and not file.name.endswith(".delivery.json"):
            header, *rows = text.splitlines()
            place = header.split(";").index("status")
            cells = [row.split(";") for row in rows]
            planted = [";".join([*row[:place], CANARY, *row[place + 1 :]]) for row in cells]
            sidecar = json.loads(Path(f"{file}.delivery.json").read_text())
            return "\r\n".join([header, *planted, ""]).encode("cp1252"), sidecar["attests"]
    raise AssertionError("no landlord has Noor")


def zones_hold(directory, word):
    for file in directory.rglob("*"):
        inside = file.relative_to(directory).parts[0] not in PLAIN_BY_NATURE
        if inside and file.is_file() and word in file.read_bytes():
            return file.name
    return None


def upload(program, door, data, attests):
    said = {"stream": "rent_arrears", "coversFrom": TODAY[:8] + "01", "coversUntil": TODAY}
    said["attests"] = attests
    return program.post(f"{door}/v1/deliveries", params=said, data=data, timeout=60)


def test_an_upload_is_linked_by_the_run_and_read_by_the_resident(today_town, door, program):
    directory = today_town.directory
    plain, attests = arrears_with_canary(directory)
    recipient = requests.get(f"{door}/v1/public-keys", timeout=20).json()["run"]["age"]
    answer = upload(program, door, age.encrypt(plain, to=recipient), attests)
    assert answer.status_code == 201, answer.text
    name = answer.json()["id"]
    told = openregie("run", "--dir", directory, "--on", TODAY, "--json", "--quiet")
    openregie("take-in", "--dir", directory)
    receipt = json.loads(told.stdout)
    (mine,) = [file for file in receipt["files"] if file["deliveryId"] == name]
    assert mine["accepted"] > 0
    (state,) = program.get(f"{door}/v1/deliveries", timeout=20).json()["deliveries"]
    assert (state["state"], state["run"]) == ("used", receipt["number"])
    noor = Resident(directory, today_town.persona("Noor"))
    sources = {fact["source"]["name"] for fact in noor.of_kind("fact")}
    assert "Verhuur Noord" in sources
    assert CANARY in json.dumps(noor.items())
    assert zones_hold(directory, CANARY.encode()) is None


def test_plaintext_is_refused_and_touches_no_disk(today_town, door, program):
    plain, attests = arrears_with_canary(today_town.directory)
    large = plain + b"\r\n" * 1_000_000
    answer = upload(program, door, large, attests)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert zones_hold(today_town.directory, CANARY.encode()) is None


def test_a_file_sealed_to_another_key_is_refused_by_the_run_and_says_so(today_town, door, program):
    stranger = age.recipient_of(age.new_identity(lambda count: bytes(range(count))))
    plain, attests = arrears_with_canary(today_town.directory)
    name = upload(program, door, age.encrypt(plain, to=stranger), attests).json()["id"]
    directory = today_town.directory
    openregie("run", "--dir", directory, "--on", TODAY, "--quiet")
    openregie("take-in", "--dir", directory)
    told = program.get(f"{door}/v1/deliveries", timeout=20).json()["deliveries"]
    (state,) = [one for one in told if one["id"] == name]
    assert state["state"] == "refused"
    assert re.search("does not open with the run's key", state["reasons"][0])
