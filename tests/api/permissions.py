"""Who may do what by the API, and with tokens; see tests/api/rows.py and tests/config/rows.py."""

from __future__ import annotations

from tests.api.rows import ApiRow
from tests.applications.filling import put_the_bytes
from tests.calls.world import NOW
from tests.config.rows import (
    EVERYBODY,
    HARBOUR,
    ONE_MEMBER,
    OWN,
    SEE_ALL,
    SEES,
    WORK_SOMEWHERE,
    CommandRow,
    PageRow,
    Scene,
)
from tests.people.rows import ActionRow

from lionrock.api.actions import Put, issue_token, put_off, register_webhook
from lionrock.api.addresses import addresses
from lionrock.api.domain.tokens import Scope
from lionrock.api.domain.webhooks import Topic
from lionrock.api.models import Delivery, Token, Webhook, Work
from lionrock.applications.models import Application
from lionrock.people.models import Organisation, Person, RoleGrant
from lionrock.statements.models import Settlement

SCREENERS = {"compliance", "compliance elsewhere", "auditor", "auditor elsewhere"}


def _job(scene: Scene) -> dict[str, object]:
    return {"award": scene.award, "argv": ["true"], "time_limit_seconds": 60}


def _draft(scene: Scene) -> dict[str, object]:
    return {"call": scene.open_call, "organisation": HARBOUR, "title": "Storms"}


def _file_of(code: str) -> dict[str, object]:
    application = Application.objects.get(code=code)
    put_the_bytes(application)
    return {"code": code, "file": application.attachments.all()[0].pk}


