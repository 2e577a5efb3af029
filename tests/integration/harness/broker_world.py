"""CN's hub, worker hosts for AU and AU itself (the sink), with a RabbitMQ broker of their own between hub and worker hosts: it may
be stopped, wiped and lied to. What each believes at the end is compared."""

import collections
import pathlib
import shutil
import tempfile
import unittest

from broker import Broker
from nodes import Node, Sink, wait_until
from over_amqp import Access

from harness.gate import Gate
from harness.tap import Tap
from harness.world import QUICK, certificate, shared_pki, show_logs

# An attempt that nobody answers for is decided after four seconds.
HASTY = {"start_by": "2s", "attempt_limit": "2s", "attempt_limit_per_mib": "0s", "skew": "0s", "returned_delay": "200ms",
         "returned_longest": "500ms", "drain": "1s"}
PATIENT = {**HASTY, "start_by": "15s"}
AU = ("AU",)
EAGER = {"reconnect_first": "100ms", "reconnect_longest": "500ms", "rebuild_after": "500ms", "confirm_timeout": "3s",
         "heartbeat": "5s"}


class BrokerWorld(unittest.TestCase):
    dispatch = HASTY
    amqp = {}
    channel = {}
    hosts = 1

    @classmethod
    def setUpClass(cls):
        cls.broker_folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-broker-"))
        cls.broker = Broker(cls.broker_folder)
        cls.addClassCleanup(cls.broker.remove)
        cls.broker.start()

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-bf-"))
        pki = shared_pki()
        if not self.broker.pid():
            self.broker.start()
        self.cn = Node("CN", self.folder / "cn", pki, dispatch=self.dispatch)
        self.gacc = self.cn.add_agency("gacc", inbox=(), default=True)
        self.au = Sink("AU", self.folder / "au", pki)
        self.through = Gate(pki, "AU-server", self.au.port, "CN-client")
        self.cn.add_partner("AU", self.through.url, tables=QUICK, profile={"complete_at": "delivered"}, **self.channel)
        self.au.write({"CN": self.cn.partner_url()})
        self.access = Access(self.cn, self.broker, [AU], self.folder.name)
        self.access.connect(**{**EAGER, **self.amqp})
        self.adapters = [self.access.adapter(AU, copy=f"-{n}" if n else "", **EAGER) for n in range(self.hosts)]
        self.tap = Tap(self.broker, self.access.vhost)
        self.receipts = {}
        self.addCleanup(self.end)
        self.au.start()
        self.cn.start("--no-workers")
        for adapter in self.adapters:
            adapter.start()

    def end(self):
        show_logs(self, self.cn, *self.adapters, self.au)
        for process in (self.cn, *self.adapters, self.au):
            process.stop()
        self.through.close()
        self.gacc.close()
        if self.broker.pid():
            self.broker.delete_vhost(self.access.vhost)
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- what goes in

    def push(self, *numbers):
        for number in numbers:
            answer = self.gacc.push(certificate(number, to="AU"))
            self.assertEqual(answer.status, 202, answer.body[:1000])
            receipt = answer.json()
            self.receipts[receipt["delivery"]] = receipt
        return receipt

    def view(self, receipt):
        return self.gacc.certificate(receipt["certificate"])

    def events(self, receipt):
        return self.gacc.request("GET", f"/v1/certificates/{receipt['certificate']}/events").json()["rows"]

    # -- what is told

    def logged(self, process, event, **fields):
        return [e for e in process.log() if e.get("event") == event and all(e.get(k) == v for k, v in fields.items())]

    def alerts(self, name):
        lines = self.cn.health("/metrics")[1].splitlines()
        return sum(float(line.split()[-1]) for line in lines if f'alert="{name}"' in line)

    # -- what each believes

    def states(self):
        return {state: n for state, n in self.cn.operate("GET", "/v1/status")[1]["states"].items() if n}

    def all_delivered(self, seconds=180):
        wait_until(f"{len(self.receipts)} to be delivered", lambda: self.states() == {"delivered": len(self.receipts)},
                   seconds, 0.1)

    def agree(self):
        """What was accepted, what the ledger says was delivered and what AU stored are the same, once each."""
        self.all_delivered()
        accepted = {(d, r["sha256"]) for d, r in self.receipts.items()}
        rows = self.cn.operate("GET", "/v1/work?verb=deliver&limit=500")[1]["rows"]
        self.assertEqual({(r["delivery"], r["sha256"]) for r in rows}, accepted)
        stored = collections.Counter((r["message_id"].removeprefix("urn:uuid:"), r["sha256"]) for r in self.au.stored())
        self.assertEqual(stored, collections.Counter(accepted))
        for receipt in self.receipts.values():
            kinds = [e["kind"] for e in self.events(receipt)]
            self.assertEqual(kinds.count("ended"), 1, kinds)
        self.assertTrue(self.cn.operate("GET", "/v1/audit")[1]["whole"])

    def sends(self):
        """How often each message was sent to AU, by its id."""
        return collections.Counter(s.body.split(b"MessageID")[1].split(b">")[1].split(b"<")[0] for s in self.through.seen)
