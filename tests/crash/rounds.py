"""Crash rounds: agencies push without pause, CN's hub or NZ's hub is killed with SIGKILL at a named point or at a random
moment, and starts again. At the end the receipts, what NZ and AU stored and CN's ledger must agree as sets of
(delivery id, SHA-256): nothing that was accepted is lost, nothing is stored twice."""

import argparse
import collections
import hashlib
import http.client
import pathlib
import random
import shutil
import sqlite3
import ssl
import sys
import tempfile
import threading
import time

from harness.world import QUICK, certificate, shared_pki
from nodes import Agency, Node, Sink, wait_until

CN_POINTS = ["before-commit", "after-commit", "before-publish", "after-publish", "before-send", "after-send",
             "before-outcome", "after-outcome", "before-apply", "after-apply"]
ENOUGH = 2000  # deliveries that wait
NZ_POINTS = ["before-commit", "after-commit", "before-arrive", "after-arrive"]


class Load:
    """Agencies of CN: each pushes one certificate after another and goes on with the same until it has a receipt."""

    def __init__(self, cn, names, seed):
        self.cn, self.seed = cn, seed
        self.receipts, self.lock, self.counter = {}, threading.Lock(), 0
        self.stopping, self.wanted = threading.Event(), threading.Event()
        self.wanted.set()
        self.errors = collections.Counter()
        self.threads = [threading.Thread(target=self.push_on, args=(n,), daemon=True) for n in names]

    def start(self):
        for thread in self.threads:
            thread.start()

    def go_on(self, wanted):
        """Agencies push faster than nodes that die every second deliver: enough may wait."""
        self.wanted.set() if wanted else self.wanted.clear()

    def stop(self):
        self.stopping.set()
        self.wanted.set()
        for thread in self.threads:
            thread.join(60)
        assert not any(t.is_alive() for t in self.threads), "an agency never got its receipt"

    def next(self):
        with self.lock:
            self.counter += 1
            n = self.counter
        return certificate(f"K/{self.seed}/{n}", to=self.receiver(n))

    def receiver(self, n):
        return "AU" if n % 3 == 0 else "NZ"

    def push_on(self, name):
        agency = Agency(self.cn, name, f"CN-{name}")
        while self.wanted.wait() and not self.stopping.is_set():
            data = self.next()
            while True:
                try:
                    answer = agency.push(data)
                except (OSError, http.client.HTTPException, ssl.SSLError):
                    self.errors["cut off"] += 1
                    time.sleep(0.05)
                    continue
                if answer.status in (200, 202):
                    break
                self.errors[answer.status] += 1
                time.sleep(0.05)
            receipt = answer.json()
            assert receipt["sha256"] == hashlib.sha256(data).hexdigest()
            with self.lock:
                self.receipts[receipt["delivery"]] = (receipt["sha256"], receipt["partner"])
        agency.close()


def at_the_kill(folder):
    """What the dead ledger says: deliveries by progress, and leases open (work in flight)."""
    with sqlite3.connect(folder / "data" / "ledger.sqlite", timeout=10) as ledger:
        progress = dict(ledger.execute("SELECT progress, count(*) FROM delivery GROUP BY progress"))
        leases = ledger.execute("SELECT count(*) FROM work WHERE lease > 0").fetchone()[0]
    ledger.close()
    return progress, leases


def pages(fetch, path):
    rows, cursor = [], ""
    while True:
        page = fetch(path + (("&" if "?" in path else "?") + "cursor=" + cursor if cursor else ""))
        rows += page["rows"]
        cursor = page.get("next") or ""
        if not cursor:
            return rows


