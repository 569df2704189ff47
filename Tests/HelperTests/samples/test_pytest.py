import os

import pytest

from client import make


def test_good(cliprise):
    cliprise.scenario("flaky-polling")
    assert make(cliprise.base_url, cliprise.key, resends=False)[:4]


@pytest.mark.parametrize("name", ["a name beyond what the server takes " * 8])
def test_frozen_clock(cliprise, name):
    cliprise.is_graded = False
    assert cliprise.clock.freeze()["mode"] == "virtual"
    assert cliprise.clock.advance("90s")["now"] >= 90
    cliprise.clock.run_until_idle()


def test_own_accounts(cliprise, tmp_path_factory):
    cliprise.is_graded = False
    assert cliprise.credits()["available"] == 10000


if os.environ.get("WITH_BAD"):
    def test_bad(cliprise):
        cliprise.scenario("lost-reply")
        assert make(cliprise.base_url, cliprise.key, resends=True)[:4]
