"""The promises of our caller's side of the IPPC Hub's contract, held against a Hub that a foreign stack serves from our WSDL.

The server keeps what it holds as files, which the test reads and writes too: calls (a line each: operation and words between tabs),
NUMBER.envelope (the header's fields between tabs) with NUMBER.content. A file is an act for the next certificate, its text is what
they say: failed (in the reply), fault (a HubWebException), turned-away (a fault without detail), broken (that, after it was stored)."""

import contextlib
import hashlib
import os
import pathlib
import re
import socket

from nodes import DIALECTS, Process, free_port, wait_until, write_toml

from calling import attachments, with_attachment
from harness.ephyto_world import from_abroad
from harness.world import certificate

WSDL = DIALECTS / "ephyto" / "serve" / "service.wsdl"
FIELDS = ("From", "To", "CertificateType", "CertificateStatus", "NPPOCertificateNumber", "hubDeliveryNumber", "HUBTrackingInfo",
          "hubDeliveryErrorMessage")


class ForeignHub(Process):
    """command(hub): the server's, to listen at hub.port. more: of its environment."""

    def __init__(self, folder, command, **more):
        self.store = pathlib.Path(folder)
        self.store.mkdir(parents=True)
        self.port = free_port()
        self.environment = {"WSDL": str(WSDL), "STORE": str(self.store), **more}
        super().__init__("hub", command(self), self.store / "log")

    def start(self):
        self.launch(env=self.environment)

        def listening():
            assert self.alive(), pathlib.Path(self.log_file).read_text()
            with contextlib.closing(socket.socket()) as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0
        wait_until("the foreign server to listen", listening)

    def put(self, name, data):
        (self.store / "new").write_bytes(data)
        os.replace(self.store / "new", self.store / name)

    def calls(self, operation):
        calls = self.store / "calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        return [words for words in (line.split("\t")[1:] for line in lines if line.split("\t")[0] == operation)]

    def envelopes(self, number=None):
        all_ = [dict(zip(FIELDS, f.read_text().split("\t"))) for f in sorted(self.store.glob("*.envelope"))]
        return [e for e in all_ if number in (None, e["NPPOCertificateNumber"])]

    def content(self, number):
        return (self.store / f"{number}.content").read_bytes()

    def track(self, number, tracking, message=""):
        envelope, = [e for e in self.envelopes() if e["hubDeliveryNumber"] == number]
        envelope.update(HUBTrackingInfo=tracking, hubDeliveryErrorMessage=message)
        self.put(f"{number}.envelope", "\t".join(envelope.values()).encode())

    def offer(self, data, number):
        """A certificate of NL's for CN; the number that it is fetched by."""
        theirs = "IN-" + re.sub(r"\W", "-", number)
        self.put(f"{theirs}.content", data)
        self.put(f"{theirs}.envelope", "\t".join(("NL", "CN", "851", "70", number, theirs, "PendingDelivery", "")).encode())
        return theirs


