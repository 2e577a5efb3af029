import hashlib
import json
import re
import subprocess

from harness import amqp
from harness.ephyto_world import EphytoCase, from_abroad
from harness.served import Caller, header, written
from harness.world import certificate, of_the_release
from limits_test import peak_kib, with_attachments
from nodes import BUILD, wait_until

CTL = BUILD / "hub" / "ecertctl" / "ecertctl"
NO_NPPO = "NPPO from client certificate not found"


class Push(EphytoCase):
    """What we send to the Hub, until its receiver has it."""

    def stored_once(self, number):
        stored = [e for e in self.hub.logged("stored") if e["NPPOCertificateNumber"] == number]
        self.assertEqual(len(stored), 1, stored)
        return stored[0]

    def test_a_certificate_is_in_custody_until_the_receiver_has_it(self):
        self.hub.control("/pending", questions=-1)
        receipt = self.accepted("P 1/编号")
        view = self.until(receipt, "sent")
        stored = self.stored_once("P 1/编号")
        self.assertEqual(view["peer_reference"], stored["hubDeliveryNumber"])
        self.assertEqual((stored["From"], stored["To"], stored["CertificateType"], stored["CertificateStatus"]),
                         ("CN", "NL", "851", "70"))
        self.assertEqual(stored["sha256"], view["sha256"], "byte for byte")
        wait_until("two questions", lambda: len(self.hub.calls("GetEnvelopeTrackingInfo")) >= 2)
        self.assertEqual(self.until(receipt, "sent")["state"], "sent")
        self.hub.track(stored["hubDeliveryNumber"], "Delivered")
        self.assertTrue(self.until(receipt, "delivered")["ended"])
        self.assertEqual(len(self.hub.calls("ValidateAndDeliverEnvelope")), 1)

    def test_a_partner_s_parameter_chooses_the_operation_and_its_address_stands_in_to(self):
        self.cn.stop()
        self.add_country("NL", address="NL9")
        (self.cn.folder / "partners" / "NZ.toml").write_text(
            'channel = "ippc"\naddress = "NL"\n[parameters]\noperation = "DeliverEnvelope"\n')
        self.cn.start()
        self.until(self.accepted("P-op", to="NZ"), "delivered")
        self.assertEqual(self.stored_once("P-op")["To"], "NL")
        self.assertEqual(len(self.hub.calls("DeliverEnvelope")), 1)

    def test_failed_delivery_in_a_200_is_a_refusal_in_their_words(self):
        self.hub.script("ValidateAndDeliverEnvelope", {"failed": "NL does not accept type 851"})
        receipt = self.accepted("P-failed")
        self.until(receipt, "refused")
        self.assertIn("NL does not accept type 851", self.custody(receipt)["last_answer"])
        self.assertEqual(len(self.hub.calls("ValidateAndDeliverEnvelope")), 1, "it is not sent again")

    def test_the_hub_s_own_judgement_is_not_repeated(self):
        self.hub.script("ValidateAndDeliverEnvelope", {"do": "fault", "text": "certificate type 999 is unknown"})
        receipt = self.accepted("P-judged")
        self.until(receipt, "refused")
        self.assertEqual(len(self.hub.calls("ValidateAndDeliverEnvelope")), 1)

    def test_an_unknown_certificate_of_ours_stops_the_channel_and_no_message(self):
        self.hub.script("ValidateAndDeliverEnvelope", *[{"do": "fault", "text": NO_NPPO, "detail": False}] * 2)
        receipt = self.accepted("P-nppo")
        wait_until("the circuit to open", lambda: any(
            "open" in c["circuit"] for c in self.cn.operate("GET", "/v1/channels")[1]["rows"]))
        self.until(receipt, "delivered")
        self.stored_once("P-nppo")

    def test_pages_of_a_gateway_are_no_answers(self):
        for number, status in (("P-403", 403), ("P-503", 503)):
            with self.subTest(status):
                self.hub.script("ValidateAndDeliverEnvelope", {"do": "http", "status": status, "body": "<html>no</html>"})
                self.until(self.accepted(number), "delivered")
                self.stored_once(number)

    def test_a_send_without_an_answer_that_arrived_is_found_and_not_repeated(self):
        self.hub.control("/pending", questions=2)
        self.hub.script("ValidateAndDeliverEnvelope", {"do": "store-and-reset"})
        receipt = self.accepted("P-found")
        view = self.until(receipt, "delivered")
        self.assertEqual(view["peer_reference"], self.stored_once("P-found")["hubDeliveryNumber"])
        self.assertEqual(len(self.hub.calls("GetUnderDeliveryEnvelope")), 1)
        self.assertEqual(len(self.hub.calls("ValidateAndDeliverEnvelope")), 1)

    def test_a_send_that_never_arrived_parks_where_nobody_said_that_it_may_be_repeated(self):
        self.hub.script("ValidateAndDeliverEnvelope", {"do": "reset"})
        receipt = self.accepted("P-lost")
        self.until(receipt, "parked")
        self.assertGreaterEqual(len(self.hub.calls("GetUnderDeliveryEnvelope")), 3)
        self.assertEqual(self.hub.envelopes("P-lost"), [])
        self.cn.operate("POST", f"/v1/work/{receipt['delivery']}/retry", {"reason": "they never had it"})
        self.until(receipt, "delivered")
        self.stored_once("P-lost")

    def test_a_send_that_never_arrived_is_not_taken_for_the_one_it_supersedes(self):
        self.hub.control("/pending", questions=-1)
        first = self.accepted("P-two", text="first")
        self.until(first, "sent")
        self.hub.script("ValidateAndDeliverEnvelope", {"do": "reset"})
        answer = self.gacc.push(certificate("P-two", to="NL", text="second"), {"Supersedes": first["certificate"]})
        self.assertEqual(answer.status, 202, answer.body)
        second = answer.json()
        self.until(second, "parked")
        self.assertEqual([e["kind"] for e in self.events(second) if e["kind"] in ("sent", "delivered")], [])
        self.assertEqual(len(self.alerts("found-as-another")), 1)
        self.assertEqual(len(self.hub.envelopes("P-two")), 1, "theirs is the first")

    def test_envelope_not_exists_is_asked_again_before_it_is_believed(self):
        self.hub.control("/pending", questions=0)
        self.hub.script("GetEnvelopeTrackingInfo", *[{"do": "not-exists"}] * 2)
        receipt = self.accepted("P-notyet")
        self.until(receipt, "delivered")
        self.stored_once("P-notyet")
        self.assertEqual(len(self.hub.calls("ValidateAndDeliverEnvelope")), 1)

    def test_what_the_receiver_complains_of_is_delivered_and_somebody_is_told(self):
        for tracking in ("DeliveredWithWarnings", "DeliveredNotReadable"):
            with self.subTest(tracking):
                self.hub.control("/pending", questions=-1)
                receipt = self.accepted("W-" + tracking)
                view = self.until(receipt, "sent")
                self.hub.track(view["peer_reference"], tracking, "the signature is missing")
                self.until(receipt, "delivered")
                warned = [e for e in self.events(receipt) if e["kind"] == "warned"]
                self.assertEqual(len(warned), 1)
                self.assertIn("the signature is missing", json.dumps(warned))
                self.assertTrue(any("the signature is missing" in a["text"] for a in self.alerts("delivered-with-warning")))
                shown = subprocess.run([CTL, "status", receipt["delivery"], "--socket", self.cn.socket],
                                       capture_output=True, text=True, timeout=30).stdout
                self.assertIn(tracking, shown)

    def test_a_value_that_only_begins_like_delivered_is_not_delivered(self):
        self.hub.control("/pending", questions=-1)
        receipt = self.accepted("P-like")
        view = self.until(receipt, "sent")
        asked = len(self.hub.calls("GetEnvelopeTrackingInfo"))
        self.hub.track(view["peer_reference"], "DeliveredSomewhereElse")
        wait_until("it to be asked again", lambda: len(self.hub.calls("GetEnvelopeTrackingInfo")) >= asked + 2)
        self.assertEqual(self.gacc.certificate(receipt["certificate"])["state"], "sent")

    def test_failed_delivery_found_out_later_is_a_refusal(self):
        self.hub.control("/pending", questions=-1)
        receipt = self.accepted("P-later")
        view = self.until(receipt, "sent")
        self.hub.track(view["peer_reference"], "FailedDelivery", "NL has left")
        self.until(receipt, "refused")
        self.assertIn("NL has left", self.custody(receipt)["last_answer"])


