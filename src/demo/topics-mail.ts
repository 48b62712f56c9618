import type { Topic } from "./topic.ts";

/** Mail, what comes in with it, and files. */
export const mailAndFiles: readonly Topic[] = [
  {
    supplier: "it",
    category: "Mail",
    weight: 24,
    effort: 80,
    cases: [
      {
        say: ["Mail to {customer} comes back", "Mails bounce since this morning"],
        more: ["The error says 550 and something about policy.", "They called and asked where the confirmation is."],
        fix: [
          "Our address was on a block list because of one infected newsletter; delisted.",
          "Their server had an old rule for us; their provider has corrected it.",
        ],
        ask: "Please forward us the bounce as an attachment",
        part: "The other side's provider has to release our address",
      },
      {
        say: ["No new mail since ten o'clock", "Inbox empty today, which cannot be"],
        more: ["Webmail works."],
        fix: [
          "The program was set to work offline. Back online, 31 mails came in.",
          "Profile rebuilt, everything is back in the inbox.",
        ],
      },
      {
        say: ["Outlook asks for the password again and again", "Password window keeps coming back"],
        fix: ["Old saved password deleted; quiet since then."],
      },
      {
        say: ["Mailbox is full", "I may not send, mailbox too big"],
        fix: ["Archive switched on, 12 GB free again."],
        ask: "May mail older than three years go to the archive?",
      },
      {
        say: ["Order confirmations end up in junk", "Customers do not find our mails, they are in spam"],
        more: ["{customer} and two others."],
        fix: ["The signing record of our domain was missing after the move; in place, tested with three providers."],
      },
      {
        say: ["Attachment cannot be opened", "Attachments arrive as winmail.dat"],
        fix: ["Sender's program used its own format; asked them to change it, converted yours."],
      },
      {
        say: ["Calendar invitations come an hour late", "Meetings are shown at the wrong hour"],
        fix: ["Time zone of the calendar was wrong since the trip. Corrected."],
      },
      {
        say: ["Out of office still on", "My absence note does not go away"],
        fix: ["Switched off; it had been set twice."],
      },
      {
        say: ["Mail sent twice to all customers", "Recipients get everything twice"],
        fix: ["Two rules did the same. One is gone, apology is yours to write."],
      },
      {
        say: ["Search in Outlook finds nothing", "Cannot find mails of last year any more"],
        fix: ["Search index rebuilt overnight."],
      },
      {
        say: ["Shared mailbox orders@ does not update", "orders@ shows mails an hour late"],
        more: ["{colleague} sees everything."],
        fix: ["Local copy switched off for the shared mailbox; shows them at once."],
      },
      {
        say: ["Signature shows the old logo", "Mail signature is broken"],
        fix: ["New signature rolled out to your department."],
      },
      {
        say: ["Mail with 30 MB of photos will not go out", "Attachment too large for {customer}"],
        fix: ["Sent as a link instead; the limit is 25 MB and stays."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Security",
    weight: 13,
    effort: 60,
    priority: "high",
    cases: [
      {
        say: ["Strange mail from the bank, is it real?", "Bank wants me to confirm my data"],
        more: ["I have not entered anything.", "{colleague} got it too."],
        fix: ["Phishing. Blocked the sender and took it out of nine other mailboxes."],
      },
      {
        say: ["Clicked on a link in a parcel mail", "I opened the page of a fake parcel service"],
        more: ["I did type my password, sorry.", "It looked just like the real one."],
        fix: ["Password changed, sessions ended, no sign of a login from outside."],
        ask: "Did you enter your password on that page? Please call us either way",
      },
      {
        say: ["Mail asks me to change our IBAN", "{customer} has new bank details, or have they?"],
        fix: ["Forged. Please ring back on the number you know; sender is blocked."],
      },
      {
        say: ["Virus scanner warns about an invoice", "Red warning when opening an invoice"],
        fix: [
          "False alarm: the invoice is clean, the macro in it was the reason.",
          "It was a real one. Caught before it ran, machine checked twice.",
        ],
      },
      {
        say: ["Somebody pretends to be Ingrid and wants gift cards", "Mail from Rui that is not from Rui"],
        fix: ["Forged name from outside. Such mails carry a warning from now on."],
      },
      {
        say: ["Pop-up says computer is infected, call this number", "Window with a siren, cannot close it"],
        more: ["I have not called."],
        fix: ["Only an advert in the browser; notifications of that site are blocked."],
      },
      {
        say: ["Received our own quote from an unknown address", "Customer got a strange mail in our name"],
        fix: ["Answered from a copied thread of theirs, not from our mailboxes. They know and have changed passwords."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Files and folders",
    weight: 17,
    effort: 70,
    cases: [
      {
        say: ["Drive S: is gone", "Network drives are missing this morning"],
        fix: ["Mapped again; the script had failed for two people after the update."],
      },
      {
        say: ["Folder Tenders deleted by accident", "Whole folder vanished", "I deleted the wrong file"],
        more: ["Needed for the audit on Wednesday.", "It must have been between Monday and today."],
        fix: ["Restored from last night's backup, 212 files.", "It was in the bin of the server, back in its place."],
        ask: "Which day's version would you like?",
      },
      {
        say: ["File from last week is the old version", "My changes of yesterday are gone"],
        fix: ["Version of yesterday 16:40 brought back from the history."],
      },
      {
        say: ["Cannot save, says disk is full", "No space left on the department drive"],
        fix: ["Quota raised by 50 GB, and a list of the biggest folders is in your mail."],
      },
      {
        say: ["Price list opens read only", "Cannot write into the shared price list"],
        fix: ["Right had been lost when the file was copied; given again."],
      },
      {
        say: ["Somebody moved the quality folder", "Folder is in another folder now"],
        more: ["I did not touch it, honestly."],
        fix: ["Moved back, and rights set so that only two can move it."],
      },
      {
        say: ["Please restore the driver rota of last Thursday", "Rota overwritten, need the old one"],
        fix: ["Restored beside the new one, with the date in its name."],
      },
      {
        say: ["Files in the cloud have a red cross", "Cloud folder does not synchronise"],
        fix: ["One name was too long and stopped all others; shortened, everything is up."],
      },
      {
        say: ["Two versions of the same spreadsheet appear", "Conflict copy of the stock count"],
        more: ["We are three people on this file."],
        fix: ["Copies merged with {colleague}, the newest is the right one."],
      },
    ],
  },
];
