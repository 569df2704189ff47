import os

from client import make


def test_keeps_its_credits(cliprise, tmp_path):
    os.chdir(tmp_path)  # the report stays where it was asked for
    make(cliprise.base_url, cliprise.key, resends=False)


def test_buys_twice(cliprise):
    assert make(cliprise.base_url, cliprise.key, resends=True)[:4]
