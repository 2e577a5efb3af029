import json
import os
import subprocess

from harness import gate as g
from harness.world import WorldCase, certificate
from nodes import BUILD, wait_until

CTL = BUILD / "hub" / "ecertctl" / "ecertctl"


class Operators(WorldCase):
    gate = True

    def ctl(self, *words, ok=(0,)):
        done = subprocess.run([CTL, *words, "--socket", self.cn.socket, "--json"], capture_output=True, text=True, timeout=30)
        self.assertIn(done.returncode, ok, done.stdout + done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def test_status_says_who_holds_it_and_what_comes_next(self):
        self.through.otherwise = g.answer(503, b"closed for repair", "text/plain")
        receipt = self.accepted(certificate("O-1"))
        row = wait_until("a failed attempt", lambda: (
            lambda r: r if r["attempts"] and r["last_answer"] else None)(self.ctl("status", receipt["delivery"])))
        for key in ("holder", "since", "last_answer", "who_must_act"):
            self.assertTrue(row[key], key)
        self.assertIn("closed for repair", row["last_answer"] + json.dumps(row))
        listed = self.ctl("list")["rows"]
        self.assertEqual(listed[0]["delivery"], receipt["delivery"])
        human = subprocess.run([CTL, "status", receipt["delivery"], "--socket", self.cn.socket], capture_output=True, text=True)
        self.assertEqual(human.returncode, 0)
        self.assertIn("NZ", human.stdout)

    def test_hold_release_and_cancel(self):
        self.through.otherwise = g.answer(503, b"", "text/plain")
        receipt = self.accepted(certificate("O-2"))
        self.ctl("hold", receipt["delivery"], "--reason", "the ministry asked")
        self.until(receipt, "held")
        self.through.otherwise = g.pass_on
        self.ctl("release", receipt["delivery"], "--reason", "the ministry agreed")
        self.until(receipt, "delivered")
        self.assertTrue(any(e["kind"] == "held" and "operator" in e["actor"] for e in self.events(receipt)))
        self.through.otherwise = g.answer(503, b"", "text/plain")
        other = self.accepted(certificate("O-3"))
        self.ctl("cancel", other["delivery"], "--reason", "issued in error")
        self.until(other, "cancelled")
        self.ctl("release", other["delivery"], "--reason", "never mind", ok=(1,))

    def test_retry_reopens_what_is_parked_under_the_same_id(self):
        self.through.otherwise = g.answer(200, b"<hello/>", "application/xml")
        receipt = self.accepted(certificate("O-4"))
        self.until(receipt, "parked")
        self.through.otherwise = g.pass_on
        self.ctl("retry", receipt["delivery"], "--reason", "their service is mended")
        self.until(receipt, "delivered")
        self.assertEqual(len(self.arrived("O-4")), 1)

    def test_the_audit_is_whole_and_a_changed_byte_is_found(self):
        self.until(self.accepted(certificate("O-5")), "delivered")
        self.assertTrue(self.ctl("audit", "verify")["whole"])
        self.cn.stop()
        ledger = self.cn.folder / "data" / "ledger.sqlite"
        subprocess.run(["sqlite3", ledger], check=True, text=True, input=(
            "DROP TRIGGER event_stays;"
            "UPDATE event SET detail = replace(detail, '{', '{ ') WHERE sequence = 1;"), capture_output=True)
        self.cn.start()
        self.assertFalse(self.ctl("audit", "verify", ok=(4,))["whole"])

    def test_config_check_works_with_the_hub_down(self):
        self.cn.stop()
        good = subprocess.run([CTL, "config", "check", "--config", self.cn.folder], capture_output=True, text=True)
        self.assertEqual(good.returncode, 0, good.stdout + good.stderr)
        (self.cn.folder / "partners" / "XX.toml").write_text('channel = "nowhere"\ncolour = "red"\n')
        bad = subprocess.run([CTL, "config", "check", "--config", self.cn.folder], capture_output=True, text=True)
        self.assertEqual(bad.returncode, 4)
        self.assertIn("XX.toml:1", bad.stdout + bad.stderr)
        self.assertIn("XX.toml:2", bad.stdout + bad.stderr)

    def test_no_hub_is_said_so(self):
        done = subprocess.run([CTL, "list", "--socket", self.folder / "none.sock"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)

    def test_submit_pushes_as_an_agency(self):
        file = self.folder / "c.xml"
        file.write_bytes(certificate("O-6"))
        pki = self.pki
        done = subprocess.run([CTL, "submit", file, "--url", f"https://127.0.0.1:{self.cn.agency_port}", "--cert",
                               pki.pem("CN-gacc"), "--key", pki.key("CN-gacc"), "--ca", pki.pem("ca"), "--json"],
                              capture_output=True, text=True, env=os.environ, timeout=30)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.until(json.loads(done.stdout), "delivered")


class Doors(WorldCase):
    def test_health_readiness_and_figures(self):
        self.until(self.accepted(certificate("O-7")), "delivered")
        self.assertEqual(self.cn.health("/healthz")[0], 200)
        self.assertEqual(self.cn.health("/readyz")[0], 200)
        status, text = wait_until("the figures of the ledger", lambda: (
            lambda answer: answer if "ecert_deliveries" in answer[1] else None)(self.cn.health("/metrics")))
        self.assertEqual(status, 200)
        for figure in ("ecert_loop_lag_seconds", "ecert_ledger_commit_seconds", "ecert_stage_seconds", "ecert_deliveries",
                       "ecert_disk_free_bytes", "ecert_body_budget_used_bytes", "ecert_accepted_total"):
            self.assertIn(figure, text)

    def test_log_lines_carry_delivery_partner_attempt_and_trace(self):
        trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        receipt = self.accepted(certificate("O-8"), headers={"traceparent": trace})
        self.until(receipt, "delivered")
        lines = [e for e in self.cn.log() if e.get("delivery") == receipt["delivery"] and "attempt" in e]
        self.assertTrue(lines, "no line with delivery and attempt")
        self.assertTrue(any("0af7651916cd43dd8448eb211c80319c" in json.dumps(e) for e in lines))
        self.assertTrue(all(e.get("partner") == "NZ" for e in lines))
