"""Two of our nodes over the IPPC Hub's contract: one calls, one serves, and one fetches what the other offers."""

from harness.gate import lose_reply
from harness.world import QUICK, WorldCase, certificate
from nodes import wait_until


class TwoNodes(WorldCase):
    def arrange(self):
        self.cn.add_partner("NZ", self.nz.partner_url("ephyto"), dialect="ephyto", tables=QUICK)
        self.nz.add_partner("CN", self.cn.partner_url("ephyto"), dialect="ephyto", tables=QUICK)

    def test_it_is_pushed_and_answered(self):
        data = certificate("E/1", text="\u4e2d <&> \r\n x")
        receipt = self.accepted(data)
        row = self.arrived("E/1")[0]
        self.assertEqual(self.content_of(row), data, "not a byte is different")
        view = self.until(receipt, "delivered")
        self.assertEqual(view["peer_reference"], row["inbound"], "their number for it")
        self.assertEqual(self.mpi.acknowledge(row["inbound"], "rejected", "pests").status, 200)
        self.until(receipt, "rejected")

    def test_a_withdrawal_follows_its_issue(self):
        issue = self.accepted(certificate("E/w"))
        withdrawal = self.accepted(certificate("E/w", status=40))
        self.until(issue, "delivered")
        self.until(withdrawal, "delivered")
        rows = self.arrived("E/w", 2)
        self.assertEqual(sorted(r["status"] for r in rows), [40, 70])


class BelowTheReserve(WorldCase):
    """NZ takes nothing new in: come again later is no judgement of a certificate."""

    arrange = TwoNodes.arrange

    def test_it_waits_and_is_not_refused(self):
        self.nz.stop()
        self.nz.limits = {"disk_reserve_bytes": "1000GiB"}
        self.nz.write_node()
        self.nz.start(ready=False)
        wait_until("the watch to look", lambda: [e for e in self.nz.log() if e.get("event") == "disk_below_reserve"])
        receipt = self.accepted(certificate("E/later"))

        def turned_away():
            return [e for e in self.events(receipt) if e["kind"] == "outcome"]
        first = wait_until("an answer", turned_away)[0]
        self.assertEqual(first["detail"]["class"], "temporary")
        self.assertEqual(self.gacc.certificate(receipt["certificate"])["state"], "waiting")
        self.assertEqual(self.mpi.inbox("E/later"), [])


class TheReplyIsLost(WorldCase):
    gate = True

    def arrange(self):
        self.cn.add_partner("NZ", self.through.url.replace("/node", "/ephyto"), dialect="ephyto", tables=QUICK,
                            track_after="200ms")
        self.nz.add_partner("CN", self.cn.partner_url("ephyto"), dialect="ephyto", tables=QUICK)
        self.through.script.append(lose_reply)

    def test_it_is_found_there_and_not_sent_twice(self):
        receipt = self.accepted(certificate("E/lost"))
        view = self.until(receipt, "delivered")
        rows = self.arrived("E/lost")
        self.assertEqual([view["peer_reference"]], [r["inbound"] for r in rows])
        deliveries = [seen for seen in self.through.seen if b"NPPOCertificateNumber" in seen.body]
        self.assertEqual(len(deliveries), 1)


class OneFetches(WorldCase):
    def arrange(self):
        self.cn.add_partner("NZ", "", dialect="ephyto", tables=QUICK, profile={"offer": True})
        self.nz.add_partner("CN", self.cn.partner_url("ephyto"), dialect="ephyto", tables=QUICK, pull_every="1s")

    def test_what_is_offered_is_fetched_stored_and_confirmed(self):
        receipts = {f"E/f{i}": self.accepted(certificate(f"E/f{i}", text=f"<{i}>")) for i in range(5)}
        for i, (number, receipt) in enumerate(receipts.items()):
            row = self.arrived(number)[0]
            self.assertEqual(self.content_of(row), certificate(number, text=f"<{i}>"))
            self.until(receipt, "delivered")
            kinds = [e["kind"] for e in self.events(receipt)]
            self.assertEqual(kinds, ["accepted", "offered", "sent", "delivered", "ended"], "fetched, and then confirmed")
        self.assertEqual(len(self.mpi.inbox()), 5)
