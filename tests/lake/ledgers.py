"""A ledger all in memory, to hold the product's to, which looks up one file at a time."""

from dataclasses import dataclass, field

from include.lake.ledger.current import current_rows, newest_deliveries
from include.lake.ledger.deliveries import read_deliveries
from include.storage.locations import Root


@dataclass(frozen=True)
class Ledger:
    """
    What stands in the lake; answers as `KnownFiles`.

    deliveries: (inbox, name, page_id) of the newest delivery of each name, rejected ones too. A
    file put back as it was before stands no more, so that it is delivered again.
    page_ids: every page whose rows stand, so that its bytes are not split again.
    newest: (inbox, name) to the page_id delivered last under that name.
    """

    deliveries: frozenset[tuple[str, str, str]] = frozenset()
    page_ids: frozenset[str] = frozenset()
    newest: dict[tuple[str, str], str] = field(default_factory=dict)

    def knows_name(self, inbox: str, name: str) -> bool:
        """Say whether a file of that name was ever delivered."""
        return (inbox, name) in self.newest

    def knows_delivery(self, inbox: str, name: str, page_id: str) -> bool:
        """Say whether the newest delivery of a name, rejected or not, is this page."""
        return (inbox, name, page_id) in self.deliveries

    def knows_page(self, page_id: str) -> bool:
        """Say whether a page's rows stand, so that its bytes need not be split again."""
        return page_id in self.page_ids


def read_ledger(root: Root) -> Ledger:
    """Read what stands in the lake; an absent lake gives an empty ledger."""
    deliveries = read_deliveries(root)
    newest = newest_deliveries(deliveries).select("inbox", "name", "page_id").rows()
    return Ledger(
        deliveries=frozenset(newest),
        page_ids=frozenset(current_rows(deliveries)["page_id"]),
        newest={(inbox, name): page_id for inbox, name, page_id in newest},
    )