class PushAgain(EphytoCase):
    """A channel whose operators allow that what is absent for the settle time is sent again."""

    channel = {"send_again_when_absent": True}

    def test_a_send_that_never_arrived_is_sent_again_after_the_settle_time(self):
        self.hub.script("ValidateAndDeliverEnvelope", {"do": "reset"})
        receipt = self.accepted("A-lost")
        self.until(receipt, "delivered")
        first, second = [c["at"] for c in self.hub.calls("ValidateAndDeliverEnvelope")]
        self.assertGreaterEqual(second - first, 3.0, "settle")
        self.assertEqual(len(self.hub.envelopes("A-lost")), 1)

    def test_a_number_that_names_nothing_any_more_is_settled_and_the_original_sent_again(self):
        self.hub.control("/pending", questions=-1)
        receipt = self.accepted("A-gone")
        first = self.until(receipt, "sent")["peer_reference"]
        self.hub.control("/track", number=first, set={"From": "??"})
        wait_until("a second envelope", lambda: len(self.hub.envelopes("A-gone")) == 2, 30)
        second = [e for e in self.hub.envelopes("A-gone") if e["hubDeliveryNumber"] != first][0]
        self.hub.track(second["hubDeliveryNumber"], "Delivered")
        self.assertEqual(self.until(receipt, "delivered")["peer_reference"], second["hubDeliveryNumber"])


