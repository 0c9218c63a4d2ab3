from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fleet.catalog.models import MinerModel


@dataclass(frozen=True)
class ModelFacts:
    """What the catalogue says of a model."""

    model_id: int
    maker: str
    name: str
    ghs: int
    power_w: int
    board_family: str
    confidence: str


def models_by_id() -> dict[int, ModelFacts]:
    """The whole catalogue by key, for whoever has groups of machines and wants their names."""
    rows = MinerModel.objects.values_list(
        "id", "maker__name", "name", "ghs", "power_w", "board_family", "confidence"
    )
    return {row[0]: ModelFacts(*row) for row in rows}


@dataclass(frozen=True)
class EarlierFigures:
    """What the catalogue said of a model until an instant."""

    at: datetime
    ghs: int
    power_w: int
    board_family: str
    source: str
    confidence: str


def earlier_figures(model: MinerModel, most: int = 20) -> list[EarlierFigures]:
    """What the catalogue said of a model before, newest first, from the history of its row."""
    history: Any = MinerModel.pgh_event_model  # type: ignore[attr-defined]  # set by kit.trail.history
    rows = (
        history.objects.filter(pgh_obj_id=model.pk)
        .order_by("-pgh_id")
        .values_list("pgh_created_at", "ghs", "power_w", "board_family", "source", "confidence")
    )
    return [EarlierFigures(*row) for row in rows[:most]]
