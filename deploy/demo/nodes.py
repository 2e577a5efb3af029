"""Real nodes on loopback, for the demo and the integration tests: a development PKI, configuration folders,
processes that are started, watched, killed and stopped, and agencies that speak to them over mutual TLS."""

import contextlib
import fcntl
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import ssl
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ECERT_BUILD", ROOT / "build" / "release"))
HUB = BUILD / "hub" / "ecert-hub"
SINK = BUILD / "tests" / "support" / "partner-sink"
DIALECTS = ROOT / "adapters" / "dialects"


_held_ports = {}


def free_port():
    """A port of this process's own for as long as it lives: below the range that outgoing connections are given, and held
    by a lock, so that neither another call nor a test beside this one gets it too."""
    locks = pathlib.Path(tempfile.gettempdir()) / "ecert-ports"
    locks.mkdir(exist_ok=True)
    for port in random.sample(range(20000, 32000), 500):
        if port in _held_ports:
            continue
        lock = open(locks / str(port), "w")
        with contextlib.closing(socket.socket()) as probe, contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            probe.bind(("127.0.0.1", port))
            _held_ports[port] = lock
            return port
        lock.close()
    raise RuntimeError("no free port between 20000 and 32000")


def wait_until(what, condition, seconds=20.0, every=0.02):
    """The value of condition() as soon as it is true; an error that says what was waited for otherwise."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(every)


class Pki:
    """One TLS CA for servers and clients, another for message signatures."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self._make("ca", "ca")
        self._make("ca", "signing-ca")

    def _make(self, *words):
        subprocess.run([ROOT / "deploy" / "pki" / "make-pki.sh", self.folder, *words], check=True,
                       stdout=subprocess.DEVNULL)

    def server(self, name, *options):
        self._make("server", name, "ca", "localhost", "127.0.0.1", *options)
        return name

    def client(self, name, *options, ca="ca"):
        self._make("client", name, ca, *options)
        return name

    def signing(self, name, *options):
        self._make("signing", name, "signing-ca", *options)
        return name

    def ca(self, name):
        self._make("ca", name)
        return name

    def pem(self, name):
        return self.folder / f"{name}.pem"

    def key(self, name):
        return self.folder / f"{name}.key"


def toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return json.dumps(str(value), ensure_ascii=False)


