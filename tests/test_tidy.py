"""The house keeps its own limits; and each check would notice if it did not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.tidy import exactness, languages, locks, safety, sizes, words
from tests.tidy.files import PACKAGE, ROOT, deciding_files, files_of_tests, named, rooms, source_files, text_files, walk

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def _code() -> list[Path]:
    return source_files() + files_of_tests()


def _exact() -> list[Path]:
    return [path for path in deciding_files() if named(path) not in exactness.MEASURED]


def _markdown() -> list[Path]:
    return list(walk(ROOT, ".md"))


def _templates() -> list[Path]:
    return [path for path in walk(PACKAGE, *languages.TEMPLATES) if "templates" in path.parts]


def _locks() -> list[Path]:
    return list(walk(ROOT / "requirements", ".txt"))


@dataclass(frozen=True)
class Check:
    """A limit: what finds its faults, in which files, and what it must find wrong or leave alone."""

    find: Callable[[str, Path], list[str]]
    files: Callable[[], Iterable[Path]]
    wrong: dict[str, str]
    right: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.find.__name__


LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 70
HASH = "--hash=sha256:" + "0" * 64

CHECKS = [
    Check(
        sizes.too_long,
        _code,
        wrong={LONG_FUNCTION: "f has 71 lines", "x = 1\n" * 701: "701 lines"},
        right=("def f():\n" + "    x = 1\n" * 69, "x = 1\n" * 700),
    ),
    Check(
        exactness.inexact,
        _exact,
        wrong={
            "x = 0.5": "0.5 is a float",
            "x = float('1')": "float loses",
            "def f(x: float) -> None: ...": "float loses",
            "x = a / b": "may be a float",
            "x /= 2": "may be a float",
            "def f(a: int) -> None:\n    x = a / 2": "may be a float",
            "def f(a: Fraction) -> None: ...\ndef g(a: int) -> None:\n    a / 2": "may be a float",
            "x = round(a)": "rounds half to even",
        },
        right=(
            "x = Fraction(1, 2) / 3",
            "def f(a: Fraction) -> None:\n    x = a / 2",
            "class A:\n    seconds: Fraction\n    def hours(self):\n        return self.seconds / 3600",
            "def f(folder: Path) -> Path:\n    return folder / 'x.yaml' / name",
            "ITEMS = 'items.yaml'\nx = folder / ITEMS",
            "x = a // b",
        ),
    ),
    Check(
        exactness.clock_reads,
        deciding_files,
        wrong={
            "x = datetime.now(UTC)": "reads the clock",
            "x = datetime.datetime.utcnow()": "reads the clock",
            "x = date.today()": "reads the clock",
            "x = time.time()": "reads the clock",
            "x = timezone.now()": "reads the clock",
            "default = timezone.now": "reads the clock",
        },
        right=("def f(now): return now.date()",),
    ),
    Check(
        safety.unsafe,
        source_files,
        wrong={
            "eval('1')": "runs text",
            "exec('1')": "runs text",
            "import pickle": "builds objects",
            "from pickle import loads": "builds objects",
            "subprocess.run('ls', shell=True)": "shell=True",
            "os.system('ls')": "goes through a shell",
            "yaml.load(text)": "strict loader",
            "yaml.load(text, yaml.SafeLoader)": "strict loader",
            "yaml.load(text, Loader=yaml.SafeLoader)": "strict loader",
            "yaml.safe_load(text)": "overwrite",
        },
        right=("yaml.load(text, Loader=StrictLoader)", "subprocess.run(['ls'])"),
    ),
    Check(
        safety.silent_skips,
        files_of_tests,
        wrong={
            "pytest.skip()": "without a reason",
            "@pytest.mark.skip\ndef f(): ...": "without a reason",
            "@pytest.mark.skipif(True)\ndef f(): ...": "without a reason",
            "@pytest.mark.xfail(strict=True)\ndef f(): ...": "without a reason",
            "pytest.skip(reason='')": "without a reason",
        },
        right=("pytest.skip('no such server here')", "pytest.mark.skipif(True, reason='why')"),
    ),
    Check(
        words.undocumented,
        source_files,
        wrong={
            "x = 1": "the module",
            '"""A module."""\ndef f(): ...': "f has no docstring",
            '"""A module."""\nclass A:\n    """A."""\n    def g(self): ...': "g has no docstring",
        },
        right=('"""A module."""\ndef _f():\n    def inner(): ...',),
    ),
    Check(
        words.stray_words,
        lambda: [path for path in text_files() if "tidy" not in path.as_posix()],
        wrong={
            "see /home/" + "ada/lionrock": "one person's machine",
            "--index-url https://pypi" + ".org/simple": "a registry",
            "x = 1  # TO" + "DO: later": "unfinished",
        },
        right=("https://example.org/work/paper", "~/.local/share"),
    ),
    Check(
        words.dead_links,
        _markdown,
        wrong={
            "[here](nowhere.md)": "leads nowhere",
            "![picture](no.svg)": "leads nowhere",
            '<img src="no.svg">': "leads nowhere",
            "# A title\n[there](#another-title)": "leads nowhere",
        },
        right=("[web](https://example.org)", "# A title\n[there](#a-title)", "`[code](no.md)`"),
    ),
    Check(
        locks.loose,
        _locks,
        wrong={
            "django": "not NAME==VERSION",
            "django>=5 " + HASH: "not NAME==VERSION",
            "django==5.2": "no sha256 hash",
            "--index-url https://example.org": "not NAME==VERSION",
            "django @ https://example.org/d.whl": "not NAME==VERSION",
        },
        right=(f"django==5.2 \\\n    {HASH} \\\n    {HASH}\n",),
    ),
    Check(
        languages.bare_text,
        _templates,
        wrong={
            "<p>Hello</p>": "Hello",
            "{% if x %}yes{% endif %}": "yes",
            '<img alt="A picture">': "A picture",
            "<p>總額</p>": "總額",
        },
        right=(
            "<p>{% translate 'Hello' %}</p>",
            "{% blocktranslate %}Hello {{ x }}{% endblocktranslate %}",
            '<span lang="en" translate="no">Hello</span>',
            "<!-- Hello --><style>p { x: y }</style>{# Hello #}&nbsp;{{ x|date:'Y' }}",
            '<a title="{% translate \'Hello\' %}" class="big">1 · 2</a>',
        ),
    ),
    Check(
        languages.unmarked_messages,
        source_files,
        wrong={
            "message('Hello {x}', x=1)": "gettext_noop",
            "message(f'Hello {x}')": "gettext_noop",
            "gettext(f'Hello {x}')": "never found",
        },
        right=("message(gettext_noop('Hello {x}'), x=1)", "message(template, x=1)"),
    ),
]


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_the_house_keeps_its_limits(check: Check) -> None:
    faults = [fault for path in check.files() for fault in check.find(path.read_text("utf-8", "replace"), path)]
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_each_check_can_fail(check: Check) -> None:
    for text, fault in check.wrong.items():
        assert any(fault in found for found in check.find(text, ROOT / "x.md")), text
    for text in check.right:
        assert check.find(text, ROOT / "x.md") == []


@pytest.mark.parametrize(("file", "function"), list(exactness.ALLOWED_DIVISIONS))
def test_each_allowed_division_is_still_there(file: str, function: str) -> None:
    others = set(exactness.ALLOWED_DIVISIONS) - {(file, function)}
    path = ROOT / file
    assert exactness.inexact(path.read_text(), path, others), f"{function} needs no exception: strike it"


@pytest.mark.parametrize("file", exactness.MEASURED)
def test_a_file_that_may_measure_in_floats_does(file: str) -> None:
    path = ROOT / file
    assert exactness.inexact(path.read_text(), path), f"{file} needs no exception: strike it"


def test_no_name_is_vague() -> None:
    faults = [fault for path in walk(ROOT, ".py") for fault in words.vague_name(path)]
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("path", ["ledger/utils.py", "services/ledger.py", "ledger/signals.py"])
def test_a_vague_name_is_noticed(path: str) -> None:
    assert words.vague_name(ROOT / path)


def test_functions_are_small() -> None:
    functions, _ = sizes.medians(source_files())
    assert functions < sizes.FUNCTION_MEDIAN_LIMIT, sizes.report(source_files())


def test_medians_are_measured(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f():\n    pass\n\n\ndef g():\n    x = 1\n    y = 2\n    return x\n")
    assert sizes.medians([tmp_path / "a.py"]) == (3, 8)


def test_each_room_explains_itself() -> None:
    bare = [room.name for room in rooms() if not (room / "README.md").is_file()]
    assert rooms()
    assert not bare, f"these rooms have no README.md: {bare}"


def test_what_runs_is_the_same_with_and_without_development_tools() -> None:
    run, dev = (locks.versions((ROOT / f"requirements/{name}.txt").read_text()) for name in ("run", "dev"))
    assert len(run) > 10
    assert run.items() <= dev.items()


def test_what_the_package_imports_is_locked_for_running() -> None:
    locked = locks.versions((ROOT / "requirements/run.txt").read_text())
    found = [locks.unlocked_imports(path.read_text(), path, locked) for path in source_files()]
    faults = [fault for each in found for fault in each]
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("import pytest", True),
        ("def f():\n    from pytest import fixture", True),
        ("if TYPE_CHECKING:\n    import pytest", False),
        ("import json\nimport django.db\nfrom . import x", False),
    ],
)
def test_an_import_that_is_not_locked_is_noticed(code: str, fault: bool) -> None:
    assert bool(locks.unlocked_imports(code, ROOT / "x.py", ["django"])) == fault


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    catalogue = PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"
    asked = languages.sentences()
    faults = languages.untranslated(asked, catalogue.read_text() if catalogue.is_file() else "")
    assert asked
    assert not faults, f"{len(faults)} of {len(asked)} in {language}:\n" + "\n".join(faults)


CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Hello {name}"
msgstr "你好 {name}"

#, fuzzy
msgid "Guessed"
msgstr "猜"

msgid "Left empty"
msgstr ""

msgid "Lost {field}"
msgstr "不見了"

msgid "one award"
msgid_plural "%(count)s awards"
msgstr[0] "%(count)s "
"項"

msgctxt "month"
msgid "May"
msgstr "五月"

#~ msgid "Gone"
#~ msgstr "走了"
"""


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        (languages.Sentence("Hello {name}"), None),
        (languages.Sentence("one award", "%(count)s awards"), None),
        (languages.Sentence("May", context="month"), None),
        (languages.Sentence("May"), "missing"),
        (languages.Sentence("Guessed"), "fuzzy"),
        (languages.Sentence("Left empty"), "empty"),
        (languages.Sentence("Lost {field}"), "other fields"),
        (languages.Sentence("Gone"), "missing"),
    ],
    ids=lambda value: str(getattr(value, "text", value)),
)
def test_a_missing_translation_is_noticed(sentence: languages.Sentence, fault: str | None) -> None:
    found = languages.untranslated({sentence: "a.py"}, CATALOGUE)
    assert [fault in each for each in found if fault] == ([True] if fault else [])
    assert bool(found) == bool(fault)


