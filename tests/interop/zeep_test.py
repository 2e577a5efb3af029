"""Python's zeep, generated from the node's own WSDL: every operation, by partners and agencies, in both bindings."""

import base64
import unittest

try:
    import requests
    import zeep
    from lxml import etree
    from zeep.transports import Transport
except ImportError:
    zeep = None

from harness.served import ServedCase
from harness.world import certificate

QNAME = "{http://ephyto.ippc.int/}"
BINDINGS = {"IDeliveryServiceImplPort": "1.1", "IDeliveryServiceSoap12Port": "1.2"}


def setUpModule():
    if not zeep:
        raise unittest.SkipTest("python3-zeep is not installed")


class ZeepCase(ServedCase):
    def client(self, who, port="IDeliveryServiceImplPort"):
        session = requests.Session()
        session.trust_env = False  # no proxy or CA of this machine's
        session.verify = str(self.pki.pem("ca"))
        client, path, at = {"nz": ("NZ-client", "/ephyto", self.cn.partner_port),
                            "au": ("AU-client", "/ephyto", self.cn.partner_port),
                            "agency": ("CN-gacc", "/soap/ephyto", self.cn.agency_port)}[who]
        session.cert = (str(self.pki.pem(client)), str(self.pki.key(client)))
        self.addCleanup(session.close)
        made = zeep.Client(f"https://127.0.0.1:{at}{path}?wsdl", transport=Transport(session=session),
                           settings=zeep.Settings(strict=True))
        return made.bind("DeliveryService", port)

    def envelope(self, number, data, sender, to, status=70):
        return {"From": sender, "To": to, "CertificateType": 851, "CertificateStatus": status,
                "NPPOCertificateNumber": number, "Content": data.decode()}

    def header(self, sender, to, number, **more):
        return {"From": sender, "To": to, "CertificateType": 851, "CertificateStatus": 70, "NPPOCertificateNumber": number, **more}


class Partner(ZeepCase):
    def test_it_delivers_tracks_and_answers(self):
        for port, version in BINDINGS.items():
            with self.subTest(version):
                nz = self.client("nz", port)
                number = f"NZ/{version}"
                data = self.from_nz(number, text="\u4e2d <&>")
                told = nz.DeliverEnvelope(env=self.envelope(number, data, "NZ", "CN"))
                self.assertEqual(told.HUBTrackingInfo, "Delivered", told)
                self.assertEqual(self.content_of(self.inbox(number)[0]), data)
                again = nz.ValidateAndDeliverEnvelope(envelope=self.envelope(number, data, "NZ", "CN"))
                self.assertEqual(again.hubDeliveryNumber, told.hubDeliveryNumber)
                self.assertEqual(nz.GetEnvelopeTrackingInfo(told.hubDeliveryNumber).HUBTrackingInfo, "Delivered")
                self.assertEqual([(h.hubDeliveryNumber, h.HUBTrackingInfo) for h in nz.GetUnderDeliveryEnvelope()][-1],
                                 (told.hubDeliveryNumber, "Delivered"), "who heard no answer finds it here")
                encoded = dict(self.envelope(number, data, "NZ", "CN"), Content=base64.b64encode(data).decode())
                self.assertEqual(nz.DeliverEnvelope(env=encoded).hubDeliveryNumber, told.hubDeliveryNumber)
                failed = nz.DeliverEnvelope(env=dict(encoded, Content="<a/>"))
                self.assertEqual(failed.HUBTrackingInfo, "FailedDelivery")
                self.assertTrue(failed.hubDeliveryErrorMessage)

    def test_a_typed_certificate(self):
        root = etree.fromstring(self.from_nz("NZ/typed"))
        elements = sum(isinstance(e.tag, str) for e in root.iter())
        told = self.client("nz").DeliverPhytoEnvelope(ePhytoEnvelope=self.header(
            "NZ", "CN", "NZ/typed", SPSCertificate={"_value_1": list(root)}))
        self.assertEqual(told.HUBTrackingInfo, "Delivered", told)
        kept = etree.fromstring(self.content_of(self.inbox("NZ/typed")[0]))
        self.assertEqual(kept.tag, root.tag)
        self.assertEqual(len(list(kept.iter())), elements)

    def test_it_fetches_and_confirms(self):
        for port, version in BINDINGS.items():
            with self.subTest(version):
                nz = self.client("nz", port)
                receipts = [self.push(f"CN/{version}/{i}") for i in range(4)]
                listed = nz.GetImportEnvelopeHeaders()
                self.assertEqual(sorted(h.hubDeliveryNumber for h in listed), sorted(r["delivery"] for r in receipts))
                one = nz.PULLSingleImportEnvelope(receipts[0]["delivery"])
                self.assertEqual(one.Content.encode(), certificate(f"CN/{version}/0"))
                everything = nz.PULLImportEnvelope()
                self.assertEqual({e.NPPOCertificateNumber for e in everything}, {f"CN/{version}/{i}" for i in range(4)})
                nz.AcknowledgeEnvelopeReceipt(receipts[0]["delivery"])
                self.assertEqual(nz.AdvancedAcknowledgeEnvelopeReceipt(receipts[1]["delivery"], "odd"), "DeliveredWithWarnings")
                self.assertEqual(nz.AcknowledgeFailedEnvelopeReceipt(receipts[2]["delivery"], "no"), "FailedDelivery")
                nz.SetTrackingInfoUpdate(header=self.header("CN", "NZ", f"CN/{version}/3", HUBTrackingInfo="Delivered"))
                self.assertEqual([self.state(r) for r in receipts], ["delivered", "delivered", "refused", "delivered"])
                self.assertFalse(nz.GetImportEnvelopeHeaders())
                answer = self.header("NZ", "CN", f"CN/{version}/0", SPSAcknowledgement={"SPSAcknowledgementDocument": {
                    "StatusCode": 39, "ReasonInformation": {"_value_1": "fine", "languageID": "en"},
                    "ReferenceSPSReferencedDocument": [{"TypeCode": "851", "ID": {"_value_1": f"CN/{version}/0"}}]}})
                self.assertEqual(nz.DeliverCountryResponseEnvelope(CountryResponseEnvelope=answer).HUBTrackingInfo, "Delivered")
                self.until(receipts[0], "acknowledged")

    def test_faults_and_findings_are_the_contracts_own(self):
        nz = self.client("nz")
        number = nz.DeliverEnvelope(env=self.envelope("NZ/1", self.from_nz("NZ/1"), "NZ", "CN")).hubDeliveryNumber
        with self.assertRaises(zeep.exceptions.Fault) as caught:
            self.client("au").AcknowledgeEnvelopeReceipt(number)
        self.assertIn("EnvelopeNotExists", caught.exception.detail.findtext(f".//{QNAME}message"))
        self.assertEqual(self.client("au").GetEnvelopeTrackingInfo(number).HUBTrackingInfo, "EnvelopeNotExists")
        findings = nz.ValidatePhytoXML("<a/>")
        self.assertIn("SEVERE", {f.level for f in findings})


