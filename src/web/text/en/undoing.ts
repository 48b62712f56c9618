/** Taking a whole import back. */
export const undoing = {
  "undoing.do": "Undo this import",
  "undoing.title": "Undo the import of {file}?",
  "undoing.text.requests":
    "The requests it brought are hidden, in every list and every figure; what it changed says again what it said before. Nothing is deleted, and the file can be brought again.",
  "undoing.text.list":
    "What it added goes again, with the people and suppliers that its cells named; what it changed says again what it said before. The file can be brought again.",
  "undoing.only": "Possible only while nobody has gone on working with it.",
  "undoing.failed": "It was not undone.",
  "undoing.running": "Being undone",
  "undoing.running.title": "It is being undone.",
  "undoing.running.text":
    "You can leave this page, it goes on. All of it is undone at the end, or nothing: until then the record is as it was.",
  "undoing.count": "Being undone: {done} of {total}",
  "undoing.stop": "Stop undoing",
  "undoing.stopHint": "Then all of it stays.",
  "undoing.done.title": "Undone. It is as if this file had never been brought.",
  "undoing.done.hidden": { one: "{things} is hidden.", other: "{things} are hidden." },
  "undoing.done.removed": { one: "{things} is gone.", other: "{things} are gone." },
  "undoing.done.also": {
    one: "{n} person or supplier that its cells named is gone with it.",
    other: "{n} people and suppliers that its cells named are gone with it.",
  },
  "undoing.done.restored": {
    one: "{things} says again what it said before.",
    other: "{things} say again what they said before.",
  },
  "undoing.done.nothing": "It had changed nothing, so nothing had to be put back.",
  "undoing.done.by": "{name} undid it, {time}.",
  "undoing.again": "Bring a file",
} as const;
