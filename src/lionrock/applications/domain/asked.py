"""What an application is asked for: the form that it follows, the terms of the day, and what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lionrock.applications.domain.answers import Value, check_answer, empty_of
from lionrock.kernel.errors import Fault
from lionrock.rules.forms import ApplicationForm, Core, FieldKind, FormField, FormPart, Longest, Slot
from lionrock.rules.shape import Names
from lionrock.rules.terms import Declaration, Document, Label, Terms

DECLARATION = "declaration"
DOCUMENT = "document"
REQUIRED = "required"
Entries = Mapping[str, tuple[int, ...]]
Answers = Mapping[str, Value]


def declaration_key(declaration: str) -> str:
    """Return the key under which a declaration is answered; no field of a form has a colon in its key."""
    return f"{DECLARATION}:{declaration}"


def document_key(document: str) -> str:
    """Return the key of a document that is asked for; it is no answer, but gaps and addresses name it."""
    return f"{DOCUMENT}:{document}"


@dataclass(frozen=True, slots=True)
class Choosable:
    """One choice of a field: what is kept, and its name."""

    id: str
    label: Label


@dataclass(frozen=True, slots=True)
class Asked:
    """The form of one application with the terms of one day."""

    form: ApplicationForm
    terms: Terms

    def options(self, field: FormField) -> tuple[Choosable, ...]:
        """Return what can be chosen in a field: the programme's categories, its price list, or the field's own."""
        if field.core is Core.CATEGORY:
            return tuple(Choosable(each.id, each.label) for each in self.terms.categories)
        if field.core is Core.ITEM:
            return tuple(Choosable(each.id, each.names) for each in self.terms.programme.items.values())
        return tuple(Choosable(each.id, each.names) for each in field.options)

    def fault(self, slot: Slot, value: Value) -> Fault | None:
        """Return what is wrong with an answer; None when nothing is, or nothing is answered."""
        return check_answer(slot, value, [each.id for each in self.options(slot.field)])

    def core(self, core: Core, answers: Answers) -> Value:
        """Return the answer to a core field in one language or none; empty where the form does not ask it."""
        key = self.form.core_key(core)
        return answers.get(key, "") if key else ""

    def category(self, answers: Answers) -> str:
        """Return the category that was chosen; empty while none of the programme's is."""
        chosen = self.core(Core.CATEGORY, answers)
        return chosen if chosen in [each.id for each in self.terms.categories] and isinstance(chosen, str) else ""

    def slots(self, answers: Answers, entries: Entries) -> Iterator[Slot]:
        """Yield the boxes that this applicant is shown: those for everybody, and those of the category chosen."""
        category = self.category(answers)
        for slot in self.form.slots(dict(entries)):
            if not slot.field.shown_to or category in slot.field.shown_to:
                yield slot

    def boxes(self, entries: Entries) -> dict[str, Slot]:
        """Return every box that can be written in, by its key: those of the form, and one for each declaration."""
        found = {slot.key: slot for slot in self.form.slots(dict(entries))}
        return found | {declaration_key(each.id): _declared(each) for each in self.terms.declarations()}

    def documents(self, answers: Answers) -> tuple[Document, ...]:
        """Return the documents that concern this applicant: those for everybody, and those of the category chosen."""
        category = self.category(answers)
        return tuple(each for each in self.terms.documents() if not each.categories or category in each.categories)


def _declared(declaration: Declaration) -> Slot:
    """Return a declaration as a box that takes yes or no."""
    names = declaration.label if isinstance(declaration.label, Names) else Names(declaration.id)
    field = FormField(
        id=declaration.id, kind=FieldKind.FLAG, names=names, help=None, required=bool(declaration.asked),
        languages=(), required_languages=(), longest=Longest(), least=None, most=None, options=(), shown_to=(),
        core=None, identifies=False,
    )  # fmt: skip
    return _DeclaredSlot(_DECLARATIONS, 0, field, "")


class _DeclaredSlot(Slot):
    """The box of a declaration, whose key is not one of the form."""

    @property
    def key(self) -> str:
        return declaration_key(self.field.id)


_DECLARATIONS: Final = FormPart(DECLARATION, Names("declarations"), None, repeats=False, most=1, fields=())


def is_owed(document: Document) -> bool:
    """Tell whether a document that concerns an applicant must be there."""
    return document.required == REQUIRED


def must_be_filled(slot: Slot) -> bool:
    """Tell whether a box must be filled: its field is required, in this language too."""
    return slot.field.required and (not slot.language or slot.language in slot.field.required_languages)


def answer_of(slot: Slot, answers: Answers) -> Value:
    """Return what stands in a box."""
    return answers.get(slot.key, empty_of(slot.field))