class CalledPromises:
    """For an EphytoCase with make_hub and lose_next_answer. NZ wants DeliverEnvelope."""

    pull = True

    def add_country(self, code):
        tables = [("parameters", {"operation": "DeliverEnvelope"})] if code == "NZ" else []
        write_toml(self.cn.folder / "partners" / f"{code}.toml", {"channel": "ippc"}, tables)

    def stored(self, number):
        envelope, = self.hub.envelopes(number)
        return envelope

    def test_a_certificate_arrives_byte_for_byte_and_is_in_custody_until_they_say_delivered(self):
        for to, operation in (("NL", "ValidateAndDeliverEnvelope"), ("NZ", "DeliverEnvelope")):
            number = f"F <&> 编号/{to}"
            with self.subTest(operation):
                receipt = self.accepted("F &lt;&amp;&gt; 编号/" + to, to=to, text="中 <&> ]]> \r\n\t \"'")
                view = self.until(receipt, "sent")
                stored = self.stored(number)
                self.assertEqual(tuple(stored.values())[:6], ("CN", to, "851", "70", number, view["peer_reference"]))
                self.assertEqual(hashlib.sha256(self.hub.content(view["peer_reference"])).hexdigest(), view["sha256"])
                self.assertEqual(self.hub.calls(operation), [[number]])
                asked = len(self.hub.calls("GetEnvelopeTrackingInfo"))
                wait_until("two questions", lambda: len(self.hub.calls("GetEnvelopeTrackingInfo")) >= asked + 2)
                self.assertEqual(self.until(receipt, "sent")["state"], "sent")
                self.hub.track(view["peer_reference"], "Delivered")
                self.assertTrue(self.until(receipt, "delivered")["ended"])

    def test_their_refusals_are_told_in_their_words_and_nothing_is_sent_again(self):
        for how in ("failed", "fault"):
            for to, operation in (("NL", "ValidateAndDeliverEnvelope"), ("NZ", "DeliverEnvelope")):
                with self.subTest(how, operation=operation):
                    self.hub.put(how, f"{to} has left <&> 中".encode())
                    receipt = self.accepted(f"F-{how}-{to}", to=to)
                    self.until(receipt, "refused")
                    self.assertIn(f"{to} has left <&> 中", self.custody(receipt)["last_answer"])
                    self.assertEqual(self.hub.calls(operation).count([f"F-{how}-{to}"]), 1)

    def test_a_send_without_an_answer_is_found_under_delivery(self):
        self.lose_next_answer()
        receipt = self.accepted("F-lost")
        self.assertEqual(self.until(receipt, "sent")["peer_reference"], self.stored("F-lost")["hubDeliveryNumber"])
        self.assertEqual(len(self.hub.calls("GetUnderDeliveryEnvelope")), 1)
        self.assertEqual(len(self.hub.calls("ValidateAndDeliverEnvelope")), 1)

    def test_what_breaks_in_their_program_is_no_refusal(self):
        self.hub.put("broken", b"disk full")
        receipt = self.accepted("F-broken")
        wait_until("their words", lambda: any("disk full" in e.get("text", "") for e in self.cn.log()))
        self.assertEqual(self.until(receipt, "sent")["peer_reference"], self.stored("F-broken")["hubDeliveryNumber"])
        self.assertEqual(len(self.hub.calls("ValidateAndDeliverEnvelope")), 1)

    def test_an_unknown_certificate_of_ours_stops_the_channel_and_no_message(self):
        self.hub.put("turned-away", b"NPPO from client certificate not found")
        receipt = self.accepted("F-nppo")
        wait_until("the circuit to open", lambda: any(e.get("now") == "open" for e in self.cn.log()))
        self.until(receipt, "sent")
        self.stored("F-nppo")

    def test_what_waits_is_fetched_stored_byte_for_byte_and_confirmed(self):
        plain = from_abroad("F-plain").replace(b"</rsm:SPSCertificate>", "<!-- 中 <&> ]]> \r\n --></rsm:SPSCertificate>".encode())
        warned = re.sub(rb"<ram:ImportSPSCountry>.*?</ram:ImportSPSCountry>", b"", from_abroad("F-warned"), count=1, flags=re.S)
        plain, warned = [(self.hub.offer(data, number), data) for number, data in (("F-plain", plain), ("F-warned", warned))]
        unread = self.hub.offer(b"no certificate", "F-unread")
        for number, (theirs, data) in {"F-plain": plain, "F-warned": warned}.items():
            row, = self.arrived(number)
            self.assertEqual(self.content_of(row), data)
            self.assertEqual((row["partner"], row["message_id"]), ("NL", theirs))
        self.tracking(plain[0], "Delivered")
        self.assertTrue(self.tracking(warned[0], "DeliveredWithWarnings")["hubDeliveryErrorMessage"])
        self.assertTrue(self.tracking(unread, "DeliveredNotReadable")["hubDeliveryErrorMessage"])
        self.assertEqual(self.gacc.inbox("F-unread"), [])
        wait_until("three confirmations to be over", lambda: [w["ended"] for w in self.work("confirm")] == [True] * 3)
        lists = len(self.hub.calls("GetImportEnvelopeHeaders"))
        wait_until("empty lists", lambda: len(self.hub.calls("GetImportEnvelopeHeaders")) > lists + 2)
        self.assertEqual(len(self.hub.calls("PULLSingleImportEnvelope")), 3, "each once")
        for operation in ("AcknowledgeEnvelopeReceipt", "AdvancedAcknowledgeEnvelopeReceipt", "AcknowledgeFailedEnvelopeReceipt"):
            self.assertEqual(len(self.hub.calls(operation)), 1, operation)

    def test_a_large_attachment_survives_both_ways(self):
        data, _ = with_attachment(certificate("F-large", to="NL"), 2_000_000)
        answer = self.gacc.push(data)
        self.assertEqual(answer.status, 202, answer.body[:2000])
        number = self.until(answer.json(), "sent")["peer_reference"]
        self.assertEqual(self.hub.content(number), data)
        data, picture = with_attachment(from_abroad("F-large"), 2_000_000)
        theirs = self.hub.offer(data, "F-large")
        kept = self.content_of(self.arrived("F-large")[0])
        self.assertEqual(kept, data)
        self.assertIn(picture, attachments(kept))
        self.tracking(theirs, "Delivered", "DeliveredWithWarnings")

    def test_our_authority_s_answer_goes_to_them(self):
        self.hub.offer(from_abroad("F-answer"), "F-answer")
        row = self.arrived("F-answer")[0]
        self.assertIn(self.gacc.acknowledge(row["inbound"], "rejected", "soil <&> 土").status, (200, 202))
        response, = wait_until("the answer", lambda: self.hub.calls("DeliverCountryResponseEnvelope"))
        self.assertEqual(response, ["CN", "NL", "F-answer", "41", "soil <&> 土"])
        wait_until("its end", lambda: self.gacc.inbox("F-answer")[0]["answer_delivered"])
