"""A node whose workers are processes of their own, with a RabbitMQ broker between: least privilege for each, sealed messages,
heartbeats and large content over the hub's door for worker hosts. Two nodes may share a broker: each has a virtual host of its own."""

import secrets
import shutil
import subprocess
import sys

from nodes import BUILD, DIALECTS, Process, ROOT, free_port, write_toml

ADAPTER = BUILD / "adapters" / "ecert-adapter"
RABBITMQ = ROOT / "deploy" / "rabbitmq"


def _script(name, *words):
    return subprocess.run([sys.executable, RABBITMQ / name, *map(str, words)], check=True, capture_output=True, text=True).stdout


class Adapter(Process):
    """The workers of some partners: their part of the node's configuration, a broker user, seal keys and a certificate of its own.
    hub: where its hub's door is; queue: its tables of node.toml."""

    def __init__(self, node, partners, queue, hub):
        self.node, self.partners, self.queue, self.hub = node, partners, queue, hub
        self.name = adapter_name(node, partners)
        self.folder = node.folder / f"adapter-{'-'.join(partners)}"
        super().__init__(self.name, [ADAPTER, "--config", self.folder], self.folder / "log.json")
        self.write_node()
        write_toml(self.folder / "keys.toml", {}, list(node.keys.items()))
        for partner in partners:
            self.take(partner)

    def write_node(self):
        pki = self.node.pki
        link = {"name": self.name, "hub": self.hub, "tls_certificate": pki.pem(self.name), "tls_key": pki.key(self.name),
                "tls_ca": pki.pem("ca")}
        write_toml(self.folder / "node.toml",
                   {"name": self.node.name, "data": self.folder / "data", "operators_socket": "", "health_port": 0,
                    "dialects": DIALECTS},
                   [("adapter", {**link, "heartbeat": "1s"})] + [("dispatch", self.node.dispatch)] * bool(self.node.dispatch)
                   + self.queue)

    def take(self, partner):
        """The node's files of a partner, as they are now."""
        for kind, name in (("channels", partner.lower()), ("partners", partner)):
            (self.folder / kind).mkdir(exist_ok=True)
            shutil.copy(self.node.folder / kind / f"{name}.toml", self.folder / kind)

    def drop(self, partner):
        (self.folder / "partners" / f"{partner}.toml").unlink()

    def start(self):
        self.launch()
        return self


def adapter_name(node, partners):
    return f"{node.name.lower()}-{'-'.join(partners)}".lower()


def over_amqp(node, broker, hosts, hub=None):
    """Told before the node starts, when its partners are known: gives an adapter for each of `hosts`, a partner or several.
    hub: where the adapters look for the hub's door, when that is not where it is. Start the node with --no-workers."""
    hosts = [(h,) if isinstance(h, str) else tuple(h) for h in hosts]
    folder = node.folder / "trust"
    folder.mkdir(parents=True, exist_ok=True)
    names = {None: f"{node.name}-hub", **{h: f"{node.name}-worker-{'-'.join(h)}" for h in hosts}}
    for name in names.values():
        _private(folder / f"{name}.password", secrets.token_urlsafe(24))
    seal = _private(folder / "seal.keys", _script("seal-keys.py", "new", "k1"))
    users = [f"{names[None]}:{folder / names[None]}.password"]
    users += [f"{names[h]}:{folder / names[h]}.password:{','.join(h)}" for h in hosts]
    definitions = _private(folder / "definitions.json", _script("definitions.py", "--vhost", node.name, *users))
    broker.ctl("import_definitions", definitions)

    def tables(user, keys):
        return [("queue", {"kind": "amqp", "seal_keys": keys}),
                ("queue.amqp", {"brokers": [broker.address()], "virtual_host": node.name, "user": user,
                                "password_file": folder / f"{user}.password"})]
    node.adapter_port = free_port()
    node.queue = [("adapters", node.listener(node.adapter_port))] + tables(names[None], seal)
    node.write_node()
    for h in hosts:
        name = node.pki.client(adapter_name(node, h))
        write_toml(node.folder / "adapters" / f"{name}.toml", {"partners": h}, (), [("identity", {"pin": node.pki.pem(name)})])
    seals = {h: _private(folder / f"seal-{'-'.join(h)}.keys", _script("seal-keys.py", "worker", seal, *h)) for h in hosts}
    return [Adapter(node, h, tables(names[h], seals[h]), hub or f"https://127.0.0.1:{node.adapter_port}") for h in hosts]


def _private(path, text):
    path.touch(mode=0o600)
    path.write_text(text)
    return path
