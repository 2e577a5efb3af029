"""The IPPC Hub's contract, served: what each operation means for an agency and for a partner."""

import base64
import hashlib
import json
import re

from harness.served import E, ENVELOPE, H, TYPE, Fault, ServedCase, fields, header, in_base64, in_cdata, message, written
from harness.world import certificate
from nodes import wait_until, write_toml

ACK = ('<a:SPSAcknowledgement xmlns:a="urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17" '
       'xmlns:r="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21">'
       '<a:SPSAcknowledgementDocument><r:StatusCode>{}</r:StatusCode><r:ReasonInformation languageID="en">{}'
       '</r:ReasonInformation></a:SPSAcknowledgementDocument></a:SPSAcknowledgement>')


def about(*numbers):
    """The rest of an ACK that refers to these certificates."""
    return "".join(f"<r:ReferenceSPSReferencedDocument><r:ID>{n}</r:ID></r:ReferenceSPSReferencedDocument>" for n in numbers) \
        + "</a:SPSAcknowledgementDocument>"


class PartnerDelivers(ServedCase):
    def arrived_whole(self, number, data):
        rows = self.inbox(number)
        self.assertEqual(len(rows), 1)
        self.assertEqual(rows[0]["sha256"], hashlib.sha256(data).hexdigest())
        self.assertEqual(self.content_of(rows[0]), data)
        return rows[0]

    def test_content_comes_in_unchanged_however_it_is_wrapped(self):
        for i, (wrap, operation) in enumerate([(written, "DeliverEnvelope"), (in_cdata, "DeliverEnvelope"),
                                               (in_base64, "DeliverEnvelope"), (written, "ValidateAndDeliverEnvelope")]):
            with self.subTest(wrap.__name__, operation=operation):
                data = self.from_nz(f"NZ/{i}", text="\u00e9 <&> \u4e2d")
                told = self.nz.deliver(data, f"NZ/{i}", "NZ", "CN", operation, wrap)
                self.assertEqual(told["HUBTrackingInfo"], "Delivered", told)
                self.assertRegex(told["hubDeliveryNumber"], "^[0-9a-f-]{36}$")
                self.arrived_whole(f"NZ/{i}", data)
        with self.subTest("carriage returns and a byte order mark, as base64"):
            data = b"\xef\xbb\xbf" + self.from_nz("NZ/bom").replace(b"\n", b"\r\n")
            self.nz.deliver(data, "NZ/bom", "NZ", "CN", content=in_base64)
            self.arrived_whole("NZ/bom", data)
        with self.subTest("carriage returns as text"):
            data = self.from_nz("NZ/cr").replace(b"\n", b"\r\n")
            self.nz.deliver(data, "NZ/cr", "NZ", "CN")
            self.arrived_whole("NZ/cr", data)
        with self.subTest("an encoding that it no longer is in"):
            data = self.from_nz("NZ/latin", text="\u00e9").replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"')
            self.nz.deliver(data, "NZ/latin", "NZ", "CN")
            self.arrived_whole("NZ/latin", data)

    def test_odd_but_legal_messages_are_read(self):
        data = self.from_nz("NZ/odd")
        text = written(data)
        plain = header("NZ", "CN", "NZ/odd")
        reordered = "".join(reversed(re.findall(r"<h:\w+>[^<]*</h:\w+>", plain)))
        body = "<e:DeliverEnvelope><e:env>{}</e:env></e:DeliverEnvelope>"
        default = re.sub(r"(</?)h:", r"\1", plain + text)
        cases = {
            "children in another order, content first": message(body.format(text + reordered)),
            "a comment in every place": message(body.format(
                "<!-- a -->" + plain.replace("NZ</h:From>", "N<!-- b -->Z</h:From>") + text + "<!-- c -->")),
            "the fields in a default namespace": message(
                f'<DeliverEnvelope xmlns="{E}"><env xmlns:x="urn:x">'
                + re.sub(r"<(\w)", r'<\1', re.sub(r"<(\w+)>", rf'<\1 xmlns="{E}HUB.Entities">', default))
                + "</env></DeliverEnvelope>"),
            "what is nil or unknown beside them": message(body.format(
                plain + '<h:hubDeliveryNumber xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
                '<h:Forwardings/><h:Later>1</h:Later>' + text)),
            "white space around codes": message(body.format(
                plain.replace(">851<", ">\n 851 <").replace(">NZ<", "> NZ\n<") + text)),
            "white space before the certificate's declaration": message(body.format(
                plain + "<h:Content>\n   <![CDATA[" + data.decode() + "]]></h:Content>")),
            "a byte order mark and a declaration": b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>'
                                                   + message(body.format(plain + text)),
            "a Header that nobody must understand": message(body.format(plain + text),
                                                            head='<s:Header><x xmlns="urn:x">1</x></s:Header>')}
        numbers = set()
        for name, xml in cases.items():
            with self.subTest(name):
                told = fields(self.nz.result(*self.nz.post(xml))[0])
                self.assertEqual(told["HUBTrackingInfo"], "Delivered", told)
                numbers.add(told["hubDeliveryNumber"])
        with self.subTest("UTF-16"):
            xml = '<?xml version="1.0" encoding="UTF-16"?>' + message(body.format(plain + text)).decode()
            told = fields(self.nz.result(*self.nz.post(xml.encode("utf-16")))[0])
            numbers.add(told["hubDeliveryNumber"])
        with self.subTest("in chunks"):
            xml = message(body.format(plain + text))
            pieces = (xml[i:i + 999] for i in range(0, len(xml), 999))
            told = fields(self.nz.result(*self.nz.post(pieces))[0])
            numbers.add(told["hubDeliveryNumber"])
        self.assertEqual(len(numbers), 1, "equal content under one header is one arrival")
        self.arrived_whole("NZ/odd", data)

    def test_soap_1_2_is_answered_in_soap_1_2(self):
        told = self.nz.deliver(self.from_nz("NZ/12"), "NZ/12", "NZ", "CN", version="1.2")
        self.assertEqual(told["HUBTrackingInfo"], "Delivered")
        status, headers, body = self.nz.post(message("<e:Nothing/>", "1.2"), "1.2")
        self.assertEqual(status, 400)
        self.assertTrue(headers["Content-Type"].startswith("application/soap+xml"))
        self.assertIn(ENVELOPE["1.2"].encode(), body)
        status, headers, _ = self.nz.post(b"no xml", "1.2")
        self.assertEqual((status, headers["Content-Type"].split(";")[0]), (400, "application/soap+xml"))
        status, headers, _ = self.nz.post(b"no xml")
        self.assertEqual((status, headers["Content-Type"].split(";")[0]), (500, "text/xml"))

    def test_a_typed_certificate_is_kept_as_its_exclusive_canonical_form(self):
        data = self.from_nz("NZ/typed")
        tree = data[data.index(b"<rsm:SPSCertificate"):].decode()
        told = self.nz.told("DeliverPhytoEnvelope", "<e:ePhytoEnvelope>" + header("NZ", "CN", "NZ/typed") + tree
                            + "</e:ePhytoEnvelope>")
        self.assertEqual(told["HUBTrackingInfo"], "Delivered", told)
        row = self.inbox("NZ/typed")[0]
        kept = self.content_of(row)
        self.assertTrue(kept.startswith(b"<rsm:SPSCertificate xmlns:rsm="), kept[:200])
        self.assertNotIn(b"<?xml", kept)
        self.assertNotIn(b"ephyto.ippc.int", kept, "nothing of the message around it")
        import xml.etree.ElementTree as ET
        self.assertEqual(ET.canonicalize(kept.decode()), ET.canonicalize(tree))

    def test_where_no_certificate_is_found_the_element_that_it_is_looked_for_in_is_named(self):
        cases = {("DeliverPhytoEnvelope", "ePhytoEnvelope", "<SPSCertificate/>"):
                 "SPSCertificate of the namespace urn:un:unece:uncefact:data:standard:SPSCertificate:17",
                 ("DeliverEnvelope", "env", "<e:Content>x</e:Content>"): f"Content of the namespace {H}"}
        for caller, sender, to in ((self.nz, "NZ", "CN"), (self.agency, "CN", "NZ")):
            for (operation, inner, content), place in cases.items():
                told = caller.told(operation, f"<e:{inner}>{header(sender, to, 'X/1')}{content}</e:{inner}>")
                self.assertEqual(told["HUBTrackingInfo"], "FailedDelivery")
                self.assertTrue(told["hubDeliveryErrorMessage"].endswith(place), told)

    def test_what_is_refused_is_told_in_the_reply_and_leaves_nothing(self):
        good = self.from_nz("NZ/no")
        cases = {
            "no certificate": (b"<a/>", {}, "SPS-"), "not well-formed": (good[:500], {}, "XML-"),
            "another number": (good, {"number": "NZ/other"}, "SPS-ENVELOPE-NUMBER"),
            "another type": (good, {"type_": 657}, "SPS-ENVELOPE-TYPE"),
            "another status": (good, {"status": 40}, "SPS-ENVELOPE-STATUS"),
            "a document type inside": (b"<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>", {}, "XML-DOCTYPE")}
        for name, (data, more, expected) in cases.items():
            with self.subTest(name):
                told = self.nz.deliver(data, more.pop("number", "NZ/no"), "NZ", "CN", **more)
                self.assertEqual(told["HUBTrackingInfo"], "FailedDelivery")
                self.assertIn(expected, told["hubDeliveryErrorMessage"])
                self.assertNotIn("hubDeliveryNumber", told)
        told = self.nz.told("DeliverEnvelope", f"<e:env>{header('NZ', 'CN', 'NZ/no')}</e:env>")
        self.assertEqual(told["HUBTrackingInfo"], "FailedDelivery")
        self.assertEqual(self.inbox(), [])

    def test_who_asks_for_validation_gets_it(self):
        data = re.sub(rb"<ram:IssueDateTime>.*?</ram:IssueDateTime>", b"", self.from_nz("NZ/v"), count=1, flags=re.S)
        severe = [f for f in self.nz.ask("ValidatePhytoXML", written(data).replace("h:Content", "e:ePhytoXML"))
                  if f.findtext("level") == "SEVERE"]
        self.assertTrue(severe)
        self.assertIn(severe[0].findtext("area"), ("MandatoryElements", "Mapping", "Schema"))
        self.assertTrue(severe[0].findtext("field") and severe[0].findtext("msg"))
        told = self.nz.deliver(data, "NZ/v", "NZ", "CN", "ValidateAndDeliverEnvelope")
        self.assertEqual(told["HUBTrackingInfo"], "FailedDelivery")
        self.assertEqual(self.inbox(), [])
        told = self.nz.deliver(data, "NZ/v", "NZ", "CN")
        self.assertEqual(told["HUBTrackingInfo"], "DeliveredWithWarnings", "taken, and told what is wrong with it")
        self.assertTrue(told["hubDeliveryErrorMessage"])
        self.assertEqual(self.nz.track(told["hubDeliveryNumber"]), told)

    def test_equal_content_under_one_header_is_one_arrival_and_other_content_the_next(self):
        first = self.nz.deliver(self.from_nz("NZ/1"), "NZ/1", "NZ", "CN")
        self.assertEqual(self.nz.deliver(self.from_nz("NZ/1"), "NZ/1", "NZ", "CN", content=in_base64), first)
        corrected = self.nz.deliver(self.from_nz("NZ/1", text="corrected"), "NZ/1", "NZ", "CN")
        self.assertNotEqual(corrected["hubDeliveryNumber"], first["hubDeliveryNumber"])
        self.assertEqual(len(self.inbox("NZ/1")), 2)

    def test_a_number_that_the_sender_gave_is_kept(self):
        inside = f"<e:env>{header('NZ', 'CN', 'NZ/h', more='<h:hubDeliveryNumber>HUB-77</h:hubDeliveryNumber>')}" \
                 f"{written(self.from_nz('NZ/h'))}</e:env>"
        self.assertEqual(self.nz.told("DeliverEnvelope", inside)["hubDeliveryNumber"], "HUB-77")
        self.assertEqual(self.nz.told("DeliverEnvelope", inside)["hubDeliveryNumber"], "HUB-77")
        self.assertEqual(len(self.inbox("NZ/h")), 1)
        self.assertEqual(self.nz.track("HUB-77")["HUBTrackingInfo"], "Delivered")
        self.assertEqual(self.au.track("HUB-77")["HUBTrackingInfo"], "EnvelopeNotExists")

    def test_what_became_of_it_is_told_by_exact_words(self):
        number = self.nz.deliver(self.from_nz("NZ/t"), "NZ/t", "NZ", "CN")["hubDeliveryNumber"]
        self.assertEqual(self.nz.track(number)["HUBTrackingInfo"], "Delivered")
        self.agency.number("AcknowledgeFailedEnvelopeReceipt", number, "<e:message>we cannot open it</e:message>")
        told = self.nz.track(number)
        self.assertEqual(told["HUBTrackingInfo"], "DeliveredNotReadable")
        self.assertEqual(told["hubDeliveryErrorMessage"], "we cannot open it")

    def test_who_heard_no_answer_finds_what_it_sent_lately(self):
        numbers = [self.nz.deliver(self.from_nz(f"NZ/l{i}"), f"NZ/l{i}", "NZ", "CN")["hubDeliveryNumber"] for i in range(2)]
        self.assertEqual([(h["hubDeliveryNumber"], h["NPPOCertificateNumber"], h["HUBTrackingInfo"])
                          for h in self.nz.headers("GetUnderDeliveryEnvelope")],
                         [(numbers[0], "NZ/l0", "Delivered"), (numbers[1], "NZ/l1", "Delivered")])
        self.assertEqual(self.au.headers("GetUnderDeliveryEnvelope"), [])

    def test_a_number_that_cannot_be_theirs_is_none(self):
        number = "<h:hubDeliveryNumber>{}</h:hubDeliveryNumber>"

        def deliver(status, given, text=""):
            inside = header("NZ", "CN", "NZ/n", status=status, more=number.format(given) if given else "")
            return self.nz.told("DeliverEnvelope", f"<e:env>{inside}{written(self.from_nz('NZ/n', status=status, text=text))}</e:env>")

        ours = deliver(70, "")["hubDeliveryNumber"]
        withdrawal = deliver(40, ours)
        self.assertEqual(withdrawal["HUBTrackingInfo"], "Delivered", "the header that we returned, used again")
        self.assertNotEqual(withdrawal["hubDeliveryNumber"], ours)
        self.assertEqual(deliver(40, ours), withdrawal, "and said again it is the same")
        self.assertNotIn(deliver(70, ours, "anew")["hubDeliveryNumber"], (ours, withdrawal["hubDeliveryNumber"]))
        self.assertEqual(len(self.inbox("NZ/n")), 3)
        self.assertEqual([deliver(status, "0", "zero")["HUBTrackingInfo"] for status in (70, 40)], ["Delivered", "Delivered"],
                         "a constant")
        self.assertEqual(len(self.inbox("NZ/n")), 5)
        self.assertIn("hubDeliveryNumber", deliver(70, "0", "other")["hubDeliveryErrorMessage"])

    def test_white_space_around_a_number_is_layout(self):
        told = self.nz.deliver(self.from_nz("NZ/sp"), "\n  NZ/sp\t", "NZ", "CN")
        self.assertEqual(told["HUBTrackingInfo"], "Delivered", told)
        self.assertEqual(len(self.inbox("NZ/sp")), 1)

    def test_anothers_number_answers_as_one_that_never_was(self):
        number = self.nz.deliver(self.from_nz("NZ/mine"), "NZ/mine", "NZ", "CN")["hubDeliveryNumber"]
        invented = "0b5f5d0e-0000-5000-8000-000000000001"
        for operation, more in (("GetEnvelopeTrackingInfo", ""), ("PULLSingleImportEnvelope", "")):
            ours = self.au.post(message(f"<e:{operation}><e:hubTrackingNumber>{number}</e:hubTrackingNumber>{more}</e:{operation}>"))
            none = self.au.post(message(f"<e:{operation}><e:hubTrackingNumber>{invented}</e:hubTrackingNumber>{more}</e:{operation}>"))
            self.assertIn(b"EnvelopeNotExists", ours[2])
            self.assertEqual(ours[2].replace(number.encode(), b"#"), none[2].replace(invented.encode(), b"#"))
        for operation in ("AcknowledgeEnvelopeReceipt", "AdvancedAcknowledgeEnvelopeReceipt", "AcknowledgeFailedEnvelopeReceipt"):
            self.fault(lambda o=operation: self.au.number(o, number), "EnvelopeNotExists")
            self.fault(lambda o=operation: self.au.number(o, "no number"), "EnvelopeNotExists")
        self.assertEqual(self.nz.track(number)["HUBTrackingInfo"], "Delivered", "and nothing happened to it")


