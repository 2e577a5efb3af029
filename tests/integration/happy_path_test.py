import hashlib

from harness.world import WorldCase, certificate
from nodes import wait_until


class HappyPath(WorldCase):
    def test_a_certificate_travels_and_its_acknowledgement_comes_back(self):
        data = certificate("CN-1/A")
        receipt = self.accepted(data)
        self.assertEqual(receipt["sha256"], hashlib.sha256(data).hexdigest())
        row = self.arrived("CN-1/A")[0]
        self.assertEqual(self.content_of(row), data)
        self.assertEqual(self.until(receipt, "delivered")["state"], "delivered")
        self.assertIn(self.mpi.acknowledge(row["inbound"], "accepted").status, (200, 202))
        view = self.until(receipt, "acknowledged")
        self.assertEqual(view["answer_status"], 39)
        kinds = [e["kind"] for e in self.events(receipt)]
        self.assertEqual(kinds[0], "accepted")
        self.assertEqual(kinds.count("ended"), 1)
        wait_until("NZ to know that CN has its answer", lambda: self.mpi.inbox("CN-1/A")[0]["answer_delivered"])

    def test_a_rejection_comes_back_with_its_reason(self):
        receipt = self.accepted(certificate("CN-2"))
        row = self.arrived("CN-2")[0]
        self.mpi.acknowledge(row["inbound"], "rejected", "wrong <plant> & place")
        view = self.until(receipt, "rejected")
        self.assertEqual(view["answer_reason"], "wrong <plant> & place")

    def test_an_answer_that_xml_cannot_carry_is_refused_while_it_can_be_mended(self):
        receipt = self.accepted(certificate("CN-5"))
        inbound = self.arrived("CN-5")[0]["inbound"]
        self.assertEqual(self.mpi.acknowledge(inbound, "rejected", "a\u0000b").status, 422)
        self.assertIn(self.mpi.acknowledge(inbound, "rejected", "a b").status, (200, 202))
        self.until(receipt, "rejected")

    def test_a_repeat_gets_the_very_same_receipt(self):
        first = self.gacc.push(certificate("CN-3"))
        second = self.gacc.push(certificate("CN-3"))
        self.assertEqual((first.status, second.status), (202, 200))
        self.assertEqual(first.body, second.body)
        self.arrived("CN-3")
        self.until(first.json(), "delivered")
        self.assertEqual(len(self.mpi.inbox("CN-3")), 1)

    def test_nasty_numbers_and_bytes_survive(self):
        number = "NZL2003/ELN6000/1234 \u4e2d\u6587 'x'"
        data = certificate(number.replace("'", "&apos;"), text="a raw CR \r here")
        receipt = self.accepted(data)
        row = self.arrived(number)[0]
        self.assertEqual(row["number"], number)
        self.assertEqual(self.content_of(row), data)
        self.until(receipt, "delivered")

    def test_both_ledgers_hold(self):
        receipt = self.accepted(certificate("CN-4"))
        self.until(receipt, "delivered")
        for node in (self.cn, self.nz):
            status, audit = node.operate("GET", "/v1/audit")
            self.assertEqual((status, audit["whole"]), (200, True))
            self.assertGreater(audit["events"], 0)
