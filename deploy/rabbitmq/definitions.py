#!/usr/bin/python3
"""Users and permissions of a node's broker, by least privilege, as a RabbitMQ definitions file on standard output.

    definitions.py [--vhost NAME] hub:FILE NAME:FILE:PARTNER[,PARTNER...] ...

FILE holds the user's password in its first line; `-` for a user that comes with a client certificate alone. The first user is
the hub's; the others are workers of the partners they name."""

import base64
import hashlib
import json
import os
import re
import sys

HUB_QUEUES = r"^(work\.[A-Za-z0-9_-]+|outcomes|poison)$"
PUBLISH = r"^amq\.default$"  # the default exchange, by the name that permissions know it by


def hashed(password):
    salt = os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def user(name, file):
    password = hashed(open(file, encoding="utf-8").readline().rstrip("\n")) if file != "-" else ""
    return {"name": name, "password_hash": password, "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": []}


def permission(vhost, name, configure, write, read):
    return {"user": name, "vhost": vhost, "configure": configure, "write": write, "read": read}


def definitions(hub, workers, vhost="/"):
    """hub: (name, file); workers: [(name, file, [partner])]"""
    users, permissions = [user(*hub)], [permission(vhost, hub[0], HUB_QUEUES, PUBLISH, HUB_QUEUES)]
    for name, file, partners in workers:
        own = "|".join(re.escape(p) for p in partners)
        users.append(user(name, file))
        permissions.append(permission(vhost, name, "^$", PUBLISH, rf"^work\.({own})$"))
    return {"users": users, "vhosts": [{"name": vhost}], "permissions": permissions}


def main(arguments):
    vhost = "/"
    if arguments[:1] == ["--vhost"] and len(arguments) > 1:
        vhost, arguments = arguments[1], arguments[2:]
    if not arguments:
        sys.exit(__doc__)
    hub = arguments[0].split(":")
    workers = [(name, file, partners.split(",")) for name, file, partners in (a.split(":") for a in arguments[1:])]
    print(json.dumps(definitions(hub, workers, vhost), indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
