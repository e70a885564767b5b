/** English: flows that are deleted, that nobody can edit, and whose log is damaged. */
export const removal = {
  wordsNewFlow: "make create add another flow",
  wordsFlows: "all flows list home open a folder of music import a flow demo",
  actDeleteFlow: "Delete flow…",
  wordsDeleteFlow: "remove flow delete throw away drop",
  moreOf: "More about {name}",
  deleteTitle: "Delete “{name}”?",
  deleteDo: "Delete flow",
  deleteDoing: "Stopping and deleting…",
  deleteStops: "“{name}” stops and is taken off this server, for everybody.",
  deleteEnds: "“{name}” is taken off this server, for everybody.",
  deleteKeeps:
    "Nothing is thrown away for good: its file stays beside where it is, as {file} " +
    "or with the next number that is free, and so does the log of what was edited.",
  deleteWaits: "What waits in it",
  deleteSum: "{flowfiles} in {connections}",
  connectionOne: "{count} connection",
  connectionMany: "{count} connections",
  deleteTrashText:
    "A flow of this name that is made later can bring it back: for a week, " +
    "or what else the server keeps it.",
  deleteNeeds: "Something waits in it: let it go on first, or put it into the trash.",
  flowDeleted: "“{name}” is deleted",
  flowDeletedFile: "Its file is now {file}",
  flowDeletedNoFile: "It was never applied: there was no file of it.",

  goneTitle: "“{name}” was deleted",
  goneText:
    "It does not run any more. Its file is kept beside where it was, as {file} " +
    "or with the next number.",
  goneNever: "There is no flow “{name}”",
  goneNeverText: "It was deleted, has another name, or the address is wrong.",
  goneToFlows: "All flows",

  flowShut: "Cannot be edited",
  damageTitle: "Something is wrong with the log of “{name}”",
} as const;
