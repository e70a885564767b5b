/** English: what is said while something is written or chosen. */
export const forms = {
  changedMeanwhile: "Somebody has set this to “{value}” meanwhile.",
  emptiedMeanwhile: "Somebody has emptied this meanwhile.",
  changedMeanwhileHelp:
    "When you are done you are asked which of both counts; Escape leaves it as they have it.",
  formNumber: "Write a whole number from {min} to {max}.",
  formDuration: "Write a number and millis, sec, min, hour, day or week, as in “10 sec”.",
  formSize: "Write a number and B, KB, MB, GB or TB, as in “10 MB”.",
  formCron:
    "Write six fields: second, minute, hour, day of the month, month, day of the week, as in “0 30 6 * * MON-FRI”.",
  formZone: "Write the name of a time zone, as in “Europe/Rome”.",
  formRefused: "Not taken: until this is right what was there before counts.",
  misfitsBehind: "Does not fit behind “{name}”: added without a wire",
  misfitsBefore: "Does not fit before “{name}”: added without a wire",
  withoutWire: "without a wire",
  takesNoValue: "It has no property that must be set: “{value}” is left out",
  nameBeforeValue: "The name of a type comes before the “=”",
  wordsServices: "controller service new make cache map",
  makeService: "Make a new one",
  newOf: "New {type}",
} as const;
