#!/usr/bin/python3
"""Keys that tasks and outcomes are sealed with (crypto/seal/keys.hpp says how they are written).

    seal-keys.py new KEY-ID                      a new master key: a line for the hub's file
    seal-keys.py worker FILE PARTNER...          from the hub's file: the lines of a worker host that serves these partners"""

import base64
import hashlib
import hmac
import secrets
import sys


def derived(master, key_id, partner):
    """HKDF-SHA256 (RFC 5869), one block."""
    info = bytes([len(key_id)]) + key_id.encode() + partner.encode()
    extracted = hmac.digest(b"ecert seal 1", master, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)


def lines_for(text, partners):
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3 and words[1] == "*" and not words[0].startswith("#"):
            master = base64.b64decode(words[2], validate=True)
            for partner in partners:
                yield f"{words[0]} {partner} {base64.b64encode(derived(master, words[0], partner)).decode()}"


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "new":
        print(f"{arguments[1]} * {base64.b64encode(secrets.token_bytes(32)).decode()}")
    elif len(arguments) >= 3 and arguments[0] == "worker":
        print("\n".join(lines_for(open(arguments[1], encoding="utf-8").read(), arguments[2:])))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
