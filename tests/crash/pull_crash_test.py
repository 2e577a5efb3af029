import os
import unittest

import killer
from pull_world import PullWorld


class PullCrash(unittest.TestCase):
    def test_twenty_kills_lose_and_double_nothing_of_what_is_fetched(self):
        seed = int(os.environ.get("ECERT_CRASH_SEED", "20261126"))
        self.assertEqual(killer.run(PullWorld, 20, seed), [])
