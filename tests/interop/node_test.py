"""node's `soap` package, from the node's own WSDL. `deploy/test.sh --all` fetches it from npm into the build folder; it is skipped,
visibly, where it is not there."""

import json
import os
import pathlib
import shutil
import subprocess
import unittest

from harness.served import ServedCase
from harness.world import certificate
from nodes import BUILD

NODE, MODULES = shutil.which("node"), BUILD / "node" / "node_modules"
SCRIPT = pathlib.Path(__file__).with_name("node_client.js")


def setUpModule():
    if not NODE or not (MODULES / "soap").exists():
        raise unittest.SkipTest(f"node's soap is not in {MODULES}")


def envelope(number, sender, to, **more):
    return {"From": sender, "To": to, "CertificateType": 851, "CertificateStatus": 70, "NPPOCertificateNumber": number, **more}


class NodeSoap(ServedCase):
    port = "IDeliveryServiceImplPort"

    def call(self, who, *calls):
        client, path, port = {"nz": ("NZ-client", "/ephyto", self.cn.partner_port), "au": ("AU-client", "/ephyto", self.cn.partner_port),
                              "agency": ("CN-gacc", "/soap/ephyto", self.cn.agency_port)}[who]
        asked = {"wsdl": f"https://localhost:{port}{path}?wsdl", "pem": str(self.pki.pem(client)), "key": str(self.pki.key(client)),
                 "ca": str(self.pki.pem("ca")), "port": self.port, "calls": calls}
        done = subprocess.run([NODE, SCRIPT], input=json.dumps(asked).encode(), capture_output=True, timeout=60,
                              env={**os.environ, "NODE_PATH": str(MODULES)})
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        return [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]

    def answers(self, who, *calls):
        got = self.call(who, *calls)
        self.assertEqual([a for a in got if "answer" not in a], [])
        return [a["answer"] or {} for a in got]

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
        told = self.answers("agency", ["DeliverEnvelope", {"env": envelope("CN/a", "CN", "NZ", Content=certificate("CN/a").decode())}])[0]
        self.assertEqual(told["DeliverEnvelopeResult"]["HUBTrackingInfo"], "PendingDelivery")


class NodeSoapIn12(NodeSoap):
    port = "IDeliveryServiceSoap12Port"


if __name__ == "__main__":
    unittest.main()
