"""Worker hosts: heartbeats, large content with its token, drain and reload. A node over a broker of its own, real adapters, and
partner sinks."""

import datetime
import hashlib
import http.client
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

from broker import Broker
from harness.gate import Gate, slowly
from harness.hub_gate import HubGate
from harness.world import QUICK, certificate, of_the_release, shared_pki
from limits_test import peak_kib, with_attachments
from nodes import BUILD, Node, Sink, wait_until
from over_amqp import RABBITMQ, over_amqp

CTL = BUILD / "hub" / "ecertctl" / "ecertctl"
SHORT = {"returned_delay": "300ms", "returned_longest": "1s"}


broker = None


def seal_keys(*words):
    return subprocess.run([sys.executable, RABBITMQ / "seal-keys.py", *map(str, words)], check=True, capture_output=True, text=True).stdout


def setUpModule():
    global broker
    broker = Broker(pathlib.Path(tempfile.mkdtemp(prefix="ecert-broker-")) / "a").start()


def tearDownModule():
    broker.remove()
    broker.folder.parent.rmdir()


class AdapterCase(unittest.TestCase):
    """CN over AMQP, with an adapter for NZ and one for AU, who takes an older form; each is a sink."""

    hosts = ("NZ", "AU")
    dispatch = SHORT
    gated = None  # a HubGate between the adapters and the hub, which comes as this partner's adapter

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-it-"))
        self.pki = shared_pki()
        self.cn = Node("CN", self.folder / "cn", self.pki, dispatch=self.dispatch)
        self.gacc = self.cn.add_agency("gacc", default=True)
        self.sinks = {name: Sink(name, self.folder / name.lower(), self.pki) for name in ("NZ", "AU")}
        for sink in self.sinks.values():
            sink.write({"CN": self.cn.partner_url()})
        self.cn.add_partner("NZ", self.url_of("NZ"), tables=QUICK)
        self.cn.add_partner("AU", self.url_of("AU"), tables=QUICK, profile={"translate": "sps-8"})
        self.door, hub = None, None
        if self.gated:
            self.pki.client(f"cn-{self.gated.lower()}")
            self.door = HubGate(self.pki, "CN-server", 0, f"cn-{self.gated.lower()}")
            hub = self.door.url
        broker.ctl("delete_vhost", "CN", check=False)
        self.adapters = dict(zip(self.hosts, over_amqp(self.cn, broker, self.hosts, hub)))
        if self.door:
            self.door.target_port = self.cn.adapter_port
        for process in (*self.sinks.values(), *self.adapters.values()):
            process.start()
        self.cn.start("--no-workers")

    def url_of(self, name):
        return self.sinks[name].url()

    def tearDown(self):
        failed = self._outcome and not self._outcome.success
        for process in (*self.adapters.values(), self.cn, *self.sinks.values()):
            if failed:
                print(f"--- log of {process.name}\n" + pathlib.Path(process.log_file).read_text(errors="replace")[-4000:])
            process.stop()
        self.gacc.close()
        if self.door:
            self.door.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def accepted(self, data, to="NZ"):
        answer = self.gacc.push(data, query=f"?to={to}")
        self.assertEqual(answer.status, 202, answer.body[:2000])
        return answer.json()

    def until(self, receipt, state="delivered", seconds=60):
        def there():
            view = self.gacc.certificate(receipt["certificate"])
            return view if view["state"] == state else None
        return wait_until(f"{receipt['certificate']} to be {state}", there, seconds)

    def stored(self, name):
        return [pathlib.Path(row["path"]).read_bytes() for row in self.sinks[name].stored()]

    def workers(self):
        done = subprocess.run([CTL, "workers", "--socket", self.cn.socket, "--json"], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return {row["host"]: row for row in json.loads(done.stdout)["rows"]}

    def heard(self, host, condition, what):
        return wait_until(f"{host} to be {what}", lambda: (
            lambda row: row if row and condition(row) else None)(self.workers().get(host)))

    def logged(self, process, event):
        return [e for e in process.log() if e.get("event") == event]

    def as_client(self, client, method, path, body=None, headers=None):
        """One request at the hub's door for worker hosts."""
        context = ssl.create_default_context(cafile=str(self.pki.pem("ca")))
        context.load_cert_chain(self.pki.pem(client), self.pki.key(client))
        connection = http.client.HTTPSConnection("127.0.0.1", self.cn.adapter_port, timeout=20, context=context)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


class Heartbeats(AdapterCase):
    def test_each_host_is_heard_and_what_differs_is_told_once(self):
        for host, partner in (("cn-nz", "NZ"), ("cn-au", "AU")):
            row = self.heard(host, lambda r: not r["silent"] and not r["troubles"], "heard, without troubles")
            self.assertEqual(row["partners"], [partner])
        self.until(self.accepted(certificate("A-1")))
        adapter = self.adapters["NZ"]
        profile = adapter.folder / "partners" / "NZ.toml"
        profile.write_text(profile.read_text() + 'complete_at = "delivered"\n')
        adapter.running.send_signal(1)
        row = self.heard("cn-nz", lambda r: any(t["kind"] == "other-profile" for t in r["troubles"]), "told it differs")
        wait_until("three more heartbeats", lambda: self.heard_since("cn-nz", row["heard"], 3))
        differs = self.logged(adapter, "hub_differs")
        self.assertEqual(len([e for e in differs if "profile of NZ" in e["text"]]), 1, differs)
        waits = self.accepted(certificate("A-2"))
        wait_until("its task to come back", lambda: self.logged(adapter, "task_returned"))
        self.assertNotIn(self.gacc.certificate(waits["certificate"])["state"], ("parked", "refused"))
        adapter.take("NZ")
        adapter.running.send_signal(1)
        self.heard("cn-nz", lambda r: not any(t["kind"] == "other-profile" for t in r["troubles"]), "fit again")
        self.until(waits)

    def heard_since(self, host, first, count):
        seen = getattr(self, "beats", set())
        seen.add(self.workers()[host]["heard"])
        self.beats = seen
        return len([b for b in seen if b > first]) >= count

    def test_a_clock_that_differs_is_told(self):
        """As the adapter, with its certificate: no machine's clock is set for a test."""
        self.heard("cn-au", lambda r: True, "heard")
        self.adapters["AU"].stop()
        ahead = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=60)
        stamp = ahead.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        beat = {"v": 1, "adapter": "cn-au", "version": "0.1.0", "started": stamp, "now": stamp, "in_flight": 0, "partners": [],
                "keys": []}
        status, body = self.as_client("cn-au", "POST", "/internal/heartbeat", json.dumps(beat), {"Content-Type": "application/json"})
        self.assertEqual(status, 200, body)
        self.assertTrue(any("clock" in text for text in json.loads(body)["differs"]), body)
        self.assertIn("clock-skew", [t["kind"] for t in self.workers()["cn-au"]["troubles"]])
        wait_until("the alert", lambda: 'alert="worker_clock_skew"' in self.cn.health("/metrics")[1], seconds=15)

    def test_a_hub_that_is_away_is_told_once_and_work_goes_on(self):
        self.heard("cn-nz", lambda r: True, "heard")
        self.until(self.accepted(certificate("A-3")))
        adapter = self.adapters["NZ"]
        told = len(self.logged(adapter, "hub_out_of_reach"))  # it may have been there before its hub
        reached = len(self.logged(adapter, "hub_reached"))
        self.cn.kill()
        wait_until("the adapter to miss its hub", lambda: len(self.logged(adapter, "hub_out_of_reach")) > told)
        time.sleep(2.5)  # two more heartbeats that nobody hears: the silence is what is looked at
        self.assertEqual(len(self.logged(adapter, "hub_out_of_reach")), told + 1)
        self.gacc.close()
        self.cn.start("--no-workers")
        self.heard("cn-nz", lambda r: True, "heard")
        wait_until("its return to be told", lambda: len(self.logged(adapter, "hub_reached")) == reached + 1)
        self.until(self.accepted(certificate("A-4")))


