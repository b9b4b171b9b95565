"""Around every request: its trace, a line in the log, a count; and the probes, which ask nobody's leave."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse

from lionrock.kernel import tracing
from lionrock.operations.metrics import count_request
from lionrock.operations.probes import PROBES

NOWHERE: Final = "-"
"""The page of a request for which there is none, or that came to none."""
_log = structlog.get_logger(__name__)
Probe = Callable[[HttpRequest], HttpResponse]


class Observed:
    """Outermost: what goes wrong further in is seen here as the answer that it became.

    Probes are answered here, before a host is checked, a session read or a database asked: they come from
    the machine itself or from a balancer, which names the machine and not the portal.
    """

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponse], probes: Mapping[str, Probe] = PROBES
    ) -> None:
        self.get_response = get_response
        self._probes = probes

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = self._probes.get(request.path_info)
        if probe is not None:
            return probe(request)
        trace = tracing.begin(request.headers.get("traceparent", ""))
        before, began = tracing.current.set(trace), time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            page = request.resolver_match.view_name if request.resolver_match else NOWHERE
            count_request(page or NOWHERE, request.method, response.status_code, seconds)
            milliseconds = round(seconds * 1000)
            _log.info("web.request", page=page, method=request.method, status=response.status_code, ms=milliseconds)
        finally:
            tracing.current.reset(before)
        response["X-Request-ID"] = trace.span
        return response