class PartnerFetches(ServedCase):
    def test_it_is_offered_fetched_confirmed(self):
        receipt = self.push("CN/1")
        self.assertEqual(self.state(receipt), "offered")
        listed = self.nz.headers()
        self.assertEqual([(h["From"], h["To"], h["NPPOCertificateNumber"], h["CertificateType"], h["CertificateStatus"],
                           h["HUBTrackingInfo"]) for h in listed], [("CN", "NZ", "CN/1", "851", "70", "PendingDelivery")])
        number = listed[0]["hubDeliveryNumber"]
        self.assertEqual(number, receipt["delivery"])
        pulled = self.nz.pull(number)
        self.assertEqual(pulled["Content"].encode(), certificate("CN/1"))
        self.assertEqual(self.state(receipt), "sent", "fetched is not delivered")
        self.assertEqual(self.nz.pull(number)["Content"], pulled["Content"])
        self.assertEqual(len(self.nz.headers()), 1, "until it is confirmed")
        self.nz.number("AcknowledgeEnvelopeReceipt", number)
        self.nz.number("AcknowledgeEnvelopeReceipt", number)
        self.assertEqual(self.state(receipt), "delivered")
        self.assertEqual(self.nz.headers(), [])
        events = self.gacc.request("GET", f"/v1/certificates/{receipt['certificate']}/events").json()["rows"]
        self.assertEqual([e["kind"] for e in events], ["accepted", "offered", "sent", "delivered", "ended"])

    def test_all_at_once_with_contents(self):
        pushed = {f"CN/{i}": certificate(f"CN/{i}", text=f"<{i}>") for i in range(5)}
        for number in pushed:
            self.push(number, text=f"<{number[3:]}>")
        found = {f["NPPOCertificateNumber"]: f["Content"].encode() for f in
                 map(fields, self.nz.ask("PULLImportEnvelope")[0])}
        self.assertEqual(found, pushed)
        for each in self.nz.headers():
            self.nz.number("AcknowledgeEnvelopeReceipt", each["hubDeliveryNumber"])
        self.assertEqual(len(self.nz.ask("PULLImportEnvelope")[0]), 0)

    def test_a_page_ends_where_it_is_large_enough_and_the_rest_comes_with_the_next(self):
        pushed = {f"CN/p{i}" for i in range(5)}
        for number in pushed:
            self.push(number, text="x" * 900_000)
        found, pages = set(), []
        while page := [fields(each) for each in self.nz.ask("PULLImportEnvelope")[0]]:
            pages.append(len(page))
            for each in page:
                found.add(each["NPPOCertificateNumber"])
                self.nz.number("AcknowledgeEnvelopeReceipt", each["hubDeliveryNumber"])
        self.assertEqual((found, pages), (pushed, [2, 2, 1]))

    def test_what_is_anothers_is_not_given(self):
        receipt = self.push("CN/au", to="AU")
        self.assertEqual(self.nz.headers(), [])
        self.assertEqual(len(self.nz.ask("PULLImportEnvelope")[0]), 0)
        self.assertEqual(self.nz.pull(receipt["delivery"])["HUBTrackingInfo"], "EnvelopeNotExists")
        self.assertNotIn("Content", self.nz.pull(receipt["delivery"]))
        self.fault(lambda: self.nz.number("AcknowledgeEnvelopeReceipt", receipt["delivery"]), "EnvelopeNotExists")
        self.assertEqual(self.state(receipt), "offered")
        self.assertEqual([h["NPPOCertificateNumber"] for h in self.au.headers()], ["CN/au"])

    def test_a_complaint_is_kept_and_told(self):
        receipt = self.push("CN/w")
        answer = self.nz.number("AdvancedAcknowledgeEnvelopeReceipt", receipt["delivery"],
                                "<e:warningMessage>the seal number is missing</e:warningMessage>")
        self.assertEqual(answer.findtext(f"{{{E}}}return"), "DeliveredWithWarnings")
        self.assertEqual(self.state(receipt), "delivered")
        told = self.agency.track(receipt["delivery"])
        self.assertEqual((told["HUBTrackingInfo"], told["hubDeliveryErrorMessage"]),
                         ("DeliveredWithWarnings", "the seal number is missing"))
        self.assertIn("seal number", self.gacc.request("GET", f"/v1/certificates/{receipt['certificate']}/events").body.decode())

    def test_what_they_cannot_take_is_refused_with_their_words_and_may_be_offered_again(self):
        receipt = self.push("CN/f")
        answer = self.nz.number("AcknowledgeFailedEnvelopeReceipt", receipt["delivery"], "<e:message>no PDF</e:message>")
        self.assertEqual(answer.findtext(f"{{{E}}}return"), "FailedDelivery")
        self.assertEqual(self.state(receipt), "refused")
        told = self.agency.track(receipt["delivery"])
        self.assertEqual(told["HUBTrackingInfo"], "FailedDelivery")
        self.assertIn("no PDF", told["hubDeliveryErrorMessage"])
        self.assertEqual(self.nz.headers(), [])
        status, _ = self.cn.operate("POST", f"/v1/work/{receipt['delivery']}/retry", {"reason": "they can now"})
        self.assertEqual(status, 200)
        self.assertEqual(len(self.nz.headers()), 1)

    def test_however_much_they_say_against_it_they_are_heard(self):
        receipt = self.push("CN/10k")
        answer = self.nz.number("AcknowledgeFailedEnvelopeReceipt", receipt["delivery"],
                                f"<e:message>{'no PDF; 没有 ' * 1000}</e:message>")
        self.assertEqual(answer.findtext(f"{{{E}}}return"), "FailedDelivery")
        self.assertEqual(self.state(receipt), "refused")
        self.assertIn("no PDF", self.agency.track(receipt["delivery"])["hubDeliveryErrorMessage"])

    def test_a_number_in_any_script_that_names_nothing_is_told_in_a_fault(self):
        self.fault(lambda: self.nz.number("AcknowledgeEnvelopeReceipt", "中" * 34), "EnvelopeNotExists", "中")

    def test_a_later_link_waits_until_the_earlier_one_is_theirs(self):
        first = self.push("CN/c")
        withdrawal = self.push("CN/c", status=40)
        self.assertEqual([self.state(first), self.state(withdrawal)], ["cancelled", "cancelled"],
                         "nobody fetched it: nothing is withdrawn from them")
        first = self.push("CN/d")
        self.nz.pull(first["delivery"])
        withdrawal = self.push("CN/d", status=40)
        self.assertEqual([h["CertificateStatus"] for h in self.nz.headers()], ["70"])
        self.assertEqual(self.nz.pull(withdrawal["delivery"])["HUBTrackingInfo"], "EnvelopeNotExists")
        self.nz.number("AcknowledgeEnvelopeReceipt", first["delivery"])
        self.assertEqual([h["CertificateStatus"] for h in self.nz.headers()], ["40"])
        self.assertEqual(self.state(withdrawal), "offered")

    def test_what_they_say_of_it_in_a_message_of_their_own(self):
        receipt = self.push("CN/u")
        self.nz.pull(receipt["delivery"])
        update = header("CN", "NZ", "CN/u", more="<h:HUBTrackingInfo>{}</h:HUBTrackingInfo>")
        self.nz.ask("SetTrackingInfoUpdate", f"<e:header>{update.format('PendingDelivery')}</e:header>")
        self.nz.ask("SetTrackingInfoUpdate", f"<e:header>{update.format('DeliveredSomehow')}</e:header>")
        self.assertEqual(self.state(receipt), "sent", "only exact words count")
        self.nz.ask("SetTrackingInfoUpdate", f"<e:header>{update.format('DeliveredWithWarnings')}</e:header>")
        self.assertEqual(self.state(receipt), "delivered")
        self.fault(lambda: self.au.ask("SetTrackingInfoUpdate", f"<e:header>{update.format('Delivered')}</e:header>"), "From")

    def test_their_authority_answers(self):
        receipt = self.push("CN/a")
        self.nz.number("AcknowledgeEnvelopeReceipt", receipt["delivery"])
        envelope = f"<e:CountryResponseEnvelope>{header('NZ', 'CN', 'CN/a')}{ACK.format(41, 'pests found')}</e:CountryResponseEnvelope>"
        told = self.nz.told("DeliverCountryResponseEnvelope", envelope)
        self.assertEqual(told["HUBTrackingInfo"], "Delivered")
        self.assertEqual(self.nz.told("DeliverCountryResponseEnvelope", envelope), told)
        self.until(receipt, "rejected")
        view = self.gacc.certificate(receipt["certificate"])
        self.assertIn("pests found", json.dumps(view))
        nothing = envelope.replace(">41<", "><")
        self.assertEqual(self.nz.told("DeliverCountryResponseEnvelope", nothing)["HUBTrackingInfo"], "FailedDelivery")
        other = self.nz.told("DeliverCountryResponseEnvelope", envelope.replace("</a:SPSAcknowledgementDocument>", about("CN/b")))
        self.assertIn("INBOX-OTHER-CERTIFICATE", other["hubDeliveryErrorMessage"])
        both = envelope.replace("</a:SPSAcknowledgementDocument>", about("CHED/1", "\n CN/a "))
        self.assertEqual(self.nz.told("DeliverCountryResponseEnvelope", both)["HUBTrackingInfo"], "Delivered")

    def test_equal_words_about_two_links_answer_both(self):
        first = self.push("CN/2l")
        self.nz.number("AcknowledgeEnvelopeReceipt", first["delivery"])
        answer = f"<e:CountryResponseEnvelope>{header('NZ', 'CN', 'CN/2l')}{ACK.format(41, 'pests')}</e:CountryResponseEnvelope>"
        self.nz.told("DeliverCountryResponseEnvelope", answer)
        self.until(first, "rejected")
        second = self.push("CN/2l", text="treated")
        self.nz.number("AcknowledgeEnvelopeReceipt", second["delivery"])
        self.nz.told("DeliverCountryResponseEnvelope", answer)
        self.until(second, "rejected")