def test_sentences_are_found_where_they_are_marked() -> None:
    code = "message(gettext_noop('One ' 'sentence'), x=1)\nngettext('a', 'b', n)\npgettext('c', 'd')\nother('e')"
    assert languages.sentences_of_code(code) == {
        languages.Sentence("One sentence"),
        languages.Sentence("a", "b"),
        languages.Sentence("d", context="c"),
    }
    template = (
        "{% load i18n %}<p>{% translate 'It’s “here”' %}</p>{% translate 'May' context 'month' %}"
        "{% blocktranslate trimmed with name=x.name %}\n  Hello\n  {{ name }} (all)\n{% endblocktranslate %}"
        "{% blocktranslate count n=n %}one{% plural %}{{ n }} of them{% endblocktranslate %}{{ _('Filtered') }}"
    )
    assert languages.sentences_of_template(template) == {
        languages.Sentence("It’s “here”"),
        languages.Sentence("May", context="month"),
        languages.Sentence("Hello %(name)s (all)"),
        languages.Sentence("one", "%(n)s of them"),
        languages.Sentence("Filtered"),
    }


def _lint_imports(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(LINT_IMPORTS), "--no-cache", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_imports_go_down_one_list() -> None:
    run = _lint_imports(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


def test_an_import_upwards_is_noticed(tmp_path: Path) -> None:
    for room, code in {"ledger": "import little.awards", "awards": ""}.items():
        (tmp_path / "little" / room).mkdir(parents=True)
        (tmp_path / "little" / room / "__init__.py").write_text(code)
    (tmp_path / "little" / "__init__.py").touch()
    (tmp_path / "contracts.ini").write_text(
        "[importlinter]\nroot_package = little\n"
        "[importlinter:contract:down]\nname = down\ntype = layers\ncontainers = little\nlayers =\n awards\n ledger\n"
    )
    run = _lint_imports(tmp_path, "--config", "contracts.ini")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "little.ledger is not allowed to import little.awards" in run.stdout
