"""Every sentence that people read is marked for translation, and translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize
from tests.tidy.files import PACKAGE, named, source_files, walk

LANGUAGES = ("zh_Hant", "zh_Hans")
TEMPLATES = (".html", ".txt", ".svg")
_MARKS = {
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "_": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
    "pgettext": 2,
    "pgettext_lazy": 2,
    "npgettext": 3,
}
"""Function → how many leading arguments are text; the p-functions begin with a context."""

_NAMES = {"Lionrock", "English", "繁體中文", "简体中文"}
SAME_IN_EVERY_LANGUAGE = _NAMES | {"PDF", "CSV", "JSON", "SHA-256", "ORCID", "UTC"}
"""Words that a template may show as they are: our name, each language's own name, formats, standards."""

_SILENT = re.compile(
    r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}|<!--.*?-->|<script\b.*?</script>|<style\b.*?</style>"
    r"|\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}"
    r"|<(\w+)\b[^>]*\btranslate=\"no\"[^>]*>.*?</\1>",
    re.DOTALL,
)
_MARKUP = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|&#?\w+;", re.DOTALL)
_TAG = re.compile(r"<[^>]*>", re.DOTALL)
_SPOKEN = re.compile(r"\b(?:alt|title|placeholder|aria-label|aria-description)=\"([^\"]*)\"")
_LETTER = re.compile(r"[^\W\d_]")


def bare_text(source: str, path: Path) -> list[str]:
    """Name each piece of a template's visible text that no translation tag holds.

    An element with `translate="no"` (HTML's own mark) is left alone.
    """
    text = _SILENT.sub(_blank, source)
    text = _MARKUP.sub(_blank, text)
    spoken = [(found.start(1), found[1]) for found in _SPOKEN.finditer(text)]
    outside = _TAG.sub(_blank, text)
    visible = [(found.start(), found[0]) for found in re.finditer(r"\S[^\n]*", outside)]
    return [
        f"{named(path)}:{text.count(chr(10), 0, start) + 1}: “{piece.strip()}” stands outside {{% translate %}}"
        for start, piece in sorted(spoken + visible)
        if _LETTER.search(_without_proper_names(piece))
    ]


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _without_proper_names(piece: str) -> str:
    for name in SAME_IN_EVERY_LANGUAGE:
        piece = re.sub(rf"(?<!\w){name}(?!\w)", "", piece)
    return piece


def unmarked_messages(source: str, path: Path) -> list[str]:
    """Name each `message(…)` whose template is a plain literal or an f-string, and f-strings marked."""
    faults = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name, first = _called(node), node.args[0]
            if name in {"message", "Message"} and isinstance(first, ast.Constant | ast.JoinedStr):
                faults.append(f"{named(path)}:{node.lineno}: {name}() takes gettext_noop(…), or nobody translates it")
            if name in _MARKS and isinstance(first, ast.JoinedStr):
                faults.append(f"{named(path)}:{node.lineno}: {name}() of an f-string is never found in a catalogue")
    return faults


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@dataclass(frozen=True)
class Sentence:
    """What a catalogue is asked for: context, text and plural text."""

    text: str
    plural: str | None = None
    context: str | None = None


def sentences_of_code(source: str) -> set[Sentence]:
    """Return the sentences that Python code marks for translation."""
    return {
        sentence
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        for sentence in _marked(_called(node), node.args)
    }


def _marked(name: str, arguments: list[ast.expr]) -> Iterator[Sentence]:
    if name not in _MARKS:
        return
    texts = [each.value for each in arguments[: _MARKS[name]] if isinstance(each, ast.Constant)]
    if len(texts) == _MARKS[name] and all(isinstance(each, str) and each for each in texts):
        context = texts.pop(0) if name.startswith(("p", "np")) else None
        yield Sentence(texts[0], texts[1] if len(texts) > 1 else None, context)


def sentences_of_template(source: str) -> set[Sentence]:
    """Return the sentences that a template marks for translation, as Django itself sees them."""
    code = templatize(source)
    found: set[Sentence] = set()
    for mark in re.finditer(r"\b(n?p?gettext|_)\(", code):
        call = _first_call(code[mark.start() :])
        found.update(_marked(mark[1], call.args) if call else ())
    return found


def _first_call(code: str) -> ast.Call | None:
    """Return the call that the text begins with: the shortest prefix that is an expression."""
    for close in re.finditer(r"\)", code):
        try:
            expression = ast.parse(code[: close.end()], mode="eval").body
        except SyntaxError:
            continue
        return expression if isinstance(expression, ast.Call) else None
    return None


def sentences() -> dict[Sentence, str]:
    """Return every sentence of the package with a file that it stands in."""
    found: dict[Sentence, str] = {}
    for path in source_files():
        found |= dict.fromkeys(sentences_of_code(path.read_text()), named(path))
    for path in walk(PACKAGE, *TEMPLATES):
        if "templates" in path.parts:
            found |= dict.fromkeys(sentences_of_template(path.read_text()), named(path))
    return found


@dataclass
class Entry:
    """One entry of a catalogue."""

    fuzzy: bool = False
    obsolete: bool = False
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str | None, str]:
        """Context and text, by which an entry is found."""
        return self.texts.get("msgctxt"), self.texts.get("msgid", "")

    @property
    def translations(self) -> list[str]:
        """The translation, or one for each plural form."""
        return [text for name, text in self.texts.items() if name.startswith("msgstr")]


def read_catalogue(source: str) -> dict[tuple[str | None, str], Entry]:
    """Read a .po file; obsolete entries are left out."""
    entries = [_read_entry(block) for block in re.split(r"\n\s*\n", source)]
    return {entry.key: entry for entry in entries if entry.texts and not entry.obsolete}


def _read_entry(block: str) -> Entry:
    entry, name = Entry(), ""
    for line in block.splitlines():
        found = re.match(r'(?:(msg\w+(?:\[\d+\])?)\s+)?(".*")\s*$', line)
        if line.startswith("#,"):
            entry.fuzzy = "fuzzy" in line
        elif line.startswith("#~"):
            entry.obsolete = True
        elif found:
            name = found[1] or name
            entry.texts[name] = entry.texts.get(name, "") + ast.literal_eval(found[2])
    return entry


_FIELDS = re.compile(r"\{(\w+)[^{}]*\}|%\((\w+)\)")


def untranslated(asked: dict[Sentence, str], catalogue: str) -> list[str]:
    """Name each sentence that the catalogue lacks, leaves empty or fuzzy, or gives other fields."""
    entries = read_catalogue(catalogue)
    faults = []
    for sentence, place in sorted(asked.items(), key=lambda each: (each[1], each[0].text)):
        entry = entries.get((sentence.context, sentence.text))
        if entry is None:
            faults.append(f"{place}: missing: “{sentence.text}”")
        elif entry.fuzzy or not entry.translations or not all(entry.translations):
            faults.append(f"{place}: {'fuzzy' if entry.fuzzy else 'empty'}: “{sentence.text}”")
        elif _other_fields(sentence, entry.translations):
            faults.append(f"{place}: other fields than in English: “{sentence.text}”")
    return faults


def _other_fields(sentence: Sentence, translations: list[str]) -> bool:
    wanted = set(_FIELDS.findall(sentence.text)) | set(_FIELDS.findall(sentence.plural or ""))
    needed = set(_FIELDS.findall(sentence.plural or sentence.text))
    return any(not needed <= set(_FIELDS.findall(text)) <= wanted for text in translations)
