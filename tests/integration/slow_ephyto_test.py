"""Callers of the IPPC Hub's contract that take their time, many at once."""

import contextlib
import itertools
import re
import ssl
import threading
import time

from harness.hostile import HostileCase, MB, POST
from harness.served import message
from harness.world import SANITIZED
from limits_test import with_attachments
from nodes import wait_until


class Slow(HostileCase):
    """A crowd that takes its time, from a partner and an agency, while another partner and another agency go on."""

    EACH = 8  # of every kind, at each door

    def crowd(self, caller, large):
        """(what it sends first, what after that every now and then)"""
        post = POST.format(path=caller.path).encode()
        long = post + b"Content-Length: 5000000\r\n\r\n"
        ask = message(f"<e:PULLSingleImportEnvelope><e:hubTrackingNumber>{large}</e:hubTrackingNumber></e:PULLSingleImportEnvelope>")
        return {"a byte every so often": (long + b"<", b"x"),
                "a chunk every so often": (post + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
                "stops in the middle": (long + b"<s:Envelope" * 20_000, b""), "stops behind the head": (long, b""),
                "a head without end": (post, b"X: y\r\n"), "half a head": (post[:20], b""),
                "asks and never reads": (post + b"Content-Length: %d\r\n\r\n" % len(ask) + ask, None)}

    def take_time(self, caller, first, then, ended):
        """What came back until the connection ended, and after how long."""
        began, got = time.monotonic(), b""
        with caller.connect() as secured, contextlib.suppress(ConnectionError, ssl.SSLError):
            secured.sendall(first)
            if then is None:
                ended.wait(25)
            secured.settimeout(0.3)
            while time.monotonic() - began < 60:
                try:
                    piece = secured.recv(4096)
                except TimeoutError:
                    if then:
                        secured.sendall(then)
                    continue
                if not piece:
                    break
                got += piece
        return got, time.monotonic() - began

    def test_who_takes_their_time_is_cut_off_with_the_reason_and_nobody_waits_for_them(self):
        large = self.gacc.push(re.sub(b"(<ram:ImportSPSCountry>\\s*<ram:ID>)NZ", rb"\1AU", with_attachments("CN/large", 2.9, 8)))
        self.assertEqual(large.status, 202, large.body[:500])
        before, ended, answers = self.kept(), threading.Event(), []
        self.addCleanup(ended.set)

        def attack(caller, kind, first, then):
            answers.append((kind, *self.take_time(caller, first, then, ended)))
        crowd = [threading.Thread(target=attack, args=(caller, kind, *how), daemon=True)
                 for caller in (self.au, self.second)
                 for kind, how in self.crowd(caller, large.json()["delivery"]).items() for _ in range(self.EACH)]
        with self.bounded(seconds=60, megabytes=192):
            for one in crowd:
                one.start()
            waits, end = [], time.monotonic() + 12
            for i in itertools.count():
                if time.monotonic() > end:
                    break
                r = self.roles[i % 2]
                began = time.monotonic()
                self.assertIn(r.caller.track("HUB-1")["HUBTrackingInfo"], "EnvelopeNotExists")
                told = r.caller.deliver(r.make(f"H/{i}"), f"H/{i}", r.sender, r.to)
                self.assertIn(told["HUBTrackingInfo"], ("Delivered", "PendingDelivery"))
                waits.append(time.monotonic() - began)
            for one in crowd:
                one.join(60)
        waits.sort()
        print(f"{len(crowd)} who take their time; {len(waits)} honest acts beside them took {waits[len(waits) // 2] * 1000:.0f} ms, "
              f"at worst {waits[-1]:.1f} s; all together cost {self.most[0]:.1f} s of processor and {self.most[1]:.0f} MB")
        if not SANITIZED:
            self.assertLess(waits[len(waits) // 2], 1)
            self.assertLess(waits[len(waits) * 95 // 100], 3)
        self.assertEqual(len(answers), len(crowd))
        for kind, got, took in answers:
            with self.subTest(kind):
                if not SANITIZED:
                    self.assertLess(took, 45)
                if "head" in kind and "behind" not in kind:
                    self.assertIn(b"HTTP/1.1 408", got)
                elif kind == "asks and never reads":
                    self.assertTrue(b"EnvelopeNotExists" in got or len(got) < 20 * MB, "it was given all of it")
                else:
                    self.assertIn(b"HTTP/1.1 503", got)
                    self.assertIn(b"Retry-After", got)
                    self.assertIn(b"slower than 4096 bytes a second", got)
        after = self.kept()[0]
        self.assertEqual(after["inbound"] - before[0]["inbound"], (len(waits) + 1) // 2, "the honest ones', and nothing else")
        self.assertEqual(len(self.au.headers()), 1, "not fetched and not confirmed: it waits")
        wait_until("every connection to be closed", lambda: len(list(self.proc("fd").iterdir())) < 80)
