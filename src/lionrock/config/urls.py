"""Which page stands where, and which rooms add a part to another room's page."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from lionrock.allocations import pages as allocations
from lionrock.applications import pages as applications
from lionrock.awards import pages as awards
from lionrock.config.home import home
from lionrock.jobs import pages as jobs
from lionrock.ledger import pages as ledger
from lionrock.people import pages as people
from lionrock.statements import pages as statements
from lionrock.web.pages import set_language

AWARD_PANELS = (allocations.panel, jobs.panel, statements.panel)
"""What the rooms above add to the page of an award, in this order."""

APPLICATION_PANELS: tuple[applications.MakePanel, ...] = ()
"""What the rooms above add to the page of an application, in this order."""

_people = [
    path("sign-in", people.SignIn.as_view(), name="sign_in"),
    path("sign-out", LogoutView.as_view(), name="sign_out"),
]
_ledger = [
    path("funds", ledger.funds, name="list"),
    path("programmes/<slug:programme>/fund", ledger.fund, name="fund"),
]
_applications = [
    path("applications", applications.index, name="list"),
    path("applications/new", applications.new, name="new"),
    path("applications/<str:code>/form", applications.begin, name="begin"),
    path("applications/<str:code>/form/<slug:part>", applications.part, name="part"),
    path("applications/<str:code>/form/<slug:part>/add", applications.add_entry, name="add_entry"),
    path("applications/<str:code>/form/<slug:part>/<int:number>", applications.part, name="entry"),
    path("applications/<str:code>/form/<slug:part>/<int:number>/remove", applications.remove_entry, name="remove_entry"),
    path("applications/<str:code>/answers", applications.answers, name="answers"),
    path("applications/<str:code>/documents", applications.documents, name="documents"),
    path("applications/<str:code>/files/<int:file>", applications.attachment, name="attachment"),
    path("applications/<str:code>/files/<int:file>/remove", applications.remove_document, name="remove_document"),
    path("applications/<str:code>/submit", applications.submit, name="submit"),
    path("applications/<str:code>/authors", applications.authors, name="authors"),
    path("applications/<str:code>/withdraw", applications.withdraw, name="withdraw"),
    path("applications/<str:code>", applications.show, {"panels": APPLICATION_PANELS}, name="show"),
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
    path("", include((_applications, "applications"))),
    path("", include((_awards, "awards"))),
    path("", include((_statements, "statements"))),
]
