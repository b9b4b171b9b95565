"""Which page stands where, and which rooms add a part to another room's page."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from lionrock.allocations import pages as allocations
from lionrock.awards import pages as awards
from lionrock.config.home import home
from lionrock.jobs import pages as jobs
from lionrock.ledger import pages as ledger
from lionrock.people import pages as people
from lionrock.statements import pages as statements
from lionrock.web.pages import set_language

AWARD_PANELS = (allocations.panel, jobs.panel, statements.panel)
"""What the rooms above add to the page of an award, in this order."""

_people = [
    path("sign-in", people.SignIn.as_view(), name="sign_in"),
    path("sign-out", LogoutView.as_view(), name="sign_out"),
]
_ledger = [
    path("funds", ledger.funds, name="list"),
    path("programmes/<slug:programme>/fund", ledger.fund, name="fund"),
]
_awards = [
    path("awards", awards.index, name="list"),
    path("awards/<str:code>", awards.award, {"panels": AWARD_PANELS}, name="show"),
]
_statements = [
    path("statements", statements.index, name="list"),
    path("statements/<str:number>.<slug:ending>", statements.file, name="file"),
    path("statements/<str:number>", statements.statement, name="show"),
]

urlpatterns = [
    path("", home, name="home"),
    path("language", set_language, name="language"),
    path("", include((_people, "people"))),
    path("", include((_ledger, "ledger"))),
    path("", include((_awards, "awards"))),
    path("", include((_statements, "statements"))),
]
