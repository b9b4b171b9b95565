"""From a request to its answer: who asks, may they, what was sent, do it once, and say what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any, Final

import structlog
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from lionrock.api.actions import Put, put_off
from lionrock.api.calls import Call, Nothing
from lionrock.api.cursors import Listed
from lionrock.api.domain.later import LATER, PREFER, RESPOND_ASYNC, RETRY_SECONDS, prefers_later
from lionrock.api.models import Token
from lionrock.api.once import HEADER, Request, done_apart, done_together, read_key
from lionrock.api.operations.work import work_shown
from lionrock.api.problems import (
    NoSuchMethod,
    Outdated,
    Unconditional,
    being_upgraded,
    invalid,
    own_defect,
    problem_response,
)
from lionrock.api.receiving import Received, receiving, require_text
from lionrock.api.registry import OPERATIONS, Effect, Operation, made
from lionrock.api.sending import JSON, NDJSON, Answer, answer_of, lines_of, tag_matches
from lionrock.api.signing_in import asker_of
from lionrock.database.failures import other_tables
from lionrock.kernel.errors import Invalid, LionrockError, NotFound, Unavailable
from lionrock.kernel.messages import gettext_noop, message

STATEMENT_MILLISECONDS: Final = 20_000
"""No single question to the database takes longer than that for an answer of the API."""
ACCEPTED: Final = HTTPStatus.ACCEPTED
_MUST_MATCH: Final = frozenset({"PUT", "PATCH", "DELETE"})
_log = structlog.get_logger(__name__)
Methods = Mapping[str, Operation]


def endpoint(methods: Methods) -> Callable[..., HttpResponse]:
    """Return the view of one address, which answers these methods."""

    @login_not_required
    @csrf_exempt
    def view(request: HttpRequest, **parameters: Any) -> HttpResponse:
        return _serve(methods, request, parameters)

    return view


def _serve(methods: Methods, request: HttpRequest, parameters: dict[str, Any]) -> HttpResponse:
    try:
        with _bounded():
            return _served(methods, request, parameters)
    except LionrockError as error:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("api.product_error", code=error.code, path=request.path, exc_info=error)
        response = problem_response(error, request.path)
    except (OperationalError, InterfaceError) as error:
        _log.error("api.database", path=request.path, exc_info=error)
        response = problem_response(database_away(), request.path)
    except (SuspiciousOperation, BadRequest) as error:
        response = problem_response(_not_read(error), request.path)
    except Exception as error:
        response = problem_response(_unforeseen(error, request.path), request.path)
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response["Allow"] = ", ".join(methods)
    return response


def _served(methods: Methods, request: HttpRequest, parameters: dict[str, Any]) -> HttpResponse:
    operation = _operation(methods, request)
    now = timezone.now()
    asker = asker_of(request, now)
    asker.require(operation.scope)
    for name, value in parameters.items():
        require_text(value, name)
    with receiving(request, operation) as received:
        call: Call[Any, Any] = Call(asker.actor, asker.person, now, received.query, received.body)
        later = operation.name in LATER and prefers_later(request.headers.get(PREFER, ""))
        given = (operation, call, parameters, request, received)
        answer = _put_off(*given, asker.token) if later else _done(*given)
    for each in call.afterwards:
        each()
    return _sent(request, answer)


def _unforeseen(error: Exception, path: str) -> LionrockError:
    """Return what is said of an error that nobody foresaw; of an upgrade that is under way, that it is."""
    if other_tables(error):
        _log.error("api.database", path=path, exc_info=error)
        return being_upgraded()
    _log.error("api.defect", path=path, exc_info=error)
    return own_defect()


def _operation(methods: Methods, request: HttpRequest) -> Operation:
    asked = "GET" if request.method == "HEAD" else str(request.method)
    if asked not in methods:
        said = message(
            gettext_noop("{value} cannot be done here. What can: {known}."), value=asked, known=", ".join(methods)
        )
        raise NoSuchMethod("api.request.method", said)
    return methods[asked]


def _done(
    operation: Operation, call: Call[Any, Any], parameters: dict[str, Any], request: HttpRequest, received: Received
) -> Answer:
    def act() -> Answer:
        if operation.guard is not None:
            _require_unchanged(operation, call, parameters, request)
        found = made(operation, call, parameters)
        if isinstance(found, Listed) and request.accepts(NDJSON) and not request.accepts(JSON):
            return lines_of(found, _next(request, found))
        return answer_of(found, operation.status)

    if operation.effect is Effect.NONE:
        return act()
    if request.method in _MUST_MATCH and request.headers.get(HEADER) is None:
        return _in_one(operation, act)
    asked = Request(call.person, read_key(request.headers.get(HEADER)), _digest(request, received), call.now)
    return done_together(asked, act) if operation.effect is Effect.TOGETHER else done_apart(asked, act)


def _next(request: HttpRequest, found: Listed[Any]) -> str:
    """Return the address of the next piece of a list, narrowed as this one."""
    asked = request.GET.copy()
    asked["cursor"] = found.next or ""
    return f"{request.path}?{asked.urlencode()}"


def _put_off(
    operation: Operation,
    call: Call[Any, Any],
    parameters: dict[str, Any],
    request: HttpRequest,
    received: Received,
    token: Token | None,
) -> Answer:
    """Take in what is answered later, and say where; the same key gets the same place."""

    def act() -> Answer:
        _require_unchanged(operation, call, parameters, request)
        query = received.query.model_dump(mode="json", by_alias=True, exclude_unset=True)
        sent = received.body.model_dump(mode="json", by_alias=True, exclude_unset=True)
        body = None if operation.body is Nothing else sent
        put = Put(operation.name, request.path, parameters, query, body)
        answer = answer_of(work_shown(work := put_off(put, person=call.person, token=token, now=call.now)), ACCEPTED)
        place = {"Location": f"/api/v1/work/{work.uid}", "Preference-Applied": RESPOND_ASYNC}
        return Answer(answer.status, answer.body, {**answer.headers, **place, "Retry-After": str(RETRY_SECONDS)})

    if operation.effect is Effect.NONE:
        return act()
    asked = Request(call.person, read_key(request.headers.get(HEADER)), _digest(request, received), call.now)
    return done_together(asked, act)


def _in_one(operation: Operation, act: Callable[[], Answer]) -> Answer:
    """Do a change that is the same when it is done twice, and so needs no key."""
    if operation.effect is Effect.APART:
        return act()
    with transaction.atomic():
        return act()


def _digest(request: HttpRequest, received: Received) -> str:
    asked = f"{request.method} {request.get_full_path()}\n{request.content_type}\n{received.digest}"
    return hashlib.sha256(asked.encode()).hexdigest()


def _require_unchanged(
    operation: Operation, call: Call[Any, Any], parameters: dict[str, Any], request: HttpRequest
) -> None:
    """Lock what is to be changed, and compare it with what the client has read."""
    guard, wanted = operation.guard, request.headers.get("If-Match")
    if guard is None or (wanted is None and request.method not in _MUST_MATCH):
        return
    if wanted is None:
        said = message(
            gettext_noop("This change does not say what it changes. Send the ETag that you have read as If-Match.")
        )
        raise Unconditional("api.change.unconditional", said)
    guard.lock(call.actor, **parameters)
    shown: Call[Any, Any] = Call(call.actor, call.person, call.now, Nothing(), Nothing())
    tag = answer_of(made(OPERATIONS[guard.shown_by], shown, parameters), HTTPStatus.OK).headers["ETag"]
    if not tag_matches(wanted, tag):
        said = message(
            gettext_noop(
                "This is not as you have read it any more. Read it again, and decide anew; nothing was changed."
            )
        )
        raise Outdated("api.change.outdated", said)


def _sent(request: HttpRequest, answer: Answer) -> HttpResponse:
    known = request.headers.get("If-None-Match")
    tag = answer.headers.get("ETag", "")
    if request.method in ("GET", "HEAD") and known and tag_matches(known, tag, weak=True):
        return Answer(HTTPStatus.NOT_MODIFIED, b"", {"ETag": tag}).response()
    return answer.response()


def _not_read(error: Exception) -> Invalid:
    """Return what is said of a request that Django itself will not read, such as one with too many fields."""
    said = message(gettext_noop("The request cannot be read: {reason}"), reason=str(error))
    return invalid("api.request.unreadable", said, "request")


def database_away() -> Unavailable:
    """Return what is said while the database does not answer."""
    said = message(
        gettext_noop("The database does not answer, or not in time. Wait a little, and send the same request again.")
    )
    return Unavailable("api.database.away", said)


@contextmanager
def _bounded() -> Iterator[None]:
    """Let no question to the database take too long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(STATEMENT_MILLISECONDS)])
    try:
        yield
    finally:
        # A connection that broke off, or a transaction that is to be undone, takes the bound with it.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', '0', false)")


@login_not_required
@csrf_exempt
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer for all addresses below the API that there are not."""
    said = message(
        gettext_noop("There is nothing at {value}. /api/v1/openapi.json describes all that there is."), value=rest
    )
    return problem_response(NotFound("api.request.nowhere", said), request.path)
