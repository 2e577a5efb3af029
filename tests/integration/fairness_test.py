"""Two agencies at one door: one holds what it can, the other's pushes go through with the latency they always had."""

import contextlib
import re
import resource
import socket
import ssl
import statistics
import threading
import time

from harness.world import WorldCase, certificate
from limits_test import with_attachments
from nodes import Agency, wait_until

PUSH = (b"POST /v1/certificates HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\n"
        b"Content-Length: %d\r\n\r\n<a>")


class FairnessCase(WorldCase):
    doors = {}

    def arrange(self):
        """The hostile ones need descriptors here too; the doors are as small as the test wants them."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4096), hard), hard))
        whole = self.cn.listener
        self.cn.listener = lambda port: {**whole(port), **self.doors}
        self.cn.write_node()
        self.held = []
        self.ended = threading.Event()
        self.addCleanup(self.let_go)

    def let_go(self):
        self.ended.set()
        for one in self.held:
            with contextlib.suppress(OSError):
                one.close()

    def bare(self, source):
        one = socket.create_connection(("127.0.0.1", self.cn.agency_port), timeout=10, source_address=(source, 0))
        self.held.append(one)
        return one

    def connects(self, client):
        made = ssl.create_default_context(cafile=str(self.pki.pem("ca")))
        made.load_cert_chain(self.pki.pem(client), self.pki.key(client))
        raw = socket.create_connection(("127.0.0.1", self.cn.agency_port), timeout=10)
        one = made.wrap_socket(raw, server_hostname="127.0.0.1")
        self.held.append(one)
        return one

    def trickle(self, sockets):
        """A byte is enough for none: 8 KiB a second, above the minimum rate, on each."""
        def run():
            while not self.ended.wait(0.1):
                for one in list(sockets):
                    try:
                        one.send(b"x" * 820)
                    except OSError:
                        sockets.remove(one)
        threading.Thread(target=run, daemon=True).start()

    def pushes(self, prefix, count, anew):
        """Seconds that each push of the honest agency takes; `anew`: each over a connection of its own."""
        took = []
        for i in range(count):
            if anew:
                self.gacc.close()
            data = certificate(f"{prefix}-{i}")
            began = time.monotonic()
            self.accepted(data)
            took.append(time.monotonic() - began)
        return took

    def refused(self, reason):
        found = re.search(rf'^ecert_door_refusals_total{{door="agencies",reason="{reason}"}} (\d+)',
                          self.cn.health("/metrics")[1], re.M)
        return int(found[1]) if found else 0

    def goes_on(self, prefix, anew=True, worst=3.0):
        before = statistics.median(self.quiet)
        during = self.pushes(prefix, 30, anew)
        print(f"{prefix}: a push took {before * 1000:.1f} ms before, {statistics.median(during) * 1000:.1f} ms "
              f"beside it, {max(during) * 1000:.1f} ms at worst")
        self.assertLess(statistics.median(during), max(10 * before, 0.25))
        self.assertLess(max(during), worst)
        self.assertTrue(self.cn.alive())

    def setUp(self):
        super().setUp()
        self.quiet = self.pushes("Q", 10, anew=True)


class Bodies(FairnessCase):
    limits = {"body_budget": "40MiB", "small_body_budget": "4MiB", "certificate_bytes": "8MiB", "body_budget_wait": "300ms"}

    def test_bodies_that_one_agency_trickles_leave_the_other_its_room(self):
        large = [self.connects("CN-other") for _ in range(20)]
        small = [self.connects("CN-other") for _ in range(40)]
        for one in large:
            one.sendall(PUSH % (8 << 20))
        for one in small:
            one.sendall(PUSH % (1 << 20))
        wait_until("its own part to be all it gets", lambda: self.refused("no-room-for-body") >= 19)
        answer = large[-1].recv(4096)
        self.assertIn(b"HTTP/1.1 503", answer)
        self.assertIn(b"Retry-After", answer)
        self.trickle(large + small)
        self.goes_on("B", anew=False)
        began = time.monotonic()
        self.accepted(with_attachments("B-large", 2.8, 2))
        self.assertLess(time.monotonic() - began, 5)


class Handshakes(FairnessCase):
    doors = {"handshakes": 64, "handshakes_per_address": 16}

    def test_connections_that_say_nothing_shut_no_door(self):
        for source in range(2, 8):
            for _ in range(30):
                self.bare(f"127.0.0.{source}")
        self.goes_on("S", worst=5.0)
        self.assertGreater(self.refused("handshake-made-room"), 0)
        told = self.logged(self.cn, "http_turned_away")
        self.assertLess(len(told), 60, "a line for every connection")
        wait_until("their deadline", lambda: self.refused("handshake-too-slow") > 0)


class Idle(FairnessCase):
    doors = {"connections": 48, "connections_per_identity": 13}

    def test_connections_that_stay_idle_make_room(self):
        self.gacc.close()
        for client in ("CN-other", "CN-stranger", "NZ-mpi", "NZ-client"):
            for _ in range(20):
                one = self.connects(client)
                with contextlib.suppress(OSError):
                    one.sendall(b"GET /v1/certificates HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until("one identity to have its part", lambda: self.refused("identity-has-its-part") > 0)
        time.sleep(1.1)  # nobody is put out within a second
        self.goes_on("I")
        self.assertGreater(self.refused("idle-made-room"), 0)

    def test_an_agency_with_all_its_connections_at_work_is_told_to_come_later(self):
        busy = [self.connects("CN-other") for _ in range(13)]
        for one in busy:
            one.sendall(PUSH % 1000)
        self.trickle(busy)
        late = Agency(self.cn, "other", "CN-other")

        def told():
            answer = late.request("GET", "/v1/certificates")
            return answer if answer.status == 503 else None
        answer = wait_until("the refusal", told)
        self.assertGreater(int(answer.headers["Retry-After"]), 0)
        late.close()
        self.goes_on("W")
