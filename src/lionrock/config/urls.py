"""Which page stands where, and which rooms add a part to another room's page."""

from __future__ import annotations

from django.urls import include, path

from lionrock.allocations import pages as allocations
from lionrock.api import pages as api
from lionrock.api.addresses import addresses as api_addresses
from lionrock.applications import letters_pages as letters
from lionrock.applications import pages as applications
from lionrock.assurance import pages as assurance
from lionrock.awards import pages as awards
from lionrock.calls import pages as calls
from lionrock.committee import pages as committee
from lionrock.concerns import pages as concerns
from lionrock.config.home import home
from lionrock.controls import pages as controls
from lionrock.custody import pages as custody
from lionrock.finance import pages as finance
from lionrock.identity import pages as identity
from lionrock.intake import pages as intake
from lionrock.jobs import pages as jobs
from lionrock.ledger import pages as ledger
from lionrock.metering import pages as metering
from lionrock.notices import pages as notices
from lionrock.openid import pages as openid
from lionrock.operations.away import server_error
from lionrock.outcomes import pages as outcomes
from lionrock.oversight import pages as oversight
from lionrock.people import pages as people
from lionrock.planning import pages as planning
from lionrock.public import pages as public
from lionrock.receivables import pages as receivables
from lionrock.review import pages as review
from lionrock.screening import pages as screening
from lionrock.sites import pages as sites
from lionrock.statements import pages as statements
from lionrock.statements import settlement_pages as settlements
from lionrock.supply import pages as supply
from lionrock.usage import pages as usage
from lionrock.web.pages import set_language

AWARD_PANELS = (
    jobs.quota_panel,
    allocations.panel,
    custody.panel,
    outcomes.panel,
    jobs.panel,
    statements.panel,
    concerns.panel,
)
"""What the rooms above add to the page of an award, in this order."""

STATEMENT_PANELS: tuple[statements.MakePanel, ...] = (receivables.document_panel,)
"""What the rooms above add to the page of a statement."""

SETTLEMENT_PANELS: tuple[settlements.MakeSettlementPanel, ...] = (receivables.settlement_panel,)
"""What the rooms above add to the page of a claim or a remittance."""

ACCOUNT_PANELS: tuple[people.MakePanel, ...] = (identity.panel,)
"""What the rooms above add to the page of one's account."""

APPLICATION_PANELS: tuple[applications.MakePanel, ...] = (
    intake.panel,
    assurance.panel,
    letters.panel,
    review.panel,
    committee.panel,
)
"""What the rooms above add to the page of an application, in this order."""

