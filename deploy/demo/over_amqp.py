"""A node whose workers are processes of their own, with a RabbitMQ broker between: least privilege for each, sealed messages.
Two nodes may share a broker: each has a virtual host of its own."""

import secrets
import shutil
import subprocess
import sys

from nodes import BUILD, DIALECTS, Process, ROOT, write_toml

ADAPTER = BUILD / "adapters" / "ecert-adapter"
RABBITMQ = ROOT / "deploy" / "rabbitmq"


def _script(name, *words):
    return subprocess.run([sys.executable, RABBITMQ / name, *map(str, words)], check=True, capture_output=True, text=True).stdout


class Adapter(Process):
    """The workers of one partner: its part of the node's configuration, a broker user and a seal key of its own."""

    def __init__(self, node, partner, queue):
        self.node, self.partner = node, partner
        self.folder = node.folder / f"adapter-{partner}"
        super().__init__(f"{node.name} adapter for {partner}", [ADAPTER, "--config", self.folder, "--partners", partner],
                         self.folder / "log.json")
        write_toml(self.folder / "node.toml",
                   {"name": node.name, "data": self.folder / "data", "operators_socket": "", "health_port": 0,
                    "dialects": DIALECTS},
                   [("dispatch", node.dispatch)] * bool(node.dispatch) + queue)
        write_toml(self.folder / "keys.toml", {}, list(node.keys.items()))
        for kind, name in (("channels", partner.lower()), ("partners", partner)):
            (self.folder / kind).mkdir(exist_ok=True)
            shutil.copy(node.folder / kind / f"{name}.toml", self.folder / kind)

    def start(self):
        self.launch()
        return self


def over_amqp(node, broker, partners):
    """Told before the node starts, when its partners are known: gives an adapter for each. Start the node with --no-workers."""
    folder = node.folder / "trust"
    folder.mkdir(parents=True, exist_ok=True)
    names = {None: f"{node.name}-hub", **{p: f"{node.name}-worker-{p}" for p in partners}}
    for name in names.values():
        _private(folder / f"{name}.password", secrets.token_urlsafe(24))
    seal = _private(folder / "seal.keys", _script("seal-keys.py", "new", "k1"))
    users = [f"{names[None]}:{folder / names[None]}.password"]
    users += [f"{names[p]}:{folder / names[p]}.password:{p}" for p in partners]
    definitions = _private(folder / "definitions.json", _script("definitions.py", "--vhost", node.name, *users))
    broker.ctl("import_definitions", definitions)

    def tables(user, keys):
        return [("queue", {"kind": "amqp", "seal_keys": keys}),
                ("queue.amqp", {"brokers": [broker.address()], "virtual_host": node.name, "user": user,
                                "password_file": folder / f"{user}.password"})]
    node.queue = tables(names[None], seal)
    node.write_node()
    return [Adapter(node, p, tables(names[p], _private(folder / f"seal-{p}.keys", _script("seal-keys.py", "worker", seal, p))))
            for p in partners]


def _private(path, text):
    path.touch(mode=0o600)
    path.write_text(text)
    return path
