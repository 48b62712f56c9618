import type { Kind } from "../requests/contract.ts";

/**
 * What people write on the way, whatever it is about. Where something is broken they speak differently than where
 * something is wanted.
 */

export const customers = [
  "Café Morel", "Harbour Deli", "Brasserie Lind", "Ashgrove Hotel", "Ashbury school kitchen", "Osteria Vela",
  "Greenbank Grocers", "Marina canteen", "Bakery Novak", "Hotel Larchfield", "Quayside Pantry", "Bistro Amandine",
]; // prettier-ignore

type ByKind = Readonly<Record<Kind, readonly string[]>>;

/** First answers of a technician. */
export const answers: ByKind = {
  incident: [
    "Thanks, I can see it here. Looking at it now.", "Got it. I will ring you on {ext} in a few minutes.", "I have taken this over and will look at it next.",
    "I can reproduce it, so we are on the right track.", "We know this from another place. Trying the same remedy first.", "On it.",
    "Looked at it from here: nothing obvious yet. I compare it with last week and come back to you.", "I am going through what changed since yesterday.",
    "Thank you for the description, that helps. Looking into it.", "Seen. I have one job before yours, then it is your turn.",
    "Tried to ring {first}, no answer. I will try again.", "It has arrived and I am working on it.", "First look done, it is not what I thought. Going on.",
    "This is mine. You hear from me today.", "Thanks for telling us at once. I am looking.", "I am on the phone with {first} about it.",
  ],
  service_request: [
    "Noted, I will see to it.", "Thanks, I have what I need. It is on my list for this week.", "Will do.", "On my list; I bring it along with the next visit if it is not urgent.",
    "Got it. I check what is in the cupboard and come back to you.", "I will arrange it with {first}.", "Seen, and planned.", "Thank you, all clear. You hear from me when it is done.",
  ],
}; // prettier-ignore

/** A word in between, when it takes longer. */
export const news: ByKind = {
  incident: [
    "Still at it: the first remedy did not last.", "In between: it is better but not good. I watch it overnight and look again in the morning.",
    "We have narrowed it down to one setting. It needs a quiet moment, so I do it after five.", "A colleague has taken a look with me; we test a second idea today.",
    "Not forgotten. Two people are ill here this week, sorry for that.", "The test was good three times out of four, which is not enough. Going on.",
    "I was there but nobody could let me at it. Back this afternoon.", "Update for you: cause found, remedy is being prepared.",
  ],
  service_request: [
    "Half of it is done, the rest follows this week.", "Not forgotten, it waits for a quiet afternoon.", "Ready on our side, I only need half an hour at your place.",
    "Two people are ill here this week, so it moves by some days. Sorry.", "Prepared and tested here. Handing it over is next.",
  ],
}; // prettier-ignore

/** What is promised when it is not done at once; the time stands beside it. */
export const promises: ByKind = {
  incident: [
    "Call back with a result", "Look at it remotely", "Be there and look at it", "Have it working again", "Send somebody over", "Tell you what it is",
    "Finish it before the office closes", "Try it out with {first} on the phone", "Come back with an answer",
  ],
  service_request: ["Have it done", "Bring it along", "Finish it", "Come back with a date", "Hand it over to {first}"],
}; // prettier-ignore

/** The company asks where it stands. */
export const chases = [
  "Any news on this?", "{first} asks when somebody will look at it.", "When can we count on it?", "Still the same here. Could you give us a time, please?",
  "Second time I ask. It is holding up {department}.", "We are still waiting. Please answer today.", "Is somebody on this?", "Just asking where this stands.",
]; // prettier-ignore

/** The answer to being chased. */
export const apologies = [
  "Sorry, this slipped through. I am on it now.", "Apologies for the wait. I take it over.", "You are right, that took too long. Looking at it this minute.",
  "Sorry, I was at another customer. Next thing I do.", "It lay with a colleague who is ill. I have taken it over.", "Sorry. It had landed in the wrong queue; it is with me now.",
]; // prettier-ignore

export const confirmations: ByKind = {
  incident: [
    "Works again, thank you.", "Yes, fixed. Thanks for the help!", "All good now.", "Tried it twice, it works.", "Thank you, that was it.", "Fine since then.",
    "Working, cheers.", "Confirmed by {first} on the phone.", "Yes, everything is as it was.", "Perfect, thanks a lot.", "{first} is happy.", "Sorted, thank you {technician}.",
  ],
  service_request: [
    "Thank you, just what we wanted.", "Got it, thanks.", "Done as asked.", "{first} says thank you.", "All there, cheers.", "Checked, fine.",
  ],
}; // prettier-ignore

export const reopenings: ByKind = {
  incident: [
    "Same again this morning.", "It worked for a while, now it is back.", "Not fixed, sorry. As soon as I start again it is the same.", "Only half of it works.",
    "It came back after lunch.", "{first} says it is exactly as before.", "The message is gone but it still does not do what it should.", "Worked once. Not since.",
  ],
  service_request: ["Not complete, one thing of the list is missing.", "That was the wrong one, sorry for not being clearer."],
}; // prettier-ignore

/** The second time round. */
export const secondFixes: ByKind = {
  incident: [
    "Found the real cause this time: an old setting came back with every restart. Removed for good.", "Replaced it instead of repairing it again.",
    "Took it over myself and stayed until it ran for an hour.", "The first remedy was right but did not survive a restart. It does now.",
    "It was a second fault hiding behind the first one. Both are gone.",
  ],
  service_request: ["Completed. Sorry for the extra loop.", "Changed to the right one."],
}; // prettier-ignore

/** For the company's eyes only. */
export const notes = [
  "{first} was quite annoyed on the phone. Keep an eye on it.", "Bring this up at the next review.", "Ask for the hours on this one when the invoice comes.",
  "Friendly and quick, worth mentioning.", "Had to ring twice until somebody picked up.", "Ingrid knows about it.",
  "They say it is on our side, we say it is on theirs.", "About an hour lost in {department}.", "Was looked at while the technician was here for something else.",
  "Check whether this is covered by the retainer.",
]; // prettier-ignore

export const cancellations: ByKind = {
  incident: [
    "Works again by itself, nobody knows why.", "Logged twice, sorry.", "Solved it ourselves: the plug was loose.", "{colleague} found the cause, no need to come.",
    "Gone after a restart.",
  ],
  service_request: ["Not needed any more.", "No longer wanted, {first} found another way.", "Ingrid says not this year."],
}; // prettier-ignore

/** What the company finally sends when the technician waits for it. */
export const replies = [
  "Here is what you asked for.", "Sorry for the wait, the answer is in the mail.", "Ingrid says yes, go ahead.", "{first} is back and says any time today.", "You have it in the mail from just now.",
  "Answered on the phone, please go on.", "Agreed, please do it.",
]; // prettier-ignore

/** What arrived when a third party was waited for. */
export const arrivals = [
  "It has come, going on.", "They have done their part, going on.", "Here since this morning.", "That is settled. Testing now.",
]; // prettier-ignore

/** Quick ones: solved on the phone while the call lasted. */
export const onThePhone = [
  "Solved on the phone.", "Two clicks on the phone and it worked.", "Talked {first} through it.", "Done while we were speaking.", "Sorted on the phone in five minutes.",
]; // prettier-ignore
