import re
import ssl

from harness import gate as g
from harness.world import WorldCase, certificate
from nodes import Agency, wait_until


def flip_text(tag):
    """One byte of the text of the first element of that name, whatever its prefix."""
    def change(body):
        match = re.search(rb"<(?:\w+:)?" + tag + rb"[ >][^<]*?>?([^<>]+)</", body)
        at = match.start(1) + len(match.group(1)) // 2
        return body[:at] + (b"A" if body[at:at + 1] != b"A" else b"B") + body[at + 1:]
    return change


class Tampering(WorldCase):
    gate = True

    def refused_then_honest(self, change, number):
        before = len(self.nz.log())
        # Only the tampered message gets through, so that nothing honest can arrive while we look.
        self.through.script, self.through.otherwise = [g.change_request(change)], g.answer(503, b"", "text/plain")
        receipt = self.accepted(certificate(number))
        wait_until("the tampered message", lambda: self.through.seen)
        wait_until("its answer", lambda: self.through.seen[0].status)
        self.assertGreaterEqual(self.through.seen[0].status, 400)
        self.assertEqual(self.mpi.inbox(number), [], "a tampered message was stored")
        wait_until("the receiver's record", lambda: any(e.get("event") == "partner_request_refused" for e in self.nz.log()[before:]))
        outcome = wait_until("the sender's record", lambda: [e for e in self.events(receipt) if e["kind"] == "outcome"])
        self.assertTrue(outcome)
        self.through.otherwise = g.pass_on
        self.until(receipt, "delivered", "refused", "parked")
        self.assertLessEqual(len(self.mpi.inbox(number)), 1)
        return receipt

    def test_each_signed_part_flipped_by_one_byte_is_refused(self):
        for number, tag in (("T-body", b"From"), ("T-time", b"Created"), ("T-to", b"To"), ("T-action", b"Action"),
                            ("T-id", b"MessageID"), ("T-token", b"BinarySecurityToken"), ("T-value", b"SignatureValue"),
                            ("T-content", b"Content")):
            with self.subTest(number):
                self.through.seen.clear()
                self.refused_then_honest(flip_text(tag), number)

    def test_an_unsigned_message_is_refused(self):
        self.refused_then_honest(lambda b: re.sub(rb"<wsse:Security.*</wsse:Security>", b"", b, flags=re.S), "T-unsigned")

    def test_another_messages_signature_is_refused(self):
        first = self.accepted(certificate("T-first"))
        self.until(first, "delivered")
        security = re.search(rb"<wsse:Security.*</wsse:Security>", self.through.seen[0].body, re.S)[0]
        self.through.seen.clear()
        self.refused_then_honest(
            lambda b: re.sub(rb"<wsse:Security.*</wsse:Security>", lambda _: security, b, flags=re.S), "T-borrowed")

    def test_a_replayed_message_is_refused_and_stores_nothing(self):
        receipt = self.accepted(certificate("T-replay"))
        self.until(receipt, "delivered")
        caught = self.through.seen[0]
        status, _, reply = self.through.forward(caught.path, caught.headers, caught.body)
        self.assertGreaterEqual(status, 400)
        self.assertIn(b"Fault", reply)
        self.assertEqual(len(self.mpi.inbox("T-replay")), 1)


class ForeignSigner(WorldCase):
    gate = True

    def arrange(self):
        # CN signs with a key that NZ was not told of.
        self.pki.signing("CN-rogue")
        self.cn.keys["CN-signing"] = {"key": self.pki.key("CN-rogue"), "certificate": self.pki.pem("CN-rogue")}
        self.cn.write_node()

    def test_a_signature_by_an_unknown_certificate_is_refused(self):
        receipt = self.accepted(certificate("T-rogue"))
        wait_until("an answer", lambda: self.through.seen and self.through.seen[0].status)
        self.assertGreaterEqual(self.through.seen[0].status, 400)
        self.assertEqual(self.mpi.inbox("T-rogue"), [])
        wait_until("the sender's record", lambda: [e for e in self.events(receipt) if e["kind"] == "outcome"])


class WhoMayCome(WorldCase):
    def expect_refusal(self, agency):
        self.addCleanup(agency.close)
        try:
            answer = agency.request("GET", "/v1/certificates")
        except (ssl.SSLError, OSError):
            return
        self.assertIn(answer.status, (401, 403))

    def test_right_ca_with_an_unlisted_subject(self):
        self.expect_refusal(Agency(self.cn, "stranger", "CN-stranger"))

    def test_pinned_but_expired(self):
        self.pki.client("CN-expired", "--expired")
        self.cn.add_agency("late", inbox=())
        path = self.cn.folder / "agencies" / "late.toml"
        path.write_text(path.read_text().replace("CN-late.pem", "CN-expired.pem"))
        self.cn.reload()
        wait_until("the reload", lambda: any(e.get("event", "").startswith("reload") for e in self.cn.log()))
        self.expect_refusal(Agency(self.cn, "late", "CN-expired"))

    def test_an_identity_header_counts_for_nothing(self):
        stranger = Agency(self.cn, "stranger", "CN-stranger")
        self.addCleanup(stranger.close)
        answer = stranger.request("GET", "/v1/certificates", headers={
            "X-SSL-Client-S-DN": "CN=CN-gacc,O=e-Cert development", "X-Forwarded-Client-Cert": "CN-gacc",
            "Authorization": "Basic Z2FjYzpnYWNj"})
        self.assertIn(answer.status, (401, 403))

    def test_one_agency_never_sees_anothers_certificate(self):
        receipt = self.accepted(certificate("W-1"))
        for path in ("", "/events", "/content"):
            there = self.other.request("GET", f"/v1/certificates/{receipt['certificate']}{path}")
            nowhere = self.other.request("GET", f"/v1/certificates/00000000-0000-5000-8000-000000000000{path}")
            self.assertEqual((there.status, nowhere.status), (404, 404))
            self.assertEqual({k: v for k, v in there.json().items() if k != "instance"}.keys(), nowhere.json().keys())
        self.assertEqual(self.other.request("GET", "/v1/certificates").json()["rows"], [])

    def test_a_removed_client_is_out_at_once_on_its_kept_connection_and_with_a_resumed_session(self):
        self.assertEqual(self.other.request("GET", "/v1/certificates").status, 200)
        session = self.other.connection.sock.session
        (self.cn.folder / "agencies" / "other.toml").unlink()
        self.cn.reload()
        wait_until("the reload", lambda: any(e.get("event") == "reloaded" for e in self.cn.log()))
        self.assertIn(self.other.request("GET", "/v1/certificates").status, (401, 403))
        self.other.close()
        import socket
        raw = socket.create_connection(("127.0.0.1", self.cn.agency_port))
        resumed = self.other.context.wrap_socket(raw, server_hostname="127.0.0.1", session=session)
        resumed.sendall(b"GET /v1/certificates HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertRegex(resumed.recv(100).decode(), r"HTTP/1.1 40[13]")
        resumed.close()
