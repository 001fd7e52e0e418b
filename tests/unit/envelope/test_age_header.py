"""What the shape of an age header tells without a key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregie.envelope import age
from openregie.envelope.age_header import demand_sealed
from openregie.envelope.errors import AgeRefused

IDENTITY = age.new_identity(lambda count: bytes(range(count)))
SEALED = age.encrypt(b"bsn;bedrag\n999990019;120\n", to=age.recipient_of(IDENTITY))


def passphrase_header():
    stanza = b"-> scrypt bBjlhJVYZeE4aqUdmtRHfw 15\n" + b"A" * 43 + b"\n"
    return b"age-encryption.org/v1\n" + stanza + b"--- " + b"A" * 43 + b"\n" + bytes(64)


def test_a_real_age_file_passes():
    demand_sealed(SEALED)


@given(st.binary(max_size=200_000))
def test_a_file_of_any_length_passes(data):
    demand_sealed(age.encrypt(data, to=age.recipient_of(IDENTITY)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"bsn;bedrag\n999990019;120\n",
        b"age-encryption.org/v1\n",
        b"age-encryption.org/v1\nbsn;bedrag\n999990019;120\n",
        b"age-encryption.org/v1\n--- " + b"A" * 43 + b"\n" + bytes(64),
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
        SEALED.replace(b"-> X25519 ", b"-> X25519 !", 1),
        SEALED.replace(b"\n--- ", b"\nbsn;bedrag\n--- ", 1),
        SEALED[: SEALED.index(b"\n--- ") + 49],
        passphrase_header(),
    ],
)
def test_what_is_no_age_file_for_a_key_is_refused_without_a_value(data):
    with pytest.raises(AgeRefused) as refused:
        demand_sealed(data)
    assert "999990019" not in str(refused.value)
