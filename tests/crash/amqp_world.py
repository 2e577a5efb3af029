"""CN's hub and its worker hosts for AU and NZ, with a RabbitMQ broker between and sinks for the two countries: all may be killed but
the sinks, whose fsynced logs say what arrived. What each believes is compared."""

import collections
import json
import pathlib
import shutil
import tempfile
import threading
import time
import uuid

from broker import Broker
from harness.ledger import ask_ledger
from harness.world import QUICK, shared_pki
from nodes import Node, Sink, wait_until
from over_amqp import Access
from rounds import Load

COUNTRIES = ["NZ", "AU"]
SHORT = {"start_by": "2s", "attempt_limit": "2s", "attempt_limit_per_mib": "0s", "skew": "0s", "returned_delay": "200ms",
         "returned_longest": "1s"}
EAGER = {"reconnect_first": "100ms", "reconnect_longest": "500ms", "rebuild_after": "500ms", "confirm_timeout": "3s",
         "heartbeat": "3s"}
SETTLE_SECONDS = 180


class Tail:
    """What is written to a file of JSON lines since the last look."""

    def __init__(self, path):
        self.path, self.at, self.rest = pathlib.Path(path), 0, b""

    def new(self):
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            file.seek(self.at)
            data = file.read()
        self.at += len(data)
        *whole, self.rest = (self.rest + data).split(b"\n")
        for line in whole:
            try:
                yield json.loads(line)
            except ValueError:
                pass


class PacedLoad(Load):
    """Pushes on while no more than so many are on their way, and rests when told."""

    def __init__(self, cn, names, seed, on_their_way, most=80):
        super().__init__(cn, names, seed)
        self.on_their_way, self.most = on_their_way, most
        self.resting, self.idle = False, 0

    def next(self):
        with self.lock:
            self.idle += 1
        while (self.resting or self.on_their_way() > self.most) and not self.stopping.is_set():
            time.sleep(0.05)
        with self.lock:
            self.idle -= 1
        return super().next()

    def rest(self):
        self.resting = True
        wait_until("the agencies to have their receipts", lambda: self.idle == len(self.threads), 60)


class World:
    """brokers: of one cluster, the first is called `broker`."""

    victims = {"hub": 42, "worker": 42, "broker": 10, "all": 6}
    hub_points = ["before-commit", "after-commit", "before-publish", "unconfirmed", "after-publish", "before-apply", "after-apply"]

    def __init__(self, seed, brokers=1, settings=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-amqp-crash-"))
        pki = shared_pki()
        self.broker = Broker(self.folder / "broker-a", settings=settings)
        self.brokers = [self.broker] + [Broker(self.folder / f"broker-{n}", n, settings=settings, beside=self.broker)
                                        for n in "bcdefg"[:brokers - 1]]
        self.cn = Node("CN", self.folder / "cn", pki, dispatch=SHORT)
        self.sinks = {c: Sink(c, self.folder / c, pki, keep_bytes=False) for c in COUNTRIES}
        for name in ("gacc", "other"):
            self.cn.add_agency(name, inbox=(), default=name == "gacc")
        for country, sink in self.sinks.items():
            self.cn.add_partner(country, sink.url(), tables=QUICK, profile={"complete_at": "delivered"})
            sink.write({"CN": self.cn.partner_url()})
        self.arrived, self.repeats, self.looking = collections.Counter(), 0, threading.Lock()
        self.tails = [(Tail(s.received), Tail(s.log_file)) for s in self.sinks.values()]
        self.load = PacedLoad(self.cn, ["gacc", "other"] * 2, seed, self.on_their_way)

    def start(self):
        for broker in self.brokers:
            broker.start()
            if broker is not self.broker:
                broker.join(self.broker)
        access = Access(self.cn, self.broker, [(c,) for c in COUNTRIES])
        queue = {**EAGER, "brokers": [b.address() for b in self.brokers]}
        access.connect(**queue)
        self.workers = [access.adapter((c,), **queue) for c in COUNTRIES]
        for sink in self.sinks.values():
            sink.start()
        self.cn.start("--no-workers")
        for worker in self.workers:
            worker.start()
        self.load.start()
        return self

    def start_hub(self, *more):
        self.cn.start("--no-workers", *more, ready=False)

    def look(self):
        """Reads on in what the sinks wrote."""
        with self.looking:
            for received, log in self.tails:
                for line in received.new():
                    self.arrived[(line["message_id"].removeprefix("urn:uuid:"), line["sha256"])] += 1
                self.repeats += sum(bool(line.get("repeat")) for line in log.new())

    def on_their_way(self):
        self.look()
        return len(self.load.receipts) - len(self.arrived)

    def in_flight(self):
        return ask_ledger(self.cn, "SELECT count(*) FROM work WHERE status = 1")[0][0]

    def settled(self):
        states = self.cn.operate("GET", "/v1/status")[1]["states"]
        return all(state == "delivered" or not count for state, count in states.items())

    def compare(self):
        """What is wrong, as sentences: receipts, ledger and sinks must say the same of every certificate."""
        self.load.rest()
        wait_until("every delivery to end", self.settled, SETTLE_SECONDS, 0.2)
        self.look()
        receipts = {(d, sha) for d, (sha, _) in self.load.receipts.items()}
        ledger = {(str(uuid.UUID(bytes=u)), d.hex()) for u, d in ask_ledger(self.cn, "SELECT uuid, digest FROM delivery")}
        stored = set(self.arrived)
        wrong = [f"{d}: accepted, and not in the ledger" for d, _ in receipts - ledger]
        wrong += [f"{d}: in the ledger, and nobody has its receipt" for d, _ in ledger - receipts]
        wrong += [f"{d}: accepted, and never arrived" for d, _ in receipts - stored]
        wrong += [f"{d}: arrived, and was never accepted" for d, _ in stored - receipts]
        wrong += [f"{d}: stored {n} times" for (d, _), n in self.arrived.items() if n != 1]
        ends = ask_ledger(self.cn, "SELECT delivery, count(*) FROM event WHERE kind = 'ended' GROUP BY delivery")
        wrong += [f"delivery {d} ended {n} times" for d, n in ends if n != 1]
        if len(ends) != len(ledger):
            wrong.append(f"{len(ledger)} deliveries and {len(ends)} ends")
        if not self.cn.operate("GET", "/v1/audit")[1]["whole"]:
            wrong.append("the chain of events is broken")
        self.load.resting = False
        return wrong

    def end(self, keep):
        self.load.stopping.set()
        for process in (self.cn, *self.workers, *self.sinks.values()):
            process.stop()
        for broker in self.brokers:
            broker.stop()
        if keep:
            print(f"what is left of it: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