_people = [
    path("sign-in", identity.SignIn.as_view(), name="sign_in"),
    path("sign-out", openid.SignOut.as_view(), name="sign_out"),
    path("join", people.join, name="join"),
    path("join/sent", people.joined, name="joined"),
    path("join/<str:token>", people.join_by_link, name="joining"),
    path("account", people.account, {"panels": ACCOUNT_PANELS}, name="account"),
    path("account/password", people.change_own_password, {"panels": ACCOUNT_PANELS}, name="password"),
    path("account/deputies/<int:number>/end", people.end_deputy, name="end_deputy"),
    path("account/organisation", people.enter_an_organisation, {"panels": ACCOUNT_PANELS}, name="enter"),
    path("organisations/<slug:code>", people.organisation, name="organisation"),
    path("organisations/<slug:code>/members/<int:number>/leave", people.leave, name="leave"),
    path("organisations/<slug:code>/invite", people.invite, name="invite"),
    path("organisations/<slug:code>/requests/<int:number>", people.answer, name="answer"),
    path("organisations/<slug:code>/belong", people.belong, name="belong"),
    path("organisations/<slug:code>/administrators", people.change_administrator, name="administrator"),
    path("organisations/<slug:code>/invitations/<int:number>/resend", people.resend, name="resend"),
    path("organisations/<slug:code>/invitations/<int:number>/take-back", people.take_back, name="take_back"),
    path("organisations/<slug:code>/domains", people.domains, name="domains"),
    path("organisations/<slug:code>/domains/<int:number>/verify", people.verify_domain, name="verify_domain"),
    path("organisations/<slug:code>/domains/<int:number>/change", people.change_domain, name="change_domain"),
    path("organisations/<slug:code>/domains/<int:number>/end", people.end_domain, name="end_domain"),
]
_identity = [
    path("sign-in/second", identity.second, name="second"),
    path("sign-in/passkey", identity.with_passkey, name="passkey"),
    path("password", identity.reset, name="reset"),
    path("password/sent", identity.reset_sent, name="reset_sent"),
    path("password/<str:token>", identity.reset_by_link, name="reset_by_link"),
    path("account/passkeys/new", identity.new_passkey, name="new_passkey"),
    path("account/passkeys/<int:number>/remove", identity.drop_passkey, name="drop_passkey"),
    path("account/app", identity.authenticator, name="authenticator"),
    path("account/app/remove", identity.drop_authenticator, name="drop_authenticator"),
    path("account/codes", identity.recovery_codes, name="recovery_codes"),
    path("account/sessions", identity.sessions, name="sessions"),
    path("account/sessions/end", identity.end_others, name="end_others"),
    path("account/sessions/<slug:handle>/end", identity.end, name="end"),
    path("account/support", identity.consent, name="consent"),
    path("account/support/end", identity.withdraw, name="withdraw"),
    path("support", identity.supports, name="supports"),
    path("support/end", identity.end_looking, name="end_support"),
    path("support/<int:number>", identity.support, name="support"),
    path("programmes/<slug:programme>/people/<int:number>/sign-ins", identity.end_staff, name="end_staff"),
]
_openid = [
    path("sign-in/with/<slug:code>", openid.begin, name="begin"),
    path("sign-in/with/<slug:code>/back", openid.back, name="back"),
    path("sign-in/prove", openid.prove, name="prove"),
    path("sign-out/<slug:code>", openid.left, name="left"),
    path("account/sign-in", openid.own, name="own"),
    path("account/sign-in/<int:number>/remove", openid.remove, name="remove"),
]
_tokens = [
    path("account/tokens", api.own_tokens, name="list"),
    path("account/tokens/<int:number>/revoke", api.revoke, name="revoke"),
]
_webhooks = [
    path("account/webhooks", api.own_webhooks, name="list"),
    path("account/webhooks/<int:number>", api.webhook, name="show"),
    path("account/webhooks/<int:number>/key", api.new_key, name="change_key"),
    path("account/webhooks/<int:number>/trial", api.trial, name="trial"),
    path("account/webhooks/<int:number>/end", api.end, name="end"),
    path("account/deliveries/<int:number>/again", api.again, name="again"),
]
_staff = [
    path("people", people.programmes, name="list"),
    path("programmes/<slug:programme>/people", people.people, name="people"),
    path("programmes/<slug:programme>/people/give", people.give_role, name="give"),
    path("programmes/<slug:programme>/people/take", people.take_role, name="take"),
    path("programmes/<slug:programme>/people/deputies", people.deputies, name="deputies"),
    path("programmes/<slug:programme>/people/<int:number>/close", people.close, name="close"),
    path("programmes/<slug:programme>/people/link", people.hand_over_link, name="link"),
]
_notices = [
    path("notices", notices.index, name="list"),
    path("notices/settings", notices.wishes, name="settings"),
    path("notices/read", notices.read_all, name="read_all"),
    path("notices/<int:number>", notices.open_notice, name="open"),
    path("notices/<int:number>/read", notices.read_notice, name="read"),
]
_ledger = [
    path("funds", ledger.funds, name="list"),
    path("programmes/<slug:programme>/fund", ledger.fund, name="fund"),
    path("programmes/<slug:programme>/books", ledger.trial, name="trial"),
]
_finance = [
    path("spending", finance.spending_index, name="list"),
    path("programmes/<slug:programme>/spending", finance.spending_page, name="show"),
    path("programmes/<slug:programme>/spending.<slug:ending>", finance.spending_file, name="file"),
]
_finance_caps = [
    path("caps", finance.caps_index, name="list"),
    path("programmes/<slug:programme>/caps", finance.caps, name="show"),
]
_finance_closing = [
    path("closing", finance.closing_index, name="list"),
    path("programmes/<slug:programme>/closing", finance.closing, name="show"),
    path("programmes/<slug:programme>/closing/close", finance.close, name="close"),
    path("programmes/<slug:programme>/closing/stop", finance.stop, name="stop"),
]
_finance_what_if = [
    path("what-if", finance.supposing_index, name="list"),
    path("programmes/<slug:programme>/what-if", finance.supposing, name="show"),
]
_audit = [
    path("audit", oversight.index, name="list"),
    path("programmes/<slug:programme>/audit", oversight.trail, name="show"),
    path("programmes/<slug:programme>/audit/<int:number>", oversight.record, name="record"),
    path("programmes/<slug:programme>/audit.<str:ending>", oversight.file, name="file"),
]
_retention = [
    path("retention", oversight.retention_index, name="list"),
    path("programmes/<slug:programme>/retention", oversight.retention, name="show"),
    path("programmes/<slug:programme>/retention/propose", oversight.propose, name="propose"),
    path("programmes/<slug:programme>/retention/<int:number>", oversight.certificate, name="certificate"),
    path("programmes/<slug:programme>/retention/<int:number>/erase", oversight.carry_out, name="erase"),
    path("programmes/<slug:programme>/retention/holds", oversight.hold, name="hold"),
    path("programmes/<slug:programme>/retention/holds/<int:number>/release", oversight.release, name="release"),
]
_finance_held = [
    path("held", finance.held_index, name="list"),
    path("programmes/<slug:programme>/held", finance.held, name="show"),
    path("programmes/<slug:programme>/held/again", finance.again, name="again"),
    path("programmes/<slug:programme>/held/<int:number>", finance.held_row, name="row"),
]
_applications = [
    path("applications", applications.index, name="list"),
    path("applications/new", applications.new, name="new"),
    path("applications/<str:code>/form", applications.begin, name="begin"),
    path("applications/<str:code>/form/<slug:part>", applications.part, name="part"),
    path("applications/<str:code>/form/<slug:part>/add", applications.add_entry, name="add_entry"),
    path("applications/<str:code>/form/<slug:part>/<int:number>", applications.part, name="entry"),
    path(
        "applications/<str:code>/form/<slug:part>/<int:number>/remove", applications.remove_entry, name="remove_entry"
    ),
    path("applications/<str:code>/answers", applications.answers, name="answers"),
    path("applications/<str:code>/documents", applications.documents, name="documents"),
    path("applications/<str:code>/files/<int:file>", applications.attachment, name="attachment"),
    path("applications/<str:code>/files/<int:file>/remove", applications.remove_document, name="remove_document"),
    path("applications/<str:code>/import", applications.bring, name="import"),
    path("applications/<str:code>/letters", letters.letters, name="letters"),
    path("applications/<str:code>/submit", applications.submit, name="submit"),
    path("applications/<str:code>/authors", applications.authors, name="authors"),
    path("applications/<str:code>/withdraw", applications.withdraw, name="withdraw"),
    path("applications/<str:code>.<slug:ending>", applications.file, name="file"),
    path(
        "applications/<str:code>",
        applications.show,
        {"panels": APPLICATION_PANELS, "decided": intake.decided},
        name="show",
    ),
]
_calls = [
    path("programmes/<slug:programme>/calls", calls.of_programme, name="of_programme"),
    path("programmes/<slug:programme>/calls/new", calls.new, name="new"),
    path("calls/<str:code>", calls.show, name="show"),
    path("calls/<str:code>/open", calls.open_, name="open"),
    path("calls/<str:code>/close", calls.close, name="close"),
]
_intake = [
    path("intake", intake.index, name="list"),
    path("programmes/<slug:programme>/intake", intake.show, name="board"),
    path("programmes/<slug:programme>/intake.<slug:ending>", intake.file, name="file"),
    path("programmes/<slug:programme>/intake/service", intake.service, name="service"),
    path("programmes/<slug:programme>/intake/service.<slug:ending>", intake.service_file, name="service_file"),
    path("applications/<str:code>/check", intake.check, name="check"),
    path("applications/<str:code>/check/take", intake.take, name="take"),
]
_review = [
    path("assessments", review.index, name="list"),
    path("assessments/<int:number>", review.show, name="show"),
    path("assessments/<int:number>/sheet", review.autosave, name="autosave"),
    path("assessments/<int:number>/declare", review.declare, name="declare"),
    path("assessments/<int:number>/unassign", review.unassign, name="unassign"),
    path("assessments/<int:number>/reopen", review.reopen, name="reopen"),
    path("applications/<str:code>/assessors", review.assessors, name="assessors"),
    path("applications/<str:code>/moderation", review.moderation, name="moderation"),
    path("applications/<str:code>/conclude", review.conclude, name="conclude"),
    path("applications/<str:code>/take-back", review.take_back, name="take_back"),
    path("programmes/<slug:programme>/assessments.<slug:ending>", review.file, name="file"),
    path("programmes/<slug:programme>/assessors", review.roster, name="roster"),
    path("programmes/<slug:programme>/assessors/<int:number>", review.profile, name="profile"),
]
_committee = [
    path("meetings", committee.index, name="index"),
    path("programmes/<slug:programme>/meetings", committee.listing, name="list"),
    path("meetings/<str:code>", committee.show, name="show"),
    path("meetings/<str:code>/ranking", committee.ranking, name="ranking"),
    path("meetings/<str:code>/ranking.<slug:ending>", committee.ranking_file, name="ranking_file"),
    path("meetings/<str:code>/minutes", committee.minutes, name="minutes"),
    path("meetings/<str:code>/minutes.pdf", committee.minutes_pdf, name="minutes_pdf"),
    path("meetings/<str:code>/<str:application>", committee.item, name="item"),
]
_awards = [
    path("awards", awards.index, name="list"),
    path("awards/<str:code>", awards.award, {"panels": AWARD_PANELS}, name="show"),
    path("awards/<str:code>/<slug:kind>.pdf", awards.paper, name="paper"),
    path("awards/<str:code>/people", awards.people, name="people"),
    path("awards/<str:code>/people/new", awards.name_person, name="name_person"),
    path("awards/<str:code>/people/end", awards.end_person, name="end_person"),
    path("awards/<str:code>/people/hand-over", awards.hand_over, name="hand_over"),
    path("awards/<str:code>/people/open", awards.open_to_all, name="open_to_all"),
    path("awards/<str:code>/accept", awards.accept, name="accept"),
    path("awards/<str:code>/refuse", awards.refuse, name="refuse"),
    path("awards/<str:code>/variations", awards.new_variation, name="new_variation"),
    path("awards/<str:code>/variations/<int:number>", awards.variation, name="variation"),
    path("awards/<str:code>/suspend", awards.suspend, name="suspend"),
    path("awards/<str:code>/resume", awards.resume, name="resume"),
    path("awards/<str:code>/end", awards.end, name="end"),
]
_allocations = [
    path("clusters", allocations.sites, name="sites"),
    path("clusters/<slug:code>", allocations.site, name="site"),
    path("clusters/<slug:code>/push", allocations.push, name="push"),
    path("awards/<str:code>/lend", allocations.lend, name="lend"),
]
_outcomes = [
    path("reports", outcomes.index, name="list"),
    path("outcomes.<slug:ending>", outcomes.export, name="export"),
    path("awards/<str:code>/reports/<slug:which>", outcomes.report, name="show"),
    path("awards/<str:code>/outcomes", outcomes.results, name="results"),
    path("awards/<str:code>/outcomes/<int:number>/card.<slug:ending>", outcomes.card, name="card"),
]
_custody = [
    path("data", custody.index, name="list"),
    path("data/<str:code>", custody.show, name="show"),
    path("data/<str:code>/record", custody.record, name="record"),
    path("data/<str:code>/transfer", custody.transfer, name="transfer"),
    path("data/<str:code>/zone", custody.zone, name="zone"),
    path("data/<str:code>/certificate", custody.certificate, name="certificate"),
    path("data/<str:code>/certificate.pdf", custody.certificate_pdf, name="certificate_pdf"),
    path("filings/<int:number>", custody.file, name="file"),
    path("awards/<str:code>/data/new", custody.new, name="new"),
]
_concerns = [
    path("concerns", concerns.index, name="list"),
    path("concerns/raise", concerns.raise_page, name="raise"),
    path("concerns/follow", concerns.follow, name="follow"),
    path("concerns/<str:code>", concerns.show, name="show"),
    path("concerns/<str:code>/<slug:verb>", concerns.act, name="act"),
    path("awards/<str:code>/changed", concerns.change, name="change"),
]
_custody_places = [path("places", custody.places_page, name="list")]
_assurance = [
    path("responsible-ai", assurance.index, name="list"),
    path("responsible-ai/reviewers/<int:number>", assurance.declare, name="declare"),
    path("applications/<str:code>/responsible-ai", assurance.show, name="show"),
    path("applications/<str:code>/responsible-ai/begin", assurance.begin, name="begin"),
    path("applications/<str:code>/responsible-ai/questions", assurance.questions, name="questions"),
    path("applications/<str:code>/responsible-ai/answers", assurance.answers, name="answers"),
    path("applications/<str:code>/responsible-ai/items/<str:item>", assurance.item, name="item"),
    path("applications/<str:code>/responsible-ai/files/<int:file>", assurance.evidence, name="evidence"),
    path("applications/<str:code>/responsible-ai/files/<int:file>/remove", assurance.remove, name="remove"),
    path("applications/<str:code>/responsible-ai/conditions/<int:number>", assurance.condition, name="condition"),
    path("applications/<str:code>/responsible-ai/<slug:do>", assurance.act, name="act"),
]
_assurance_conditions = [path("responsible-ai/conditions", assurance.conditions, name="list")]
_assurance_items = [
    path("responsible-ai/items", assurance.catalogue, name="list"),
    path("responsible-ai/items/<str:item>", assurance.catalogue_item, name="show"),
]
_sites = [
    path("sites", sites.index, name="list"),
    path("sites/<slug:code>", sites.site, name="show"),
]
_metering = [
    path("metering", metering.index, name="list"),
    path("sites/<slug:code>/metering", metering.site, name="site"),
]
_jobs = [
    path("jobs", jobs.index, name="list"),
    path("jobs/new", jobs.new, name="new"),
    path("jobs/new/<slug:template>", jobs.from_template, name="template"),
    path("jobs/<str:code>/cancel", jobs.cancel, name="cancel"),
    path("jobs/<str:code>/requeue", jobs.requeue, name="requeue"),
    path("jobs/<str:code>/log/<slug:stream>", jobs.log_file, name="log"),
    path("jobs/<str:code>/files/<path:name>", jobs.output_file, name="file"),
    path("jobs/<str:code>", jobs.show, name="show"),
]
_planning = [
    path("planning", planning.index, name="list"),
    path("planning/<str:code>.<slug:ending>", planning.file, name="file"),
    path("planning/<str:code>", planning.show, name="show"),
]
_usage = [
    path("use", usage.use, name="list"),
    path("use.<slug:ending>", usage.use_file, name="file"),
    path("use/over-time.<slug:ending>", usage.steps_file, name="steps"),
]
_usage_waits = [
    path("use/waits", usage.waits, name="list"),
    path("use/waits.<slug:ending>", usage.waits_file, name="file"),
]
_usage_idle = [
    path("use/idle", usage.idle, name="list"),
    path("use/idle.<slug:ending>", usage.idle_file, name="file"),
]
_usage_efficiency = [
    path("use/efficiency", usage.efficiency, name="list"),
    path("use/efficiency.<slug:ending>", usage.efficiency_file, name="file"),
]
_usage_live = [
    path("use/clusters", usage.clusters, name="list"),
    path("use/clusters/<slug:code>", usage.cluster, name="show"),
]
_screening = [
    path("screening", screening.index, name="list"),
    path("screening/cases/<int:number>", screening.case, name="case"),
]
_screening_owners = [
    path("screening/owners", screening.owners, name="list"),
    path("screening/owners/new", screening.new_owner, name="new"),
    path("screening/stakes/new", screening.new_stake, name="stake"),
    path("screening/stakes/<int:number>/end", screening.end_stake, name="end"),
]
_screening_search = [path("screening/names", screening.search_page, name="list")]
_screening_lists = [
    path("screening/lists", screening.lists, name="list"),
    path("screening/lists/<slug:code>/<int:number>", screening.difference_page, name="difference"),
]
_controls = [
    path("controls", controls.determination, name="list"),
    path("controls.json", controls.determination_file, name="file"),
]
_controls_compare = [path("controls/between", controls.comparison, name="list")]
_controls_choices = [path("controls/alternatives", controls.alternatives, name="list")]
_controls_items = [
    path("controls/accelerators", controls.catalogue, name="list"),
    path("controls/accelerators/<slug:chip>", controls.item, name="show"),
]
_controls_story = [path("controls/over-time", controls.over_time, name="list")]
_supply = [
    path("supply", supply.index, name="list"),
    path("programmes/<slug:programme>/supply", supply.capacity, name="capacity"),
    path("programmes/<slug:programme>/supply.<slug:ending>", supply.capacity_file, name="file"),
]
_supply_orders = [
    path("supply/orders", supply.orders, name="list"),
    path("supply/orders.<slug:ending>", supply.orders_file, name="file"),
    path("supply/orders/new", supply.new, name="new"),
    path("supply/orders/<str:code>", supply.order, name="show"),
]
_supply_papers = [path("supply/licences", supply.papers, name="list")]
_supply_choices = [path("supply/side-by-side", supply.choices, name="list")]
_statements = [
    path("statements", statements.index, name="list"),
    path("statements/<str:number>.<slug:ending>", statements.file, name="file"),
    path("statements/<str:number>", statements.statement, {"panels": STATEMENT_PANELS}, name="show"),
    path("statements/<str:number>/lines/<int:position>", statements.line, name="line"),
    path("statements/<str:number>/lines/<int:position>.<slug:ending>", statements.line_file, name="line_file"),
]
_settlements = [
    path("settlements", settlements.index, name="list"),
    path("settlements/<str:number>.<slug:ending>", settlements.file, name="file"),
    path("settlements/<str:number>", settlements.settlement, {"panels": SETTLEMENT_PANELS}, name="show"),
]
_receivables = [
    path("owed", receivables.index, name="list"),
    path("programmes/<slug:programme>/owed", receivables.owed, name="owed"),
    path("programmes/<slug:programme>/payments", receivables.payments, name="payments"),
    path("programmes/<slug:programme>/payments/file", receivables.bank_file, name="bank_file"),
    path("programmes/<slug:programme>/write-offs", receivables.write_offs, name="write_offs"),
    path("payments/<int:number>", receivables.payment, name="payment"),
    path("payments/<int:number>/reverse", receivables.reverse, name="reverse"),
    path("payments/held/<int:row>/drop", receivables.drop, name="drop"),
    path("write-offs/<int:number>/agree", receivables.agree, name="agree"),
    path("write-offs/<int:number>/refuse", receivables.refuse, name="refuse"),
    path("statements/<str:number>/write-off", receivables.ask, name="ask"),
    path("settlements/<str:number>/settle", receivables.settle, name="settle"),
]

