from rest_framework import serializers, viewsets

from hosting.ledger.models import Entry, Posting


class EntrySerializer(serializers.ModelSerializer[Entry]):
    class Meta:
        model = Entry
        fields = ["id", "key", "on_day", "memo", "subject_kind", "subject_id", "created_at", "digest"]


class EntryViewSet(viewsets.ReadOnlyModelViewSet[Entry]):
    """The books: one booking each, balanced per currency, never changed; its lines are under postings."""

    queryset = Entry.objects.all()
    serializer_class = EntrySerializer
    filterset_fields = ["key", "on_day", "subject_kind", "subject_id"]
    read_act = "money.view"


class PostingSerializer(serializers.ModelSerializer[Posting]):
    account_code = serializers.CharField(source="account.code", read_only=True)

    class Meta:
        model = Posting
        fields = ["id", "entry", "account_code", "party", "amount_cents", "currency"]


class PostingViewSet(viewsets.ReadOnlyModelViewSet[Posting]):
    """The lines of the books: debit above zero, credit below."""

    queryset = Posting.objects.select_related("account")
    serializer_class = PostingSerializer
    filterset_fields = ["entry", "party", "account", "currency"]
    read_act = "money.view"
