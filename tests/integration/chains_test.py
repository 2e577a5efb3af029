from harness import gate as g
from harness.world import WorldCase, certificate
from nodes import wait_until


class Chains(WorldCase):
    gate = True

    def order_of_arrival(self, number):
        return [(r["type"], r["status"]) for r in sorted(self.mpi.inbox(number), key=lambda r: r["arrived"])]

    def test_a_withdrawal_never_overtakes_its_issue(self):
        self.through.script = [g.answer(503, b"", "text/plain")] * 2
        issue = self.accepted(certificate("C-1"))
        # Once the issue has been on its way, its withdrawal cancels nothing: it goes after it.
        wait_until("an attempt", lambda: self.through.seen)
        withdrawal = self.accepted(certificate("C-1", status=40))
        self.until(withdrawal, "delivered")
        self.until(issue, "delivered")
        self.assertEqual(self.order_of_arrival("C-1"), [(851, 70), (851, 40)])

    def test_reinstatement_needs_a_key_of_its_own(self):
        first = self.accepted(certificate("C-2"))
        self.until(first, "delivered")
        self.until(self.accepted(certificate("C-2", status=40)), "delivered")
        plain = self.gacc.push(certificate("C-2"))
        self.assertEqual(plain.status, 409)
        self.assertIn(first["certificate"], plain.body.decode())
        again = self.accepted(certificate("C-2"), headers={"Idempotency-Key": "reinstate-1"})
        self.assertNotEqual(again["certificate"], first["certificate"])
        self.until(again, "delivered")
        self.arrived("C-2", 3)
        self.assertEqual(self.order_of_arrival("C-2"), [(851, 70), (851, 40), (851, 70)])
        repeat = self.gacc.push(certificate("C-2"), headers={"Idempotency-Key": "reinstate-1"})
        self.assertEqual((repeat.status, repeat.json()["certificate"]), (200, again["certificate"]))
        other = self.gacc.push(certificate("C-2", text="other"), headers={"Idempotency-Key": "reinstate-1"})
        self.assertEqual(other.status, 409)

    def test_other_bytes_under_one_number_conflict_until_they_supersede(self):
        first = self.accepted(certificate("C-3"))
        self.until(first, "delivered")
        changed = certificate("C-3", text="corrected")
        refused = self.gacc.push(changed)
        self.assertEqual(refused.status, 409)
        self.assertIn(first["certificate"], refused.body.decode())
        second = self.accepted(changed, headers={"Supersedes": first["certificate"]})
        self.until(second, "delivered")

    def test_a_correction_after_a_rejection_is_the_next_link(self):
        first = self.accepted(certificate("C-4"))
        row = self.arrived("C-4")[0]
        self.mpi.acknowledge(row["inbound"], "rejected", "no")
        self.until(first, "rejected")
        second = self.accepted(certificate("C-4", text="corrected"))
        self.until(second, "delivered")
        self.assertEqual(len(self.arrived("C-4", 2)), 2)

    def test_of_two_that_supersede_one_the_second_must_have_seen_the_first(self):
        first = self.accepted(certificate("C-5"))
        second = self.accepted(certificate("C-5", text="b"), headers={"Supersedes": first["certificate"]})
        blind = self.gacc.push(certificate("C-5", text="c"), headers={"Supersedes": first["certificate"]})
        self.assertEqual(blind.status, 409)
        self.assertIn(second["certificate"], blind.body.decode())
        third = self.accepted(certificate("C-5", text="c"), headers={"Supersedes": second["certificate"]})
        self.until(third, "delivered")
