"""One router for the nouns of every storey."""

from importlib import import_module

from rest_framework.routers import SimpleRouter

router = SimpleRouter()
for storey in ("kit", "fleet", "hosting", "compliance"):
    for prefix, viewset in import_module(f"{storey}.api").ROUTES:
        router.register(prefix, viewset, basename=prefix)
