"""SM3 and SM4 are the standard's; what is sealed opens only with its key, in its place, unaltered."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from huying.ledger import keyfiles, keys, sealing, sm
from huying.ledger.errors import CommitmentBroken, KeyFileError, LedgerError, SealBroken
from huying.ledger.ids import uuid7
from huying.ledger.tests.conftest import PLACE

SUBJECT = ("case", uuid7())


def test_sm3_gives_the_digests_of_the_standard():
    """GB/T 32905-2016, appendix A."""
    assert sm.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm.sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm4_gives_the_block_of_the_standard():
    """GB/T 32907-2016, appendix A."""
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    cipher = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()
    assert cipher.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_opens_the_text_of_rfc_8998():
    """RFC 8998, appendix A.1."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    bound = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    clear = b"".join(bytes.fromhex(x) * 8 for x in ("AA", "BB", "CC", "DD", "EE", "FF", "EE", "AA"))
    text = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    )
    tag = bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")
    assert sm.decrypt(key, nonce + text + tag, bound) == clear


def test_hmac_sm3_is_hmac():
    """By the definition of RFC 2104, with SM3 and its block of 64 bytes."""
    key, data = b"k" * 16, "呼应".encode()
    padded = key.ljust(64, b"\0")
    inner = sm.sm3(bytes(b ^ 0x36 for b in padded) + data)
    assert sm.hmac_sm3(key, data) == sm.sm3(bytes(b ^ 0x5C for b in padded) + inner)


def test_what_is_sealed_opens_again():
    key = keys.new_key(PLACE, SUBJECT)
    payload = {"text": "路灯坏了", "tel": "13800138000", "list": [1, None, {"a": 0.5}]}
    sealed = sealing.seal(PLACE, key, payload, "event:1")
    assert "路灯".encode() not in sealed.blob
    assert sealing.open_sealed(PLACE, key, sealed.blob, "event:1", sealed.commitment) == payload
    again = keys.unwrap(PLACE, SUBJECT, key.wrapped)
    assert sealing.open_sealed(PLACE, again, sealed.blob, "event:1") == payload


def test_equal_payloads_do_not_look_equal():
    key = keys.new_key(PLACE, SUBJECT)
    one, two = (sealing.seal(PLACE, key, {"a": 1}, "event:1") for _ in range(2))
    assert one.blob != two.blob
    assert one.commitment != two.commitment


@pytest.mark.parametrize("byte", [0, 1, 12, 13, 30, -1])
def test_a_changed_byte_is_noticed(byte):
    key = keys.new_key(PLACE, SUBJECT)
    blob = bytearray(sealing.seal(PLACE, key, {"a": 1}, "event:1").blob)
    blob[byte] ^= 1
    with pytest.raises(SealBroken):
        sealing.open_sealed(PLACE, key, bytes(blob), "event:1")


def test_another_place_row_key_or_commitment_is_noticed():
    key = keys.new_key(PLACE, SUBJECT)
    sealed = sealing.seal(PLACE, key, {"a": 1}, "event:1")
    with pytest.raises(SealBroken):
        sealing.open_sealed(PLACE, key, sealed.blob, "event:2")
    with pytest.raises(SealBroken):
        sealing.open_sealed(PLACE + 1, key, sealed.blob, "event:1")
    with pytest.raises(SealBroken):
        sealing.open_sealed(PLACE, keys.new_key(PLACE, SUBJECT), sealed.blob, "event:1")
    with pytest.raises(SealBroken):
        keys.unwrap(PLACE, ("person", SUBJECT[1]), key.wrapped)
    with pytest.raises(CommitmentBroken):
        sealing.open_sealed(PLACE, key, sealed.blob, "event:1", bytes(32))
    with pytest.raises(SealBroken):
        sealing.open_sealed(PLACE, key, b"\x01short", "event:1")


def test_only_json_is_sealed():
    with pytest.raises(LedgerError, match="JSON"):
        sealing.seal(PLACE, keys.new_key(PLACE, SUBJECT), {"a": object()}, "x")
    with pytest.raises(LedgerError, match="kind of subject"):
        keys.new_key(PLACE, ("dog", uuid7()))


def test_a_wrong_master_key_is_named(data_folder):
    key = keys.new_key(PLACE, SUBJECT)
    path = data_folder / "keys" / "master.key"
    path.unlink()
    with pytest.raises(KeyFileError, match="master\\.key"):
        keys.new_key(PLACE, SUBJECT)
    keys.create_key_files()
    with pytest.raises(KeyFileError, match="not in master"):
        keys.unwrap(PLACE, SUBJECT, key.wrapped)
    path.write_text("abc")
    with pytest.raises(KeyFileError):
        keyfiles.masters()
