"""The forms that certificates and answers come in: inside JSON, as real systems write them, as SPSAcknowledgement."""

import base64
import hashlib
import json

from harness.world import QUICK, SAMPLES, WorldCase, certificate
from nodes import ROOT

IPPC = ROOT.parent / "shared/standards/ippc-ephyto-hub/sample-spscertificate-17-with-attachments.xml"


def inside_json(data, **said):
    return json.dumps({**said, "content": base64.b64encode(data).decode()})


def acknowledgement(status, reason, number):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:SPSAcknowledgement xmlns:rsm="urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17"
    xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21">
  <rsm:SPSAcknowledgementDocument>
    <ram:StatusCode>{status}</ram:StatusCode>
    <ram:ReasonInformation languageID="en">{reason}</ram:ReasonInformation>
    <ram:ReferenceSPSReferencedDocument><ram:ID>{number}</ram:ID></ram:ReferenceSPSReferencedDocument>
  </rsm:SPSAcknowledgementDocument>
</rsm:SPSAcknowledgement>"""


class Forms(WorldCase):
    def push_json(self, text, agency=None, **headers):
        return (agency or self.gacc).request("POST", "/v1/certificates", text, {"Content-Type": "application/json", **headers})

    def expect_unchanged(self, number, data):
        row = self.arrived(number)[0]
        self.assertEqual(row["sha256"], hashlib.sha256(data).hexdigest())
        self.assertEqual(self.content_of(row), data)
        return row

    def test_a_certificate_inside_json_is_the_same_certificate(self):
        data = certificate("CN-J1")
        taken = self.push_json(inside_json(data, to="NZ", number="CN-J1", type=851, status=70))
        self.assertEqual(taken.status, 202, taken.body)
        self.assertEqual(taken.json()["sha256"], hashlib.sha256(data).hexdigest())
        again = self.gacc.push(data)
        self.assertEqual((again.status, again.body), (200, taken.body), "a repeat, in the other form")
        self.expect_unchanged("CN-J1", data)
        self.until(taken.json(), "delivered")

    def test_a_large_one_inside_json_is_spooled_and_one_too_large_refused(self):
        data = certificate("CN-J2")
        room = (8 << 20) - len(data)
        padding = b"<!--%s-->" % (b"x" * 9993) * (room // 10000) + b" " * (room % 10000)
        full = data.replace(b"</rsm:SPSCertificate>", padding + b"</rsm:SPSCertificate>")
        taken = self.push_json(inside_json(full))
        self.assertEqual(taken.status, 202, taken.body)
        over = self.push_json(inside_json(full.replace(b"</rsm:SPSCertificate>", b" </rsm:SPSCertificate>")))
        self.assertEqual(over.status, 413)
        self.assertIn(b"limits.json_bytes", over.body)
        self.expect_unchanged("CN-J2", full)

    def test_problems_are_the_same_in_both_forms(self):
        broken = (SAMPLES / "broken.xml").read_bytes()
        plain, inside = self.gacc.push(broken), self.push_json(inside_json(broken))
        self.assertEqual((plain.status, inside.status), (422, 422))
        self.assertEqual(plain.body, inside.body)
        self.assertGreater(len(inside.json()["errors"]), 9)
        misstated = self.push_json(inside_json(certificate("CN-J3"), number="CN-J4"))
        self.assertEqual([e["id"] for e in misstated.json()["errors"]], ["SPS-ENVELOPE-NUMBER"])

    def test_an_idempotency_key_and_a_conflict_work_as_for_xml(self):
        first = self.push_json(inside_json(certificate("CN-J5")), **{"Idempotency-Key": "k"})
        same = self.push_json(inside_json(certificate("CN-J5")), **{"Idempotency-Key": "k"})
        other = self.push_json(inside_json(certificate("CN-J5", text="other")), **{"Idempotency-Key": "k"})
        self.assertEqual((first.status, same.status, other.status), (202, 200, 409))

    def test_a_certificate_as_real_systems_write_it_arrives_unchanged_with_its_faults_named(self):
        data = (SAMPLES / "as-real-systems-write.xml").read_bytes()
        self.expect_taken_with_faults("CN-PHYTO-2026-000155", data)

    def test_the_ippcs_own_sample_arrives_unchanged_with_its_faults_named(self):
        if not IPPC.exists():
            self.skipTest(f"the IPPC's sample is not here: {IPPC}")
        data = IPPC.read_bytes()
        for where, was, now in (("Export", "AR", "CN"), ("Import", "EC", "NZ")):  # between our two countries
            old = f"<ns1:{where}SPSCountry>\n            <ns1:ID>{was}<".encode()
            self.assertEqual(data.count(old), 1)
            data = data.replace(old, old.replace(was.encode() + b"<", now.encode() + b"<"))
        self.expect_taken_with_faults("123ABC", data)

    def expect_taken_with_faults(self, number, data):
        receipt = self.accepted(data)
        told = {w["id"] for w in receipt["warnings"]}
        self.assertEqual(told, {"XML-NOT-BASE64", "SPS-SCHEMA-ORDER", "SPS-SCHEMA-MISSING", "SPS-REEXPORT-UNEXPECTED"})
        paths = " ".join(w["path"] for w in receipt["warnings"])
        self.assertIn("/ram:TransitSPSCountry", paths)
        self.assertIn("/ram:AttachmentBinaryObject line ", paths)
        row = self.expect_unchanged(number, data)
        self.assertEqual({f["id"] for f in row["findings"]}, told, "the receiver finds the same")
        self.until(receipt, "delivered")

    def test_an_answer_may_be_an_acknowledgement_and_is_read_as_one(self):
        receipt = self.accepted(certificate("CN-A1"))
        row = self.arrived("CN-A1")[0]
        path = f"/v1/inbox/{row['inbound']}/acknowledgement"
        xml = {"Content-Type": "application/xml"}
        wrong = self.mpi.request("POST", path, acknowledgement(41, "no", "CN-A2"), xml)
        self.assertEqual([e["id"] for e in wrong.json()["errors"]], ["INBOX-OTHER-CERTIFICATE"])
        given = self.mpi.request("POST", path, acknowledgement(41, "Seal &lt;broken&gt;", "CN-A1"), xml)
        self.assertEqual(given.status, 200, given.body)
        view = self.until(receipt, "rejected")
        self.assertEqual(view["answer_reason"], "Seal <broken>")
        answer = self.gacc.request("GET", receipt["location"] + "/acknowledgement")
        self.assertEqual(answer.status, 200)
        for part in (b">41</", b"Seal &lt;broken&gt;", b">CN-A1</"):
            self.assertIn(part, answer.body)


class Strict(WorldCase):
    """One of CN's agencies is strict, and NZ is strict with what comes from CN."""

    def arrange(self):
        self.strict = self.cn.add_agency("stranger", inbox=(), validation="strict")
        self.addCleanup(self.strict.close)
        self.nz.add_partner("CN", self.cn.partner_url(), tables=QUICK, profile={"validation": "strict"})

    def test_what_is_a_warning_elsewhere_refuses_a_strict_agencys_certificate(self):
        refused = self.strict.push((SAMPLES / "as-real-systems-write.xml").read_bytes())
        self.assertEqual(refused.status, 422)
        self.assertTrue(all(e["level"] == "error" for e in refused.json()["errors"]))
        self.assertEqual(self.strict.push(certificate("CN-S1")).status, 202)
        self.arrived("CN-S1")

    def test_a_strict_partner_refuses_it_and_says_every_reason(self):
        receipt = self.accepted((SAMPLES / "as-real-systems-write.xml").read_bytes())
        view = self.until(receipt, "refused")
        for told in ("SPS-SCHEMA-ORDER", "XML-NOT-BASE64", "ram:TransitSPSCountry"):
            self.assertIn(told, view["last_answer"])
        self.assertEqual(self.mpi.inbox("CN-PHYTO-2026-000155"), [])
