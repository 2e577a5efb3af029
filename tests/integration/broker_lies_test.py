"""Somebody at the broker forges, changes, cuts short, replays and seals otherwise. A worker host signs nothing that its hub did not
seal for it, a hub applies nothing that its worker hosts did not seal; both say so; and honest work goes on."""

import json

from harness import gate as g
from harness.broker_world import AU, PATIENT, BrokerWorld
from nodes import ROOT, wait_until

UNSEALED_OUTCOME = ROOT / "tests" / "unit" / "queue" / "golden" / "outcome_v1_full.json"


def says(message, **others):
    """What a sealed message says of itself, changed."""
    head, _, sealed = message.partition(b"\n")
    return json.dumps({**json.loads(head), **others}).encode() + b"\n" + sealed


def flipped(message):
    at = len(message) - 40
    return message[:at] + bytes([message[at] ^ 1]) + message[at + 1:]


def changed(message):
    """Every way in which it is no longer what was sealed."""
    head, _, sealed = message.partition(b"\n")
    said = json.loads(head)
    return [b"", b"hello", b"{}", head, sealed, message[:-1], message[:-40], message[:len(head) + 10], message + b"x",
            flipped(message), head + b"\n" + sealed[::-1], says(message, attempt=said["attempt"] + 1),
            says(message, work=said["work"] + 1), says(message, partner="NZ"), says(message, kind="outcome"),
            says(message, kind="task"), says(message, what="delivered"), says(message, what="track"), says(message, sealed=2)]


class Lies(BrokerWorld):
    dispatch = PATIENT

    def task_of(self, number):
        """Its receipt and its task, taken out of the queue before any worker host saw it."""
        receipt = self.push(number)
        wait_until("its task", lambda: self.tap.ready("work.AU"))
        task, = self.tap.take("work.AU")
        return receipt, task

    def seal_otherwise(self):
        """The hub from now on seals with a key that its worker hosts do not hold, under the same name."""
        self.cn.stop()
        self.gacc.close()
        self.access.renew_seal()
        self.cn.start("--no-workers")

    def host_again(self):
        """The worker host gets the keys that the hub seals with now."""
        one, = self.adapters
        one.stop()
        self.access.seals_of(AU)
        one.start()

    def test_a_task_that_its_hub_did_not_seal_is_not_worked_on(self):
        self.adapters[0].stop()
        receipt, honest = self.task_of("L-1")
        before = self.events(receipt)
        unsealed = json.dumps({"v": 1, "verb": "deliver", "partner": "AU", "channel": "au", "attempt": 1, "work": 1}).encode()
        forged = [m for m in changed(honest) if m != honest] + [unsealed]
        self.tap.put("work.AU", *forged)
        one = self.adapters[0].start()
        wait_until(f"{len(forged)} refusals", lambda: len(self.logged(one, "task_unreadable")) == len(forged))
        self.assertEqual(self.through.seen, [], "something was signed and sent")
        self.assertEqual(self.tap.ready("work.AU"), 0)
        self.assertEqual(self.events(receipt), before)
        self.tap.put("work.AU", honest)
        self.agree()

    def test_a_task_under_another_key_is_not_worked_on(self):
        self.adapters[0].stop()
        self.seal_otherwise()
        _, otherwise = self.task_of("L-2")
        one = self.adapters[0].start()
        self.tap.put("work.AU", otherwise)
        wait_until("the refusal", lambda: self.logged(one, "task_unreadable"))
        self.assertEqual(self.through.seen, [])
        self.host_again()
        self.tap.put("work.AU", otherwise)
        self.agree()

    def test_a_replayed_task_is_not_sent_again(self):
        self.adapters[0].stop()
        _, task = self.task_of("L-3")
        self.tap.put("work.AU", task)
        one = self.adapters[0].start()
        self.agree()
        self.tap.put("work.AU", task, task)
        wait_until("it to be taken", lambda: self.tap.ready("work.AU") == 0)
        one.stop()
        self.agree()
        self.assertEqual(len(self.through.seen), 1)

    def outcome_of(self, number, act=g.pass_on):
        """Its receipt and the outcome of its first attempt, taken out of the queue while the hub was dead."""
        self.through.script = [g.slowly(0.5, act)]
        receipt = self.push(number)
        wait_until("the send", lambda: self.through.seen)
        self.cn.kill()
        self.gacc.close()
        wait_until("its outcome", lambda: self.tap.ready("outcomes"))
        outcome, = self.tap.take("outcomes")
        self.adapters[0].stop()
        self.cn.start("--no-workers")
        return receipt, outcome

    def refused(self, *forged):
        before = len(self.logged(self.cn, "outcome_unreadable"))
        self.tap.put("outcomes", *forged)
        wait_until(f"{len(forged)} refusals", lambda: len(self.logged(self.cn, "outcome_unreadable")) == before + len(forged))
        self.assertGreater(self.alerts("outcome_unreadable"), 0)
        self.assertEqual(self.tap.ready("outcomes"), 0)

    def test_an_outcome_that_its_worker_host_did_not_seal_is_not_applied(self):
        receipt, honest = self.outcome_of("L-4")
        before = self.view(receipt)
        self.refused(*changed(honest), UNSEALED_OUTCOME.read_bytes())
        self.assertEqual(self.view(receipt)["state"], before["state"])
        self.assertEqual([e for e in self.events(receipt) if e["kind"] == "outcome"], [])
        self.tap.put("outcomes", honest)
        self.agree()
        self.assertEqual(len(self.through.seen), 1)

    def test_an_outcome_under_another_key_is_not_applied(self):
        receipt, otherwise = self.outcome_of("L-5")
        self.seal_otherwise()
        self.refused(otherwise)
        self.assertEqual([e for e in self.events(receipt) if e["kind"] == "outcome"], [])
        self.host_again()
        self.agree()

    def test_a_replayed_outcome_changes_nothing(self):
        receipt, failed = self.outcome_of("L-6", g.answer(503, b"later", "text/plain"))
        self.adapters[0].start()
        self.all_delivered()
        self.tap.put("outcomes", failed, failed, failed)
        wait_until("the repeats to be told", lambda: len(self.logged(self.cn, "outcome_repeated", attempt=1)) == 2)
        self.agree()
        self.assertEqual(len(self.through.seen), 2)
