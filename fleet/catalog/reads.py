from dataclasses import dataclass

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
