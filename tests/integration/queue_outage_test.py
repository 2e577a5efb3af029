"""One hub over RabbitMQ, an adapter for one partner, the broker taken away: ingest goes on, everybody says what waits for what,
and when it is back all goes out without anyone's act. And what a hub's own death, and a rebuilt queue, cost: nothing."""

import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from broker import Broker
from harness.world import QUICK, certificate, shared_pki
from nodes import BUILD, Node, Sink, wait_until
from over_amqp import Access

CTL = BUILD / "hub" / "ecertctl" / "ecertctl"
LEASE = {"start_by": "3s", "attempt_limit": "2s", "skew": "0s"}


class QueueOutage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="ecert-outage-"))
        cls.addClassCleanup(shutil.rmtree, cls.place, ignore_errors=True)
        cls.broker = Broker(cls.place / "broker")
        cls.addClassCleanup(cls.broker.stop)
        cls.broker.start()

    def world(self, dispatch=None, worker=True, **amqp):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.place))  # short: a Unix socket is in it
        pki = shared_pki()
        self.cn = Node("CN", folder / "cn", pki, dispatch=dispatch)
        self.au = Sink("AU", folder / "au", pki)
        self.gacc = self.cn.add_agency("gacc", default=True)
        self.cn.add_partner("AU", self.au.url(), tables=QUICK, profile={"complete_at": "delivered"})
        self.au.write({"CN": self.cn.partner_url()})
        access = Access(self.cn, self.broker, [("AU",)], vhost=folder.name)
        access.connect(**amqp)
        self.adapter = access.adapter(("AU",))
        self.addCleanup(self.end)
        self.au.start()
        if worker:
            self.adapter.start()
        self.cn.start("--no-workers")

    def end(self):
        self.gacc.close()
        for each in (self.adapter, self.cn, self.au):
            if each.alive():
                each.running.send_signal(signal.SIGCONT)
            each.stop()

    def push(self, *numbers):
        return [self.pushed(n) for n in numbers]

    def pushed(self, number):
        answer = self.gacc.push(certificate(number, to="AU"))
        self.assertEqual(answer.status, 202, answer.body[:2000])
        return answer.json()

    def states(self, receipts):
        return [self.gacc.certificate(r["certificate"])["state"] for r in receipts]

    def until_delivered(self, receipts, seconds=40):
        try:
            wait_until("all to be delivered", lambda: set(self.states(receipts)) == {"delivered"}, seconds, 0.1)
        except TimeoutError as late:
            logs = (f"--- log of {p.name}\n" + pathlib.Path(p.log_file).read_text(errors="replace")[-5000:]
                    for p in (self.cn, self.adapter))
            self.fail("\n".join((str(late), self.ctl("queue"), *logs)))
        stored = [(s["message_id"], s["sha256"]) for s in self.au.stored()]
        self.assertEqual(len(stored), len(set(stored)))

    def ctl(self, *words, ok=0):
        done = subprocess.run([CTL, *words, "--socket", self.cn.socket], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, ok, done.stdout + done.stderr)
        return done.stdout

    def queue(self):
        return json.loads(self.ctl("queue", "--json"))

    def row(self):
        return self.queue()["rows"][0]

    def attempts(self, receipts):
        return [self.cn.operate("GET", f"/v1/work/{r['delivery']}")[1]["attempts"] for r in receipts]

    def waits(self):
        status, text = self.cn.health("/readyz")
        return status, "\n".join(json.loads(text)["waits"])

    def test_while_the_broker_is_gone_ingest_goes_on_and_all_goes_out_when_it_is_back(self):
        self.world()
        self.until_delivered(self.push("Q-0"))
        self.broker.stop()
        wait_until("the hub to miss its broker", lambda: self.waits()[1])
        receipts = self.push(*(f"Q-{i}" for i in range(1, 6)))
        wait_until("the five to be counted", lambda: "(5 pieces for 1 partner due)" in self.waits()[1])
        status, waits = self.waits()
        self.assertEqual(status, 200, "certificates are taken in all the same")
        for said in ("all work waits for the queue since 20", self.broker.address()):
            self.assertIn(said, waits)
            self.assertIn(said, self.ctl("status"))
        told = self.ctl("queue")
        self.assertIn("TROUBLE since 20", told)
        self.assertIn(self.broker.address(), told)
        self.assertEqual(self.row()["due"], 5)
        self.assertEqual(self.row()["in_flight"], 0, "no lease is taken while nothing can be published")
        self.assertIn("waits for the queue", self.ctl("status", receipts[0]["delivery"]))
        self.assertEqual(self.states(receipts), ["waiting"] * 5)
        self.broker.start()
        self.until_delivered(receipts)
        self.assertEqual(self.attempts(receipts), [1] * 5)
        wait_until("nothing to wait any more", lambda: not self.waits()[1])
        self.assertIn("amqp: well", self.ctl("queue"))
        self.assertEqual(len(self.au.stored()), 6)

    def test_a_hub_that_dies_leaves_its_workers_work_to_them(self):
        self.world()
        self.until_delivered(self.push("K-0"))
        self.adapter.running.send_signal(signal.SIGSTOP)
        receipts = self.push(*(f"K-{i}" for i in range(1, 6)))
        wait_until("all to be out", lambda: self.row()["in_flight"] == 5)
        self.cn.kill()
        self.gacc.close()
        self.cn.start("--no-workers")
        self.assertEqual(self.row()["in_flight"], 5, "the leases of the process before are open")
        self.assertEqual(self.row()["due"], 0)
        self.adapter.running.send_signal(signal.SIGCONT)
        self.until_delivered(receipts)
        self.assertEqual(self.attempts(receipts), [1] * 5, "nothing was sent a second time")
        self.assertEqual(len(self.au.stored()), 6)

    def test_a_queue_rebuilt_while_it_is_in_use_loses_nothing(self):
        self.world(LEASE)
        self.until_delivered(self.push("R-0"))
        self.adapter.stop()
        receipts = self.push(*(f"R-{i}" for i in range(1, 6)))
        wait_until("all to wait in the queue", lambda: (self.row()["queue"] or {}).get("ready") == 5)
        told = json.loads(self.ctl("queue", "rebuild", "--all", "--reason", "the disk was lost", "--json"))["rows"]
        by_name = {r["queue"]: r for r in told}
        self.assertEqual({r["done"] for r in told}, {True}, told)
        self.assertEqual((by_name["work.AU"]["before"], by_name["work.AU"]["after"]), (5, 0))
        self.assertEqual(set(by_name), {"work.AU", "outcomes", "poison"})
        self.assertTrue(json.loads(self.ctl("audit", "verify", "--json"))["whole"])
        self.adapter.start()
        self.until_delivered(receipts)
        self.assertEqual(len({s["sha256"] for s in self.au.stored()}), 6)

    def test_a_queue_rebuilt_under_a_worker_goes_on_giving(self):
        self.world(LEASE)
        self.until_delivered(self.push("W-0"))
        self.ctl("queue", "rebuild", "AU", "--outcomes", "--reason", "because we can")
        self.until_delivered(self.push("W-1", "W-2"))

    def host(self):
        rows = self.cn.operate("GET", "/v1/workers")[1]["rows"]
        return rows[0] if rows else {"started": "", "in_flight": 0}

    def kill_a_worker_at_work(self):
        before = self.host()["started"]
        self.adapter.start()
        wait_until("the worker to be at work", lambda: self.host()["started"] > before and self.host()["in_flight"], 60)
        self.adapter.kill()

    def test_a_task_that_kills_its_workers_is_poison_when_it_does_so_alone(self):
        self.world({"start_by": "600s"}, worker=False, delivery_limit=2)
        self.au.running.send_signal(signal.SIGSTOP)  # a worker is at work until it is killed
        receipts = self.push("P-1", "P-2")
        for _ in range(3):
            self.kill_a_worker_at_work()
            self.assertNotIn("parked", self.states(receipts), "it may have died of the other")
        for _ in range(12):
            if "parked" in self.states(receipts):
                break
            self.kill_a_worker_at_work()
        self.assertEqual(self.states(receipts).count("parked"), 1)
        parked, other = sorted(receipts, key=lambda r: self.states([r]) != ["parked"])
        self.assertIn("poison", self.ctl("status", parked["delivery"]))
        self.au.running.send_signal(signal.SIGCONT)
        self.adapter.start()
        self.until_delivered([other])
        self.ctl("retry", parked["delivery"], "--reason", "the cause is mended")
        self.until_delivered([parked])

    def test_a_partner_that_no_worker_serves_is_told_and_never_parked(self):
        self.world({"start_by": "5s", "attempt_limit": "2s", "skew": "0s"}, worker=False)
        receipt, = self.push("N-0")

        def told():
            return self.cn.operate("GET", f"/v1/work/{receipt['delivery']}")[1]["reason"] == "waits: no worker serves AU"
        wait_until("the custody line to say so", told, 60, 0.2)
        wait_until("/readyz to say so", lambda: "work for AU waits: no worker serves AU" in self.waits()[1], 20)
        self.assertIn('alert="worker_partner_unserved"', self.cn.health("/metrics")[1])
        self.assertIn("no worker serves it", self.ctl("queue"))
        self.assertIn(self.states([receipt])[0], ("waiting", "queued"))
        self.adapter.start()
        self.until_delivered([receipt])


if __name__ == "__main__":
    unittest.main()
