/** What changes while somebody looks, who else is there, and what two wrote at once. */
export const live = {
  "live.away": "Not live right now. This page catches up when it is connected again.",
  "live.newLine": { one: "A new line in the timeline", other: "{n} new lines in the timeline" },
  "presence.here": "Also here: {names}",
  "presence.writing": "{names} is writing here",
  "presence.writingMany": "{names} are writing here",
  "conflict.mine": "What you wrote",
  "conflict.now": "What is there now",
  "conflict.fact.title": "{thing} was changed meanwhile",
  "conflict.fact.text": "Yours has not been saved. Choose one, or change yours until both are right.",
  "conflict.fact.mine": "Save mine",
  "conflict.fact.theirs": "Leave what is there",
  "conflict.fact.take": "Begin again from what is there",
} as const;