class AgencySpeaks(ServedCase):
    def test_what_it_delivers_goes_the_way_of_its_rest_door(self):
        data = certificate("CN/s")
        told = self.agency.deliver(data, "CN/s", "CN", "NZ")
        self.assertEqual(told["HUBTrackingInfo"], "PendingDelivery", told)
        again = self.gacc.push(data)
        self.assertEqual(again.status, 200, "the same certificate over the other door")
        self.assertEqual(again.json()["delivery"], told["hubDeliveryNumber"])
        self.assertEqual(self.agency.deliver(data, "CN/s", "CN", "NZ"), told)
        self.assertEqual([h["hubDeliveryNumber"] for h in self.agency.headers("GetUnderDeliveryEnvelope")],
                         [told["hubDeliveryNumber"]])
        self.assertEqual(self.nz.pull(told["hubDeliveryNumber"])["Content"].encode(), data)
        self.nz.number("AcknowledgeEnvelopeReceipt", told["hubDeliveryNumber"])
        self.assertEqual(self.agency.track(told["hubDeliveryNumber"])["HUBTrackingInfo"], "Delivered")
        self.assertEqual(self.agency.headers("GetUnderDeliveryEnvelope"), [])

    def test_all_that_is_wrong_is_told_at_once_in_the_reply(self):
        from harness.world import SAMPLES
        broken = (SAMPLES / "broken.xml").read_bytes()
        told = self.agency.deliver(broken, "CN/x", "CN", "NZ", "ValidateAndDeliverEnvelope")
        self.assertEqual(told["HUBTrackingInfo"], "FailedDelivery")
        self.assertGreaterEqual(told["hubDeliveryErrorMessage"].count("["), 5)
        told = self.agency.deliver(certificate("CN/x"), "CN/x", "CN", "XX")
        self.assertIn("REST-PARTNER-UNKNOWN", told["hubDeliveryErrorMessage"])
        self.agency.deliver(certificate("CN/x"), "CN/x", "CN", "NZ")
        told = self.agency.deliver(certificate("CN/x", text="other"), "CN/x", "CN", "NZ")
        self.assertEqual(told["HUBTrackingInfo"], "FailedDelivery")
        self.assertIn("Supersedes", told["hubDeliveryErrorMessage"])
        self.fault(lambda: self.agency.deliver(certificate("CN/y"), "CN/y", "NZ", "CN"), "From must be CN")

    def test_it_is_told_in_its_language(self):
        inside = f"<e:env>{header('CN', 'NZ', 'CN/zh')}{written(b'<a/>')}</e:env>"
        said = message(f"<e:DeliverEnvelope>{inside}</e:DeliverEnvelope>")
        told = fields(self.agency.result(*self.agency.post(said, **{"Accept-Language": "zh"}))[0])
        self.assertRegex(told["hubDeliveryErrorMessage"], "[\u4e00-\u9fff]")
        self.assertNotRegex(fields(self.agency.result(*self.agency.post(said))[0])["hubDeliveryErrorMessage"], "[\u4e00-\u9fff]")

    def test_what_it_validates_is_held_against_what_delivery_is(self):
        for name, data in (("exported by another", self.from_nz("CN/v").replace(b">CN<", b">NZ<")), ("good", certificate("CN/v"))):
            with self.subTest(name):
                told = self.agency.deliver(data, "CN/v", "CN", "NZ")
                findings = self.agency.ask("ValidatePhytoXML", written(data).replace("h:Content", "e:ePhytoXML"))
                severe = [f.findtext("msg") for f in findings if f.findtext("level") == "SEVERE"]
                self.assertEqual(bool(severe), told["HUBTrackingInfo"] == "FailedDelivery", (severe, told))
        self.assertEqual(told["HUBTrackingInfo"], "PendingDelivery")

    def test_a_withdrawal_of_what_was_never_taken_is_no_failure_and_what_follows_says_so(self):
        def deliver(status, **more):
            return self.agency_deliver("CN/70-40-70", status, **more)

        deliver(70)
        withdrawal = deliver(40)
        self.assertEqual(withdrawal["HUBTrackingInfo"], "DeliveredWithWarnings", withdrawal)
        self.assertIn("never took", withdrawal["hubDeliveryErrorMessage"])
        self.assertEqual(self.agency.track(withdrawal["hubDeliveryNumber"]), withdrawal)
        self.assertEqual(deliver(40), withdrawal, "said again it is the same")
        again = deliver(70)
        self.assertEqual(again["HUBTrackingInfo"], "FailedDelivery")
        self.assertIn("Idempotency-Key", again["hubDeliveryErrorMessage"])
        again = deliver(70, **{"Idempotency-Key": "the second time"})
        self.assertEqual(again["HUBTrackingInfo"], "PendingDelivery", again)
        corrected = deliver(70, text="corrected", Supersedes=self.gacc.request(
            "GET", "/v1/certificates?number=CN/70-40-70").json()["rows"][0]["certificate"])
        self.assertEqual(corrected["HUBTrackingInfo"], "PendingDelivery", corrected)
        self.assertIn("REST-SUPERSEDES", deliver(70, text="x", Supersedes="none")["hubDeliveryErrorMessage"])

    def agency_deliver(self, number, status, text="", **headers):
        inside = f"<e:env>{header('CN', 'NZ', number, status=status)}{written(certificate(number, status=status, text=text))}</e:env>"
        said = message(f"<e:DeliverEnvelope>{inside}</e:DeliverEnvelope>")
        return fields(self.agency.result(*self.agency.post(said, **headers))[0])

    def test_it_sees_what_is_its_own_and_nothing_else(self):
        number = self.agency.deliver(certificate("CN/o"), "CN/o", "CN", "NZ")["hubDeliveryNumber"]
        arrived = self.nz.deliver(self.from_nz("NZ/o"), "NZ/o", "NZ", "CN")["hubDeliveryNumber"]
        self.assertEqual(self.second.headers("GetUnderDeliveryEnvelope"), [])
        self.assertEqual(self.second.headers(), [])
        for theirs in (number, arrived):
            self.assertEqual(self.second.track(theirs)["HUBTrackingInfo"], "EnvelopeNotExists")
            self.assertEqual(self.second.pull(theirs)["HUBTrackingInfo"], "EnvelopeNotExists")
            self.fault(lambda n=theirs: self.second.number("AcknowledgeEnvelopeReceipt", n), "EnvelopeNotExists")
        self.assertEqual([h["hubDeliveryNumber"] for h in self.agency.headers()], [arrived])

    def test_it_fetches_and_confirms_what_arrived_for_it(self):
        data = self.from_nz("NZ/f")
        number = self.nz.deliver(data, "NZ/f", "NZ", "CN")["hubDeliveryNumber"]
        self.assertEqual([h["NPPOCertificateNumber"] for h in self.agency.headers()], ["NZ/f"])
        self.assertEqual(self.agency.headers(inside="<e:countryCode>AU</e:countryCode>"), [])
        self.assertEqual(self.agency.pull(number)["Content"].encode(), data)
        everything = [fields(each) for each in self.agency.ask("PULLImportEnvelope")[0]]
        self.assertEqual([e["Content"].encode() for e in everything], [data])
        answer = self.agency.number("AdvancedAcknowledgeEnvelopeReceipt", number, "<e:warningMessage>late</e:warningMessage>")
        self.assertEqual(answer.findtext(f"{{{E}}}return"), "DeliveredWithWarnings")
        self.assertEqual(self.agency.headers(), [])
        self.assertEqual(self.nz.track(number)["HUBTrackingInfo"], "DeliveredWithWarnings")

    def test_its_authoritys_answer_is_carried_abroad(self):
        number = self.nz.deliver(self.from_nz("NZ/r"), "NZ/r", "NZ", "CN")["hubDeliveryNumber"]
        answer = "<e:CountryResponseEnvelope>{}{}</e:CountryResponseEnvelope>"
        told = self.agency.told("DeliverCountryResponseEnvelope", answer.format(header("CN", "NZ", "NZ/r"), ACK.format(41, "")))
        self.assertIn("ReasonInformation", told["hubDeliveryErrorMessage"])
        told = self.agency.told("DeliverCountryResponseEnvelope", answer.format(header("CN", "NZ", "NZ/none"), ACK.format(39, "")))
        self.assertEqual(told["HUBTrackingInfo"], "FailedDelivery")
        for wrong, expected in ((ACK.format("39x", ""), "INBOX-ANSWER-STATUS"), (ACK.format(41, "x" * 2001), "INBOX-REASON-TOO-LONG"),
                                (ACK.format(39, "").replace("</a:SPSAcknowledgementDocument>", about("NZ/q")), "INBOX-OTHER-CERTIFICATE")):
            told = self.agency.told("DeliverCountryResponseEnvelope", answer.format(header("CN", "NZ", "NZ/r"), wrong))
            self.assertIn(expected, told["hubDeliveryErrorMessage"])
        told = self.agency.told("DeliverCountryResponseEnvelope",
                                answer.format(header("CN", "NZ", "NZ/r"), ACK.format(41, "pests")))
        self.assertEqual(told["HUBTrackingInfo"], "PendingDelivery", told)
        row = self.inbox("NZ/r")[0]
        self.assertIn("pests", json.dumps(row))
        told = self.agency.told("DeliverCountryResponseEnvelope",
                                answer.format(header("CN", "NZ", "NZ/r"), ACK.format(39, "")))
        self.assertEqual(told["HUBTrackingInfo"], "FailedDelivery", "the first answer stands")
        self.assertEqual(row["inbound"], number)
        owed = wait_until("the answer to be parked: NZ is only served", lambda: [
            w for w in self.cn.operate("GET", "/v1/work?verb=respond")[1]["rows"] if w["state"] == "parked"])
        self.assertRegex(json.dumps(owed), "only served|no call for")
        receipt = self.push("CN/still")
        self.assertEqual(self.nz.pull(receipt["delivery"])["HUBTrackingInfo"], "PendingDelivery", "and what they fetch goes on")


