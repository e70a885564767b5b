/** English: the ways in, from the page of all flows. */
export const doors = {
  openFolder: "Open a folder of music",
  folderExample: "/data/recordings",
  folderPath: "Folder, at the machine that the server runs on",
  folderAbout:
    "The recordings stay as they are. What is found out about each is written as JSON into a folder beside it, whose name ends in “-features”.",
  folderFlowAbout: "What is found out about the recordings in {folder}.",
  folderMissing: "Write the path of a folder",
  folderNone: "Recordings end in {endings}.",
  folderAnyway: "Make the flow all the same",
  importFlow: "Import a flow",
  importFailed: "{name} was not imported",
  importTooLarge: "A flow of more than 4 MB is not taken. Is it a flow?",
  importNoJson: "It is not JSON: {why}",
  importNoFlow: "It is JSON, but no flow: a flow is an object with a name.",
  importNifi:
    "It is a flow of Apache NiFi. “tutti import nifi {name}” makes one of Tutti of it, and says what differs: import what it writes.",
  importNifiTemplate:
    "It is a template of Apache NiFi. Download the group as a flow definition there: “tutti import nifi” takes that.",
  importDrop: "Drop it: the flow is imported",
  importRenamed: "There is a flow “{own}” already: this one is called “{name}”",
  flowNameRule: "Letters, digits, “-”, “_” and “.”, at most 128: its file is called so, too.",
  flowNameFault:
    "No flow can be called so: only letters, digits, “-”, “_” and “.”, at most 128, the first no “.”, the end not “.layout”, “.tests” or “.schema”.",
  tryDemo: "Try the demo",
} as const;