API = {
    "read_me": ApiRow(EVERYBODY),
    "list_programmes": ApiRow(EVERYBODY),
    "read_programme": ApiRow(EVERYBODY, lambda _: {"programme": OWN}),
    "list_calls": ApiRow(SEE_ALL, shows=lambda scene: scene.draft_call),
    "read_call": ApiRow(SEE_ALL, lambda scene: {"code": scene.draft_call}),
    "list_sites": ApiRow(EVERYBODY),
    "list_applications": ApiRow(SEES, shows=lambda scene: scene.submitted),
    "read_application": ApiRow(SEES, lambda scene: {"code": scene.submitted}),
    "check_application": ApiRow(SEES, lambda scene: {"code": scene.submitted}),
    "draft_application": ApiRow({"member"}, body=_draft),
    "save_answers": ApiRow(
        {"member"},
        lambda scene: {"code": scene.draft},
        lambda _: {"changes": [{"key": "nowhere", "value": "x", "version": 0}]},
    ),
    "submit_application": ApiRow({"member"}, lambda scene: {"code": scene.draft}),
    "withdraw_application": ApiRow({"member"}, lambda scene: {"code": scene.submitted}),
    "add_entry": ApiRow(
        {"member"}, lambda scene: {"code": scene.draft}, lambda _: {"part": "nowhere"}, ends=frozenset({404})
    ),
    "remove_entry": ApiRow(
        {"member"}, lambda scene: {"code": scene.draft, "part": "nowhere", "number": 1}, ends=frozenset({404})
    ),
    "list_files": ApiRow(SEES, lambda scene: {"code": scene.submitted}),
    "attach_file": ApiRow(
        {"member"},
        lambda scene: {"code": scene.draft},
        lambda _: b"no document",
        "document=nowhere&name=a.pdf",
        ends=frozenset({422}),
        content_type="application/pdf",
    ),
    "read_file": ApiRow(SEES, lambda scene: _file_of(scene.submitted)),
    "remove_file": ApiRow({"member"}, lambda scene: _file_of(scene.draft)),
    "list_awards": ApiRow(SEES, shows=lambda scene: scene.award),
    "read_award": ApiRow(SEES, lambda scene: {"code": scene.award}),
    "read_quota": ApiRow(SEES, lambda scene: {"code": scene.award}),
    "list_allocations": ApiRow(SEES, shows=lambda scene: scene.award),
    "list_templates": ApiRow(EVERYBODY),
    "read_template": ApiRow(EVERYBODY, lambda _: {"template": "train"}),
    "estimate_job": ApiRow({"member"}, body=_job),
    "submit_job": ApiRow({"member"}, body=_job),
    "list_jobs": ApiRow(SEES, shows=lambda scene: scene.job),
    "read_job": ApiRow(SEES, lambda scene: {"code": scene.job}),
    "read_log": ApiRow(SEES, lambda scene: {"code": scene.job}),
    "cancel_job": ApiRow(
        {"member", "cluster_admin"}, lambda scene: {"code": scene.waiting_job}, ends=frozenset({200, 409})
    ),
    "requeue_job": ApiRow({"member", "cluster_admin"}, lambda scene: {"code": scene.job}, ends=frozenset({409})),
    "import_usage": ApiRow(
        {"cluster_admin"},
        body=lambda scene: scene.usage.read_bytes(),
        query=f"programme={OWN}&site=here",
        content_type="text/csv",
    ),
    "list_imports": ApiRow(SEE_ALL, shows=lambda _: "april.csv"),
    "list_held": ApiRow(SEE_ALL, shows=lambda _: "april.csv"),
    "list_statements": ApiRow(SEES, shows=lambda scene: scene.statement),
    "read_statement": ApiRow(SEES, lambda scene: {"number": scene.statement}),
    "read_statement_csv": ApiRow(SEES, lambda scene: {"number": scene.statement}),
    "read_statement_pdf": ApiRow(SEES, lambda scene: {"number": scene.statement}),
    "explain_line": ApiRow(SEES, lambda scene: {"number": scene.statement, "position": 1}),
    "list_settlements": ApiRow(SEE_ALL, shows=lambda _: Settlement.objects.all()[0].number),
    "read_settlement": ApiRow(SEE_ALL, lambda _: {"number": Settlement.objects.all()[0].number}),
    "read_settlement_csv": ApiRow(SEE_ALL, lambda _: {"number": Settlement.objects.all()[0].number}),
    "read_settlement_pdf": ApiRow(SEE_ALL, lambda _: {"number": Settlement.objects.all()[0].number}),
    "report_usage": ApiRow(WORK_SOMEWHERE),
    "report_steps": ApiRow(WORK_SOMEWHERE),
    "read_output": ApiRow(SEES, lambda scene: {"code": scene.job}, query="name=loss.csv", ends=frozenset({404})),
    "list_organisations": ApiRow({"office", "office elsewhere", "member"}, shows=lambda _: HARBOUR),
    "estimate_request": ApiRow(
        EVERYBODY,
        lambda _: {"programme": OWN},
        lambda _: {"category": "university", "item": "h800-node", "count": 1, "months": 3, "starts": "2026-12-01"},
    ),
    "preview_month": ApiRow(SEE_ALL, lambda _: {"programme": OWN}, query="month=2026-05"),
    "read_fund": ApiRow(SEE_ALL, lambda _: {"programme": OWN}),
    "list_accounts": ApiRow(SEE_ALL, lambda _: {"programme": OWN}, query="prefix=budget"),
    "determine_controls": ApiRow(
        WORK_SOMEWHERE, body=lambda _: {"chips": ["nvidia-h800-sxm5-80gb"], "destination": "HK", "on": "2026-02-01"}
    ),
    "determine_rows": ApiRow(
        WORK_SOMEWHERE,
        body=lambda _: b'{"case_id": "1", "chip_id": "nvidia-h800-sxm5-80gb", "destination": "HK"}\n',
        content_type="application/x-ndjson",
    ),
    "list_work": ApiRow({ONE_MEMBER}, lambda _: _listed_work(), shows=lambda _: str(_work().uid)),
    "read_work": ApiRow({ONE_MEMBER}, lambda _: {"id": _work().uid}),
    "read_answer": ApiRow({ONE_MEMBER}, lambda _: {"id": _work().uid}, ends=frozenset({409})),
    "cancel_work": ApiRow({ONE_MEMBER}, lambda _: {"id": _work().uid}),
    "list_webhooks": ApiRow({ONE_MEMBER}, shows=lambda _: _webhook().url),
    "register_webhook": ApiRow(
        EVERYBODY, body=lambda _: {"url": "https://hooks.example.org/new", "topics": ["award.made"]}
    ),
    "read_webhook": ApiRow({ONE_MEMBER}, lambda _: {"number": _webhook().pk}),
    "change_webhook": ApiRow({ONE_MEMBER}, lambda _: {"number": _webhook().pk}, lambda _: {"topics": ["month.closed"]}),
    "end_webhook": ApiRow({ONE_MEMBER}, lambda _: {"number": _webhook().pk}),
    "read_keys": ApiRow({ONE_MEMBER}, lambda _: {"number": _webhook().pk}),
    "change_key": ApiRow({ONE_MEMBER}, lambda _: {"number": _webhook().pk}),
    "try_webhook": ApiRow({ONE_MEMBER}, lambda _: {"number": _webhook().pk}),
    "list_deliveries": ApiRow({ONE_MEMBER}, shows=lambda _: str(put_delivery().uid)),
    "send_again": ApiRow({ONE_MEMBER}, lambda _: {"number": put_delivery().pk}),
    "screen_names": ApiRow(SCREENERS, body=lambda _: {"names": ["Kite Robotics"]}, ends=frozenset({409})),
}
"""By the name of the operation. Where no list is on file nobody is screened, and no job of the scene runs."""


def _webhook(email: str = "member@example.org") -> Webhook:
    """Return a webhook of the member's own, put on file where there is none yet."""
    person = Person.objects.get(email=email)
    found = person.webhooks.first()
    return found or register_webhook(
        person=person, url="https://hooks.example.org/in", topics=[Topic.AWARD_MADE], now=NOW
    )


