"""Python's zeep, generated from the node's own WSDL: every operation, by partners and agencies, in both bindings."""

import base64
import copy
import gzip
import unittest

try:
    import requests
    import zeep
    from lxml import etree
    from zeep.transports import Transport
except ImportError:
    zeep = None

import calling
from harness.served import H, ServedCase
from harness.world import certificate

QNAME = "{http://ephyto.ippc.int/}"
BINDINGS = {"IDeliveryServiceImplPort": "1.1", "IDeliveryServiceSoap12Port": "1.2"}


def setUpModule():
    if not zeep:
        raise unittest.SkipTest("python3-zeep is not installed")


class ZeepCase(ServedCase):
    def client(self, who, port="IDeliveryServiceImplPort", through=Transport, at=None, plugins=()):
        session = requests.Session()
        session.trust_env = False  # no proxy or CA of this machine's
        session.verify = str(self.pki.pem("ca"))
        client, path, listener = {"nz": ("NZ-client", "/ephyto", self.cn.partner_port),
                            "au": ("AU-client", "/ephyto", self.cn.partner_port),
                            "agency": ("CN-gacc", "/soap/ephyto", self.cn.agency_port)}[who]
        session.cert = (str(self.pki.pem(client)), str(self.pki.key(client)))
        self.addCleanup(session.close)
        made = zeep.Client(f"https://127.0.0.1:{listener}{path}?wsdl", transport=through(session=session),
                           settings=zeep.Settings(strict=True), plugins=plugins)
        if at:
            return made.create_service(made.service._binding.name, at)
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


class Changed(zeep.Plugin if zeep else object):
    """The fields of the message's envelope, changed before it is written."""

    def __init__(self, change):
        self.change = change

    def egress(self, message, headers, operation, options):
        self.change(message.find(f".//{QNAME}env"))
        return message, headers


class Gzipped(Transport if zeep else object):
    def post(self, address, message, headers):
        return super().post(address, gzip.compress(message), {**headers, "Content-Encoding": "gzip"})


class Promises(calling.CallingPromises, ZeepCase):
    def typed(self, who, header, root, at):
        """zeep takes elements for what a schema leaves open."""
        number, sender, to = header
        told = self.client(who, at=at).DeliverPhytoEnvelope(ePhytoEnvelope=self.header(
            sender, to, number, SPSCertificate={"_value_1": list(copy.deepcopy(root))}))
        return told.HUBTrackingInfo, told.hubDeliveryNumber

    def pulled(self, who, number):
        return self.client(who).PULLSingleImportEnvelope(number).Content.encode()

    def pulled_all(self, who):
        return {e.NPPOCertificateNumber: e.Content.encode() for e in self.client(who).PULLImportEnvelope()}

    def confirmed(self, who, operation, number, text):
        getattr(self.client(who), operation)(number, **text)

    def odd(self):
        def deliver(change):
            def act(number, data):
                told = self.client("nz", plugins=[Changed(change)]).DeliverEnvelope(env=self.envelope(number, data, "NZ", "CN"))
                return told.HUBTrackingInfo, told.hubDeliveryNumber
            return act

        def reordered(envelope):
            envelope[:] = reversed(envelope)

        def commented(envelope):
            for each in list(envelope):
                each.addprevious(etree.Comment("by hand"))

        def in_cdata(envelope):
            envelope[-1].text = etree.CDATA(envelope[-1].text)

        def nil(envelope):
            envelope.append(envelope.makeelement(f"{{{H}}}Forwardings", {"{http://www.w3.org/2001/XMLSchema-instance}nil": "true"}))

        def in_a_default_namespace(envelope):
            for each in envelope:
                each.getparent().replace(each, etree.fromstring(etree.tostring(each).replace(b"ns1:", b"").replace(b":ns1", b"")))
        return [(change.__name__, deliver(change)) for change in (reordered, commented, in_cdata, nil, in_a_default_namespace)]

    def gzipped(self, number, data):
        with self.assertRaises(zeep.exceptions.Error) as caught:
            self.client("nz", through=Gzipped).DeliverEnvelope(env=self.envelope(number, data, "NZ", "CN"))
        return str(caught.exception)


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