class OurCodeOnAChannel(ServedCase):
    """To NZ our node is CN2."""

    def arrange(self):
        write_toml(self.cn.folder / "channels" / "nz.toml", {"dialect": "ephyto", "code": "CN2"}, (),
                   [("identity", {"pin": self.pki.pem("NZ-client")})])

    def test_they_are_given_it_and_what_they_say_of_it_is_heard(self):
        receipt = self.push("CN/code")
        listed = self.nz.headers()[0]
        self.assertEqual(listed["From"], "CN2")
        self.nz.pull(receipt["delivery"])
        update = header("CN2", "NZ", "CN/code", more="<h:HUBTrackingInfo>Delivered</h:HUBTrackingInfo>")
        self.nz.ask("SetTrackingInfoUpdate", f"<e:header>{update}</e:header>")
        self.assertEqual(self.state(receipt), "delivered")
        answer = "<e:CountryResponseEnvelope>{}{}</e:CountryResponseEnvelope>"
        self.nz.told("DeliverCountryResponseEnvelope", answer.format(header("NZ", "CN2", "CN/code"), ACK.format(39, "")))
        self.until(receipt, "acknowledged")

    def test_an_agency_may_use_the_headers_that_it_is_given(self):
        issued = self.agency.deliver(certificate("CN/h"), "CN/h", "CN", "NZ")
        self.assertEqual(issued["From"], "CN2")
        told = self.agency.deliver(certificate("CN/h", status=40), "CN/h", issued["From"], issued["To"], status=40)
        self.assertEqual(told["HUBTrackingInfo"], "DeliveredWithWarnings", told)
        self.nz.deliver(self.from_nz("NZ/h"), "NZ/h", "NZ", "CN2")
        arrived = self.agency.headers()[0]
        answer = "<e:CountryResponseEnvelope>{}{}</e:CountryResponseEnvelope>"
        told = self.agency.told("DeliverCountryResponseEnvelope",
                                answer.format(header("NZ", arrived["To"], "NZ/h"), ACK.format(39, "")))
        self.assertEqual(told["HUBTrackingInfo"], "PendingDelivery", told)


