import os
import unittest

from client import make
from cliprise_mock_case import ClipriseTestCase


class Good(ClipriseTestCase):
    scenario = "flaky-polling"

    def test_good(self):
        self.assertTrue(make(self.cliprise.base_url, self.cliprise.key, resends=False))

    def id(self):
        return super().id() + " ü" * 100

    def test_frozen_clock(self):
        self.cliprise.freeze()
        self.assertGreaterEqual(self.cliprise.advance("90s")["now"], 90)


@unittest.skipUnless(os.environ.get("WITH_BAD"), "only when a failure is wanted")
class Bad(ClipriseTestCase):
    scenario = "lost-reply"

    def test_bad(self):
        self.assertTrue(make(self.cliprise.base_url, self.cliprise.key, resends=True))


if __name__ == "__main__":
    unittest.main()
