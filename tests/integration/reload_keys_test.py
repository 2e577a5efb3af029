import base64
import re
import shutil

from harness import gate as g
from harness.world import QUICK, WorldCase, certificate
from nodes import wait_until


def der(pem):
    """The first certificate of a file."""
    text = pem.read_text()
    return base64.b64decode(re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END", text, re.S)[1])


def token_of(seen):
    return base64.b64decode(re.search(rb"<wsse:BinarySecurityToken[^>]*>([^<]+)<", seen.body)[1])


class RenewedKeys(WorldCase):
    """CN signs with a key whose files are replaced under the same key id; NZ was given both certificates beforehand."""

    gate = True

    def arrange(self):
        self.pki.signing("CN-renewed")
        self.pki.signing("CN-ended", "--expired")
        self.key, self.pem = self.folder / "signing.key", self.folder / "signing.pem"
        self.put("CN-signing")
        self.cn.keys = {"CN-signing": {"key": self.key, "certificate": self.pem}}
        self.cn.write_node()
        self.nz.add_partner("CN", self.cn.partner_url(), tables=QUICK, signing_certificates=[
            self.pki.pem("CN-signing"), self.pki.pem("CN-renewed")])

    def put(self, name, key=True, pem=True):
        if key:
            shutil.copyfile(self.pki.key(name), self.key)
            self.key.chmod(0o600)
        if pem:
            shutil.copyfile(self.pki.pem(name), self.pem)

    def delivered_with(self, number, name):
        self.through.seen.clear()
        self.until(self.accepted(certificate(number)), "delivered")
        self.assertEqual({token_of(s) for s in self.through.seen}, {der(self.pki.pem(name))})

    def refused(self):
        before = len(self.cn.log())
        self.cn.reload()
        wait_until("the refusal", lambda: any(e.get("event") == "reload_refused" for e in self.cn.log()[before:]))
        return {(e["id"], e["where"]) for e in self.cn.log()[before:]
                if e.get("event") == "configuration_problem" and e["id"].startswith("KEY-")
                and e["id"] != "KEY-READABLE-BY-OTHERS"}

    def test_after_a_reload_messages_are_signed_with_the_renewed_key(self):
        self.delivered_with("K-1", "CN-signing")
        self.put("CN-renewed")
        self.cn.reload()
        wait_until("the renewal", lambda: self.logged(self.cn, "signing_key_renewed", key="CN-signing"))
        wait_until("the reload", lambda: self.logged(self.cn, "reloaded"))
        self.delivered_with("K-2", "CN-renewed")

    def test_an_attempt_under_way_ends_with_the_key_it_began_with(self):
        self.through.script = [g.slowly(2)]
        slow = self.accepted(certificate("K-3"))
        wait_until("the slow attempt", lambda: self.through.seen)
        self.put("CN-renewed")
        self.cn.reload()
        wait_until("the reload", lambda: self.logged(self.cn, "reloaded"))
        self.until(slow, "delivered")
        self.assertEqual([token_of(s) for s in self.through.seen], [der(self.pki.pem("CN-signing"))])

    def test_everything_wrong_with_the_new_files_is_said_and_the_old_key_signs_on(self):
        self.put("CN-renewed", key=False)
        (self.folder / "garbage.pem").write_text("no key and no certificate")
        self.cn.keys["other"] = {"key": self.folder / "garbage.pem", "certificate": self.folder / "garbage.pem"}
        self.cn.keys["ended"] = {"key": self.pki.key("CN-ended"), "certificate": self.pki.pem("CN-ended")}
        self.cn.write_node()
        self.assertEqual(self.refused(), {("KEY-MISMATCH", "keys.toml [CN-signing]"),
                                          ("KEY-UNREADABLE", "keys.toml [other]"),
                                          ("KEY-EXPIRED", "keys.toml [ended]")})
        self.delivered_with("K-4", "CN-signing")

    def test_a_certificate_that_has_ended_does_not_take_the_place_of_one_that_has_not(self):
        self.put("CN-ended")
        self.assertEqual(self.refused(), {("KEY-EXPIRED", "keys.toml [CN-signing]")})
        self.delivered_with("K-5", "CN-signing")
