"""CN fetches what waits for it at the Hub (tests/support/ephyto_hub), and AU fetches what CN offers it. CN's processes may be killed;
the Hub and AU live on, and each says at the end what it gave, what it got and what it was told."""

import collections
import hashlib
import http.client
import pathlib
import re
import shutil
import ssl
import tempfile
import threading
import time

from amqp_world import EAGER, PacedLoad, SETTLE_SECONDS, SHORT, Tail
from broker import Broker
from harness.ephyto_world import HubSimulator, from_abroad
from harness.ledger import ask_ledger
from harness.served import Caller, Fault
from harness.world import shared_pki
from nodes import Node, wait_until, write_toml
from over_amqp import Access
from rounds import pages

SENDERS = ["NL", "NZ"]
SERVED = ["before-commit", "after-commit", "before-accept", "after-accept", "before-confirmed", "after-confirmed"]
DISPATCHED = ["before-publish", "after-publish", "before-apply", "after-apply"]
WORKED = ["before-send", "after-send", "before-outcome", "after-outcome"]
QUICK = [("retry", {"first": "200ms", "longest": "1s"}), ("circuit", {"open_for": "500ms", "longest_open": "1s"})]


class Offers:
    """The Hub always has some for CN: most are good, some make CN complain, some cannot be read."""

    def __init__(self, hub, seed, most=40):
        self.hub, self.seed, self.most = hub, seed, most
        self.given = {}  # number: (SHA-256, what CN must say of it)
        self.told, self.fetched = collections.defaultdict(list), collections.Counter()
        self.since, self.longest = {}, 0.0  # until the first confirmation
        self.journal = Tail(hub.journal)
        self.resting, self.stopping = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.offer_on, daemon=True)

    def offer_on(self):
        count = 0
        while not self.stopping.is_set():
            self.look()
            if self.resting.is_set() or len(self.given) - len(self.told) >= self.most:
                time.sleep(0.02)
            else:
                count += 1
                data, judged = self.made(f"P/{self.seed}/{count}", count)
                number = self.hub.offer(data, f"P/{self.seed}/{count}", SENDERS[count % 2])
                self.given[number] = hashlib.sha256(data).hexdigest(), judged

    def made(self, number, count):
        data = from_abroad(number, SENDERS[count % 2])
        if count % 10 == 3:
            return data[:900], "DeliveredNotReadable"
        if count % 10 == 7:
            return re.sub(rb"<ram:ImportSPSCountry>.*?</ram:ImportSPSCountry>", b"", data, count=1, flags=re.S), "DeliveredWithWarnings"
        return data, "Delivered"

    def look(self):
        for line in self.journal.new():
            number = line["hubDeliveryNumber"]
            if line["event"] == "stored":
                self.since[number] = line["at"]
            elif line["event"] == "pulled":
                self.fetched[number] += 1
            elif line["event"] == "acknowledged":
                self.longest = max(self.longest, line["at"] - self.since.pop(number, line["at"]))
                self.told[number].append(line["tracking"])


class Fetcher:
    """AU: fetches and confirms whatever CN offers, and keeps what it got."""

    def __init__(self, node):
        self.caller = Caller(node, "AU-client", "/ephyto", node.partner_port)
        self.got, self.confirmed, self.again = collections.Counter(), set(), []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.fetch_on, daemon=True)

    def fetch_on(self):
        while not self.stopping.wait(0.02):
            try:
                for number in [h["hubDeliveryNumber"] for h in self.caller.headers()]:
                    if number in self.confirmed:
                        self.again.append(number)
                    self.fetch(number)
            except (OSError, http.client.HTTPException, ssl.SSLError, Fault):
                pass  # CN was killed

    def fetch(self, number):
        envelope = self.caller.pull(number)
        if "Content" in envelope:
            digest = hashlib.sha256(envelope["Content"].encode()).hexdigest()
            self.got[(number, envelope["NPPOCertificateNumber"], digest)] += 1
            self.caller.number("AcknowledgeEnvelopeReceipt", number)
            self.confirmed.add(number)


class ForAU(PacedLoad):
    def receiver(self, n):
        return "AU"