class KilledAfterTheSend(EphytoCase):
    """The Hub has it, and who sent it is no more before its outcome is known. A queue that gave the task to another would double it."""

    dispatch = {"start_by": "8s", "attempt_limit": "4s", "attempt_limit_per_mib": "0s", "skew": "0s"}

    def test_the_hub_is_asked_and_nothing_is_sent_twice(self):
        self.hub.control("/pending", questions=2)
        victim = self.cn.adapters["NL"] if amqp.CHOSEN else self.cn
        victim.stop()
        victim.start("--kill-at", "after-send:1")
        receipt = self.accepted("K-once")
        wait_until("the kill", lambda: not victim.alive(), 30)
        victim.start()
        view = self.until(receipt, "delivered", seconds=60)
        self.assertEqual(len(self.hub.calls("ValidateAndDeliverEnvelope")), 1)
        self.assertEqual(len(self.hub.calls("GetUnderDeliveryEnvelope")), 1)
        self.assertEqual(view["peer_reference"], self.hub.envelopes("K-once")[0]["hubDeliveryNumber"])


class Pull(EphytoCase):
    """What waits for us at the Hub."""

    pull = True

    def test_what_waits_is_fetched_stored_byte_for_byte_and_confirmed(self):
        offered = {}
        for encoding in ("text", "base64", "cdata"):
            data = from_abroad("L-" + encoding)
            offered["L-" + encoding] = (self.hub.offer(data, "L-" + encoding, encoding=encoding), data)
        for number, (hub_number, data) in offered.items():
            row = self.arrived(number)[0]
            self.assertEqual(self.content_of(row), data)
            self.assertEqual((row["partner"], row["message_id"]), ("NL", hub_number))
            self.tracking(hub_number, "Delivered")
        wait_until("another list", lambda: len(self.hub.calls("GetImportEnvelopeHeaders")) > 5)
        for number in offered:
            self.assertEqual(len(self.gacc.inbox(number)), 1)
        self.assertEqual(len(self.hub.calls("PULLSingleImportEnvelope")), 3, "each once")
        self.assertEqual(len(self.hub.calls("AcknowledgeEnvelopeReceipt")), 3)
        row, = self.work("list")
        self.assertIn(row["state"], ("waiting", "queued"), "it goes on")

    def test_our_authority_s_answer_goes_back_through_the_hub(self):
        self.hub.offer(from_abroad("L-answer"), "L-answer")
        row = self.arrived("L-answer")[0]
        self.assertIn(self.gacc.acknowledge(row["inbound"], "rejected", "soil found").status, (200, 202))
        response, = wait_until("the answer", lambda: self.hub.control("/state")["responses"])
        self.assertEqual((response["From"], response["To"], response["NPPOCertificateNumber"], response["status"],
                          response["reason"]), ("CN", "NL", "L-answer", "41", "soil found"))
        wait_until("its end", lambda: self.gacc.inbox("L-answer")[0]["answer_delivered"])

    def test_a_confirmation_whose_answer_was_lost_is_repeated(self):
        self.hub.script("AcknowledgeEnvelopeReceipt", {"do": "answer-and-reset"}, {"do": "reset"})
        number = self.hub.offer(from_abroad("L-again"), "L-again")
        self.arrived("L-again")
        self.tracking(number, "Delivered")
        wait_until("three confirmations", lambda: len(self.hub.calls("AcknowledgeEnvelopeReceipt")) == 3)
        wait_until("no work to be left", lambda: not self.work("confirm", state="waiting"))
        self.assertEqual(len(self.gacc.inbox("L-again")), 1)

    def test_what_cannot_be_read_is_not_stored_and_they_are_told(self):
        for name, data in (("L-empty", b""), ("L-text", b"not a certificate"), ("L-cut", from_abroad("L-cut")[:900])):
            with self.subTest(name):
                number = self.hub.offer(data, name)
                envelope = self.tracking(number, "DeliveredNotReadable")
                self.assertTrue(envelope["hubDeliveryErrorMessage"])
                self.assertEqual(self.gacc.inbox(name), [])
                self.assertTrue(any(name in a["text"] for a in self.alerts("fetched-not-stored")))

    def test_an_envelope_that_misstates_its_certificate_is_not_stored(self):
        number = self.hub.offer(from_abroad("L-other"), "L-envelope")
        self.assertIn("SPS-ENVELOPE", self.tracking(number, "DeliveredNotReadable")["hubDeliveryErrorMessage"])
        self.assertEqual(self.gacc.inbox("L-envelope") + self.gacc.inbox("L-other"), [])

    def test_errors_in_a_readable_certificate_are_a_warning_to_its_sender(self):
        data = re.sub(rb"<ram:ImportSPSCountry>.*?</ram:ImportSPSCountry>", b"", from_abroad("L-warn"), count=1, flags=re.S)
        number = self.hub.offer(data, "L-warn")
        self.assertTrue(self.tracking(number, "DeliveredWithWarnings")["hubDeliveryErrorMessage"])
        self.assertEqual(self.content_of(self.arrived("L-warn")[0]), data)

    def test_a_sender_that_is_no_partner_waits_unconfirmed_until_it_is_one(self):
        number = self.hub.offer(from_abroad("L-AU", "AU"), "L-AU", sender="AU")
        wait_until("the alert", lambda: self.alerts("unknown-sender"))
        lists = len(self.hub.calls("GetImportEnvelopeHeaders"))
        wait_until("more lists", lambda: len(self.hub.calls("GetImportEnvelopeHeaders")) > lists + 3)
        self.assertEqual(len(self.alerts("unknown-sender")), 1)
        self.assertEqual(self.hub.calls("PULLSingleImportEnvelope"), [])
        self.add_country("AU")
        self.cn.reload()
        self.arrived("L-AU")
        self.tracking(number, "Delivered")

    def test_a_fetch_that_is_a_moment_too_early_is_made_again(self):
        self.hub.script("PULLSingleImportEnvelope", {"do": "nil"})
        number = self.hub.offer(from_abroad("L-early"), "L-early")
        self.arrived("L-early")
        self.tracking(number, "Delivered")

    def test_a_number_that_is_used_again_is_another_certificate(self):
        first = self.hub.offer(from_abroad("L-before"), "L-before")
        self.arrived("L-before")
        self.tracking(first, "Delivered")
        self.hub.control("/anew")
        data = from_abroad("L-anew")
        self.assertEqual(self.hub.offer(data, "L-anew"), first)
        self.assertEqual(self.content_of(self.arrived("L-anew")[0]), data)
        self.tracking(first, "Delivered")
        self.assertEqual(len(self.alerts("reference-reused")), 1)

    def test_a_code_that_is_missing_says_so_and_shuts_nothing(self):
        self.hub.script("PULLSingleImportEnvelope", *[{"set": {"To": "CN2"}}] * 6)
        for i in range(6):
            self.hub.offer(from_abroad(f"L-code-{i}"), f"L-code-{i}")
        rows = wait_until("six to need a person", lambda: (lambda r: r if len(r) == 6 else None)(self.work("fetch", state="parked")))
        self.assertEqual({r["reason"] for r in rows}, {"not-for-us"})
        self.assertIn("`code`", rows[0]["who_must_act"])
        self.assertIn("CN2", rows[0]["last_answer"])
        self.assertEqual(self.cn.operate("GET", "/v1/channels")[1]["rows"][0]["circuit"], "closed")
        for row in rows:
            self.cn.operate("POST", f"/v1/work/{row['id']}/retry", {"reason": "the code is set"})
        self.arrived("L-code-5")

    def test_a_page_instead_of_the_list_and_faults_stop_no_imports(self):
        self.hub.script("GetImportEnvelopeHeaders", *[{"do": "http", "status": 200, "body": "<html>maintenance</html>"}] * 3)
        self.hub.script("PULLSingleImportEnvelope", {"do": "fault", "text": "try again"})
        self.hub.script("AcknowledgeEnvelopeReceipt", {"do": "fault", "text": "try again"})
        number = self.hub.offer(from_abroad("L-page"), "L-page")
        self.arrived("L-page")
        self.tracking(number, "Delivered")
        self.assertEqual(len(self.alerts("list-not-understood")), 1)

    def test_a_thousand_of_a_stranger_hide_nothing(self):
        for i in range(1000):
            self.hub.offer(b"<a/>", f"AU/{i}", sender="AU")
        self.hub.offer(from_abroad("L-behind"), "L-behind")
        self.arrived("L-behind", seconds=60)

    def test_nothing_waits_under_the_number_after_all(self):
        self.hub.script("PULLSingleImportEnvelope", *[{"do": "nil"}] * 7)
        self.hub.offer(from_abroad("L-nil"), "L-nil")
        row = wait_until("it to need a person", lambda: self.work("fetch", state="parked"))[0]
        self.assertEqual((row["number"], row["partner"]), ("L-nil", "NL"))
        listed = subprocess.run([CTL, "list", "--verb", "fetch", "--socket", self.cn.socket], capture_output=True,
                                text=True, timeout=30).stdout
        self.assertIn("L-nil", listed)
        self.assertEqual(row["reason"], "absent-there")
        done = subprocess.run([CTL, "retry", row["id"], "--reason", "it is there", "--socket", self.cn.socket],
                              capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.arrived("L-nil")

    @amqp.embedded_alone("over a broker what was out stays out until its lease ends: tests/crash waits for that")
    def test_a_kill_at_any_point_between_list_and_confirm_loses_and_doubles_nothing(self):
        self.cn.kill()
        for i, point in enumerate(("before-apply:2", "after-apply:2", "before-apply:3", "before-commit:6", "after-commit:6",
                                   "after-send:2", "after-send:3")):
            with self.subTest(point):
                number = self.hub.offer(from_abroad(f"L-kill-{i}"), f"L-kill-{i}")
                self.cn.start("--kill-at", point, ready=False)
                wait_until("the kill", lambda: not self.cn.alive(), 30)
                self.cn.start()
                self.arrived(f"L-kill-{i}", 40)
                self.tracking(number, "Delivered", seconds=40)
                self.assertEqual(len(self.gacc.inbox(f"L-kill-{i}")), 1)
                self.cn.kill()
        self.cn.start()


class Pushed(EphytoCase):
    """What the Hub brings to our door: it has it confirmed by a call."""

    pushes = True

    def offered(self, number):
        """The Hub's number, and the push of it."""
        data = from_abroad(number)
        hub_number = self.hub.offer(data, number)
        more = f"<h:hubDeliveryNumber>{hub_number}</h:hubDeliveryNumber>"
        inside = f"<e:env>{header('NL', 'CN', number, more=more)}{written(data)}</e:env>"
        caller = Caller(self.cn, "CN-stranger", "/ephyto", self.cn.partner_port)
        return hub_number, lambda: caller.told("DeliverEnvelope", inside)

    def test_what_is_pushed_is_acknowledged_by_one_call(self):
        number, push = self.offered("H-1")
        for _ in range(2):
            self.assertEqual(push()["hubDeliveryNumber"], number)
        self.tracking(number, "Delivered")
        self.assertEqual(len(self.gacc.inbox("H-1")), 1)
        wait_until("no work to be left", lambda: all(w["ended"] for w in self.work("confirm")))
        self.assertEqual(len(self.hub.calls("AcknowledgeEnvelopeReceipt")), 1)
        self.assertEqual(self.hub.calls("GetImportEnvelopeHeaders"), [], "it is not pulled")

    def test_a_hub_that_dies_after_it_stored_acknowledges_when_it_is_back(self):
        for i, point in enumerate(("before-arrive", "after-arrive")):
            with self.subTest(point):
                number, push = self.offered(f"H-kill-{i}")
                self.cn.stop()
                self.cn.start("--kill-at", f"{point}:1")
                with self.assertRaises((ConnectionError, OSError)):
                    push()
                wait_until("the kill", lambda: not self.cn.alive(), 30)
                self.cn.kill()
                self.cn.start()
                if point == "before-arrive":
                    push()
                self.tracking(number, "Delivered")
                self.assertEqual(len(self.gacc.inbox(f"H-kill-{i}")), 1)
        self.assertEqual(len(self.hub.calls("AcknowledgeEnvelopeReceipt")), 2)


class Large(EphytoCase):
    pull = True
    channel = {"reply_timeout": "2min"}

    @of_the_release
    def test_100_mb_are_pulled_in_bounded_memory(self):
        data = with_attachments("L-100", 2.9, 26)
        self.assertGreater(len(data), 100 << 20)
        number = self.hub.offer(data, "L-100")
        row = self.arrived("L-100", seconds=180)[0]
        self.tracking(number, "Delivered", seconds=60)
        self.assertEqual(row["sha256"], hashlib.sha256(data).hexdigest())
        for process in (self.cn, *(self.cn.adapters.values() if amqp.CHOSEN else ())):
            peak = peak_kib(process)
            print(f"{process.name}: peak {peak // 1024} MiB for a pulled certificate of {len(data) >> 20} MiB")
            self.assertLess(peak, 512 * 1024)

    @of_the_release
    def test_100_mb_are_pulled_as_base64(self):
        data = with_attachments("L-100b", 2.9, 26)
        number = self.hub.offer(data, "L-100b", encoding="base64")
        row = self.arrived("L-100b", seconds=180)[0]
        self.tracking(number, "Delivered", seconds=60)
        self.assertEqual(row["sha256"], hashlib.sha256(data).hexdigest())

    def test_what_is_too_large_for_the_queue_goes_over_the_hub_s_door(self):
        data = with_attachments("L-2", 0.5, 4)
        number = self.hub.offer(data, "L-2", encoding="base64")
        self.assertEqual(self.content_of(self.arrived("L-2")[0]), data)
        self.tracking(number, "Delivered")
