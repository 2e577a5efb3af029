"""Who attacks the IPPC Hub's contract, as a partner or as an agency, and what the node spends and keeps meanwhile."""

import contextlib
import os
import pathlib
import re
import socket
import sqlite3
import threading

from harness.served import ServedCase, header, message, written
from harness.world import SANITIZED, certificate

MB = 1_000_000
# The head of a request, but for its length; the connection ends behind its answer.
POST = "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/xml\r\n"


class Trap:
    """Somebody who only counts who calls."""

    def __init__(self):
        self.socket, self.calls = socket.create_server(("127.0.0.1", 0)), 0
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        threading.Thread(target=self.count, daemon=True).start()

    def count(self):
        with contextlib.suppress(OSError):
            while True:
                self.socket.accept()[0].close()
                self.calls += 1

    def close(self):
        self.socket.close()


class Role:
    """Who attacks: a partner whose certificates come in, or an agency whose certificates go out."""

    def __init__(self, name, caller, sender, to, make):
        self.name, self.caller, self.sender, self.to, self.make = name, caller, sender, to, make
        self.data = make("X/1")

    def env(self, content=None, more="", **changed):
        """A DeliverEnvelope's inside: good, but for what is changed in it."""
        told = {"sender": self.sender, "to": self.to, "number": "X/1", "type_": 851, "status": 70, **changed}
        return (f"<e:DeliverEnvelope><e:env>{header(**told)}{more}{written(self.data) if content is None else content}"
                "</e:env></e:DeliverEnvelope>")

    def post(self, content=None, head="", **changed):
        return message(self.env(content, **changed), head=head)

    def inside(self, at, what):
        """The good certificate with something put before this of its elements."""
        return self.data.replace(at, what + at, 1)


class HostileCase(ServedCase):
    """Both roles, and what the node spends and keeps."""

    def setUp(self):
        super().setUp()
        self.roles = (Role("partner", self.nz, "NZ", "CN", self.from_nz), Role("agency", self.agency, "CN", "NZ", certificate))

    def kept(self):
        """How many rows each table of the ledger has, and the files beside it."""
        data = self.cn.folder / "data"
        ledger = sqlite3.connect(f"file:{data}/ledger.sqlite?mode=ro", uri=True, timeout=20)
        with contextlib.closing(ledger):
            names = [name for name, in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {name: ledger.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        files = sorted(str(f) for f in data.rglob("*") if f.is_file() and not f.name.startswith("ledger.sqlite"))
        return rows, files

    def proc(self, name):
        return pathlib.Path(f"/proc/{self.cn.running.pid}/{name}")

    def seconds(self):
        """Of processor time, of all the node's threads."""
        words = self.proc("stat").read_text().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self, what="VmRSS"):
        return int(re.search(what + r":\s+(\d+)", self.proc("status").read_text())[1]) / 1024

    @contextlib.contextmanager
    def bounded(self, seconds=2.0, megabytes=96):
        """What is done inside costs the node no more than this."""
        self.proc("clear_refs").write_text("5")  # the peak begins anew
        before, began = self.resident_mb(), self.seconds()
        yield
        spent, grown = self.seconds() - began, self.resident_mb("VmHWM") - before
        self.most = [max(a, b) for a, b in zip(getattr(self, "most", (0, 0)), (spent, grown))]
        if not SANITIZED:
            self.assertLess(spent, seconds)
            self.assertLess(grown, megabytes)

    def unharmed(self, before):
        """Nothing is kept, and the honest go on."""
        self.assertEqual(self.kept(), before)
        self.assertTrue(self.cn.alive())
        self.assertEqual([e for e in self.cn.log() if e.get("event") == "http_handler_failed"], [])
        for r in self.roles:
            self.assertIn(r.caller.deliver(r.data, "X/1", r.sender, r.to)["HUBTrackingInfo"], ("Delivered", "PendingDelivery"))
        self.assertTrue(self.cn.operate("GET", "/v1/audit")[1]["whole"])