class Rounds:
    def __init__(self, folder, seed):
        self.random = random.Random(seed)
        pki = shared_pki()
        self.cn, self.nz = Node("CN", folder / "cn", pki), Node("NZ", folder / "nz", pki)
        self.au = Sink("AU", folder / "au", pki)
        self.agencies = ["gacc", "other"]
        for name in self.agencies:
            self.cn.add_agency(name, inbox=(), default=name == "gacc", number_prefixes=[])
        self.mpi = self.nz.add_agency("mpi", default=True)
        done = {"complete_at": "delivered"}
        self.cn.add_partner("NZ", self.nz.partner_url(), tables=QUICK, profile=done)
        self.cn.add_partner("AU", self.au.url(), tables=QUICK, profile=done)
        self.nz.add_partner("CN", self.cn.partner_url(), tables=QUICK)
        self.au.write({"CN": self.cn.partner_url()})
        self.load = Load(self.cn, self.agencies * 2, seed)
        self.hits = self.kills = 0
        for process in (self.au, self.nz, self.cn):
            process.start()

    def round(self, number):
        victim = self.cn if self.random.random() < 0.7 else self.nz
        points = CN_POINTS if victim is self.cn else NZ_POINTS
        point = self.random.choice(points) if self.random.random() < 0.6 else None
        if point:
            # Killed by itself at the point: restarted with the order to do so.
            victim.stop() if self.random.random() < 0.3 else victim.kill()
            victim.start("--kill-at", f"{point}:{self.random.randint(1, 40)}", ready=False)
            end = time.monotonic() + 5
            while victim.alive() and time.monotonic() < end:
                time.sleep(0.01)
        else:
            time.sleep(self.random.uniform(0.2, 0.9))
        victim.kill()
        self.kills += 1
        progress, leases = at_the_kill(self.cn.folder if victim is self.cn else self.cn.folder)
        self.hits += leases > 0
        self.load.go_on(progress.get(0, 0) < ENOUGH)
        print(f"{number:5}  {victim.name}  {point or 'random moment':16} none {progress.get(0, 0):5}  sent {progress.get(1, 0):4}  "
              f"delivered {progress.get(2, 0):6}  in flight {leases:3}", flush=True)
        victim.start()

    def settle(self):
        self.load.stop()
        for node in (self.cn, self.nz):
            if not node.alive():
                node.start()

        def undelivered():
            counts = self.cn.operate("GET", "/v1/status")[1]["states"]
            return sum(count for state, count in counts.items() if state not in ("delivered", "acknowledged"))
        left = undelivered()
        while left:
            wait_until(f"one of {left} deliveries to end", lambda before=left: undelivered() < before, 120, 0.2)
            left = undelivered()

    def compare(self):
        receipts = {d: sha for d, (sha, _) in self.load.receipts.items()}
        ledger_rows = pages(lambda p: self.cn.operate("GET", p)[1], "/v1/work?verb=deliver&limit=500")
        ledger = {r["delivery"]: r["sha256"] for r in ledger_rows}
        inbox = pages(lambda p: self.mpi.request("GET", p).json(), "/v1/inbox?limit=500")
        sink = self.au.stored()
        stored = collections.Counter((r["message_id"].removeprefix("urn:uuid:"), r["sha256"]) for r in inbox + sink)
        twice = [key for key, count in stored.items() if count > 1]
        arrived = dict(stored.keys())
        repeats = sum(1 for e in self.nz.log() if e.get("event") == "certificate_arrived" and e.get("repeat"))
        repeats += sum(1 for e in self.au.log() if e.get("repeat"))
        wrong = []
        for delivery, sha in receipts.items():
            if ledger.get(delivery) != sha:
                wrong.append(f"receipt {delivery} is not in the ledger")
            if arrived.get(delivery) != sha:
                wrong.append(f"receipt {delivery} did not arrive")
        for delivery in arrived:
            if delivery not in ledger:
                wrong.append(f"{delivery} arrived and is not in the ledger")
        wrong += [f"{delivery} is stored twice" for delivery, _ in twice]
        for node in (self.cn, self.nz):
            if not node.operate("GET", "/v1/audit")[1]["whole"]:
                wrong.append(f"the event chain of {node.name} is broken")
        print(f"kills {self.kills}, of work in flight {self.hits}; receipts {len(receipts)}, ledger {len(ledger)}, "
              f"arrived {len(arrived)}; transmissions repeated {repeats}; agencies: {dict(self.load.errors)}")
        if self.kills >= 10 and self.hits < 0.7 * self.kills:
            wrong.append(f"only {self.hits} of {self.kills} kills hit work in flight")
        if self.kills >= 10 and repeats == 0:
            wrong.append("no transmission was ever repeated: the kills proved nothing")
        return wrong

    def close(self):
        for process in (self.cn, self.nz, self.au):
            process.stop()


def run(count, seed):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-crash-"))
    rounds = Rounds(folder, seed)
    print(f"seed {seed}")
    try:
        rounds.load.start()
        for number in range(1, count + 1):
            rounds.round(number)
        rounds.settle()
        wrong = rounds.compare()
    except BaseException:
        for node in (rounds.cn, rounds.nz):
            print(f"--- {node.name}\n" + pathlib.Path(node.log_file).read_text(errors="replace")[-4000:])
        raise
    finally:
        rounds.load.stopping.set()
        rounds.load.wanted.set()
        rounds.close()
    shutil.rmtree(folder, ignore_errors=True)
    return wrong


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rounds", type=int, default=1000)
    words.add_argument("--seed", type=int, default=int(time.time()))
    told = words.parse_args()
    found = run(told.rounds, told.seed)
    print("\n".join(found) or "all sets agree")
    sys.exit(bool(found))