class PullWorld:
    """Embedded: hub and workers are one process."""

    victims = {"hub": 1}
    hub_points = SERVED + DISPATCHED + WORKED
    dispatch = None

    def __init__(self, seed):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-pull-crash-"))
        self.pki = pki = shared_pki()
        self.hub = HubSimulator(self.folder / "hub", pki, {"CN": "CN-client", "NL": "AU-client", "NZ": "NZ-client"}, pending=-1)
        self.cn = Node("CN", self.folder / "cn", pki, dispatch=self.dispatch)
        self.gacc = self.cn.add_agency("gacc", default=True)
        self.cn.add_agency("other", inbox=())
        write_toml(self.cn.folder / "channels" / "ippc.toml", {
            "dialect": "ephyto", "endpoint": self.hub.url, "tls_certificate": pki.pem("CN-client"), "tls_key": pki.key("CN-client"),
            "tls_ca": pki.pem("ca"), "pull_every": "200ms"}, QUICK)
        for sender in SENDERS:
            write_toml(self.cn.folder / "partners" / f"{sender}.toml", {"channel": "ippc", "complete_at": "delivered"})
        write_toml(self.cn.folder / "channels" / "au.toml", {"dialect": "ephyto"}, (), [("identity", {"pin": pki.pem("AU-client")})])
        write_toml(self.cn.folder / "partners" / "AU.toml", {"channel": "au", "offer": True, "complete_at": "delivered"})
        self.brokers, self.workers = [], []
        self.offers, self.au = Offers(self.hub, seed), Fetcher(self.cn)
        self.load = ForAU(self.cn, ["gacc", "other"], seed, self.on_their_way, most=10)

    def start(self):
        self.hub.start()
        self.start_hub()
        self.cn.wait_ready()
        self.begin()
        return self

    def begin(self):
        self.load.start()
        self.offers.thread.start()
        self.au.thread.start()

    def start_hub(self, *more):
        self.cn.start(*more, ready=False)

    def on_their_way(self):
        return len(self.load.receipts) - len(self.au.got)

    def look(self):
        """The Hub's journal is read by who offers."""

    @property
    def repeats(self):
        """What was fetched or confirmed more than once, on either side."""
        said = [*self.offers.fetched.values(), *map(len, self.offers.told.values()), *self.au.got.values()]
        return sum(n - 1 for n in said)

    def in_flight(self):
        """Attempts that are out, and what is still to be fetched or confirmed."""
        return ask_ledger(self.cn, "SELECT count(*) FROM work WHERE status = 1 OR verb IN (3, 4) AND status <> 4")[0][0]

    def settled(self):
        """Only the work `list` (2) is never finished (4)."""
        told = len(self.offers.told) == len(self.offers.given)
        return told and not ask_ledger(self.cn, "SELECT count(*) FROM work WHERE verb <> 2 AND status <> 4")[0][0]

    def compare(self):
        """What is wrong, as sentences."""
        self.load.rest()
        self.offers.resting.set()
        wait_until("everything to be fetched and confirmed", self.settled, SETTLE_SECONDS, 0.1)
        print(f"{len(self.offers.given)} from the Hub; the longest wait for a confirmation was {self.offers.longest:.1f} s")
        wrong = self.wrong_of_fetched() + self.wrong_of_offered()
        if not self.cn.operate("GET", "/v1/audit")[1]["whole"]:
            wrong.append("the chain of events is broken")
        self.load.resting = False
        self.offers.resting.clear()
        return wrong

    def wrong_of_fetched(self):
        given, told = self.offers.given, self.offers.told
        rows = pages(lambda p: self.gacc.request("GET", p).json(), "/v1/inbox?limit=500")
        inbox = collections.Counter((r["message_id"], r["sha256"]) for r in rows)
        readable = {(number, sha) for number, (sha, judged) in given.items() if judged != "DeliveredNotReadable"}
        wrong = [f"{n}: given, and not in the inbox" for n, _ in readable - set(inbox)]
        wrong += [f"{n}: in the inbox, and never given so" for n, _ in set(inbox) - readable]
        wrong += [f"{n}: {times} times in the inbox" for (n, _), times in inbox.items() if times != 1]
        wrong += [f"{n}: must be {judged}, and was called {told[n]}" for n, (_, judged) in given.items() if set(told[n]) != {judged}]
        known = collections.Counter(n for n, in ask_ledger(self.cn, "SELECT reference FROM pulled WHERE reference <> ''"))
        wrong += [f"{n}: {times} times in the ledger" for n, times in known.items() if times != 1]
        return wrong + [f"{n}: never given, and in the ledger" for n in set(known) - set(given)]

    def wrong_of_offered(self):
        receipts = {(d, sha) for d, (sha, _) in self.load.receipts.items()}
        got = {(d, sha) for d, _, sha in self.au.got}
        wrong = [f"{d}: accepted, and AU never got it" for d, _ in receipts - got]
        wrong += [f"{d}: AU had its confirmation answered, and was offered it again" for d in self.au.again]
        wrong += [f"{d}: AU got it, and it was never accepted so" for d, _ in got - receipts]
        rows = pages(lambda p: self.cn.operate("GET", p)[1], "/v1/work?verb=deliver&limit=500")
        wrong += [f"{r['delivery']}: all is settled, and it is {r['state']}" for r in rows if r["state"] != "delivered"]
        wrong += [f"{r['delivery']}: in the ledger, and nobody has its receipt" for r in rows if r["delivery"] not in self.load.receipts]
        ends = ask_ledger(self.cn, "SELECT delivery, count(*) FROM event WHERE kind = 'ended' GROUP BY delivery")
        return wrong + [f"delivery {d} ended {n} times" for d, n in ends if n != 1]

    def end(self, keep):
        for each in (self.load, self.offers, self.au):
            each.stopping.set()
        for process in (self.cn, *self.workers):
            process.stop()
        self.hub.kill()
        for broker in self.brokers:
            broker.stop()
        if keep:
            print(f"what is left of it: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


class AmqpPullWorld(PullWorld):
    """A worker host for each sender, RabbitMQ between."""

    victims = {"hub": 42, "worker": 42, "broker": 10, "all": 6}
    hub_points = SERVED + DISPATCHED + ["unconfirmed"]
    dispatch = SHORT

    def start(self):
        self.brokers = [Broker(self.folder / "broker-a").start()]
        access = Access(self.cn, self.brokers[0], [(c,) for c in SENDERS])
        access.connect(**EAGER)
        self.workers = [access.adapter((c,), **EAGER) for c in SENDERS]
        self.hub.start()
        self.start_hub()
        for worker in self.workers:
            worker.start()
        self.cn.wait_ready()
        self.begin()
        return self

    def start_hub(self, *more):
        self.cn.start("--no-workers", *more, ready=False)
