"""All operations, each within its part. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from lionrock_client.connection import Connection
from lionrock_client.operations.adjustments import AdjustmentsPart
from lionrock_client.operations.allocations import AllocationsPart
from lionrock_client.operations.applications import ApplicationsPart
from lionrock_client.operations.assessments import AssessmentsPart
from lionrock_client.operations.assessors import AssessorsPart
from lionrock_client.operations.assignments import AssignmentsPart
from lionrock_client.operations.assurance_items import AssuranceItemsPart
from lionrock_client.operations.authorisations import AuthorisationsPart
from lionrock_client.operations.awards import AwardsPart
from lionrock_client.operations.calls import CallsPart
from lionrock_client.operations.closes import ClosesPart
from lionrock_client.operations.clusters import ClustersPart
from lionrock_client.operations.concerns import ConcernsPart
from lionrock_client.operations.conditions import ConditionsPart
from lionrock_client.operations.controls import ControlsPart
from lionrock_client.operations.data_sets import DataSetsPart
from lionrock_client.operations.deliveries import DeliveriesPart
from lionrock_client.operations.deputies import DeputiesPart
from lionrock_client.operations.dossiers import DossiersPart
from lionrock_client.operations.end_user_statements import EndUserStatementsPart
from lionrock_client.operations.equipment import EquipmentPart
from lionrock_client.operations.fees import FeesPart
from lionrock_client.operations.filings import FilingsPart
from lionrock_client.operations.held_measures import HeldMeasuresPart
from lionrock_client.operations.held_payments import HeldPaymentsPart
from lionrock_client.operations.holds import HoldsPart
from lionrock_client.operations.invitations import InvitationsPart
from lionrock_client.operations.job_templates import JobTemplatesPart
from lionrock_client.operations.jobs import JobsPart
from lionrock_client.operations.live import LivePart
from lionrock_client.operations.mail_domains import MailDomainsPart
from lionrock_client.operations.me import MePart
from lionrock_client.operations.meetings import MeetingsPart
from lionrock_client.operations.membership_requests import MembershipRequestsPart
from lionrock_client.operations.metering import MeteringPart
from lionrock_client.operations.notices import NoticesPart
from lionrock_client.operations.order_files import OrderFilesPart
from lionrock_client.operations.orders import OrdersPart
from lionrock_client.operations.organisations import OrganisationsPart
from lionrock_client.operations.payments import PaymentsPart
from lionrock_client.operations.places import PlacesPart
from lionrock_client.operations.programmes import ProgrammesPart
from lionrock_client.operations.results import ResultsPart
from lionrock_client.operations.reviewers import ReviewersPart
from lionrock_client.operations.roles import RolesPart
from lionrock_client.operations.screening import ScreeningPart
from lionrock_client.operations.settlements import SettlementsPart
from lionrock_client.operations.shipments import ShipmentsPart
from lionrock_client.operations.sites import SitesPart
from lionrock_client.operations.statements import StatementsPart
from lionrock_client.operations.studies import StudiesPart
from lionrock_client.operations.suppliers import SuppliersPart
from lionrock_client.operations.usage import UsagePart
from lionrock_client.operations.webhooks import WebhooksPart
from lionrock_client.operations.work import WorkPart
from lionrock_client.operations.write_offs import WriteOffsPart


class Operations:
    """The parts of the API."""

    def __init__(self, connection: Connection) -> None:
        self.adjustments = AdjustmentsPart(connection)
        self.allocations = AllocationsPart(connection)
        self.applications = ApplicationsPart(connection)
        self.assessments = AssessmentsPart(connection)
        self.assessors = AssessorsPart(connection)
        self.assignments = AssignmentsPart(connection)
        self.assurance_items = AssuranceItemsPart(connection)
        self.authorisations = AuthorisationsPart(connection)
        self.awards = AwardsPart(connection)
        self.calls = CallsPart(connection)
        self.closes = ClosesPart(connection)
        self.clusters = ClustersPart(connection)
        self.concerns = ConcernsPart(connection)
        self.conditions = ConditionsPart(connection)
        self.controls = ControlsPart(connection)
        self.data_sets = DataSetsPart(connection)
        self.deliveries = DeliveriesPart(connection)
        self.deputies = DeputiesPart(connection)
        self.dossiers = DossiersPart(connection)
        self.end_user_statements = EndUserStatementsPart(connection)
        self.equipment = EquipmentPart(connection)
        self.fees = FeesPart(connection)
        self.filings = FilingsPart(connection)
        self.held_measures = HeldMeasuresPart(connection)
        self.held_payments = HeldPaymentsPart(connection)
        self.holds = HoldsPart(connection)
        self.invitations = InvitationsPart(connection)
        self.job_templates = JobTemplatesPart(connection)
        self.jobs = JobsPart(connection)
        self.live = LivePart(connection)
        self.mail_domains = MailDomainsPart(connection)
        self.me = MePart(connection)
        self.meetings = MeetingsPart(connection)
        self.membership_requests = MembershipRequestsPart(connection)
        self.metering = MeteringPart(connection)
        self.notices = NoticesPart(connection)
        self.order_files = OrderFilesPart(connection)
        self.orders = OrdersPart(connection)
        self.organisations = OrganisationsPart(connection)
        self.payments = PaymentsPart(connection)
        self.places = PlacesPart(connection)
        self.programmes = ProgrammesPart(connection)
        self.results = ResultsPart(connection)
        self.reviewers = ReviewersPart(connection)
        self.roles = RolesPart(connection)
        self.screening = ScreeningPart(connection)
        self.settlements = SettlementsPart(connection)
        self.shipments = ShipmentsPart(connection)
        self.sites = SitesPart(connection)
        self.statements = StatementsPart(connection)
        self.studies = StudiesPart(connection)
        self.suppliers = SuppliersPart(connection)
        self.usage = UsagePart(connection)
        self.webhooks = WebhooksPart(connection)
        self.work = WorkPart(connection)
        self.write_offs = WriteOffsPart(connection)