def _work(email: str = "member@example.org") -> Work:
    """Return a request of the member's own that waits, put on file where there is none yet."""
    person = Person.objects.get(email=email)
    found = Work.objects.filter(person=person).first()
    return found or put_off(Put("list_sites", "/api/v1/sites", {}, {}, None), person=person, token=None, now=NOW)


def _listed_work() -> dict[str, object]:
    """Put a request on file, which no parameter names."""
    _work()
    return {}


def put_delivery(email: str = "member@example.org") -> Delivery:
    """Return what that webhook is to be told."""
    found = _webhook(email)
    told, _ = Delivery.objects.get_or_create(
        webhook=found, topic="ping", defaults={"content": {}, "created_at": NOW, "next_try": NOW}
    )
    return told


def _listed_webhooks() -> str:
    put_delivery()
    return ""


def _tokens() -> list[Token]:
    """Put a token of the member's own on file, and one of their organisation's service."""
    member = Person.objects.get(email="member@example.org")
    own = issue_token(person=member, name="mine", scopes=[Scope.READ], days=9, now=NOW)
    service = issue_token(
        person=member, name="their program", scopes=[Scope.JOBS], days=9, now=NOW, organisation=HARBOUR
    )
    return [own.token, service.token]


def _number_of_a_service() -> int:
    person, place = Person.objects.get(email="chan@example.org"), Organisation.objects.get(code=HARBOUR)
    RoleGrant.objects.get_or_create(person=person, role="member", organisation=place, defaults={"granted_at": NOW})
    made = issue_token(person=person, name="service", scopes=[Scope.JOBS], days=9, now=NOW, organisation=HARBOUR)
    return made.token.pk


def _listed() -> str:
    _tokens()
    return ""


ACTIONS = {
    "api.revoke_token": ActionRow("member", lambda _: {"number": _number_of_a_service()}),
    "api.change_webhook": ActionRow("", lambda _: {"number": _webhook("chan@example.org").pk}),
    "api.change_key": ActionRow("", lambda _: {"number": _webhook("chan@example.org").pk}),
    "api.end_webhook": ActionRow("", lambda _: {"number": _webhook("chan@example.org").pk}),
    "api.try_webhook": ActionRow("", lambda _: {"number": _webhook("chan@example.org").pk}),
    "api.cancel_work": ActionRow("", lambda _: {"id": str(_work("chan@example.org").uid)}),
    "api.send_again": ActionRow("", lambda _: {"delivery": put_delivery("chan@example.org").pk}),
}
"""A webhook is its person's alone; that one may is tried by pages, commands and operations."""
NO_PERMISSION = {
    f"api.tell_{event}": "a reaction" for event in ("award_made", "award_varied", "award_ended", "month_closed")
}


HIDDEN = {
    "api.token.not_yours": "whose tokens there are",
    "api.webhook.not_yours": "whose webhooks there are",
    "api.delivery.not_yours": "what others are told",
    "api.work.not_yours": "what others asked for",
}
COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("token", "list"): CommandRow({"member"}, lambda _: _listed(), lambda _: "their program"),
    ("token", "revoke"): CommandRow({"member"}, lambda _: str(_tokens()[1].pk)),
    ("webhook", "list"): CommandRow({ONE_MEMBER}, lambda _: _listed_webhooks(), lambda _: "hooks.example.org"),
    ("webhook", "deliveries"): CommandRow({ONE_MEMBER}, lambda _: _listed_webhooks(), lambda _: "ping"),
    **{
        ("webhook", verb): CommandRow({ONE_MEMBER}, lambda _: str(_webhook().pk))
        for verb in ("keys", "end", "change-key", "try")
    },
    ("webhook", "again"): CommandRow({ONE_MEMBER}, lambda _: str(put_delivery().pk)),
}
PAGES = {
    "tokens:list": PageRow(EVERYBODY),
    "tokens:revoke": PageRow({"member"}, lambda _: [str(_tokens()[1].pk)], posted=lambda _: {}),
    "webhooks:list": PageRow(EVERYBODY),
    "webhooks:show": PageRow({ONE_MEMBER}, lambda _: [str(put_delivery().webhook_id)]),
    **{
        f"webhooks:{verb}": PageRow({ONE_MEMBER}, lambda _: [str(_webhook().pk)], posted=lambda _: {})
        for verb in ("change_key", "trial", "end")
    },
    "webhooks:again": PageRow({ONE_MEMBER}, lambda _: [str(put_delivery().pk)], posted=lambda _: {}),
}
PAGES_FOR_EVERYBODY = {
    **{f"api:{each.name}": "tabled in API, and tried in tests/api/test_permissions.py" for each in addresses()},
}
