from rest_framework.pagination import CursorPagination


class ByKey(CursorPagination):
    """Pages by a unique key, so that the thousandth page costs what the first does."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 1_000