class TheDoor(ServedCase):
    def test_it_describes_itself_where_it_was_found(self):
        for caller, path in ((self.nz, "/ephyto"), (self.agency, "/soap/ephyto")):
            status, headers, body = caller.request("GET", path + "?wsdl", headers={"Host": "node.example:8443"})
            self.assertEqual(status, 200)
            self.assertIn(f'location="https://node.example:8443{path}"'.encode(), body)
            self.assertNotIn(b"urn:ecert:address", body)
            for host in ('a"/><x', "a b", "evil/..", "a@b", "", "h:99999999"):
                status, _, body = caller.request("GET", path + "?wsdl", headers={"Host": host})
                self.assertEqual(status, 400, host)
                self.assertNotIn(b"evil", body)
            self.assertEqual(caller.request("GET", path)[0], 405)
            self.assertEqual(caller.request("DELETE", path)[0], 405)

    def test_who_is_nobody_gets_the_contracts_fault(self):
        wrong = self.fault(lambda: self.stranger.headers(), "NPPO from client certificate not found")
        self.assertEqual(wrong.status, 500)
        self.nz.path, self.nz.port = "/soap/ephyto", self.cn.agency_port
        self.fault(lambda: self.nz.headers(), "NPPO from client certificate not found")

    def test_gzip_and_parts_are_refused_with_the_reason(self):
        import gzip
        for caller in (self.nz, self.agency):
            for version in ENVELOPE:
                status, headers, body = caller.post(gzip.compress(message("<e:GetUnderDeliveryEnvelope/>", version)), version,
                                                    **{"Content-Encoding": "gzip"})
                self.assertEqual((status, headers["Accept-Encoding"]), (415, "identity"))
                self.assertTrue(headers["Content-Type"].startswith(TYPE[version].split(";")[0]), headers)
                wrong = self.fault(lambda: caller.result(status, headers, body, version))
                self.assertEqual(wrong.text, "Send the body without a Content-Encoding.")
        rest = self.gacc.request("POST", "/v1/certificates", gzip.compress(b"a"), {"Content-Encoding": "gzip"})
        self.assertEqual((rest.status, rest.headers["Content-Type"]), (415, "application/problem+json"))
        wrong = self.fault(lambda: self.nz.result(*self.nz.post(b"--x", **{"Content-Type": 'multipart/related; boundary="x"'})))
        self.assertIn("inside the certificate", wrong.text)


