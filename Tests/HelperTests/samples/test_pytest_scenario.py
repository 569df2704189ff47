from client import make


def test_keeps_its_credits(cliprise):
    make(cliprise.base_url, cliprise.key, resends=False)


def test_buys_twice(cliprise):
    assert make(cliprise.base_url, cliprise.key, resends=True)[:4]
