/** English: what applying a draft changes. */
export const plan = {
  willStartOne: "{count} processor will start as soon as this is applied.",
  willStartMany: "{count} processors will start as soon as this is applied.",
  staysStoppedOne: "{count} new processor stays stopped, as the flow is.",
  staysStoppedMany: "{count} new processors stay stopped, as the flow is.",
  removesFiles:
    "“{path}” removes the files that it picks up from {from}. " +
    "Where they are to stay, set its “Keep Source File” to true.",
  removesFetched: "“{path}” deletes the files that it has fetched: {from}.",
  removesObjects: "“{path}” deletes the objects that flowfiles name: {from}.",
  changeAdded: "added",
  changeRemoved: "removed",
  changeChanged: "changed",
  changeRenamed: "renamed",
  changeMoved: "moved",
  elementProcessor: "processor",
  elementService: "service",
  elementConnection: "connection",
  elementInputPort: "input port",
  elementOutputPort: "output port",
  elementFunnel: "funnel",
  elementLabel: "label",
  elementGroup: "group",
  elementContext: "parameter context",
  elementParameter: "parameter",
  elementTest: "test",
} as const;