class BelowTheReserve(ServedCase):
    """A disk that is nearly full takes nothing new in; what settles what is here goes on."""

    def test_nothing_new_comes_in_and_what_is_here_is_settled(self):
        receipt = self.push("CN/r")
        arrived = self.nz.deliver(self.from_nz("NZ/r"), "NZ/r", "NZ", "CN")["hubDeliveryNumber"]
        self.cn.stop()
        self.cn.limits = {"disk_reserve_bytes": "1000GiB"}
        self.cn.write_node()
        self.cn.start(ready=False)
        wait_until("the watch to look", lambda: [e for e in self.cn.log() if e.get("event") == "disk_below_reserve"])
        for caller, sender, to in ((self.nz, "NZ", "CN"), (self.agency, "CN", "NZ")):
            wrong = self.fault(lambda c=caller, s=sender, t=to: c.deliver(certificate("X/1"), "X/1", s, t), "reserve")
            self.assertEqual(wrong.status, 503)
            wrong = self.fault(lambda c=caller, s=sender, t=to: c.deliver(
                certificate("X/1", text="x" * (2 << 20)), "X/1", s, t), "reserve")
            self.assertEqual(wrong.status, 503)
        self.nz.number("AcknowledgeEnvelopeReceipt", receipt["delivery"])
        self.agency.number("AcknowledgeEnvelopeReceipt", arrived)
        self.assertEqual(self.state(receipt), "delivered")
        self.assertEqual(self.nz.track(arrived)["HUBTrackingInfo"], "Delivered")


