"""What machines ask: is it alive, is it ready, how is it doing."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from types import MappingProxyType

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST

from lionrock.operations.health import examine, is_ready
from lionrock.operations.metrics import written
from lionrock.operations.runs import rows_known

NOT_HERE = 404
UNREADY = 503


def live(_request: HttpRequest) -> HttpResponse:
    """Answer: the process does."""
    return _plain({"alive": True})


def ready(_request: HttpRequest) -> HttpResponse:
    """Say whether pages can be answered: states only, since anybody may ask; `lionrock doctor` has the reasons."""
    checks = examine(rows_known(), timezone.now())
    answer = {"ready": is_ready(checks), "checks": {check.name: str(check.state) for check in checks}}
    return _plain(answer, 200 if is_ready(checks) else UNREADY)


def metrics(request: HttpRequest) -> HttpResponse:
    """Give figures to whoever asks from a network of `LIONROCK_METRICS_NETWORKS`, or with its token."""
    if not (_has_token(request) or _is_near(request)):
        return HttpResponse("There is nothing here for you.\n", status=NOT_HERE, content_type="text/plain")
    return HttpResponse(written(timezone.now()), content_type=CONTENT_TYPE_LATEST)


def _plain(answer: Mapping[str, object], status: int = 200) -> HttpResponse:
    response = JsonResponse(answer, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _has_token(request: HttpRequest) -> bool:
    token: str | None = settings.LIONROCK_METRICS_TOKEN
    sent = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(sent.encode(), f"Bearer {token}".encode())


def _is_near(request: HttpRequest) -> bool:
    """Tell whether every address on the way is of a network that may ask.

    A proxy adds its client to X-Forwarded-For, and whoever invents entries there only adds addresses
    that have to be allowed too. A socket of this machine has no address.
    """
    networks = [ip_network(each) for each in settings.LIONROCK_METRICS_NETWORKS]
    way = [*request.headers.get("X-Forwarded-For", "").split(","), request.META.get("REMOTE_ADDR", "")]
    return all(_is_in(each.strip(), networks) for each in way if each.strip())


def _is_in(address: str, networks: list[IPv4Network | IPv6Network]) -> bool:
    try:
        return any(ip_address(address) in network for network in networks)
    except ValueError:
        return False


def _safely(probe: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def asked(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return probe(request)

    return asked


PROBES: Mapping[str, Callable[[HttpRequest], HttpResponse]] = MappingProxyType(
    {"/health/live": _safely(live), "/health/ready": _safely(ready), "/metrics": _safely(metrics)}
)
"""Answered before anything else, whoever asks; the only addresses that are no pages of `config/urls.py`."""
