"""Findings as the pages of an application show them: what is open first, what is met folded away."""

from __future__ import annotations

from collections.abc import Iterable

from lionrock.kernel.findings import Finding, Outcome

_ORDER = {Outcome.NOT_MET: 0, Outcome.UNKNOWN: 1, Outcome.MET: 2}


def shown(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return what the template of findings shows: those not met, then those not known; and those met."""
    ordered = sorted(findings, key=lambda finding: _ORDER[finding.outcome])
    return {
        "open_findings": [each for each in ordered if each.outcome is not Outcome.MET],
        "met_findings": [each for each in ordered if each.outcome is Outcome.MET],
    }
