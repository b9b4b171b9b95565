"""The demonstration's real job: logistic regression by gradient descent, in plain Python.

Two clouds of points in the plane, drawn by a seeded generator, are told apart by a line that is
learned over some hundred rounds. It takes a second or two of one processor core, needs no package,
and prints how the loss falls, so that `lionrock job log` has something to show. The exit code is 0
when the line tells at least nine points out of ten apart, else 1.

    python train.py [ROUNDS]
"""

from __future__ import annotations

import math
import random
import sys

Point = tuple[float, float, int]
"""Two coordinates, and the cloud: 0 or 1."""

POINTS = 2000
ROUNDS = 300
RATE = 0.5
SEED = 7
REPORTS = 10
GOOD_ENOUGH = 0.9


def two_clouds(count: int, seed: int) -> list[Point]:
    """Return so many points, half around (-1, -1) and half around (1, 1)."""
    draw = random.Random(seed)  # noqa: S311 - a reproducible picture, not a secret
    labels = [number % 2 for number in range(count)]
    return [(draw.gauss(2 * label - 1, 1), draw.gauss(2 * label - 1, 1), label) for label in labels]


def chance(weights: list[float], x: float, y: float) -> float:
    """Return how likely the model holds it that a point belongs to cloud 1."""
    return 1 / (1 + math.exp(-(weights[0] + weights[1] * x + weights[2] * y)))


def improve(weights: list[float], points: list[Point]) -> float:
    """Move the weights one step downhill; return the mean loss before the step (natural logarithm)."""
    gradient, loss = [0.0, 0.0, 0.0], 0.0
    for x, y, label in points:
        guess = chance(weights, x, y)
        loss -= math.log(guess if label else 1 - guess)
        for index, feature in enumerate((1, x, y)):
            gradient[index] += (guess - label) * feature
    for index, slope in enumerate(gradient):
        weights[index] -= RATE * slope / len(points)
    return loss / len(points)


def accuracy(weights: list[float], points: list[Point]) -> float:
    """Return the part of the points that the model puts into the right cloud."""
    return sum((chance(weights, x, y) > 1 / 2) == bool(label) for x, y, label in points) / len(points)


def train(rounds: int) -> float:
    """Learn for so many rounds, print the loss now and then, and return the accuracy."""
    points, weights = two_clouds(POINTS, SEED), [0.0, 0.0, 0.0]
    for number in range(1, rounds + 1):
        loss = improve(weights, points)
        if number % max(1, rounds // REPORTS) == 0:
            print(f"round {number:4d}  loss {loss:.4f}", flush=True)  # noqa: T201 - a job speaks through its output
    found = accuracy(weights, points)
    print(f"{found:.1%} of {POINTS} points told apart")  # noqa: T201
    return found


if __name__ == "__main__":
    sys.exit(0 if train(int(sys.argv[1]) if sys.argv[1:] else ROUNDS) >= GOOD_ENOUGH else 1)
