import pathlib
import shutil
import ssl
import time

from harness import gate as g
from harness.world import QUICK, Node, WorldCase, certificate
from nodes import Agency, wait_until


class ReloadAndStop(WorldCase):
    gate = True

    def test_sighup_adds_a_partner(self):
        refused = self.gacc.push(certificate("R-1", to="AU"))
        self.assertEqual(refused.status, 422)
        au = Node("AU", self.folder / "au", self.pki)
        daff = au.add_agency("daff", default=True)
        au.add_partner("CN", self.cn.partner_url(), tables=QUICK)
        au.start()
        try:
            self.cn.add_partner("AU", au.partner_url(), tables=QUICK)
            self.cn.reload()
            wait_until("the reload", lambda: self.logged(self.cn, "reloaded"))
            receipt = self.accepted(certificate("R-1", to="AU"))
            self.until(receipt, "delivered")
            self.assertEqual(len(daff.inbox("R-1")), 1)
        finally:
            daff.close()
            au.stop()

    def test_a_bad_file_leaves_the_old_ones_serving_and_is_named(self):
        file = self.cn.folder / "partners" / "NZ.toml"
        good = file.read_text()
        file.write_text(good + "\ncolour = 3\n")
        self.cn.reload()
        wait_until("the refusal", lambda: self.logged(self.cn, "reload_refused"))
        self.assertTrue(any("NZ.toml" in e["where"] for e in self.logged(self.cn, "configuration_problem")))
        self.until(self.accepted(certificate("R-2")), "delivered")

    def test_sigterm_drains_within_ten_seconds_and_what_was_accepted_goes_on(self):
        self.through.otherwise = g.slowly(0.5)
        receipts = [self.accepted(certificate(f"R-3-{i}")) for i in range(20)]
        began = time.monotonic()
        self.assertEqual(self.cn.stop(), 0)
        self.assertLess(time.monotonic() - began, 11)
        self.through.otherwise = g.pass_on
        self.gacc.close()
        self.cn.start()
        for receipt in receipts:
            self.until(receipt, "delivered")
        for i in range(20):
            self.assertEqual(len(self.mpi.inbox(f"R-3-{i}")), 1)


class RenewedDoors(WorldCase):
    """The doors' certificates and client CAs stand in files of their own, so that they can be renewed in place."""

    def arrange(self):
        self.pki.server("CN-server-renewed")
        self.pki.ca("renewed-clients-ca")
        self.pki.client("CN-newcomer", ca="renewed-clients-ca")
        self.tls = self.folder / "tls"
        self.tls.mkdir()
        self.put("CN-server", "ca")
        whole = self.cn.listener
        self.cn.listener = lambda port: {**whole(port), "certificate": self.tls / "door.pem", "key": self.tls / "door.key",
                                         "client_ca": self.tls / "clients.pem"}
        self.cn.write_node()
        pin = self.cn.folder / "agencies" / "newcomer.toml"
        pin.write_text(f'[[identity]]\npin = "{self.pki.pem("CN-newcomer")}"\n')
        self.newcomer = Agency(self.cn, "newcomer", "CN-newcomer")

    def put(self, server, clients):
        shutil.copy(self.pki.pem(server), self.tls / "door.pem")
        shutil.copy(self.pki.key(server), self.tls / "door.key")
        shutil.copy(self.pki.pem(clients), self.tls / "clients.pem")

    def shown(self, agency):
        return agency.connection.sock.getpeercert(binary_form=True)

    def der(self, name):
        return ssl.PEM_cert_to_DER_cert(pathlib.Path(self.pki.pem(name)).read_text().split("-----END CERTIFICATE-----")[0]
                                        + "-----END CERTIFICATE-----\n")

    def test_sighup_renews_the_doors_certificates_and_client_cas_for_new_handshakes_alone(self):
        self.accepted(certificate("N-1"))
        kept = self.gacc.connection.sock
        self.assertEqual(self.shown(self.gacc), self.der("CN-server"))
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.newcomer.request("GET", "/v1/certificates")
        self.put("CN-server-renewed", "renewed-clients-ca")
        self.cn.reload()
        wait_until("the reload", lambda: self.logged(self.cn, "reloaded"))

        def let_in():
            try:
                return self.newcomer.request("GET", "/v1/certificates").status == 200
            except (ssl.SSLError, ConnectionError):
                return False
        wait_until("the new client CA to count", let_in)
        self.assertEqual(self.shown(self.newcomer), self.der("CN-server-renewed"))
        self.accepted(certificate("N-2"))
        self.assertIs(self.gacc.connection.sock, kept, "the old connection did not go on")
        self.gacc.close()
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.gacc.request("GET", "/v1/certificates")
        self.newcomer.close()

    def test_a_certificate_that_does_not_fit_its_key_leaves_the_old_one_at_the_door(self):
        shutil.copy(self.pki.pem("CN-server-renewed"), self.tls / "door.pem")
        self.cn.reload()
        wait_until("the finding", lambda: self.logged(self.cn, "configuration_problem"))
        self.gacc.close()
        self.accepted(certificate("N-3"))
        self.assertEqual(self.shown(self.gacc), self.der("CN-server"))
