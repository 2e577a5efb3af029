"""What becomes of work when the broker between hub and worker hosts stops, forgets, is full or is late. Nothing is lost, nothing
is stored twice, and nobody need act."""

import signal
import threading
import time

from harness import gate as g
from harness.broker_world import PATIENT, BrokerWorld
from nodes import wait_until


class Outages(BrokerWorld):
    channel = {"window": 4}

    def flow(self, prefix, count):
        """Pushes in a thread of its own; the world goes on beside it."""
        numbers = [f"{prefix}-{n}" for n in range(count)]
        pushing = threading.Thread(target=self.push, args=numbers)
        pushing.start()
        wait_until("the first to arrive", lambda: self.au.stored())
        return pushing

    def test_a_broker_that_is_stopped_and_started_mid_flow_costs_nothing(self):
        self.through.otherwise = g.slowly(0.2)
        pushing = self.flow("B-stop", 40)
        self.broker.stop()
        pushing.join()
        wait_until("the hub to say what it waits for", lambda: self.logged(self.cn, "queue_lost"))
        self.assertLess(len(self.au.stored()), 40)
        self.push("B-stop-during")  # and is accepted
        self.broker.start()
        self.agree()

    def test_a_broker_that_is_killed_mid_flow_costs_nothing(self):
        self.through.otherwise = g.slowly(0.2)
        pushing = self.flow("B-kill", 40)
        self.broker.kill()
        pushing.join()
        self.broker.start()
        self.agree()

    def test_queues_that_are_deleted_mid_flow_cost_nothing(self):
        self.through.otherwise = g.slowly(0.2)
        pushing = self.flow("B-delete", 40)
        for _ in range(3):
            self.tap.delete("work.AU", "outcomes", "poison")
            time.sleep(0.5)
        pushing.join()
        self.agree()

    def test_a_broker_that_lost_its_disk_mid_flow_costs_nothing(self):
        self.through.otherwise = g.slowly(0.2)
        pushing = self.flow("B-wipe", 40)
        self.broker.wipe()
        pushing.join()
        self.access.grant()  # users are the broker's own: whoever sets it up anew gives them anew
        self.agree()

    def test_the_queue_of_outcomes_is_deleted_between_a_send_and_its_outcome(self):
        self.through.script = [g.slowly(1.5)]
        self.push("B-outcomes")
        wait_until("the send", lambda: self.through.seen)
        self.tap.delete("outcomes")
        self.agree()


class FullQueue(BrokerWorld):
    amqp = {"queue_messages": 4}
    dispatch = {**PATIENT, "attempt_limit": "30s"}  # an attempt that is slow to start is not sent again

    def test_what_a_full_queue_does_not_take_waits_and_goes_when_there_is_room(self):
        self.adapters[0].stop()
        self.push(*(f"Q-{n}" for n in range(20)))
        wait_until("the queue to be full", lambda: self.logged(self.cn, "queue_stalled"))
        self.assertEqual(self.alerts("queue_stalled"), 1)
        # RabbitMQ lets a burst pass the bound: how many it holds says nothing, that it refused one does.
        self.assertEqual(self.logged(self.cn, "queue_stalled")[0]["why"], "refused")
        self.adapters[0].start()
        self.agree()
        self.assertEqual(set(self.sends().values()), {1})


class OldWork(BrokerWorld):
    hosts = 2

    def test_a_task_that_outlives_its_time_in_a_frozen_worker_host_is_handed_back_by_it_and_done_by_the_other(self):
        one, other = self.adapters
        other.stop()
        self.push("W-warm")  # one has connected
        self.all_delivered()
        one.running.send_signal(signal.SIGSTOP)
        receipt = self.push("W-frozen")
        wait_until("its broker to have given it away", lambda: (
            self.view(receipt)["state"] == "queued" and self.tap.ready("work.AU") == 0))
        other.start()
        self.all_delivered()
        sent = len(self.through.seen)
        one.running.send_signal(signal.SIGCONT)
        wait_until("the frozen one to hand its task back", lambda: self.logged(one, "task_returned"))
        self.agree()
        self.assertEqual(len(self.through.seen), sent)

    def test_a_broker_that_comes_back_with_messages_of_long_ago(self):
        for adapter in self.adapters:
            adapter.stop()
        self.push(*(f"W-old-{n}" for n in range(5)))
        wait_until("them to be in the queue", lambda: self.tap.ready("work.AU") >= 5)
        self.cn.stop()
        self.broker.stop()
        time.sleep(2.5)  # start_by, over while nobody was there
        self.broker.start()
        one = self.adapters[0].start()
        wait_until("the old ones to be handed back", lambda: len(self.logged(one, "task_returned")) >= 5)
        self.assertEqual(self.through.seen, [])
        self.cn.start("--no-workers")
        self.gacc.close()
        self.agree()


class OldOutcomes(BrokerWorld):
    def outcome_of_first_attempt(self, number, act):
        """Held back: the hub died before it came."""
        self.through.script = [g.slowly(0.5, act)]
        receipt = self.push(number)
        wait_until("the send", lambda: self.through.seen)
        self.cn.kill()
        self.gacc.close()
        wait_until("its outcome to wait", lambda: self.tap.ready("outcomes") == 1)
        held_back = self.tap.take("outcomes")
        self.cn.start("--no-workers")
        return receipt, held_back

    def test_a_failure_that_comes_after_the_delivery_takes_nothing_back(self):
        receipt, old = self.outcome_of_first_attempt("P-1", g.answer(503, b"later", "text/plain"))
        self.all_delivered()
        self.tap.put("outcomes", *old)
        wait_until("the hub to take it", lambda: self.logged(self.cn, "outcome_applied", attempt=1))
        self.agree()
        self.assertEqual(len(self.through.seen), 2)

    def test_a_proof_of_delivery_that_comes_late_ends_what_waits_to_be_sent_again(self):
        self.through.otherwise = g.answer(503, b"later", "text/plain")
        receipt, old = self.outcome_of_first_attempt("P-2", g.pass_on)
        wait_until("a second attempt to fail", lambda: [
            e for e in self.events(receipt) if e["kind"] == "outcome" and "temporary" in str(e["detail"])])
        self.tap.put("outcomes", *old)
        self.agree()
