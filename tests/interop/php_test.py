"""PHP's SoapClient, from the node's own WSDL: every operation, by partners and agencies."""

import json
import pathlib
import shutil
import subprocess
import unittest

import calling
from harness.served import H, ServedCase
from harness.world import certificate

PHP = shutil.which("php")
SCRIPT = pathlib.Path(__file__).with_name("php_client.php")
GZIP = 0x20 | 5  # SOAP_COMPRESSION_ACCEPT | a level: what is sent is compressed


def setUpModule():
    if not PHP or b"soap" not in subprocess.run([PHP, "-m"], capture_output=True).stdout.lower():
        raise unittest.SkipTest("php-cli and php-soap are not installed")


def envelope(number, sender, to, **more):
    return {"From": sender, "To": to, "CertificateType": 851, "CertificateStatus": 70, "NPPOCertificateNumber": number, **more}


class Php(calling.CallingPromises, ServedCase):
    version = "1.1"

    def call(self, who, *calls, **options):
        client, path, port = {"nz": ("NZ-client", "/ephyto", self.cn.partner_port), "au": ("AU-client", "/ephyto", self.cn.partner_port),
                              "agency": ("CN-gacc", "/soap/ephyto", self.cn.agency_port)}[who]
        asked = {"wsdl": f"https://localhost:{port}{path}?wsdl", "pem": str(self.pki.pem(client)), "key": str(self.pki.key(client)),
                 "ca": str(self.pki.pem("ca")), "version": self.version, "options": options, "calls": calls}
        done = subprocess.run([PHP, SCRIPT], input=json.dumps(asked).encode(), capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        return [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]

    def told(self, who, operation, arguments, **options):
        answer = self.call(who, [operation, arguments], **options)[0]
        self.assertIn("answer", answer, answer)
        return answer["answer"]

    @staticmethod
    def brief(header):
        return header["HUBTrackingInfo"], header["hubDeliveryNumber"]

    def typed(self, who, header, root, at):
        """PHP makes a property `any` of what a schema leaves open: text, written as it stands."""
        told = self.told(who, "DeliverPhytoEnvelope", {"ePhytoEnvelope": envelope(
            *header, SPSCertificate={"any": "".join(calling.children(root))})}, location=at)
        return self.brief(told["DeliverPhytoEnvelopeResult"])

    def pulled(self, who, number):
        told = self.told(who, "PULLSingleImportEnvelope", {"hubTrackingNumber": number})
        return told["PULLSingleImportEnvelopeResult"]["Content"].encode()

    def pulled_all(self, who):
        told = self.told(who, "PULLImportEnvelope", {})["PULLImportEnvelopesResult"]["Envelope"]
        return {e["NPPOCertificateNumber"]: e["Content"].encode() for e in told}

    def confirmed(self, who, operation, number, text):
        self.told(who, operation, {"hubTrackingNumber": number, **text})

    def odd(self):
        def deliver(content, **more):
            def act(number, data):
                told = self.told("nz", "DeliverEnvelope", {"env": envelope(number, "NZ", "CN", Content=content(data), **more)})
                return self.brief(told["DeliverEnvelopeResult"])
            return act

        def in_cdata(data):
            return {"xml": f'<Content xmlns="{H}"><!-- by hand --><![CDATA[{data.decode()}]]></Content>'}
        yield "a default namespace, a comment and CDATA, written by hand", deliver(in_cdata)
        yield "a field that is nil", deliver(bytes.decode, Forwardings={"EnvelopeForwarding": [None]})

    def gzipped(self, number, data):
        fault, = self.call("nz", ["DeliverEnvelope", {"env": envelope(number, "NZ", "CN", Content=data.decode())}],
                           compression=GZIP)
        return f"{fault['told']} {fault['fault']}"

    def test_a_partner_delivers_fetches_confirms_and_answers(self):
        data = self.from_nz("NZ/1", text="\u4e2d <&>")
        told = self.told("nz", "DeliverEnvelope", {"env": envelope("NZ/1", "NZ", "CN", Content=data.decode())})["DeliverEnvelopeResult"]
        self.assertEqual(told["HUBTrackingInfo"], "Delivered")
        self.assertEqual(self.content_of(self.inbox("NZ/1")[0]), data)
        again = self.told("nz", "ValidateAndDeliverEnvelope", {"envelope": envelope("NZ/1", "NZ", "CN", Content=data.decode())})
        self.assertEqual(again["ValidateAndDeliverEnvelopeResult"]["hubDeliveryNumber"], told["hubDeliveryNumber"])
        track = self.told("nz", "GetEnvelopeTrackingInfo", {"hubTrackingNumber": told["hubDeliveryNumber"]})
        self.assertEqual(track["GetEnvelopeTrackingInfoResult"]["HUBTrackingInfo"], "Delivered")
        receipts = [self.push(f"CN/{i}") for i in range(4)]
        numbers = [r["delivery"] for r in receipts]
        answers = self.call(
            "nz", ["GetUnderDeliveryEnvelope", {}], ["GetImportEnvelopeHeaders", {}],
            ["PULLSingleImportEnvelope", {"hubTrackingNumber": numbers[0]}], ["PULLImportEnvelope", {}],
            ["AcknowledgeEnvelopeReceipt", {"hubTrackingNumber": numbers[0]}],
            ["AdvancedAcknowledgeEnvelopeReceipt", {"hubTrackingNumber": numbers[1], "warningMessage": "odd"}],
            ["AcknowledgeFailedEnvelopeReceipt", {"hubTrackingNumber": numbers[2], "message": "no"}],
            ["SetTrackingInfoUpdate", {"header": envelope("CN/3", "CN", "NZ", HUBTrackingInfo="Delivered")}],
            ["DeliverCountryResponseEnvelope", {"CountryResponseEnvelope": envelope("CN/0", "NZ", "CN", SPSAcknowledgement={
                "SPSAcknowledgementDocument": {"StatusCode": 39, "ReasonInformation": {"_": "fine", "languageID": "en"}}})}],
            ["ValidatePhytoXML", {"ePhytoXML": "<a/>"}])
        self.assertEqual([a for a in answers if "answer" not in a], [])
        answers = [a["answer"] for a in answers]
        headers = answers[1]["GetImportEnvelopeHeadersResult"]["EnvelopeHeader"]
        self.assertEqual(sorted(h["hubDeliveryNumber"] for h in headers), sorted(numbers))
        self.assertEqual(answers[2]["PULLSingleImportEnvelopeResult"]["Content"].encode(), certificate("CN/0"))
        self.assertEqual(len(answers[3]["PULLImportEnvelopesResult"]["Envelope"]), 4)
        self.assertEqual([answers[5]["return"], answers[6]["return"]], ["DeliveredWithWarnings", "FailedDelivery"])
        self.assertIn("SEVERE", {f["level"] for f in answers[9]["ValidationResult"]})
        self.until(receipts[0], "acknowledged")
        self.assertEqual([self.state(r) for r in receipts[1:]], ["delivered", "refused", "delivered"])

    def test_an_agency_delivers_fetches_and_answers(self):
        told = self.told("agency", "DeliverEnvelope", {"env": envelope("CN/a", "CN", "NZ", Content=certificate("CN/a").decode())})
        told = told["DeliverEnvelopeResult"]
        self.assertEqual(told["HUBTrackingInfo"], "PendingDelivery")
        data = self.from_nz("NZ/a")
        arrived = self.told("nz", "DeliverEnvelope", {"env": envelope("NZ/a", "NZ", "CN", Content=data.decode())})
        number = arrived["DeliverEnvelopeResult"]["hubDeliveryNumber"]
        answers = self.call(
            "agency", ["GetUnderDeliveryEnvelope", {}], ["GetImportEnvelopeHeaders", {"countryCode": "NZ"}],
            ["PULLSingleImportEnvelope", {"hubTrackingNumber": number}], ["PULLImportEnvelope", {}],
            ["AcknowledgeEnvelopeReceipt", {"hubTrackingNumber": number}],
            ["GetEnvelopeTrackingInfo", {"hubTrackingNumber": told["hubDeliveryNumber"]}],
            ["DeliverCountryResponseEnvelope", {"CountryResponseEnvelope": envelope("NZ/a", "CN", "NZ", SPSAcknowledgement={
                "SPSAcknowledgementDocument": {"StatusCode": 39}})}],
            ["ValidateAndDeliverEnvelope", {"envelope": envelope("CN/a", "CN", "NZ", Content=certificate("CN/a").decode())}],
            ["ValidatePhytoXML", {"ePhytoXML": "<a/>"}])
        self.assertEqual([a for a in answers if "answer" not in a], [])
        answers = [a["answer"] for a in answers]
        self.assertEqual(answers[0]["GetUnderDeliveryEnvelopeResult"]["EnvelopeHeader"][0]["hubDeliveryNumber"], told["hubDeliveryNumber"])
        self.assertEqual(answers[1]["GetImportEnvelopeHeadersResult"]["EnvelopeHeader"][0]["hubDeliveryNumber"], number)
        self.assertEqual(answers[2]["PULLSingleImportEnvelopeResult"]["Content"].encode(), data)
        self.assertEqual(answers[3]["PULLImportEnvelopesResult"]["Envelope"][0]["Content"].encode(), data)
        self.assertEqual(answers[5]["GetEnvelopeTrackingInfoResult"]["HUBTrackingInfo"], "PendingDelivery")
        self.assertEqual(answers[6]["DeliverCountryResponseEnvelopeResult"]["HUBTrackingInfo"], "PendingDelivery")
        self.assertEqual(answers[7]["ValidateAndDeliverEnvelopeResult"]["hubDeliveryNumber"], told["hubDeliveryNumber"])
        self.assertIn("SEVERE", {f["level"] for f in answers[8]["ValidationResult"]})

    def test_a_fault_is_the_contracts_own(self):
        receipt = self.push("CN/x")
        fault = self.call("au", ["AcknowledgeEnvelopeReceipt", {"hubTrackingNumber": receipt["delivery"]}])[0]
        self.assertIn("EnvelopeNotExists", fault["told"])


class PhpInSoap12(Php):
    version = "1.2"


if __name__ == "__main__":
    unittest.main()
