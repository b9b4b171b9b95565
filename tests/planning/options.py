"""Scenarios for tests: small files in a folder, with a load of a few jobs a week."""

from __future__ import annotations

from pathlib import Path

from lionrock.planning.scenarios.reading import read_scenario
from lionrock.planning.scenarios.values import Scenario

RULEBOOK = Path(__file__).parents[2] / "rulebook"
H800, H20 = "nvidia-h800-sxm5-80gb", "nvidia-h20-96gb"

LOAD = f"""\
source: planning-own
weekly: [120, 80]
hours: [{", ".join(["1"] * 168)}]
shapes:
  - {{size: 1, weight: 3, lengths: [3600, 7200, 30000]}}
  - {{size: 8, weight: 2, lengths: [10000, 60000]}}
"""
WHOLE = f"""\
names: {{en: Base}}
about: {{en: Made by a test.}}
begins: 2026-01-05
weeks: 3
seeds: 3
load: {{model: few, levels: [{{week: 0, level: "1.00"}}], source: planning-own}}
classes:
  - {{id: small, names: {{en: Small}}, up_to: 1, bound_by: memory_gb_s, source: planning-own}}
  - {{id: large, names: {{en: Large}}, up_to: 8, bound_by: fp16, source: planning-own}}
reference: {H800}
fleet:
  - {{id: first, accelerator: {H800}, count: 8, week: 0, source: planning-own}}
policy: easy
precisions: [fp16]
charging: pay_per_use
price:
  {{node_month: "320000.00", devices: 8, hours_per_month: "730.00", currency: HKD, source: public-notes-2025}}
subsidy: {{share: "0.70", usual: "0.70", elasticity: {{value: "0.50", source: planning-own}}, source: smelink}}
energy: {{idle_share: {{value: "0.20", source: planning-own}}, pue: {{value: "1.60", source: stheadline-2025}}}}
images: {{per_teraflops: {{value: "0.9259", source: chinadaily-2024}}, aim_an_hour: 1000000}}
"""


def put(folder: Path, name: str = "base", text: str = WHOLE) -> Path:
    """Write a scenario, and the load beside it; return its file."""
    loads = folder / "loads"
    loads.mkdir(exist_ok=True)
    (loads / "few.yaml").write_text(LOAD)
    file = folder / f"{name}.yaml"
    file.write_text(text)
    return file


def option(folder: Path, name: str = "base", **changes: str) -> Scenario:
    """Return a scenario that builds on the base and has other entries, each given as YAML."""
    base = put(folder)
    if not changes:
        return read_scenario(base, RULEBOOK)
    lines = "".join(f"{key}: {value}\n" for key, value in changes.items())
    return read_scenario(put(folder, name, f"extends: base.yaml\n{lines}"), RULEBOOK)


def fleet(*deliveries: str) -> str:
    """Return a fleet as YAML, its entries in braces."""
    return "[" + ", ".join(f"{{{each}, source: planning-own}}" for each in deliveries) + "]"
