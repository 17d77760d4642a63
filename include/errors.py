"""
The error tree: what may go wrong with a file or a setup, and whether trying again can help.

A bad story is data (it goes to quarantine), never an error. Airflow's retry policy reads only the
distinction between `Transient` and `Permanent`.
"""

# what PyYAML raises besides its own errors: a list as a key, a date of no calendar, an endless [
MALFORMED_YAML = (TypeError, ValueError, LookupError, AttributeError, RecursionError)


class CopydeskError(Exception):
    """
    An error that names the thing, the value and the way out.

    done: what was done all the same, in figures.
    """

    def __init__(self, thing: str, value: object, way_out: str) -> None:
        super().__init__(f"{thing}: {value!r}. {way_out}")
        self.thing = thing
        self.value = value
        self.way_out = way_out
        self.done: dict[str, object] = {}

    def __reduce__(self) -> tuple[type, tuple[str, object, str]]:
        """Travel between processes whole: the default would pass the message alone."""
        return (type(self), (self.thing, self.value, self.way_out))


class Transient(CopydeskError):
    """Try again: the world was busy."""


class Permanent(CopydeskError):
    """A person must look: trying again gives the same."""


class UsageWrong(Permanent):
    """A command was called with an argument it does not know; the terminal exits with 2."""


class AnswerUnclear(Transient):
    """A reviewer's answer cannot be followed; the question is asked again, with the reason."""


class SettingUnknown(Permanent):
    """A `COPYDESK_` variable names no setting."""


class SettingInvalid(Permanent):
    """A setting's value cannot be read as its type or lies outside its bounds."""


class DiskFull(Transient):
    """No room is left where a run writes, or a file grew above the size allowed."""


class StorageRefused(Permanent):
    """What a run writes or reads lies on a read-only file system, or a permission is missing."""


class InboxMissing(Permanent):
    """The inbox is not a folder that can be listed."""


class InboxesMissed(Permanent):
    """Some inboxes of a run, or folders or files in one, could not be read; the rest was taken."""


class StoreRefused(Permanent):
    """A store that a URL names lets us not in, or has no such folder."""


class StoreSilent(Transient):
    """A store that a URL names does not answer."""


class ReceiptMissing(Permanent):
    """A step was handed a receipt that is not on disk, or is of another step."""


class SuiteError(Permanent):
    """A suite cannot be read, or one of its rules cannot be evaluated: our bug, not bad data."""


class TallyUnbalanced(Permanent):
    """What went in is not what came out; nothing is published."""


class RowsUnfit(Permanent):
    """Rows handed to the lake are not of its columns: our bug, not bad data."""


class GateClosed(Permanent):
    """A run broke a bound of its gate; what was judged stays on disk, nothing is landed."""


class LakeLocked(Transient):
    """Another run is landing; one lands at a time."""


class IndexBusy(Transient):
    """The ledger's index is being written, or broke; it is a copy and is made again."""


class BookUnreadable(Permanent):
    """The chrome book in the lake cannot be read by this Copydesk."""


class WarehouseHeld(Transient):
    """Somebody holds the warehouse open for writing, or another run is publishing."""


class WarehouseMissing(Permanent):
    """There is no warehouse to read yet."""


class QueryRefused(Permanent):
    """DuckDB refused a query of a person's."""


class NotFound(Permanent):
    """No page, story or file goes by the name that was asked for."""


class PastGone(Permanent):
    """A version of the lake was asked for that is not all there any more."""
