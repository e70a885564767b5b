/** English: what applying a draft changes. */
export const plan = {
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