class LargeContent(AdapterCase):
    gated = "NZ"
    hosts = ("NZ",)

    def test_a_broken_connection_goes_on_where_it_broke(self):
        data = with_attachments("A-5MB", 1, 4)
        self.assertGreater(len(data), 5 << 20)
        self.door.cut = 2 << 20
        self.until(self.accepted(data))
        self.assertEqual([hashlib.sha256(d).hexdigest() for d in self.stored("NZ")], [hashlib.sha256(data).hexdigest()])
        asked = [headers.get("Range") for _, headers in self.door.of("GET")]
        self.assertEqual(asked, [None, f"bytes={2 << 20}-"])
        self.assertEqual(self.logged(self.adapters["NZ"], "task_returned"), [])

    def test_with_the_hubs_door_shut_large_ones_come_back_and_small_ones_go(self):
        self.door.shut = True
        large, small = self.accepted(with_attachments("A-wait", 1, 1)), self.accepted(certificate("A-small"))
        self.until(small)
        wait_until("the large one to come back", lambda: self.logged(self.adapters["NZ"], "task_returned"))
        self.door.shut = False
        self.until(large)
        self.assertEqual(len(self.stored("NZ")), 2)


    def test_a_host_is_heard_while_all_its_content_is_on_its_way(self):
        """As many as a channel has in flight at once, each waiting for its content."""
        adapter = self.adapters["NZ"]
        self.until(self.accepted(certificate("A-first")))
        self.door.flows.clear()
        receipts = [self.accepted(with_attachments(f"A-slow-{i}", 0.12, 1)) for i in range(64)]
        wait_until("all of them to be asked for", lambda: len(self.door.of("GET")) >= 64, 60)
        told = len(self.logged(adapter, "hub_out_of_reach"))
        beats = len([1 for m, p, _ in self.door.seen if p.endswith("/heartbeat")])
        wait_until("three more heartbeats", lambda: len(
            [1 for m, p, _ in self.door.seen if p.endswith("/heartbeat")]) >= beats + 3)
        self.assertEqual(len(self.logged(adapter, "hub_out_of_reach")), told)
        self.door.flows.set()
        for receipt in receipts:
            self.until(receipt)


