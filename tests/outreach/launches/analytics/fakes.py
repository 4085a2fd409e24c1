"""Matomo and Plausible as a server of this machine: they answer after their public documentation, to the right token."""

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl

from tests.foundation.servers import Site, answer, serving

TOKEN = "0123456789abcdef0123456789abcdef"


@dataclass
class Fake:
    """What the services know: visitors by day, those of seven days by the first, and a fault to answer with."""

    site: Site
    days: dict[date, int] = field(default_factory=dict)
    weeks: dict[date, int] = field(default_factory=dict)
    counts_ranges: bool = True
    fault: str = ""

    @property
    def url(self) -> str:
        return self.site.url

    def matomo(self, request: BaseHTTPRequestHandler) -> None:
        if self._is_faulty(request):
            return
        form = dict(parse_qsl(self.site.asked[-1][3].decode()))
        assert form["method"] == "VisitsSummary.getUniqueVisitors"
        if form["token_auth"] != TOKEN or form["idSite"] != "7":
            said = "You can't access this resource as it requires 'view' access for the website id = 7."
            say: object = {"result": "error", "message": said}
        else:
            say = self._matomo_says(form["period"], form["date"])
        answer(json.dumps(say).encode())(request)

    def _matomo_says(self, period: str, day: str) -> object:
        if period == "week":
            return {"value": self.weeks[date.fromisoformat(day)]}
        if period == "range" and not self.counts_ranges:
            return {
                "result": "error",
                "message": "The metric nb_uniq_visitors is not enabled for the requested period",
            }
        first, last = map(date.fromisoformat, day.split(","))
        if period == "range":
            return {"value": self.weeks[first]}
        span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return {str(one): self.days.get(one, 0) for one in span}  # it knows every day, and says 0

    def plausible(self, request: BaseHTTPRequestHandler) -> None:
        if self._is_faulty(request):
            return
        _method, _path, headers, body = self.site.asked[-1]
        query = json.loads(body)
        if headers.get("Authorization") != f"Bearer {TOKEN}" or query["site_id"] != "radio.example":
            answer(b'{"error": "Invalid API key or site ID."}', 401)(request)
            return
        first, last = map(date.fromisoformat, query["date_range"])
        if query["dimensions"] == ["time:day"]:
            known = sorted(day for day in self.days if first <= day <= last)
            rows = [{"dimensions": [str(day)], "metrics": [self.days[day]]} for day in known]
        else:
            rows = [{"dimensions": [], "metrics": [self.weeks[first]]}]
        answer(json.dumps({"results": rows, "meta": {}, "query": query}).encode())(request)

    def _is_faulty(self, request: BaseHTTPRequestHandler) -> bool:
        """Answer with the fault, if there is one."""
        if self.fault.isdecimal():
            answer(b'{"error": "no"}', int(self.fault))(request)
        elif self.fault == "slow":
            time.sleep(1.0)
        elif self.fault == "cut":
            answer(b'{"results": [{"dimens', Content_Length="9999")(request)
        elif self.fault:
            answer(self.fault.encode())(request)
        return bool(self.fault)


@contextlib.contextmanager
def services() -> Iterator[Fake]:
    """Both services under one address."""
    with serving() as site:
        fake = Fake(site)
        site["/index.php"], site["/api/v2/query"] = fake.matomo, fake.plausible
        yield fake
