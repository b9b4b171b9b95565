"""The effect of a change as plain JSON values, kept with the decision that rests on it."""

from __future__ import annotations

from lionrock.awards.domain.variations import Effect
from lionrock.awards.domain.versions import InForce
from lionrock.kernel import findings


def as_json(effect: Effect) -> dict[str, object]:
    """Return an effect as plain JSON values; amounts in minor units."""
    return {
        "before": _terms(effect.before, effect.left_before.minor, effect.quota_before),
        "after": _terms(effect.after, effect.left_after.minor, effect.quota_after),
        "more": effect.more.minor,
        "currency": effect.more.currency,
        "findings": [findings.as_json(finding) for finding in effect.findings],
        "reads": [findings.read_as_json(read) for read in effect.reads],
    }


def _terms(terms: InForce, left: int, quota: int) -> dict[str, object]:
    return {
        "since": terms.since.isoformat(),
        "count": terms.count,
        "hours": terms.hours,
        "valid_to": terms.valid_to.isoformat(),
        "list_price": terms.list_price.minor,
        "cap": terms.cap.minor,
        "left": left,
        "quota": quota,
    }
