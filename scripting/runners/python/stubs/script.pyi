"""The names that a script has without an import."""

from tutti import ComponentLog, Context, NifiSession

session: NifiSession
context: Context
log: ComponentLog
REL_SUCCESS: str
REL_FAILURE: str
