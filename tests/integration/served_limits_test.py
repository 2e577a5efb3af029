"""Large certificates, and many callers at once, through the SOAP doors: memory, and what everybody gets."""

import hashlib
import re
import threading
import time

from harness.served import Caller, ENVELOPE, E, H, ServedCase, fields, header, in_cdata, written
from harness.world import certificate, of_the_release
from limits_test import lag_buckets, p99_between, peak_kib, with_attachments


def pieces(*parts):
    """A body that is sent as it is made: the test holds it once."""
    for part in parts:
        yield part


@of_the_release
class Large(ServedCase):
    limits = {"certificate_bytes": "110MiB"}

    def send(self, caller, number, data, sender, to, cdata=False):
        opening = (f'<s:Envelope xmlns:s="{ENVELOPE["1.1"]}" xmlns:e="{E}" xmlns:h="{H}"><s:Body><e:DeliverEnvelope><e:env>'
                   + header(sender, to, number)).encode()
        closing = b"</e:env></e:DeliverEnvelope></s:Body></s:Envelope>"
        content = (in_cdata if cdata else written)(data).encode()
        return fields(caller.result(*caller.post(pieces(opening, content, closing)))[0])

    def test_100_mb_come_in_and_go_out_in_bounded_memory(self):
        for how, cdata in (("escaped", False), ("CDATA", True)):
            with self.subTest(how):
                number = f"NZ/{how}"
                data = with_attachments(number, 2.9, 26)
                self.assertGreater(len(data), 100 << 20)
                before, began = lag_buckets(self.cn), time.monotonic()
                told = self.send(self.nz, number, data, "NZ", "CN", cdata)
                self.assertIn(told["HUBTrackingInfo"], ("Delivered", "DeliveredWithWarnings"), told)
                row = self.inbox(number)[0]
                self.assertEqual(row["sha256"], hashlib.sha256(data).hexdigest())
                status, _, body = self.agency.post(
                    f'<s:Envelope xmlns:s="{ENVELOPE["1.1"]}" xmlns:e="{E}"><s:Body><e:PULLSingleImportEnvelope><e:hubTrackingNumber>'
                    f'{row["inbound"]}</e:hubTrackingNumber></e:PULLSingleImportEnvelope></s:Body></s:Envelope>'.encode())
                self.assertEqual(status, 200)
                text = re.search(rb"<h:Content[^>]*>(.*?)</h:Content>", body, re.S)[1]
                back = text.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&#xD;", b"\r").replace(b"&amp;", b"&")
                self.assertEqual(hashlib.sha256(back).digest(), hashlib.sha256(data).digest())
                p99 = p99_between(before, lag_buckets(self.cn))
                peak = peak_kib(self.cn)
                print(f"{how}: {len(data) >> 20} MiB in and out in {time.monotonic() - began:.1f} s; peak {peak >> 10} MiB; "
                      f"loop lag p99 at most {p99:.1f} ms")
                self.assertLess(peak, 512 * 1024)
                self.agency.number("AcknowledgeEnvelopeReceipt", row["inbound"])

    def test_a_page_of_large_ones_holds_one(self):
        for i in range(3):
            data = with_attachments(f"CN/{i}", 2.9, 10)
            self.assertEqual(self.gacc.push(data).status, 202)
        before = peak_kib(self.cn)
        seen = set()
        while page := [fields(each) for each in self.nz.ask("PULLImportEnvelope")[0]]:
            self.assertEqual(len(page), 1, "each is more than a page")
            seen.add(page[0]["NPPOCertificateNumber"])
            self.nz.number("AcknowledgeEnvelopeReceipt", page[0]["hubDeliveryNumber"])
        self.assertEqual(seen, {"CN/0", "CN/1", "CN/2"})
        print(f"peak grew by {(peak_kib(self.cn) - before) >> 10} MiB")
        self.assertLess(peak_kib(self.cn), 512 * 1024)


class Many(ServedCase):
    """A hundred callers at once, each with a certificate of its own: fifty agencies deliver to fifty partners, which deliver, fetch and
    confirm. One in five is large."""

    agencies, partners = ([f"{letter}{i:02}" for i in range(50)] for letter in "AP")

    def arrange(self):
        for name in self.agencies:
            self.cn.add_agency(name, inbox=())
        for name in self.partners:
            self.add_partner(name, client=self.pki.client(f"{name}-client"))

    def deliver(self, client, path, port, data, number, sender, to, expected):
        began = time.monotonic()
        told = Caller(self.cn, client, path, port).deliver(data, number, sender, to)
        assert told["HUBTrackingInfo"] == expected, told
        self.took.append(time.monotonic() - began)

    def from_agency(self, i):
        self.deliver(f"CN-{self.agencies[i]}", "/soap/ephyto", self.cn.agency_port, certificate(f"CN/m{i}"), f"CN/m{i}", "CN",
                     self.partners[i], "PendingDelivery")

    def from_partner(self, i):
        name, text = self.partners[i], "x" * (300_000 if i % 5 == 0 else 10)
        self.deliver(f"{name}-client", "/ephyto", self.cn.partner_port, self.from_nz(f"NZ/m{i}", text=text), f"NZ/m{i}", name, "CN",
                     "Delivered")

    def fetch(self, i):
        caller = Caller(self.cn, f"{self.partners[i]}-client", "/ephyto", self.cn.partner_port)
        page = [fields(each) for each in caller.ask("PULLImportEnvelope")[0]]
        assert [each["NPPOCertificateNumber"] for each in page] == [f"CN/m{i}"], page
        caller.number("AcknowledgeEnvelopeReceipt", page[0]["hubDeliveryNumber"])
        assert not caller.headers(), "confirmed, and still on offer"

    def at_once(self, acts):
        failures = []

        def act(what, i):
            try:
                what(i)
            except Exception as e:  # told below
                failures.append(f"{what.__name__} {i}: {e!r}")

        threads = [threading.Thread(target=act, args=each) for each in acts]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.assertEqual(failures, [])

    def test_a_hundred_at_once_lose_nothing(self):
        self.took = []
        self.at_once([(what, i) for i in range(50) for what in (self.from_agency, self.from_partner)])
        self.took.sort()
        print(f"{len(self.took)} at once: median {self.took[len(self.took) // 2]:.2f} s, slowest {self.took[-1]:.2f} s")
        self.assertEqual({row["number"] for row in self.inbox()}, {f"NZ/m{i}" for i in range(50)})
        self.at_once([(self.fetch, i) for i in range(50)])