class Tokens(AdapterCase):
    gated = "NZ"
    dispatch = {**SHORT, "start_by": "8s", "attempt_limit": "6s", "attempt_limit_per_mib": "10ms", "skew": "0s"}

    def test_a_token_opens_its_own_content_to_its_own_host_in_its_time(self):
        one, other = with_attachments("A-one", 1, 1), with_attachments("A-other", 1, 1)
        receipts = [self.accepted(one), self.accepted(other)]
        for receipt in receipts:
            self.until(receipt)
        tokens = {path.rpartition("/")[2]: headers["Ecert-Task-Token"] for path, headers in self.door.of("GET")}
        digests = [hashlib.sha256(d).hexdigest() for d in (one, other)]
        self.assertEqual(set(tokens), set(digests))

        fresh = with_attachments("A-fresh", 1, 1)
        self.accepted(fresh)
        digest = hashlib.sha256(fresh).hexdigest()
        token = wait_until("its token to be seen", lambda: next(
            (h["Ecert-Task-Token"] for p, h in self.door.of("GET") if p.endswith(digest)), None))

        def get(client, which, shown):
            return self.as_client(client, "GET", f"/internal/content/{which}", None,
                                  {"Ecert-Task-Token": shown} if shown else {})
        self.assertEqual(get("cn-nz", digest, token), (200, fresh))
        self.assertEqual(get("cn-nz", digest, None)[0], 401)
        self.assertEqual(get("cn-nz", digest, token[:-8] + "AAAAAAA=")[0], 401)
        self.assertEqual(get("cn-nz", digests[0], token)[0], 404)
        self.assertEqual(get("cn-au", digest, token)[0], 403)
        self.assertEqual(get("CN-gacc", digest, token)[0], 403)
        self.assertEqual(get("CN-stranger", digest, token)[0], 401)
        status, body = self.as_client("cn-nz", "PUT", f"/internal/content/{hashlib.sha256(b'x').hexdigest()}", b"x",
                                      {"Ecert-Task-Token": token})
        self.assertEqual((status, json.loads(body)["type"]), (403, "urn:ecert:problem:nothing-to-bring"))
        wait_until("the token to end with its attempt", lambda: get("cn-nz", digest, token)[0] == 403, seconds=40)
        self.assertTrue(self.logged(self.cn, "content_refused"))


class Translated(AdapterCase):
    hosts = ("AU",)
    gated = "AU"

    def test_a_large_translation_is_at_the_hub_before_its_outcome(self):
        receipt = self.accepted(with_attachments("A-old-form", 1, 2), to="AU")
        view = self.until(receipt)
        got = self.stored("AU")
        self.assertEqual(len(got), 1)
        self.assertEqual(hashlib.sha256(got[0]).hexdigest(), view["translation"])
        self.assertNotIn(b"SPSCertificate:17", got[0])
        self.assertEqual([path.rpartition("/")[2] for path, _ in self.door.of("PUT")], [view["translation"]])


class HundredMegabytes(AdapterCase):
    @of_the_release
    def test_they_go_through_an_adapter_in_bounded_memory(self):
        data = with_attachments("A-100MB", 2.9, 26)
        self.assertGreater(len(data), 100 << 20)
        self.until(self.accepted(data), seconds=180)
        self.assertEqual([hashlib.sha256(d).hexdigest() for d in self.stored("NZ")], [hashlib.sha256(data).hexdigest()])
        for process in (self.adapters["NZ"], self.cn):
            peak = peak_kib(process)
            print(f"{process.name}: peak {peak // 1024} MiB for a certificate of {len(data) >> 20} MiB")
            self.assertLess(peak, 512 * 1024)


