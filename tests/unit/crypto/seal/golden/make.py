"""Form 1, made by another implementation than ours. Written once; the files stay as they are for ever."""

import base64
import pathlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

here = pathlib.Path(__file__).parent
master, key_id, partner, nonce = b"\x2a" * 32, b"2026", b"NL", b"nonce 12byte"
plain = bytes(range(256)) + "证书".encode()
associated = b'{"sealed":1,"kind":"task","partner":"NL"}\n'
key = HKDF(hashes.SHA256(), 32, b"ecert seal 1", bytes([len(key_id)]) + key_id + partner).derive(master)
head = b"ECS\x01" + bytes([len(key_id)]) + key_id
(here / "keys").write_text(f"2026 * {base64.b64encode(master).decode()}\n")
(here / "plain").write_bytes(plain)
(here / "associated").write_bytes(associated)
(here / "sealed_v1").write_bytes(head + nonce + AESGCM(key).encrypt(nonce, plain, head + associated))
