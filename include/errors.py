"""
Every error of Copydesk, by whether trying again can help; Airflow's retry policy reads only that.
A bad story is data (it goes to quarantine), never an error. The tree:

    CopydeskError
    ├── Transient
    │   ├── DiskFull            storage: no space, no quota, or a file above the size limit
    │   ├── StoreSilent         storage: an object store or a server
    │   ├── IndexBusy           lake: the index of the ledger
    │   ├── AnswerUnclear       orchestration: a reviewer's answer, which is asked for again
    │   ├── WorkerLost          terminal: a worker process was killed
    │   ├── LakeLocked          lake: one run lands at a time
    │   └── WarehouseHeld       warehouse: one process writes at a time
    └── Permanent
        ├── UsageWrong          a command's argument, a form's answer; the terminal exits with 2
        ├── Unexpected          any other exception; our bug
        ├── SettingUnknown      config
        ├── SettingInvalid      config
        ├── NotFound            a page, story, file or version that a person named
        ├── StorageRefused      storage: a disk
        ├── StoreRefused        storage: an object store or a server
        ├── InboxMissing        intake
        ├── InboxesMissed       pipeline: some inboxes of several
        ├── ReceiptMissing      pipeline: what one step leaves for the next
        ├── DataFileInvalid     splitter: a lexicon or model; our bug
        ├── SuiteError          quality: a suite or one of its rules; our bug
        ├── GateClosed          quality
        ├── TallyUnbalanced     lake: counts that must be equal; our bug
        ├── RowsUnfit           lake: rows that do not fit a table; our bug
        ├── LakeDamaged         lake: a log or files that are missing or broken
        ├── BackupFailed        pipeline: a backup that cannot be made or restored
        ├── BookUnreadable      lake: the chrome book
        ├── PastGone            lake: time travel
        ├── WarehouseMissing    warehouse
        └── QueryRefused        warehouse

`include/standalone` adds those of the embedded Airflow: AirflowSilent and AirflowBusy (transient),
AirflowRefused, StartFailed and PortTaken (permanent).
"""

from typing import ClassVar

# what PyYAML raises besides its own errors: a list as a key, a date of no calendar, an endless [
MALFORMED_YAML = (TypeError, ValueError, LookupError, AttributeError, RecursionError)


class CopydeskError(Exception):
    """
    An error whose message says what failed, with which value, why, and the way out.

    problem: why, as one sentence; each class that is raised has its own.
    way_out: what to do, as whole sentences; may begin with what the class cannot know.
    done: figures of what was done before the error, for the JSON object of a command.
    """

    problem: ClassVar[str] = ""

    def __init__(self, thing: str, value: object, way_out: str) -> None:
        super().__init__(" ".join(filter(None, (f"{thing}: {value!r}.", self.problem, way_out))))
        self.thing = thing
        self.value = value
        self.way_out = way_out
        self.done: dict[str, object] = {}

    def __reduce__(self) -> tuple[type, tuple[str, object, str]]:
        """Pickle all three arguments: by default only the message would reach another process."""
        return (type(self), (self.thing, self.value, self.way_out))


class Transient(CopydeskError):
    """Something was busy or out of reach: trying again can help."""


class Permanent(CopydeskError):
    """A person must look: trying again gives the same result."""


class UsageWrong(Permanent):
    """An argument of a command, or an answer in a form, is not accepted."""

    problem = "This is not accepted here."


class Unexpected(Permanent):
    """An error that no code expected; the terminal prints its traceback."""

    problem = "This is a bug in Copydesk."


class AnswerUnclear(Transient):
    """A reviewer's answer cannot be followed; the question is asked again, with the reason."""

    problem = "This answer cannot be followed, and nothing was done."


class SettingUnknown(Permanent):
    """A `COPYDESK_` variable names no setting."""

    problem = "There is no setting of this name."


class SettingInvalid(Permanent):
    """A setting's value cannot be read as its type, or is outside its bounds."""

    problem = "The setting cannot have this value."


class NotFound(Permanent):
    """There is no page, story, file or version of the name that was asked for."""

    problem = "It was not found."


class DiskFull(Transient):
    """There is no room left where a run writes, or a file grew above the size limit."""

    problem = "It cannot be written: there is no room for it."


class StorageRefused(Permanent):
    """A run may not read or write a file: a read-only file system, or a missing permission."""

    problem = "This user may not read or write it."


class StoreSilent(Transient):
    """An object store or a server does not answer, or answers that it is busy."""

    problem = "The store did not answer properly."


class StoreRefused(Permanent):
    """An object store or a server denies access, has no such folder, or is set up wrongly."""

    problem = "The store cannot be used."


class InboxMissing(Permanent):
    """The inbox is not a folder that can be listed."""

    problem = "This folder cannot be listed."


class InboxesMissed(Permanent):
    """Some of a run's inboxes, or folders or files in one, could not be read; the rest was."""

    problem = "They could not be read."


class ReceiptMissing(Permanent):
    """A step was given a receipt that is not on disk, or that another step wrote."""

    problem = "What this step needs from an earlier one is not there."


class DataFileInvalid(Permanent):
    """A data file that ships with the splitter is invalid: our bug, not bad data."""

    problem = "A data file of the splitter is invalid."


class SuiteError(Permanent):
    """A suite cannot be read, or one of its rules cannot be evaluated: our bug, not bad data."""

    problem = "The suite cannot be used."


class GateClosed(Permanent):
    """A run broke a bound of the gate; its judged stories stay on disk, and nothing is landed."""

    problem = "The gate is closed: this figure is out of bounds."


class TallyUnbalanced(Permanent):
    """What went in is not what came out; nothing is landed."""

    problem = "The counts do not add up, so nothing is landed."


class RowsUnfit(Permanent):
    """Rows handed to the lake do not fit its tables: our bug, not bad data."""

    problem = "The rows do not fit the table."


class LakeLocked(Transient):
    """Another run is landing; one run lands at a time."""

    problem = "The lake is being changed by another run."


class LakeDamaged(Permanent):
    """A table of the lake cannot be read: its log or its files are missing or broken."""

    problem = "It is damaged."


class BackupFailed(Permanent):
    """A backup cannot be made here, or this one cannot be restored here."""

    problem = "It cannot be backed up or restored."


class IndexBusy(Transient):
    """The ledger's index is being written, or is damaged; it is a copy, and can be rebuilt."""

    problem = "It is in use or damaged."


class BookUnreadable(Permanent):
    """This version of Copydesk cannot read the lake's chrome book."""

    problem = "This Copydesk cannot read it."


class PastGone(Permanent):
    """Some files of the version of the lake that was asked for have been removed."""

    problem = "Some of its files have been removed."


class WarehouseHeld(Transient):
    """A process has the warehouse open for writing, or another run is publishing."""

    problem = "Another process is using it."


class WarehouseMissing(Permanent):
    """There is no warehouse to read yet."""

    problem = "There is no such file."


class QueryRefused(Permanent):
    """DuckDB refused a person's query, or the warehouse file itself."""

    problem = "DuckDB refused it."


class WorkerLost(Transient):
    """A worker process ended before its step did: something killed it."""

    problem = "The process that ran this step was killed."
