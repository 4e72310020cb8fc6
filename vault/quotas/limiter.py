"""Token buckets by client: a bucket holds as many requests as the rate, and fills again over the interval."""

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

MOST_CLIENTS: Final = 65_536


@dataclass(slots=True)
class _Bucket:
    left: float
    filled_at: float
    blocked_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a request: whether it may go on, how many more may at once, and when one may again, in seconds."""

    allowed: bool
    left: int
    wait_s: int


class Limiter:
    """Requests of each client of one quota; of more than `MOST_CLIENTS`, those silent for longest are forgotten.

    Args:
        rate: requests in each interval; below 1 is one request in a longer one.
        block_interval_s: for how long a client that asked too often is refused altogether.
    """

    def __init__(self, rate: float, interval_s: int, block_interval_s: int) -> None:
        self._most = max(1.0, rate)
        self._each_s = interval_s / rate
        self._block_interval_s = block_interval_s
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, client: str, now: float) -> Taken:
        """Count a request of a client at an instant of a clock that does not go back."""
        bucket = self._bucket(client, now)
        if now < bucket.blocked_until:
            return Taken(False, 0, math.ceil(bucket.blocked_until - now))
        bucket.left = min(self._most, bucket.left + (now - bucket.filled_at) / self._each_s)
        bucket.filled_at = now
        if bucket.left >= 1:
            bucket.left -= 1
            return Taken(True, int(bucket.left), math.ceil(self._each_s))
        if self._block_interval_s:
            bucket.blocked_until = now + self._block_interval_s
            return Taken(False, 0, self._block_interval_s)
        return Taken(False, 0, max(1, math.ceil((1 - bucket.left) * self._each_s)))

    def _bucket(self, client: str, now: float) -> _Bucket:
        bucket = self._buckets.get(client)
        if bucket is None:
            bucket = self._buckets[client] = _Bucket(self._most, now)
            if len(self._buckets) > MOST_CLIENTS:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(client)
        return bucket
