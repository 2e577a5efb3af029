"""node's `soap` package, from the node's own WSDL. `deploy/test.sh --all` fetches it from npm into the build folder; it is skipped,
visibly, where it is not there."""

import json
import os
import pathlib
import shutil
import subprocess
import unittest

from lxml import etree

import calling
from harness.served import H, ServedCase
from harness.world import certificate
from nodes import BUILD

NODE, MODULES = shutil.which("node"), BUILD / "node" / "node_modules"
SCRIPT = pathlib.Path(__file__).with_name("node_client.js")


def setUpModule():
    if not NODE or not (MODULES / "soap").exists():
        raise unittest.SkipTest(f"node's soap is not in {MODULES}")


def envelope(number, sender, to, **more):
    return {"From": sender, "To": to, "CertificateType": 851, "CertificateStatus": 70, "NPPOCertificateNumber": number, **more}


def as_object(element):
    """What the package writes as this element: a name says its prefix, text is $value."""
    inside = {}
    for child in element:
        if isinstance(child.tag, str):
            inside.setdefault(f"{child.prefix}:{etree.QName(child).localname}", []).append(as_object(child))
    return {"attributes": dict(element.attrib), **(inside or {"$value": element.text or ""})}


class NodeSoap(calling.CallingPromises, ServedCase):
    port = "IDeliveryServiceImplPort"
    kept = {"preserveWhitespace": True}  # else it takes white space off the ends of a text, and off each 64 KiB of a longer one

    def call(self, who, *calls, client=None, call=None):
        name, path, port = {"nz": ("NZ-client", "/ephyto", self.cn.partner_port), "au": ("AU-client", "/ephyto", self.cn.partner_port),
                              "agency": ("CN-gacc", "/soap/ephyto", self.cn.agency_port)}[who]
        asked = {"wsdl": f"https://localhost:{port}{path}?wsdl", "pem": str(self.pki.pem(name)), "key": str(self.pki.key(name)),
                 "ca": str(self.pki.pem("ca")), "port": self.port, "client": client or {}, "call": call or {}, "calls": calls}
        done = subprocess.run([NODE, SCRIPT], input=json.dumps(asked).encode(), capture_output=True, timeout=60,
                              env={**os.environ, "NODE_PATH": str(MODULES)})
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        return [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]

    def answers(self, who, *calls, **options):
        got = self.call(who, *calls, **options)
        self.assertEqual([a for a in got if "answer" not in a], [])
        return [a["answer"] or {} for a in got]

    @staticmethod
    def brief(header):
        return header["HUBTrackingInfo"], header["hubDeliveryNumber"]

    def typed(self, who, header, root, at):
        """As objects, which is how users of the package write what its schema leaves open."""
        certificate = as_object(root)
        for each in certificate.values():
            if isinstance(each, list):
                each[0]["attributes"] = {f"xmlns:{prefix}": uri for prefix, uri in root.nsmap.items()}
        told = self.answers(who, ["DeliverPhytoEnvelope", {"ePhytoEnvelope": envelope(*header, SPSCertificate=certificate)}],
                            client={"endpoint": at})[0]
        return self.brief(told["DeliverPhytoEnvelopeResult"])

    def pulled(self, who, number):
        told = self.answers(who, ["PULLSingleImportEnvelope", {"hubTrackingNumber": number}], client=self.kept)[0]
        return told["PULLSingleImportEnvelopeResult"]["Content"].encode()

    def pulled_all(self, who):
        told = self.answers(who, ["PULLImportEnvelope", {}], client=self.kept)[0]["PULLImportEnvelopesResult"]["Envelope"]
        return {e["NPPOCertificateNumber"]: e["Content"].encode() for e in told}

    def confirmed(self, who, operation, number, text):
        self.answers(who, [operation, {"hubTrackingNumber": number, **text}])

    def odd(self):
        def deliver(content, **more):
            def act(number, data):
                told = self.answers("nz", ["DeliverEnvelope", {"env": envelope(number, "NZ", "CN", Content=content(data), **more)}])
                return self.brief(told[0]["DeliverEnvelopeResult"])
            return act
        yield "CDATA and a comment", deliver(lambda data: {"$xml": f"<!-- by hand --><![CDATA[{data.decode()}]]>"})
        yield "a field that is nil", deliver(bytes.decode, hubDeliveryNumber={"attributes": {"xsi:nil": "true"}})
        yield "a field in a default namespace", deliver(
            lambda data: {"attributes": {"xmlns": H}, "$value": data.decode()})

    def gzipped(self, number, data):
        fault, = self.call("nz", ["DeliverEnvelope", {"env": envelope(number, "NZ", "CN", Content=data.decode())}],
                           call={"forceGzip": True})
        return fault["fault"]

    def test_a_typed_certificate_as_text(self):
        root = etree.fromstring(self.from_nz("NZ/text"))
        told = self.answers("nz", ["DeliverPhytoEnvelope", {"ePhytoEnvelope": envelope(
            "NZ/text", "NZ", "CN", SPSCertificate={"$xml": "".join(calling.children(root))})}])[0]
        self.assertEqual(told["DeliverPhytoEnvelopeResult"]["HUBTrackingInfo"], "Delivered")
        self.assertEqual(calling.tree(etree.fromstring(self.content_of(self.inbox("NZ/text")[0]))), calling.tree(root))

    def test_every_operation(self):
        data = self.from_nz("NZ/1", text="\u4e2d <&>")
        told = self.answers("nz", ["DeliverEnvelope", {"env": envelope("NZ/1", "NZ", "CN", Content=data.decode())}])[0]["DeliverEnvelopeResult"]
        self.assertEqual(told["HUBTrackingInfo"], "Delivered")
        self.assertEqual(self.content_of(self.inbox("NZ/1")[0]), data)
        receipts = [self.push(f"CN/{i}") for i in range(4)]
        numbers = [r["delivery"] for r in receipts]
        answers = self.answers(
            "nz", ["ValidateAndDeliverEnvelope", {"envelope": envelope("NZ/1", "NZ", "CN", Content=data.decode())}],
            ["GetEnvelopeTrackingInfo", {"hubTrackingNumber": told["hubDeliveryNumber"]}], ["GetUnderDeliveryEnvelope", {}],
            ["GetImportEnvelopeHeaders", {}], ["PULLSingleImportEnvelope", {"hubTrackingNumber": numbers[0]}], ["PULLImportEnvelope", {}],
            ["AcknowledgeEnvelopeReceipt", {"hubTrackingNumber": numbers[0]}],
            ["AdvancedAcknowledgeEnvelopeReceipt", {"hubTrackingNumber": numbers[1], "warningMessage": "odd"}],
            ["AcknowledgeFailedEnvelopeReceipt", {"hubTrackingNumber": numbers[2], "message": "no"}],
            ["SetTrackingInfoUpdate", {"header": envelope("CN/3", "CN", "NZ", HUBTrackingInfo="Delivered")}],
            ["DeliverCountryResponseEnvelope", {"CountryResponseEnvelope": envelope("CN/0", "NZ", "CN", SPSAcknowledgement={
                "SPSAcknowledgementDocument": {"StatusCode": 39}})}], ["ValidatePhytoXML", {"ePhytoXML": "<a/>"}])
        self.assertEqual(answers[0]["ValidateAndDeliverEnvelopeResult"]["hubDeliveryNumber"], told["hubDeliveryNumber"])
        self.assertEqual(answers[1]["GetEnvelopeTrackingInfoResult"]["HUBTrackingInfo"], "Delivered")
        headers = answers[3]["GetImportEnvelopeHeadersResult"]["EnvelopeHeader"]
        self.assertEqual(sorted(h["hubDeliveryNumber"] for h in headers), sorted(numbers))
        self.assertEqual(answers[4]["PULLSingleImportEnvelopeResult"]["Content"].encode(), certificate("CN/0").strip(),
                         "but for the white space that this package takes off every text")
        self.assertEqual(len(answers[5]["PULLImportEnvelopesResult"]["Envelope"]), 4)
        self.assertEqual([answers[7]["return"], answers[8]["return"]], ["DeliveredWithWarnings", "FailedDelivery"])
        self.until(receipts[0], "acknowledged")
        self.assertEqual([self.state(r) for r in receipts[1:]], ["delivered", "refused", "delivered"])
        fault = self.call("au", ["AcknowledgeEnvelopeReceipt", {"hubTrackingNumber": numbers[0]}])[0]
        self.assertIn("EnvelopeNotExists", fault["told"])

    def test_every_operation_of_an_agency(self):
        data = certificate("CN/a").decode()
        told, again = self.answers("agency", ["DeliverEnvelope", {"env": envelope("CN/a", "CN", "NZ", Content=data)}],
                                   ["ValidateAndDeliverEnvelope", {"envelope": envelope("CN/a", "CN", "NZ", Content=data)}])
        told = self.brief(told["DeliverEnvelopeResult"])
        self.assertEqual(told[0], "PendingDelivery")
        self.assertEqual(self.brief(again["ValidateAndDeliverEnvelopeResult"]), told)
        arrived = self.nz.deliver(self.from_nz("NZ/a"), "NZ/a", "NZ", "CN")["hubDeliveryNumber"]
        answers = self.answers(
            "agency", ["GetUnderDeliveryEnvelope", {}], ["GetEnvelopeTrackingInfo", {"hubTrackingNumber": told[1]}],
            ["GetImportEnvelopeHeaders", {"countryCode": "NZ"}],
            ["DeliverCountryResponseEnvelope", {"CountryResponseEnvelope": envelope("NZ/a", "CN", "NZ", SPSAcknowledgement={
                "SPSAcknowledgementDocument": {"StatusCode": 41, "ReasonInformation": {
                    "attributes": {"languageID": "en"}, "$value": "soil"}}})}], ["ValidatePhytoXML", {"ePhytoXML": "<a/>"}])
        self.assertEqual(self.brief(answers[0]["GetUnderDeliveryEnvelopeResult"]["EnvelopeHeader"][0]), told)
        self.assertEqual(self.brief(answers[1]["GetEnvelopeTrackingInfoResult"]), told)
        self.assertEqual(answers[2]["GetImportEnvelopeHeadersResult"]["EnvelopeHeader"][0]["hubDeliveryNumber"], arrived)
        self.assertEqual(answers[3]["DeliverCountryResponseEnvelopeResult"]["HUBTrackingInfo"], "PendingDelivery")
        self.assertIn("soil", json.dumps(self.inbox("NZ/a")[0]))
        self.assertIn("SEVERE", {f["level"] for f in answers[4]["ValidationResult"]})


class NodeSoapIn12(NodeSoap):
    port = "IDeliveryServiceSoap12Port"


if __name__ == "__main__":
    unittest.main()