def write_toml(path, plain, tables=(), arrays=()):
    """plain keys, then [tables], then [[arrays]] of (name, keys)."""
    lines = [f"{k} = {toml(v)}" for k, v in plain.items()]
    for opening, all_ in (("[{}]", tables), ("[[{}]]", arrays)):
        for name, keys in all_:
            lines += ["", opening.format(name)] + [f"{k} = {toml(v)}" for k, v in keys.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Process:
    """A program of ours, its log in a file beside its configuration."""

    def __init__(self, name, command, log):
        self.name, self.command, self.log_file = name, [str(c) for c in command], log
        self.running = None

    def launch(self, *more, env=None):
        out = open(self.log_file, "ab")
        self.running = subprocess.Popen(self.command + [str(m) for m in more], stdout=out, stderr=subprocess.STDOUT,
                                        env={**os.environ, **(env or {})})
        out.close()

    def alive(self):
        return self.running is not None and self.running.poll() is None

    def kill(self):
        if self.alive():
            self.running.send_signal(signal.SIGKILL)
        if self.running:
            self.running.wait()

    def stop(self, seconds=15):
        if self.alive():
            self.running.send_signal(signal.SIGTERM)
            try:
                self.running.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        return self.running.returncode if self.running else None

    def log(self):
        text = pathlib.Path(self.log_file).read_text(encoding="utf-8", errors="replace")
        entries = []
        for line in text.splitlines():
            with contextlib.suppress(ValueError):
                entries.append(json.loads(line))
        return entries


class Node(Process):
    """A node with its agencies and partners. Settings are given as TOML keys; ports are picked."""

    def __init__(self, name, folder, pki, limits=None, dispatch=None, settings=None):
        self.folder = pathlib.Path(folder)
        self.pki, self.limits, self.dispatch, self.settings = pki, limits or {}, dispatch or {}, settings or {}
        self.agency_port, self.partner_port, self.health_port = free_port(), free_port(), free_port()
        self.queue = []  # tables of node.toml; none: the embedded queue
        self.socket = self.folder / "operators.sock"
        pki.server(f"{name}-server")
        pki.client(f"{name}-client")
        pki.signing(f"{name}-signing")
        self.keys = {f"{name}-signing": {"key": pki.key(f"{name}-signing"), "certificate": pki.pem(f"{name}-signing")}}
        super().__init__(name, [HUB, "--config", self.folder], self.folder / "log.json")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.write_node()

    def listener(self, port):
        return {"address": "127.0.0.1", "port": port, "certificate": self.pki.pem(f"{self.name}-server"),
                "key": self.pki.key(f"{self.name}-server"), "client_ca": self.pki.pem("ca")}

    def write_node(self):
        plain = {"name": self.name, "data": self.folder / "data", "operators_socket": self.socket,
                 "health_port": self.health_port, "dialects": DIALECTS, **self.settings}
        tables = [("agencies", self.listener(self.agency_port)), ("partners", self.listener(self.partner_port))]
        tables += [(n, t) for n, t in (("limits", self.limits), ("dispatch", self.dispatch)) if t]
        tables += self.queue
        write_toml(self.folder / "node.toml", plain, tables)
        write_toml(self.folder / "keys.toml", {}, list(self.keys.items()))

    def add_agency(self, name, inbox=({},), default=False, **keys):
        client = self.pki.client(f"{self.name}-{name}")
        write_toml(self.folder / "agencies" / f"{name}.toml", keys, (),
                   [("identity", {"pin": self.pki.pem(client)})] + [("inbox", rule) for rule in inbox])
        if default:
            self.settings["default_agency"] = name
            self.write_node()
        return Agency(self, name, client)

    def partner_url(self, dialect="node"):
        return f"https://127.0.0.1:{self.partner_port}/{dialect}"

    def add_partner(self, name, endpoint, dialect="node", channel=None, profile=None, tables=None, identity=None, **keys):
        """A partner on a channel of its own; profile: keys of partners/, keys: keys of channels/."""
        channel = channel or name.lower()
        pem = self.pki.pem
        base = {"dialect": dialect, "endpoint": endpoint, "tls_certificate": pem(f"{self.name}-client"),
                "tls_key": self.pki.key(f"{self.name}-client"), "tls_ca": pem("ca"), "signing_key": f"{self.name}-signing",
                "signing_certificates": [pem(f"{name}-signing")]}
        write_toml(self.folder / "channels" / f"{channel}.toml", {**base, **keys}, list((tables or {}).items()),
                   [("identity", identity or {"pin": pem(f"{name}-client")})])
        write_toml(self.folder / "partners" / f"{name}.toml", {"channel": channel, **(profile or {})})

    def start(self, *more, ready=True, env=None):
        self.launch(*more, env=env)
        if ready:
            self.wait_ready()
        return self

    def health(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.health_port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def wait_ready(self, seconds=20):
        def ready():
            if not self.alive():
                tail = pathlib.Path(self.log_file).read_text(errors="replace")[-3000:]
                raise RuntimeError(f"{self.name} ended with {self.running.returncode}:\n{tail}")
            with contextlib.suppress(OSError):
                return self.health("/readyz")[0] == 200
        wait_until(f"{self.name} to be ready", ready, seconds)

    def reload(self):
        self.running.send_signal(signal.SIGHUP)

    def operate(self, method, path, body=None):
        """The operators' Unix socket."""
        connection = http.client.HTTPConnection("localhost", timeout=10)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(self.socket))
        try:
            connection.request(method, path, body=json.dumps(body) if body is not None else None,
                               headers={"Content-Type": "application/json"} if body is not None else {})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Agency:
    """Speaks REST to its node with its client certificate, over one kept connection."""

    def __init__(self, node, name, client, ca="ca"):
        self.node, self.name = node, name
        self.context = ssl.create_default_context(cafile=str(node.pki.pem(ca)))
        self.context.load_cert_chain(node.pki.pem(client), node.pki.key(client))
        self.connection = self.process = None

    def request(self, method, path, body=None, headers=None, timeout=30):
        if self.process is not self.node.running:
            self.close()  # the node was started anew
        if self.connection is None:
            self.process = self.node.running
            self.connection = http.client.HTTPSConnection("127.0.0.1", self.node.agency_port, timeout=timeout,
                                                          context=self.context)
        try:
            self.connection.request(method, path, body=body, headers=headers or {})
            answer = self.connection.getresponse()
            result = Answer(answer.status, answer.headers, answer.read())
        except BaseException:
            self.close()
            raise
        if answer.will_close:
            self.close()
        return result

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def push(self, certificate, headers=None, query=""):
        return self.request("POST", "/v1/certificates" + query, certificate,
                            {"Content-Type": "application/xml", **(headers or {})})

    def certificate(self, id_):
        return self.request("GET", f"/v1/certificates/{id_}").json()

    def inbox(self, number=None):
        from urllib.parse import quote
        rows = self.request("GET", "/v1/inbox" + (f"?number={quote(number, safe='')}" if number else "")).json()["rows"]
        return rows

    def acknowledge(self, inbound, status, reason=""):
        return self.request("POST", f"/v1/inbox/{inbound}/acknowledgement",
                            json.dumps({"status": status, "reason": reason}), {"Content-Type": "application/json"})


class Sink(Process):
    """The partner sink: a third country with a log of its own."""

    def __init__(self, name, folder, pki, acknowledge="none", keep_bytes=True):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.pki, self.port = pki, free_port()
        pki.server(f"{name}-server")
        pki.client(f"{name}-client")
        pki.signing(f"{name}-signing")
        self.received = self.folder / "received.jsonl"
        store = ["--store", self.folder / "store"] if keep_bytes else []
        super().__init__(name, [SINK, "--config", self.folder, "--log", self.received, "--acknowledge", acknowledge, *store],
                         self.folder / "log.json")

    def write(self, peers, dialect="node", dialects=DIALECTS):
        """peers: name -> URL of that partner's door (for acknowledgements). It may stand for many partners of one node at once:
        its door is wide."""
        pem, key = self.pki.pem, self.pki.key
        wide = dict.fromkeys(("connections", "connections_per_identity", "handshakes", "handshakes_per_address"), 2048)
        write_toml(self.folder / "node.toml",
                   {"name": self.name, "data": self.folder / "data", "operators_socket": "", "health_port": 0,
                    "dialects": dialects},
                   [("partners", {"address": "127.0.0.1", "port": self.port, "certificate": pem(f"{self.name}-server"),
                                  "key": key(f"{self.name}-server"), "client_ca": pem("ca"), **wide})])
        write_toml(self.folder / "keys.toml", {}, [(f"{self.name}-signing", {
            "key": key(f"{self.name}-signing"), "certificate": pem(f"{self.name}-signing")})])
        for peer, url in peers.items():
            write_toml(self.folder / "channels" / f"{peer.lower()}.toml",
                       {"dialect": dialect, "endpoint": url, "tls_certificate": pem(f"{self.name}-client"),
                        "tls_key": key(f"{self.name}-client"), "tls_ca": pem("ca"),
                        "signing_key": f"{self.name}-signing", "signing_certificates": [pem(f"{peer}-signing")]},
                       (), [("identity", {"pin": pem(f"{peer}-client")})])
            write_toml(self.folder / "partners" / f"{peer}.toml", {"channel": peer.lower()})

    def url(self, dialect="node"):
        return f"https://127.0.0.1:{self.port}/{dialect}"

    def start(self):
        self.launch()

        def listening():
            if not self.alive():
                raise RuntimeError(f"{self.name} ended: " + pathlib.Path(self.log_file).read_text(errors="replace")[-2000:])
            with contextlib.closing(socket.socket()) as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0
        wait_until(f"{self.name} to listen", listening)
        return self

    def stored(self):
        if not self.received.exists():
            return []
        return [json.loads(line) for line in self.received.read_text().splitlines() if line.strip()]
