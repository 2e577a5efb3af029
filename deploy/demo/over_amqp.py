"""A node whose workers are processes of their own, with a RabbitMQ broker between: least privilege for each, sealed messages,
heartbeats and large content over the hub's door for worker hosts. Two nodes may share a broker: each has a virtual host of its own."""

import secrets
import shutil
import subprocess
import sys
import tomllib

from nodes import BUILD, DIALECTS, Process, ROOT, free_port, write_toml

ADAPTER = BUILD / "adapters" / "ecert-adapter"
RABBITMQ = ROOT / "deploy" / "rabbitmq"


def _script(name, *words):
    return subprocess.run([sys.executable, RABBITMQ / name, *map(str, words)], check=True, capture_output=True, text=True).stdout


class Adapter(Process):
    """The workers of some partners: their part of the node's configuration, a broker user, seal keys and a certificate of its own.
    hub: where its hub's door is; queue: its tables of node.toml; copy: another process for the same partners."""

    def __init__(self, node, partners, queue, hub, copy=""):
        self.node, self.partners, self.queue, self.hub = node, partners, queue, hub
        self.name = adapter_name(node, partners) + copy
        self.folder = node.folder.with_name(f"{node.folder.name}-adapter-{'-'.join(partners)}{copy}")
        super().__init__(self.name, [ADAPTER, "--config", self.folder], self.folder / "log.json")
        self.configure()

    def configure(self):
        """What the node says of its partners and keys now."""
        self.write_node()
        write_toml(self.folder / "keys.toml", {}, list(self.node.keys.items()))
        for partner in self.partners:
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
        channel = tomllib.loads((self.node.folder / "partners" / f"{partner}.toml").read_text())["channel"]
        for kind, name in (("channels", channel), ("partners", partner)):
            (self.folder / kind).mkdir(exist_ok=True)
            shutil.copy(self.node.folder / kind / f"{name}.toml", self.folder / kind)

    def drop(self, partner):
        (self.folder / "partners" / f"{partner}.toml").unlink()

    def start(self, *more):
        self.launch(*more)
        return self


def adapter_name(node, partners):
    return f"{node.name.lower()}-{'-'.join(partners)}".lower()


class Access:
    """What lets a node's hub and the worker hosts of these partners work over a broker: users with passwords by least privilege,
    seal keys, the hub's door. host: the partners of one worker host. Told before the node starts."""

    def __init__(self, node, broker, hosts, vhost=None):
        self.node, self.broker, self.vhost, self.folder = node, broker, vhost or node.name, node.folder / "trust"
        self.folder.mkdir(parents=True, exist_ok=True)
        for host in (None, *hosts):
            _private(self._password(host), secrets.token_urlsafe(24))
        self.seal = self.renew_seal()
        users = [f"{self._user(h)}:{self._password(h)}" + (f":{','.join(h)}" if h else "") for h in (None, *hosts)]
        self.definitions = _private(self.folder / "definitions.json", _script("definitions.py", "--vhost", self.vhost, *users))
        self.grant()
        node.adapter_port = free_port()

    def grant(self):
        self.broker.import_definitions(self.definitions)

    def renew_seal(self):
        """Another key under the same name; seals_of() hands it on."""
        return _private(self.folder / "seal.keys", _script("seal-keys.py", "new", "k1"))

    def seals_of(self, host):
        return _private(self.folder / f"seal-{'-'.join(host)}.keys", _script("seal-keys.py", "worker", self.seal, *host))

    def _user(self, host):
        return f"{self.vhost}-worker-{'-'.join(host)}" if host else f"{self.vhost}-hub"

    def _password(self, host):
        return self.folder / f"{self._user(host)}.password"

    def _tables(self, host, seals, more):
        return [("queue", {"kind": "amqp", "seal_keys": seals}),
                ("queue.amqp", {"brokers": [self.broker.address()], "virtual_host": self.vhost, "user": self._user(host),
                                "password_file": self._password(host), **more})]

    def connect(self, **more):
        """Writes the hub's configuration. more: keys of [queue.amqp], here and below."""
        self.node.queue = [("adapters", self.node.listener(self.node.adapter_port)), *self._tables(None, self.seal, more)]
        self.node.write_node()

    def adapter(self, host, hub=None, copy="", **more):
        """hub: where the adapter looks for the hub's door, when that is not where it is."""
        node = self.node
        name = node.pki.client(adapter_name(node, host) + copy)
        write_toml(node.folder / "adapters" / f"{name}.toml", {"partners": host}, (), [("identity", {"pin": node.pki.pem(name)})])
        return Adapter(node, host, self._tables(host, self.seals_of(host), more), hub or f"https://127.0.0.1:{node.adapter_port}",
                       copy)


def over_amqp(node, broker, hosts, hub=None):
    """An adapter for each of `hosts`, a partner or several. Start the node with --no-workers."""
    hosts = [(h,) if isinstance(h, str) else tuple(h) for h in hosts]
    access = Access(node, broker, hosts)
    access.connect()
    return [access.adapter(h, hub) for h in hosts]


def _private(path, text):
    path.touch(mode=0o600)
    path.write_text(text)
    return path
