import type { Topic } from "./topic.ts";

/** Passwords, rights, programs, desks: what somebody needs in order to work. */
export const workplaces: readonly Topic[] = [
  {
    supplier: "it",
    category: "Accounts and passwords",
    weight: 22,
    effort: 25,
    priority: "high",
    months: [1, 9],
    cases: [
      {
        say: ["Forgot my password over the holidays", "Password forgotten, sorry", "Cannot remember the new password"],
        more: ["Please ring me on {ext}, I have no mail."],
        fix: ["New password set on the phone, works in mail and order system."],
      },
      {
        say: ["Account locked after three tries", "Locked out", "{colleague} is locked out and asked me to call"],
        more: ["I am sure I typed it right.", "I have a customer waiting."],
        fix: [
          "Unlocked.",
          "Unlocked. The phone still had the old password and locked it each time; changed there as well.",
        ],
      },
      {
        say: ["Password expired, cannot change it from home", "Asked for a new password but it takes none"],
        fix: ["Changed together on the phone. It was too short by one character."],
      },
      {
        say: [
          "Code for the login goes to my old phone",
          "New phone, the authenticator app is empty",
          "Login code does not arrive",
        ],
        fix: ["Authenticator set up on the new phone, the old one is removed."],
      },
      {
        say: ["Cannot log in at all this morning", "Login says account is disabled"],
        more: ["I was on leave for three weeks.", "It says contact your administrator."],
        fix: ["Account was still disabled from the leave; enabled again."],
      },
      {
        say: ["Login asks for a code every single time", "Why do I need a code ten times a day?"],
        fix: ["This laptop was not known as ours. It is now, once a month from here on."],
      },
      {
        say: ["Locked out of the order system", "Stockroom does not take my password"],
        fix: ["Stockroom keeps its own password; reset, and from now on it follows the normal one."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Accounts and passwords",
    kind: "service_request",
    weight: 13,
    effort: 240,
    from: ["Office", "Management", "Sales", "Accounts", "Customer service"],
    cases: [
      {
        say: ["Access to the folder Contracts for {colleague}", "{colleague} should be able to read Contracts"],
        more: ["Ingrid has agreed.", "Only reading, not changing."],
        fix: ["Read access given; visible after the next sign-in."],
        ask: "Who approves access to this folder?",
      },
      {
        say: ["{colleague} needs to see the shared sales calendar", "Sales calendar for {colleague} please"],
        fix: ["Shared; it shows up under other calendars."],
      },
      {
        say: ["Please add me to the purchasing mailbox", "I need the mailbox complaints@ while {colleague} is away"],
        more: ["Until the end of next month is enough."],
        fix: ["Added. The right ends by itself at the end of next month."],
        ask: "Should you be able to send from that address as well?",
      },
      {
        say: ["Remove access of the temp who left on Friday", "Please close the account of the summer student"],
        fix: ["Account closed, mailbox handed to the team, laptop is back in the cupboard."],
      },
      {
        say: ["Rights for the archive of 2023 invoices", "Auditor needs to read the old invoices for two weeks"],
        fix: ["Read access for two weeks, it ends by itself."],
        ask: "For the whole year or the last quarter only?",
      },
      {
        say: ["Shared mailbox for complaints, please", "Can we have an address quality@?"],
        fix: ["Mailbox is there and shows up on its own."],
        ask: "Who should read it?",
      },
      {
        say: ["Distribution list for the drivers is out of date", "Two people missing in the list all-sales"],
        fix: ["Put right, and two people removed who have left."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Software",
    weight: 13,
    effort: 110,
    cases: [
      {
        say: ["Excel crashes when I filter the stock list", "Spreadsheet closes by itself when sorting"],
        more: ["Only with the big file.", "I need it for the meeting at two."],
        fix: ["Repaired the installation, the filter works with the big list."],
        ask: "Can you send us the file it happens with?",
      },
      {
        say: ["PDF files open in the browser now", "Cannot fill in PDF forms any more"],
        fix: ["Default program set back to the reader."],
      },
      {
        say: ["Word asks for a licence every day", "Office says unlicensed product"],
        fix: ["Licence was assigned to an old account; moved."],
      },
      {
        say: ["File says it is locked by me", "Cannot save, file in use by somebody"],
        more: ["There is nobody in it, I asked."],
        fix: ["Lock left over after a crash; deleted.", "It was open on the meeting room computer. Closed there."],
      },
      {
        say: ["Cannot open the tender documents of {customer}", "Attachment with a strange ending"],
        fix: ["Viewer for these signed documents installed."],
      },
      {
        say: ["Pivot table of the sales figures will not refresh", "Sales report shows June for ever"],
        fix: ["The source had moved to another folder; link corrected."],
      },
      {
        say: ["Spell check is in German", "Word underlines everything in red"],
        fix: ["Proofing language set back to English (Ireland)."],
      },
      {
        say: ["Fonts look wrong in our letter template", "Letterhead slips to the second page"],
        fix: ["Missing font installed; template is as it was."],
      },
      {
        say: ["Links in PDFs do nothing", "Clicking on a link opens an empty window"],
        fix: ["The browser's update had lost the setting. Set for all of you."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Software",
    kind: "service_request",
    weight: 9,
    effort: 480,
    priority: "low",
    cases: [
      {
        say: ["Please install the tachograph reader", "Program for the driver cards on {me}"],
        fix: ["Installed and tried out with a card of yesterday."],
        ask: "Which of the two versions do you need?",
      },
      {
        say: ["PDF editor for {colleague}", "I need to change PDFs, not only read them"],
        more: ["Cost centre 410."],
        fix: ["Licence bought and assigned, please restart once."],
        ask: "The licence is 89 a year. Who approves it?",
        part: "Licence key ordered from the vendor",
      },
      {
        say: ["Need a licence for the label designer", "Label designer on a second computer"],
        fix: ["Second licence assigned, templates copied."],
        part: "Licence key ordered from the vendor",
      },
      {
        say: ["Supplier portal refuses my old browser", "Browser update, please"],
        fix: ["Updated on all desks of the department."],
      },
      {
        say: ["Picture editor for the product photos", "Something to cut product photos with"],
        fix: ["Installed; the free one is enough for this."],
      },
      {
        say: ["Viewer for the new customs forms", "Customs program wants an update I may not install"],
        more: ["No hurry, this month would be good."],
        fix: ["Installed over the network."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Moves and new desks",
    kind: "service_request",
    weight: 9,
    effort: 600,
    priority: "low",
    from: ["Office", "Sales", "Customer service"],
    cases: [
      {
        say: ["Move {colleague}'s desk to the first floor", "{colleague} changes desks on Monday"],
        more: ["Before ten would be best, then the phones begin."],
        fix: ["Moved, network and phone tried out."],
        ask: "Is there a network socket at the new place?",
      },
      {
        say: ["Extra screen for {colleague}", "Bigger screen for {colleague}, eye doctor says so"],
        fix: ["Delivered and set up."],
        part: "Screens are on order",
      },
      {
        say: ["Loan laptop for the trade fair", "Spare laptop for two weeks"],
        fix: ["Prepared; it is in the cupboard with a note."],
        ask: "From which day until when?",
      },
      {
        say: ["Set up a desk for the student in accounts", "Desk for an intern, three months"],
        fix: ["Account, laptop and desk are ready, the account ends by itself after three months."],
      },
      {
        say: ["Headsets for customer service, four of them", "Two new headsets, the old ones fall apart"],
        fix: ["Delivered and tried out with a call each."],
        part: "Headsets are on order",
      },
      {
        say: ["Old screens to be taken away", "Cupboard full of old computers, please collect"],
        fix: ["Collected; disposal papers are in the folder."],
        ask: "Which day suits you?",
      },
      {
        say: ["Loudspeaker for the training room", "Cable for the projector in the training room"],
        fix: ["Brought along and fixed to the table."],
      },
    ],
  },
];
