"""Names that could be taken for others: letters of two alphabets in one word, and organisations that look alike."""

from __future__ import annotations

from collections.abc import Mapping

from lionrock.kernel.errors import Conflict, Fault, Invalid
from lionrock.kernel.likeness import mixed_word, skeleton
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_lines
from lionrock.people.models import Organisation


def check_names(required: Mapping[str, str], optional: Mapping[str, str] | None = None) -> None:
    """Check names of persons or organisations, by field, as `check_lines` does; raises `Invalid`.

    A word that mixes letters of two alphabets which look alike is refused too.
    """
    check_lines(required, optional)
    faults = [
        _mixed(field, word) for field, name in {**required, **(optional or {})}.items() if (word := mixed_word(name))
    ]
    if faults:
        raise Invalid("people.name.mixed", faults[0].message, faults=faults)


def _mixed(field: str, word: str) -> Fault:
    template = gettext_noop(
        "“{value}” in {field} mixes letters of two alphabets that look alike. Write each word in one alphabet."
    )
    return Fault("people.name.mixed", message(template, value=word, field=field), field=field, value=word)


def require_unlike(names: tuple[str, str, str]) -> None:
    """Raise `Conflict` when an organisation on file has a name that these are easily taken for."""
    drawn = {skeleton(name) for name in names} - {""}
    on_file = Organisation.objects.order_by("pk").values_list("name", "name_zh_hant", "name_zh_hans")
    for known in on_file:
        if not drawn.isdisjoint(map(skeleton, known)):
            template = gettext_noop(
                "“{value}” looks like {name}, which is on file. If you mean that one, write its name as it is there; "
                "if not, ask the programme's office to register yours."
            )
            raise Conflict("people.organisation.alike", message(template, value=names[0], name=known[0]))
