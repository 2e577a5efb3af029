"""The promises of our serving side that each foreign client is held to beside its operations: a typed certificate is kept as the
canonical form of what the stack sent, what it pulls is what was pushed, odd messages that it can write are read, gzip is
refused in words that its user sees."""

import base64
import random
import re

from lxml import etree

from harness.gate import Gate
from harness.world import certificate

RSM = "{urn:un:unece:uncefact:data:standard:SPSCertificate:17}"
BINARY = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21}AttachmentBinaryObject"


def canonical(element):
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False, with_tail=False)


def tree(element):
    """What it says, whatever its prefixes and the white space between its elements."""
    inside = [tree(child) for child in element if isinstance(child.tag, str)]
    return element.tag, sorted(element.attrib.items()), inside or (element.text or "")


def children(root):
    """Each as text that stands alone."""
    return [etree.tostring(child, encoding="unicode", with_tail=False) for child in root if isinstance(child.tag, str)]


def with_attachment(data, size):
    """With a picture of about that size in place of the sample's, its base64 in lines."""
    picture = b"\x89PNG\r\n\x1a\n" + random.Random(size).randbytes(size)
    return re.sub(rb"(<ram:AttachmentBinaryObject filename=\"seal.png\"[^>]*>)[^<]*",
                  lambda m: m[1] + b"\n" + base64.encodebytes(picture), data), picture


def attachments(data):
    return [base64.b64decode(each.text) for each in etree.fromstring(data).iter(BINARY)]


class CallingPromises:
    """For a ServedCase with: typed(who, header, root, at), the answer to DeliverPhytoEnvelope as (tracking, number); pulled(who,
    number) and pulled_all(who), contents as bytes; confirmed(who, operation, number, text by its field's name); odd(), pairs of a
    name and what delivers (number, data) in that way and gives (tracking, number); gzipped(number, data), what the stack tells of
    the refusal."""

    def test_a_typed_certificate_is_kept_as_the_canonical_form_of_what_was_sent(self):
        for who, sender, to, port, client, path in (("nz", "NZ", "CN", self.cn.partner_port, "NZ-client", "/ephyto"),
                                                    ("agency", "CN", "NZ", self.cn.agency_port, "CN-gacc", "/soap/ephyto")):
            with self.subTest(who):
                number = f"{sender}/typed"
                data = self.from_nz(number) if who == "nz" else certificate(number)
                said = re.sub(b"The fruit was", "\u4e2d &lt;&amp;&gt; ]]&gt; \"'  The fruit was".encode(), data)
                self.assertNotEqual(said, data)
                root = etree.fromstring(said)
                gate = Gate(self.pki, "CN-server", port, client)
                self.addCleanup(gate.close)
                tracking, given = self.typed(who, (number, sender, to), root, f"https://localhost:{gate.port}{path}")
                self.assertEqual(tracking, "Delivered" if who == "nz" else "PendingDelivery")
                sent = etree.fromstring(gate.seen[-1].body).find(f".//{RSM}SPSCertificate")
                kept = self.content_of(self.inbox(number)[0]) if who == "nz" else self.nz.pull(given)["Content"].encode()
                self.assertEqual(kept, canonical(sent))
                self.assertEqual(tree(etree.fromstring(kept)), tree(root))

    def test_what_is_pulled_is_what_was_pushed_byte_by_byte(self):
        for who, sender, to in (("nz", "CN", "NZ"), ("agency", "NZ", "CN")):
            with self.subTest(who):
                pushed, pictures = {}, []
                for size in (100, 300_000):  # more than what some parsers hand on at once
                    number = f"{sender}/<&> \u53f7 {size}"
                    data = certificate(number.replace("&", "&amp;").replace("<", "&lt;"), to=to, text="\u4e2d \r\n\t \"' ")
                    data, picture = with_attachment(self.from_abroad(data) if who == "agency" else data, size)
                    pushed[number] = data
                    pictures.append(picture)
                numbers = {n: self.brought(who, n, data) for n, data in pushed.items()}
                for number, data in pushed.items():
                    pulled = self.pulled(who, numbers[number])
                    self.assertEqual(pulled, data)
                    self.assertIn(attachments(pulled)[1], pictures)
                self.assertEqual(self.pulled_all(who), pushed)

    @staticmethod
    def from_abroad(data):
        return re.sub(rb"(<ram:ExportSPSCountry>\s*<ram:ID>)CN", rb"\1NZ", data, count=1)

    def brought(self, who, number, data):
        """The number that it is pulled by."""
        if who == "nz":
            answer = self.gacc.push(data)
            self.assertEqual(answer.status, 202, answer.body[:2000])
            return answer.json()["delivery"]
        return self.nz.deliver(data, number, "NZ", "CN")["hubDeliveryNumber"]

    def test_what_an_agency_confirms_its_sender_is_told(self):
        for operation, text, tracking in (
                ("AcknowledgeEnvelopeReceipt", {}, "Delivered"),
                ("AdvancedAcknowledgeEnvelopeReceipt", {"warningMessage": "odd <&> \u4e2d"}, "DeliveredWithWarnings"),
                ("AcknowledgeFailedEnvelopeReceipt", {"message": "no <&> \u4e2d"}, "DeliveredNotReadable")):
            with self.subTest(operation):
                number = self.nz.deliver(self.from_nz(operation), operation, "NZ", "CN")["hubDeliveryNumber"]
                self.confirmed("agency", operation, number, text)
                told = self.nz.track(number)
                self.assertEqual((told["HUBTrackingInfo"], told.get("hubDeliveryErrorMessage", "")), (tracking, *text.values(), "")[:2])
                self.assertNotIn(number, [h["hubDeliveryNumber"] for h in self.agency.headers()])

    def test_odd_messages_that_it_can_write_are_read(self):
        data = self.from_nz("NZ/odd")
        numbers = set()
        for name, deliver in self.odd():
            with self.subTest(name):
                tracking, number = deliver("NZ/odd", data)
                self.assertEqual(tracking, "Delivered")
                numbers.add(number)
        self.assertEqual(len(numbers), 1, "equal content under one header is one arrival")
        row, = self.inbox("NZ/odd")
        self.assertEqual(self.content_of(row), data)

    def test_gzip_is_refused_in_words_that_its_user_sees(self):
        self.assertIn("Send the body without a Content-Encoding.", self.gzipped("NZ/gzip", self.from_nz("NZ/gzip")))
        self.assertEqual(self.inbox("NZ/gzip"), [])
