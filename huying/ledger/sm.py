"""SM3 and SM4-GCM (GB/T 32905, GB/T 32907), by the cryptography library."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from huying.ledger.errors import SealBroken

NONCE, TAG, KEY = 12, 16, 16  # lengths in bytes

_SM3 = hashes.SM3()


def sm3(data: bytes) -> bytes:
    """SM3 digest, 32 bytes."""
    digest = hashes.Hash(_SM3)
    digest.update(data)
    return digest.finalize()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC-SM3, 32 bytes."""
    mac = hmac.HMAC(key, _SM3)
    mac.update(data)
    return mac.finalize()


def encrypt(key: bytes, clear: bytes, bound: bytes) -> bytes:
    """SM4-GCM under a random nonce: ``nonce | ciphertext | tag``. *bound* is authenticated, not kept."""
    nonce = os.urandom(NONCE)
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(bound)
    return nonce + cipher.update(clear) + cipher.finalize() + cipher.tag


def decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Undo `encrypt`. Raises SealBroken when the text, the key or *bound* is not what it was."""
    if len(sealed) < NONCE + TAG:
        raise SealBroken("too short to be a sealed text")
    nonce, body, tag = sealed[:NONCE], sealed[NONCE:-TAG], sealed[-TAG:]
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    cipher.authenticate_additional_data(bound)
    try:
        return cipher.update(body) + cipher.finalize()
    except InvalidTag as problem:
        raise SealBroken("the sealed text, its key or its place was altered") from problem
