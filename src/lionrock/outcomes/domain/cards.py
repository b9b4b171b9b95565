"""Cards of models and data sets, in the layout of the Hugging Face Hub; what nobody put on file is named as missing.

The headings are those of its two templates, which follow Mitchell et al., Model Cards for Model Reporting (2019,
arXiv 1810.03993): `LAYOUTS` has their addresses. Each part is filled from what is known, or says what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

MISSING: Final = "[More Information Needed]"
"""What the templates themselves write where something is missing."""
_TEMPLATES: Final = "https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/templates"
LAYOUTS: Final[Mapping[str, str]] = MappingProxyType(
    {"model": f"{_TEMPLATES}/modelcard_template.md", "dataset": f"{_TEMPLATES}/datasetcard_template.md"}
)
"""The published layout of each kind of card."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a result: facts by name, and what was put on file on items of review, by item."""

    kind: str
    title: str
    year: int
    facts: Mapping[str, str]
    items: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its level (2 to 4), its named facts and its text; a fact or text of None is missing."""

    level: int
    heading: str
    facts: tuple[tuple[str, str | None], ...] = ()
    text: str | None = None
    asks: bool = False
    """Whether a text belongs here at all."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card: its kind, title, metadata and parts."""

    kind: str
    title: str
    metadata: Mapping[str, str]
    parts: tuple[Part, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing, each named by its heading, and by the fact where it is one."""
        return tuple(_missing(self.parts))


def _missing(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        yield from (f"{part.heading}: {name}" for name, value in part.facts if value is None)
        if part.asks and part.text is None:
            yield part.heading


def card_of(known: Known) -> Card:
    """Return the card of a model or of a data set."""
    parts = _model(known) if known.kind == "model" else _dataset(known)
    metadata = {name: known.facts[name] for name in ("license", "programme", "award") if name in known.facts}
    return Card(known.kind, known.title, {"pretty_name": known.title, **metadata}, tuple(parts))


def _facts(known: Known, **named: str) -> tuple[tuple[str, str | None], ...]:
    """Return facts under the template's names; `named` maps the name of a fact here to the template's."""
    return tuple((label.replace("_", " "), known.facts.get(name)) for name, label in named.items())


def _said(known: Known, *items: str) -> str | None:
    return "\n\n".join(known.items[item] for item in items if item in known.items) or None


def _asked(level: int, heading: str, known: Known, *items: str) -> Part:
    return Part(level, heading, text=_said(known, *items), asks=True)


def _model(known: Known) -> Iterator[Part]:
    yield Part(2, "Model Details")
    yield Part(3, "Model Description", _facts(
        known, organisation="Developed_by", programme="Funded_by", model_type="Model_type", language="Language(s)",
        license="License", base="Finetuned_from_model",
    ))  # fmt: skip
    yield Part(3, "Model Sources", _facts(known, address="Repository"))
    yield Part(2, "Uses")
    yield _asked(3, "Direct Use", known, "RA-02")
    yield _asked(3, "Downstream Use", known, "RA-34")
    yield Part(3, "Out-of-Scope Use", text=known.facts.get("out_of_scope"), asks=True)
    yield Part(2, "Bias, Risks, and Limitations", _facts(known, tier="Risk_tier"),
               _said(known, "RA-14", "RA-36"), asks=True)  # fmt: skip
    yield Part(3, "Recommendations", _facts(known, oversight="Human_oversight"), _said(known, "RA-22"), asks=True)
    yield Part(2, "Training Details")
    yield _asked(3, "Training Data", known, "RA-06", "RA-13")
    yield _asked(3, "Training Procedure", known, "RA-16")
    yield Part(2, "Evaluation")
    yield _asked(3, "Testing Data, Factors & Metrics", known, "RA-17")
    yield _asked(3, "Results", known, "RA-18", "RA-19", "RA-20")
    yield Part(2, "Environmental Impact", _facts(known, hardware="Hardware_Type", hours="Hours_used",
               centre="Cloud_Provider", region="Compute_Region"), _said(known, "RA-31"), asks=True)  # fmt: skip
    yield Part(2, "Citation", _facts(known, citation="Cited_as", year="Year"))


def _dataset(known: Known) -> Iterator[Part]:
    yield Part(2, "Dataset Details")
    yield Part(3, "Dataset Description", _facts(known, organisation="Curated_by", programme="Funded_by",
               language="Language(s)", license="License"))  # fmt: skip
    yield Part(3, "Dataset Sources", _facts(known, address="Repository"))
    yield Part(2, "Uses")
    yield _asked(3, "Direct Use", known, "RA-02")
    yield Part(3, "Out-of-Scope Use", text=known.facts.get("out_of_scope"), asks=True)
    yield Part(2, "Dataset Structure", text=known.facts.get("structure"), asks=True)
    yield Part(2, "Dataset Creation")
    yield _asked(3, "Curation Rationale", known, "RA-13")
    yield _asked(3, "Source Data", known, "RA-06", "RA-15")
    yield _asked(4, "Personal and Sensitive Information", known, "RA-07", "RA-08")
    yield Part(2, "Bias, Risks, and Limitations", _facts(known, tier="Risk_tier"), _said(known, "RA-14"), asks=True)
    yield Part(2, "Citation", _facts(known, citation="Cited_as", year="Year"))


def card_markdown(card: Card) -> str:
    """Return a card as Markdown with its metadata in front, as a `README.md` of a repository has it."""
    kind = "Model" if card.kind == "model" else "Dataset"
    head = ["---", *(f"{name}: {json.dumps(text, ensure_ascii=False)}" for name, text in card.metadata.items()), "---"]
    lines = [*head, "", f"# {kind} Card for {card.title}", "", f"Layout: {LAYOUTS[card.kind]}"]
    for part in card.parts:
        lines += ["", f"{'#' * part.level} {part.heading}", ""]
        lines += [f"- **{name}:** {value or MISSING}" for name, value in part.facts]
        if part.asks:
            lines += ["", part.text or MISSING] if part.facts else [part.text or MISSING]
    return "\n".join(lines).rstrip() + "\n"


def card_data(card: Card) -> dict[str, object]:
    """Return a card as plain values: the same parts, and the names of what is missing."""
    return {
        "kind": card.kind,
        "title": card.title,
        "layout": LAYOUTS[card.kind],
        "metadata": dict(card.metadata),
        "parts": [
            {"level": part.level, "heading": part.heading, "facts": dict(part.facts), "text": part.text}
            for part in card.parts
        ],
        "missing": list(card.missing),
    }
