import time

from harness import gate as g
from harness.world import QUICK, WorldCase, certificate
from nodes import Node, wait_until


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
