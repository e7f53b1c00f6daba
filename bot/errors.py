"""The error tree. Every message says what happened, whose fault it is and what to do next.

VivaError
├── WrongUsage            the caller's: a flag, a name, a file that is not there        exit code 2
├── BadCorpus             the author's: a file under corpus/ that breaks the format     exit code 1
├── StoreError            the machine's: the database cannot be used as it is          exit code 1
│   ├── StoreBusy         another program keeps it locked; it can be tried again
│   │   └── SittingBusy   another process works on this session
│   ├── NothingKept       there is no database here, or nothing in it
│   ├── StoreNewer        the database was written by a newer release
│   └── StoreBroken       the file is damaged, the disk full, the folder read-only
├── IndexUnavailable      the machine's: the index or its model cannot be used; keyword search still can
├── GraderUnavailable     the machine's: nothing was judged, and can be judged later
├── CodeUnreadable        the candidate's: a program that cannot be parsed
├── LabUnavailable        the machine's: programs cannot be run here, or not now; they can still be read
└── DocumentUnreadable    the document's: an article to import that is broken, too large, or of no known format
"""

from __future__ import annotations


class VivaError(Exception):
    """Anything that Viva reports in one plain sentence. `exit_code` is what the command ends with."""

    exit_code = 1


class WrongUsage(VivaError):
    """A flag, name or file given by the caller does not fit."""

    exit_code = 2


class BadCorpus(VivaError):
    """A corpus file breaks the format; the message names file, line or key, and what to write instead."""


class StoreError(VivaError):
    """The database cannot be used as it is."""


class StoreBusy(StoreError):
    """Another program keeps the database locked, or takes no more just now; it can be tried again."""


class SittingBusy(StoreBusy):
    """Another process works on this session."""


class NothingKept(StoreError):
    """There is no database where it was looked for, or nothing in it; the message says where."""


class StoreNewer(StoreError):
    """The database was written by a newer release."""


class StoreBroken(StoreError):
    """The file is damaged, the disk is full, or the folder cannot be written."""


class IndexUnavailable(VivaError):
    """The index or its embedding model cannot be used."""


class GraderUnavailable(VivaError):
    """Nothing was judged; the answer is safe and can be judged later."""


class CodeUnreadable(VivaError):
    """A program that cannot be parsed; the message says where."""


class LabUnavailable(VivaError):
    """A program cannot be run here, or not now; the message says what is missing and how to get it."""


class DocumentUnreadable(VivaError):
    """A document to import that cannot be read; the message says why, and what to do instead."""
