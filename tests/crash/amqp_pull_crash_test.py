import os
import unittest

import killer
from pull_world import AmqpPullWorld


class AmqpPullCrash(unittest.TestCase):
    def test_ten_kills_of_hub_workers_and_broker_lose_and_double_nothing_of_what_is_fetched(self):
        seed = int(os.environ.get("ECERT_CRASH_SEED", "20261126"))
        self.assertEqual(killer.run(AmqpPullWorld, 10, seed), [])
