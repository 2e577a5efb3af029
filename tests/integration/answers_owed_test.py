import json
import subprocess

from harness import gate as g
from harness.world import QUICK, WorldCase, certificate
from nodes import BUILD, wait_until

CTL = BUILD / "hub" / "ecertctl" / "ecertctl"


class AnswersOwed(WorldCase):
    """NZ's authority answers a certificate of CN, and the way back to CN's listener is in our hands."""

    def arrange(self):
        self.back = g.Gate(self.pki, "CN-server", self.cn.partner_port, "NZ-client")
        self.addCleanup(self.back.close)
        self.nz.add_partner("CN", self.back.url, tables=QUICK)

    def ctl(self, *words, ok=(0,)):
        done = subprocess.run([CTL, *words, "--socket", self.nz.socket, "--json"], capture_output=True, text=True, timeout=30)
        self.assertIn(done.returncode, ok, done.stdout + done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def people(self, *words):
        return subprocess.run([CTL, *words, "--socket", self.nz.socket], capture_output=True, text=True, timeout=30).stdout

    def answer_of_nz(self, number):
        """CN's receipt of its certificate, and the id under which NZ has it and answered it."""
        receipt = self.accepted(certificate(number))
        inbound = self.arrived(number)[0]["inbound"]
        self.assertIn(self.mpi.acknowledge(inbound, "accepted").status, (200, 202))
        return receipt, inbound

    def becomes(self, inbound, *states):
        return wait_until(f"the answer to be {states}", lambda: (
            lambda row: row if row["state"] in states else None)(self.ctl("status", inbound)))

    def test_an_answer_that_parks_is_seen_by_operators_and_arrives_when_they_retry(self):
        self.back.otherwise = g.answer(200, b"<hello/>", "application/xml")
        receipt, inbound = self.answer_of_nz("R-1")
        row = self.becomes(inbound, "parked")
        self.assertEqual((row["verb"], row["id"], row["partner"], row["number"]), ("respond", inbound, "CN", "R-1"))
        self.assertEqual(row["owed"], "our answer to CN about certificate R-1")
        self.assertEqual((row["holder"], row["reason"]), ("operator", "unrecognised-answer"))
        self.assertTrue(row["who_must_act"].startswith("operator: "))
        self.assertTrue(row["since"] and row["attempts"] >= 1)
        self.assertIn("parked", [e["kind"] for e in row["events"]])

        listed = self.ctl("list")["rows"]
        self.assertEqual([(r["id"], r["verb"]) for r in listed if not r["ended"]], [(inbound, "respond")])
        table = self.people("list").splitlines()[1]
        for word in ("parked", "answer", "CN", "R-1", inbound):
            self.assertIn(word, table)
        self.assertIn("our answer to CN about certificate R-1", self.people("status", "R-1"))
        self.assertEqual(self.ctl("status")["owed"], {"respond": {"waiting": 0, "queued": 0, "parked": 1}})
        self.assertIn("parked 1", self.people("status"))
        wait_until("the figure of owed answers", lambda: (
            'ecert_owed{state="parked",verb="respond"} 1' in self.nz.health("/metrics")[1]))

        self.back.otherwise = g.pass_on
        self.ctl("retry", inbound, "--reason", "their listener is mended")
        self.until(receipt, "acknowledged")
        done = self.becomes(inbound, "delivered")
        self.assertTrue(done["ended"])
        self.assertEqual(done["who_must_act"], "nobody: it is finished")
        retried = next(e for e in done["events"] if e["kind"] == "retried")
        self.assertTrue(retried["actor"].startswith("operator:"))
        self.assertEqual(retried["detail"]["reason"], "their listener is mended")

    def test_an_answer_that_waits_says_what_they_said_and_can_be_held(self):
        self.back.otherwise = g.answer(503, b"closed for repair", "text/plain")
        receipt, inbound = self.answer_of_nz("R-2")
        row = wait_until("a failed attempt", lambda: (
            lambda r: r if r["attempts"] and r["last_answer"] else None)(self.ctl("status", inbound)))
        self.assertIn("503", row["last_answer"])
        self.ctl("hold", inbound, "--reason", "the ministry asked")
        self.becomes(inbound, "held")
        self.back.otherwise = g.pass_on
        self.ctl("release", inbound, "--reason", "the ministry agreed")
        self.until(receipt, "acknowledged")

    def test_what_was_not_answered_is_owed_by_its_agency_and_the_operator_is_told_so(self):
        self.accepted(certificate("R-3"))
        inbound = self.arrived("R-3")[0]["inbound"]
        said = self.ctl("status", inbound, ok=(1,))
        self.assertIn("mpi has not answered it", said["detail"])
