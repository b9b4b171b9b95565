"""A small programme in full swing, for pages to show: a fund, four organisations, awards, months of use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction

from lionrock.applications.models import Application
from lionrock.awards.actions import accept_offer, decide_application, end_award
from lionrock.awards.domain import Decision
from lionrock.awards.models import Award
from lionrock.calls.models import Call
from lionrock.charging.actions import close_month
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.actions import appropriate
from lionrock.people.actions.administering import join
from lionrock.people.domain import Role, terminal_operator
from lionrock.people.models import Organisation, Person, RoleGrant
from lionrock.sites.actions import register_site
from lionrock.statements.models import Document

PROGRAMME = "hk-aiss-demo"
OPENED = datetime(2025, 1, 2, 2, 0, tzinfo=UTC)
ROOT = terminal_operator("root")

ORGANISATIONS = (
    ("harbour-university", "Harbour University", "海港大學", "海港大学"),
    ("peak-robotics", "Peak Robotics Limited", "山頂機械人有限公司", "山顶机器人有限公司"),
    ("delta-institute", "Delta Institute of Applied Mathematics", "三角洲應用數學研究所", "三角洲应用数学研究所"),
)
PROJECTS = (
    ("A language model for court judgments in two languages", "兩種語言的法院判詞模型", "两种语言的法院判词模型"),
    ("Grasping planners for narrow flats", "狹小單位的抓取規劃", "狭小单位的抓取规划"),
    ("Typhoon tracks from satellite pictures", "由衞星圖像推算颱風路徑", "由卫星图像推算台风路径"),
)


@dataclass(frozen=True)
class Scene:
    """Who can sign in, and what there is to see."""

    office: Person
    member: Person
    stranger: Person
    awards: tuple[Award, ...]
    statements: tuple[Document, ...]


def person(email: str, name: str, *, language: str = "en", password: str | None = None) -> Person:
    """Put somebody on file; without a password that person cannot sign in by the form."""
    one = Person(email=email, name=name, language=language, created_at=OPENED)
    one.set_password(password)
    one.save()
    return one


def organisation(code: str, name: str, hant: str = "", hans: str = "") -> Organisation:
    """Put an organisation on file."""
    return Organisation.objects.create(code=code, name=name, name_zh_hant=hant, name_zh_hans=hans, created_at=OPENED)


def member_of(place: Organisation, email: str, name: str, *, password: str | None = None) -> Person:
    """Put a member of an organisation on file; the first one looks after it."""
    one = person(email, name, password=password)
    join(one, place, OPENED)
    return one


def works_for(one: Person, role: Role, programme: str = PROGRAMME) -> Person:
    """Give somebody a role for the programme."""
    RoleGrant.objects.create(person=one, role=role.value, programme=programme, granted_at=OPENED)
    return one


def fund(amount: str = "3000000000.00") -> None:
    """Put money into the programme's fund."""
    appropriate(
        actor=ROOT,
        programme=PROGRAMME,
        amount=Money.parse(amount, "HKD"),
        reason="The first vote",
        cause="vote-1",
        now=OPENED,
    )


def call() -> Call:
    """Open a call of the programme."""
    return Call.objects.create(
        code="CALL-2025-0001",
        programme=PROGRAMME,
        title="Rolling call",
        opens=OPENED,
        currency="HKD",
        state="open",
        created_at=OPENED,
    )


def award(
    number: int,
    opened: Call,
    place: Organisation,
    titles: tuple[str, str, str],
    *,
    starts: date = date(2025, 3, 1),
    decided: datetime = datetime(2025, 2, 10, 8, 0, tzinfo=UTC),
    reason: str = "",
    share: Fraction | None = None,
) -> Award:
    """Decide an application in favour of an organisation: eight cards for a year."""
    application = Application.objects.create(
        code=f"APP-2025-{number:04d}",
        call=opened,
        organisation=place,
        applicant="somebody@example.org",
        category="university",
        title=titles[0],
        title_zh_hant=titles[1],
        title_zh_hans=titles[2],
        item="h800-card",
        count=8 * number if number < 10 else 1,
        months=12,
        starts=starts,
        state="submitted",
        created_at=OPENED,
        submitted_at=OPENED,
        state_since=OPENED,
    )
    made = decide_application(
        actor=ROOT,
        application=application.code,
        decision=Decision.APPROVE,
        decided_by="Vetting committee",
        now=decided,
        reason=reason,
        share=share,
    )
    assert made is not None
    return accept_offer(actor=ROOT, award=made.code, signatory="Chan Tai Man", title="Vice-President", now=decided)


def close(number: int) -> None:
    """Close a month of 2025, on the third of the next."""
    on_the_third = datetime(2025, number + 1, 3, 2, 0, tzinfo=UTC)
    close_month(actor=ROOT, programme=PROGRAMME, month=Month(2025, number), now=on_the_third)


def set_scene(password: str | None = None, *, last: int = 4) -> Scene:
    """Make the whole programme, everybody in it with this password.

    Months of 2025 are closed up to the one after `last`, in which one award was withdrawn.
    """
    places = [organisation(*each) for each in ORGANISATIONS]
    office = works_for(person("office@example.org", "Wong Siu Ming", password=password), Role.OFFICE)
    member = member_of(places[0], "chan@example.org", "Chan Tai Man", password=password)
    stranger = member_of(places[1], "lee@example.org", "Lee Ka Yan", password=password)
    register_site(
        actor=ROOT,
        code="harbour-centre",
        name="Harbour Centre",
        programme=PROGRAMME,
        driver="local",
        time_zone="Asia/Hong_Kong",
        now=OPENED,
    )
    fund()
    opened = call()
    awards = [award(1, opened, places[0], PROJECTS[0])]
    awards.append(award(2, opened, places[1], PROJECTS[1], starts=date(2025, 4, 1)))
    awards.append(
        award(
            3,
            opened,
            places[2],
            PROJECTS[2],
            starts=date(2025, 6, 1),
            decided=datetime(2025, 5, 20, 8, 0, tzinfo=UTC),
            reason="No other group in the city can do this.\nThe warnings it gives serve everybody.",
            share=Fraction(9, 10),
        )
    )
    for number in range(3, last + 1):
        close(number)
    end_award(
        actor=ROOT,
        award=awards[1].code,
        now=datetime(2025, last + 1, 3, 4, 0, tzinfo=UTC),
        reason="The firm moved its training to its own machines.",
    )
    close(last + 1)
    return Scene(
        office, member, stranger, tuple(Award.objects.order_by("code")), tuple(Document.objects.order_by("number"))
    )