_public = [
    path("programmes", public.front, name="front"),
    path("programmes/<slug:programme>", public.programme, name="programme"),
    path("programmes/<slug:programme>/estimate", public.estimate_page, name="estimate"),
    path("programmes/<slug:programme>/register", public.register, name="register"),
    path("programmes/<slug:programme>/register.<slug:ending>", public.register_file, name="register_file"),
    path("programmes/<slug:programme>/register/<str:code>", public.project, name="project"),
    path("awards/<str:code>/register", public.withhold, name="withhold"),
    path("programmes/<slug:programme>/results", public.results, name="results"),
    path("programmes/<slug:programme>/results.<slug:ending>", public.results_file, name="file"),
]

handler500 = server_error
urlpatterns = [
    path("api/v1/", include((api_addresses(), "api"))),
    path("", home, name="home"),
    path("language", set_language, name="language"),
    path("", include((_public, "public"))),
    path("", include((_people, "people"))),
    path("", include((_openid, "openid"))),
    path("", include((_identity, "identity"))),
    path("", include((_tokens, "tokens"))),
    path("", include((_webhooks, "webhooks"))),
    path("", include((_staff, "staff"))),
    path("", include((_notices, "notices"))),
    path("", include((_ledger, "ledger"))),
    path("", include((_applications, "applications"))),
    path("", include((_calls, "calls"))),
    path("", include((_intake, "intake"))),
    path("", include((_review, "review"))),
    path("", include((_committee, "committee"))),
    path("", include((_assurance, "assurance"))),
    path("", include((_assurance_conditions, "assurance_conditions"))),
    path("", include((_assurance_items, "assurance_items"))),
    path("", include((_awards, "awards"))),
    path("", include((_allocations, "allocations"))),
    path("", include((_outcomes, "outcomes"))),
    path("", include((_concerns, "concerns"))),
    path("", include((_custody, "custody"))),
    path("", include((_custody_places, "custody_places"))),
    path("", include((_sites, "sites"))),
    path("", include((_metering, "metering"))),
    path("", include((_jobs, "jobs"))),
    path("", include((_planning, "planning"))),
    path("", include((_usage, "usage"))),
    path("", include((_usage_waits, "usage_waits"))),
    path("", include((_usage_idle, "usage_idle"))),
    path("", include((_usage_efficiency, "usage_efficiency"))),
    path("", include((_usage_live, "usage_live"))),
    path("", include((_screening, "screening"))),
    path("", include((_screening_owners, "screening_owners"))),
    path("", include((_screening_search, "screening_search"))),
    path("", include((_screening_lists, "screening_lists"))),
    path("", include((_controls, "controls"))),
    path("", include((_controls_compare, "controls_compare"))),
    path("", include((_controls_choices, "controls_choices"))),
    path("", include((_controls_items, "controls_items"))),
    path("", include((_controls_story, "controls_story"))),
    path("", include((_supply, "supply"))),
    path("", include((_supply_orders, "supply_orders"))),
    path("", include((_supply_papers, "supply_papers"))),
    path("", include((_supply_choices, "supply_choices"))),
    path("", include((_statements, "statements"))),
    path("", include((_settlements, "settlements"))),
    path("", include((_receivables, "receivables"))),
    path("", include((_finance, "finance"))),
    path("", include((_finance_caps, "finance_caps"))),
    path("", include((_finance_closing, "finance_closing"))),
    path("", include((_finance_held, "finance_held"))),
    path("", include((_audit, "audit"))),
    path("", include((_retention, "retention"))),
    path("", include((_finance_what_if, "finance_what_if"))),
]