class KilledBetween(ServedCase):
    """The hub is killed around a commit; whoever heard no answer says it again, and it is as if it had been said once."""

    def again(self, point, act):
        """Acts until the hub dies at this point, starts it again, and acts once more."""
        self.cn.stop()
        self.cn.start("--kill-at", f"{point}:1")
        with self.assertRaises((ConnectionError, OSError)):
            act()
        wait_until("the hub to die", lambda: not self.cn.alive())
        self.cn.kill()
        self.gacc.close()
        self.cn.start()
        return act()

    def test_what_was_said_before_and_after_is_known_once(self):
        for i, point in enumerate(("before-arrive", "after-arrive")):
            with self.subTest(point):
                number = f"NZ/k{i}"
                told = self.again(point, lambda n=number: self.nz.deliver(self.from_nz(n), n, "NZ", "CN"))
                self.assertEqual(told["HUBTrackingInfo"], "Delivered")
                self.assertEqual([r["inbound"] for r in self.inbox(number)], [told["hubDeliveryNumber"]])
        for i, point in enumerate(("before-accept", "after-accept")):
            with self.subTest(point):
                number = f"CN/k{i}"
                told = self.again(point, lambda n=number: self.agency.deliver(certificate(n), n, "CN", "NZ"))
                self.assertEqual(told["HUBTrackingInfo"], "PendingDelivery")
                found = [h for h in self.nz.headers() if h["NPPOCertificateNumber"] == number]
                self.assertEqual([h["hubDeliveryNumber"] for h in found], [told["hubDeliveryNumber"]])
        for i, point in enumerate(("before-confirmed", "after-confirmed")):
            with self.subTest(point):
                receipt = self.push(f"CN/c{i}")
                self.nz.pull(receipt["delivery"])
                self.again(point, lambda r=receipt: self.nz.number("AcknowledgeEnvelopeReceipt", r["delivery"]))
                self.assertEqual(self.state(receipt), "delivered")
        self.assertTrue(self.cn.operate("GET", "/v1/audit")[1]["whole"])