class Agency(ZeepCase):
    def test_every_operation_of_an_agency(self):
        for port, version in BINDINGS.items():
            with self.subTest(version):
                agency, nz = self.client("agency", port), self.client("nz", port)
                number = f"CN/{version}"
                told = agency.ValidateAndDeliverEnvelope(envelope=self.envelope(number, certificate(number), "CN", "NZ"))
                self.assertEqual(told.HUBTrackingInfo, "PendingDelivery", told)
                self.assertEqual([h.hubDeliveryNumber for h in agency.GetUnderDeliveryEnvelope()], [told.hubDeliveryNumber])
                nz.AcknowledgeEnvelopeReceipt(told.hubDeliveryNumber)
                self.assertEqual(agency.GetEnvelopeTrackingInfo(told.hubDeliveryNumber).HUBTrackingInfo, "Delivered")
                data = self.from_nz(f"NZ/{version}")
                arrived = nz.DeliverEnvelope(env=self.envelope(f"NZ/{version}", data, "NZ", "CN")).hubDeliveryNumber
                self.assertEqual([h.hubDeliveryNumber for h in agency.GetImportEnvelopeHeaders(countryCode="NZ")], [arrived])
                self.assertEqual(agency.PULLSingleImportEnvelope(arrived).Content.encode(), data)
                self.assertEqual([e.Content.encode() for e in agency.PULLImportEnvelope()], [data])
                agency.AcknowledgeEnvelopeReceipt(arrived)
                self.assertFalse(agency.GetImportEnvelopeHeaders())
                answer = self.header("CN", "NZ", f"NZ/{version}", hubDeliveryNumber=arrived, SPSAcknowledgement={
                    "SPSAcknowledgementDocument": {"StatusCode": 39}})
                self.assertEqual(agency.DeliverCountryResponseEnvelope(answer).HUBTrackingInfo, "PendingDelivery")
                self.assertFalse(agency.ValidatePhytoXML(certificate(number).decode()) and any(
                    f.level == "SEVERE" for f in agency.ValidatePhytoXML(certificate(number).decode())))


if __name__ == "__main__":
    unittest.main()