class Stopping(AdapterCase):
    hosts = ("NZ",)

    def url_of(self, name):
        if name != "NZ":
            return super().url_of(name)
        self.partner = Gate(self.pki, "NZ-server", self.sinks["NZ"].port, "CN-client")
        self.addCleanup(self.partner.close)
        return self.partner.url

    def test_sigterm_lets_what_is_under_way_end_and_takes_no_more(self):
        self.partner.otherwise = slowly(1.5)
        under_way = [self.accepted(certificate(f"A-drain-{i}")) for i in range(3)]
        wait_until("them to be under way", lambda: len(self.partner.seen) == 3)
        began = time.monotonic()
        self.assertEqual(self.adapters["NZ"].stop(), 0)
        self.assertLess(time.monotonic() - began, 11)
        self.assertTrue(self.logged(self.adapters["NZ"], "stopped")[-1]["drained"])
        self.assertTrue(self.workers()["cn-nz"]["stopped"], "it said so itself")
        later = self.accepted(certificate("A-later"))
        for receipt in under_way:
            self.until(receipt)
        self.assertEqual(len(self.partner.seen), 3, "no attempt was wasted")
        self.adapters["NZ"].start()
        self.until(later)
        self.assertEqual(len(self.partner.seen), 4)
        self.heard("cn-nz", lambda row: not row["stopped"], "back")


class Reloading(AdapterCase):
    hosts = (("NZ", "AU"),)

    def test_sighup_adds_and_removes_a_partner(self):
        adapter = self.adapters[("NZ", "AU")]
        self.heard("cn-nz-au", lambda r: sorted(r["partners"]) == ["AU", "NZ"], "serving both")
        adapter.drop("AU")
        adapter.running.send_signal(1)
        self.heard("cn-nz-au", lambda r: r["partners"] == ["NZ"], "serving one")
        wait_until("its consumer to go", lambda: self.consumers("work.AU") == 0)
        waits = self.accepted(certificate("A-au", to="AU"), to="AU")
        self.until(self.accepted(certificate("A-nz")))
        self.assertEqual(self.stored("AU"), [])
        adapter.take("AU")
        adapter.running.send_signal(1)
        self.until(waits)

    def test_a_seal_key_that_is_not_there_any_more_leaves_all_as_it_was(self):
        adapter = self.adapters[("NZ", "AU")]
        self.until(self.accepted(certificate("A-before")))
        seals = pathlib.Path(dict(adapter.queue)["queue"]["seal_keys"])
        kept = seals.read_text()
        seals.write_text("rubbish\n")
        adapter.running.send_signal(1)
        wait_until("the refusal", lambda: self.logged(adapter, "reload_refused"))
        self.until(self.accepted(certificate("A-after")))
        seals.write_text(kept)

    def test_seal_keys_are_renewed_without_a_restart(self):
        adapter = self.adapters[("NZ", "AU")]
        hubs = self.cn.folder / "trust" / "seal.keys"
        hosts = pathlib.Path(dict(adapter.queue)["queue"]["seal_keys"])

        def renew(text, *first_to_last):
            hubs.write_text(text)
            hosts.write_text(seal_keys("worker", hubs, "NZ", "AU"))
            for process in first_to_last:
                done = len(self.logged(process, "reloaded"))
                process.running.send_signal(1)
                wait_until(f"{process.name} to reload", lambda: len(self.logged(process, "reloaded")) > done)
        old = hubs.read_text()
        new = seal_keys("new", "k2")
        self.until(self.accepted(certificate("A-k1")))
        renew(old + new, adapter, self.cn)   # all open it, nobody seals with it yet
        renew(new + old, self.cn, adapter)   # it seals
        self.until(self.accepted(certificate("A-k2")))
        renew(new, self.cn, adapter)         # nothing of the old one is left
        self.until(self.accepted(certificate("A-k2-alone")))
        self.assertEqual(self.logged(adapter, "task_unreadable"), [])
        self.assertEqual(len(self.stored("NZ")), 3)

    def consumers(self, queue):
        rows = json.loads(broker.ctl("list_queues", "-p", "CN", "--formatter", "json", "name", "consumers") or "[]")
        return next((row["consumers"] for row in rows if row["name"] == queue), None)


if __name__ == "__main__":
    unittest.main()
