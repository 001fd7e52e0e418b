"""A live exchange with the JavaScript: what node seals now, Python opens now."""

from __future__ import annotations

import json
import math
import random
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

from openregie.envelope import code, custody, item, jcs, returns
from openregie.envelope.keys import PrivateKey
from openregie.envelope.suites import S0, S1, SignatureAlgorithm
from openregie.envelope.vault_keys import VaultKeys, VaultPublic

ROOT = Path(__file__).resolve().parents[3]
NODE = shutil.which("node")
MAILBOX = "m" * 43

pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed; `make setup` does")

ENROL = """
const told = JSON.parse(process.argv[1]);
const at = (name) => import(new URL(name, told.modules));
const { suiteNamed } = await at('suites.js');
const { publicKeyFromJson, verifyKeyFromText } = await at('keys.js');
const vault = await at('vault_keys.js');
const { kek, newCode } = await at('code.js');
const { sealReturn } = await at('returns.js');
const { mailbox, tenant } = told;
const made = await vault.generateVaultKeys(suiteNamed(told.suite));
const code = await newCode();
const name = { mailbox, wrapId: 'w1', kind: 'code' };
const wrap = await vault.wrapVaultKeys(made, await kek(code), name);
const half = vault.publicOf(made);
const to = await publicKeyFromJson(suiteNamed(told.run.suite), told.run.publicKey);
const subjectCheck = { birthYear: 1984, initials: 'Á.' };
const what = { mailbox, action: 'enrol', at: '2026-11-05', subjectCheck };
const payload = vault.keysPayload(half, what);
const how = { tenant, stream: 'keys', mailbox, to, signer: made.signer };
const sealed = await sealReturn(payload, how);
console.log(JSON.stringify({ code, wrap, vault: vault.publicToJson(half), return: sealed }));
"""

READ = """
const told = JSON.parse(process.argv[1]);
const at = (name) => import(new URL(name, told.modules));
const { verifyKeyFromText } = await at('keys.js');
const vault = await at('vault_keys.js');
const { kek } = await at('code.js');
const { openSealed } = await at('item.js');
const half = await vault.publicFromJson(told.vault);
const keys = await vault.unwrapVaultKeys(half, told.wrap, await kek(told.code), told);
const verifyKey = await verifyKeyFromText(half.suite.signature, told.verify);
const key = keys.compartments.money;
console.log(JSON.stringify(await openSealed(told.sealed, { key, verifyKey })));
"""


def in_node(script: str, told: dict[str, Any], given_lines: str = "") -> bytes:
    modules = (ROOT / "browser" / "envelope").as_uri() + "/"
    command = [str(NODE), "--no-warnings", "--input-type=module", "-e", script]
    done = subprocess.run(
        [*command, json.dumps({**told, "modules": modules})],
        input=given_lines.encode(),
        capture_output=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


CANONICAL = """
const told = JSON.parse(process.argv[1]);
const { canonical } = await import(new URL('jcs.js', told.modules));
const lines = (await import('node:fs')).readFileSync(0, 'utf8').split('\\n');
for (const line of lines) console.log(new TextDecoder().decode(canonical(JSON.parse(line))));
"""

ALPHABET = 'ab1 "\\/\b\n\x00\x1f\x7féß€\u2028\ufeff\ufffd\U0001f600\U0010ffff'


def drawn(draw: random.Random, depth: int = 0) -> Any:
    """A value of any kind that canonical JSON knows."""
    kind = draw.randrange(7 if depth < 4 else 5)
    if kind == 0:
        return draw.choice([None, True, False])
    if kind == 1:
        return draw.randint(-jcs.MAX_INTEGER, jcs.MAX_INTEGER) >> draw.randrange(54)
    if kind == 2:
        number = struct.unpack(">d", draw.randbytes(8))[0] if draw.random() < 0.5 else draw.gauss()
        unfit = not math.isfinite(number) or (number.is_integer() and abs(number) > jcs.MAX_INTEGER)
        return 0.1 if unfit else number
    if kind in {3, 4}:
        return "".join(draw.choices(ALPHABET, k=draw.randrange(12)))
    size = draw.randrange(5)
    members = [drawn(draw, depth + 1) for _ in range(size)]
    if kind == 5:
        return members
    names = ["".join(draw.choices(ALPHABET, k=draw.randrange(4))) for _ in range(size)]
    return dict(zip(names, members, strict=True))


def test_both_languages_write_any_value_as_the_same_bytes() -> None:
    draw = random.Random(1)
    many = [drawn(draw) for _ in range(3000)]
    written = in_node(CANONICAL, {}, "\n".join(json.dumps(value) for value in many))
    # A text may hold U+2028, which Python counts as the end of a line: split on \n alone.
    assert written.split(b"\n")[:-1] == [jcs.canonical(value) for value in many]


@pytest.mark.parametrize("suite", [S0, S1], ids=lambda s: s.name)
@pytest.mark.parametrize("run_suite", [S0, S1], ids=lambda s: f"run-{s.name}")
def test_enrolled_in_the_browser_known_to_the_run_read_in_the_browser(
    tmp_path: Path, suite: Any, run_suite: Any
) -> None:
    run = custody.create(tmp_path, tenant="lindestad", teams=[], sources=[])
    key: PrivateKey = run.kem[run_suite.name]
    told = {"suite": suite.name, "mailbox": MAILBOX, "tenant": "lindestad"}
    half = {"suite": run_suite.name, "publicKey": key.public.to_json()["publicKey"]}
    made = json.loads(in_node(ENROL, {**told, "run": half}))

    sealed_return = made["return"]
    payload, verify = returns.open_keys_return(
        sealed_return, tenant="lindestad", key=run.key_for(sealed_return)
    )
    public = VaultPublic.from_json(payload)
    assert public.to_json() == made["vault"]
    assert verify == public.signing
    assert payload["subjectCheck"] == {"birthYear": 1984, "initials": "Á."}
    VaultKeys.unwrap(public, made["wrap"], code.kek(made["code"]), mailbox=MAILBOX)

    money = next(iter(public.compartments.values()))
    content = {"title": {"nl": "Huurachterstand"}, "amountCents": 81250}
    header = item.Header("lindestad", MAILBOX, 1, "2026-11-05")
    sealed = item.seal(content, header=header, to=money, signer=run.signer_for(money))
    verify_key = run.public().verify[SignatureAlgorithm(suite.signature)].to_text()
    reading = {**made, "mailbox": MAILBOX, "sealed": sealed.to_json(), "verify": verify_key}
    assert json.loads(in_node(READ, reading)) == content
