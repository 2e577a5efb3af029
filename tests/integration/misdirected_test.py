"""Certificates whose own words differ from their envelope's, or from the two countries of the line."""

import http.client
import re
import ssl

from harness.world import WorldCase, certificate
from hostile_door_test import deliver, sign


class Misdirected(WorldCase):
    def post(self, body):
        context = ssl.create_default_context(cafile=str(self.pki.pem("ca")))
        context.load_cert_chain(self.pki.pem("CN-client"), self.pki.key("CN-client"))
        connection = http.client.HTTPSConnection("127.0.0.1", self.nz.partner_port, timeout=20, context=context)
        try:
            connection.request("POST", "/node", body=sign(self.pki, "CN", body),
                               headers={"Content-Type": "application/soap+xml; charset=utf-8"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def findings(self, number):
        return {f["id"]: f for f in self.arrived(number)[0]["findings"]}

    def alerts(self):
        lines = self.nz.health("/metrics")[1].splitlines()
        return sum(float(line.split()[-1]) for line in lines if 'alert="arrival_country_differs"' in line)

    def test_what_is_for_another_country_is_kept_with_a_finding_and_told(self):
        message = deliver("D-1", certificate("D-1", to="AU"))
        self.assertEqual(self.post(message)[0], 200)
        finding = self.findings("D-1")["SPS-IMPORT-COUNTRY-NOT-OURS"]
        self.assertEqual((finding["value"], finding["expected"]), ("AU", "NZ"))
        self.assertTrue(self.logged(self.nz, "arrival_country_differs", number="D-1", found="AU"))
        self.assertEqual(self.alerts(), 1)

    def test_what_another_country_exports_is_kept_with_a_finding_and_told(self):
        data = re.sub(rb"(<ram:ExportSPSCountry>\s*<ram:ID>)CN", rb"\1AU", certificate("D-2"))
        self.assertNotEqual(data, certificate("D-2"), "the sample is written otherwise")
        self.assertEqual(self.post(deliver("D-2", data))[0], 200)
        self.assertIn("SPS-EXPORT-COUNTRY-NOT-OURS", self.findings("D-2"))
        self.assertEqual(self.alerts(), 1)

    def test_what_is_right_raises_nothing(self):
        self.assertEqual(self.post(deliver("D-3"))[0], 200)
        self.assertFalse([i for i in self.findings("D-3") if "COUNTRY" in i])
        self.assertEqual(self.alerts(), 0)

    def test_what_the_envelope_misstates_is_refused_with_every_reason_and_nothing_is_stored(self):
        status, reply = self.post(deliver("D-4", certificate("D-5", status=40), type_="853"))
        self.assertEqual(status, 400)
        for id_ in ("SPS-ENVELOPE-NUMBER", "SPS-ENVELOPE-TYPE", "SPS-ENVELOPE-STATUS"):
            self.assertIn(id_, reply)
        self.assertEqual(self.mpi.inbox(), [])
