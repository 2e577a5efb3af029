from harness import gate as g
from harness.world import WorldCase, certificate
from nodes import wait_until


class PartnerFaults(WorldCase):
    gate = True

    def once(self, act, number, *states):
        """The first exchange goes wrong as told; what becomes of the certificate afterwards."""
        self.through.script.append(act)
        receipt = self.accepted(certificate(number))
        return receipt, self.until(receipt, *states)

    def stored_once(self, number):
        self.assertEqual(len(self.arrived(number)), 1)

    def messages_of(self, number):
        return [s for s in self.through.seen if number.encode() in s.body]

    def test_what_may_pass_by_itself_is_tried_again(self):
        for number, act in (("F-503", g.answer(503, b"later", "text/plain")),
                            ("F-502", g.answer(502, b"<html>bad gateway", "text/html")),
                            ("F-429", g.answer(429, b"", "text/plain", [("Retry-After", "1")]))):
            with self.subTest(number):
                receipt, _ = self.once(act, number, "delivered")
                self.stored_once(number)
                self.assertGreaterEqual(len(self.messages_of(number)), 2)
                kinds = [e["kind"] for e in self.events(receipt)]
                self.assertGreaterEqual(kinds.count("outcome"), 2, kinds)

    def test_a_reset_after_the_body_is_ambiguous_and_sent_again_under_the_same_id(self):
        self.once(g.reset_after_body, "F-reset", "delivered")
        self.stored_once("F-reset")
        ids = {s.body.split(b"MessageID")[1].split(b"<")[0].split(b">")[1] for s in self.messages_of("F-reset")}
        self.assertEqual(len(ids), 1, ids)

    def test_a_lost_reply_then_a_duplicate_is_stored_once(self):
        self.once(g.lose_reply, "F-lost", "delivered")
        self.assertGreaterEqual(len(self.messages_of("F-lost")), 2)
        self.stored_once("F-lost")

    def test_200_with_a_fault_inside_is_not_sent(self):
        receipt, view = self.once(g.answer(200, g.soap_fault("Receiver", "full")), "F-200f", "delivered")
        self.assertGreaterEqual(len(self.messages_of("F-200f")), 2)
        outcomes = [e["detail"] for e in self.events(receipt) if e["kind"] == "outcome"]
        self.assertNotIn("delivered", str(outcomes[0]))

    def test_401_opens_the_circuit_and_burns_no_attempt(self):
        self.through.script = [g.answer(401, b"who?", "text/plain")] * 2
        receipt = self.accepted(certificate("F-401"))
        wait_until("the circuit to be open", lambda: any(
            "open" in c["circuit"] for c in self.cn.operate("GET", "/v1/channels")[1]["rows"]))
        self.until(receipt, "delivered")
        self.stored_once("F-401")

    def test_an_answer_no_rule_matches_parks_with_its_bytes(self):
        receipt, _ = self.once(g.answer(200, b"<hello/>", "application/xml"), "F-odd", "parked")
        custody = self.cn.operate("GET", f"/v1/work/{receipt['delivery']}")[1]
        self.assertIn("operator", custody["who_must_act"])

    def test_a_slow_partner_is_waited_for(self):
        self.once(g.slowly(2), "F-slow", "delivered")
        self.stored_once("F-slow")

    def test_a_tampered_receipt_is_not_believed(self):
        flip = g.change_reply(lambda b: b.replace(b"<n:Receiver>NZ", b"<n:Receiver>XX", 1) if b"<n:Receiver>NZ" in b
                              else b.replace(b">NZ<", b">XX<", 1))
        receipt, _ = self.once(flip, "F-tamper", "parked")
        self.stored_once("F-tamper")
        self.cn.operate("POST", f"/v1/work/{receipt['delivery']}/retry", {"reason": "the line is mended"})
        self.until(receipt, "delivered")
        self.stored_once("F-tamper")

    def test_partner_down_and_back(self):
        self.nz.kill()
        receipt = self.accepted(certificate("F-down"))
        wait_until("a failed attempt", lambda: any(e["kind"] == "outcome" for e in self.events(receipt)))
        self.nz.start()
        self.until(receipt, "delivered")
        self.stored_once("F-down")
