import type { Topic } from "./topic.ts";

/** What the agency looks after: telephones, and what the world sees of the company. */
export const agency: readonly Topic[] = [
  {
    supplier: "agency",
    category: "Telephone",
    weight: 30,
    effort: 70,
    from: ["Customer service", "Sales", "Office", "Purchasing", "Accounts"],
    assets: ["Telephone system"],
    cases: [
      {
        say: [
          "Extension {ext} does not ring",
          "My phone stays silent, callers get the busy tone",
          "Nobody reaches me on {ext}",
        ],
        more: ["Customers have noticed."],
        fix: [
          "Extension had lost its registration; back and watched for an hour.",
          "Do-not-disturb was set in the system, not on the phone. Off.",
        ],
      },
      {
        say: ["Callers hear us, we do not hear them", "Only one side has sound"],
        more: ["Only with calls from mobiles."],
        fix: ["Codec of the carrier changed; set on our side too, sound is fine both ways."],
        ask: "Please give us the time and number of one such call",
        part: "The carrier looks for the fault on the line",
      },
      {
        say: ["Forwarding to my mobile does not end", "All calls still go to my mobile"],
        fix: ["Forwarding removed in the system, it had been set twice."],
      },
      {
        say: ["Desk phone says no service", "Phone display is dark"],
        fix: ["Phone exchanged, same extension.", "Network cable of the phone was in the wrong socket."],
        part: "New phone ordered",
      },
      {
        say: ["Handset in the warehouse drops calls", "Handset crackles behind the racks"],
        asset: "Handset 9",
        fix: ["New handset registered, and the base station moved up by a metre."],
        part: "New handset ordered",
      },
      {
        say: ["Calls end after exactly 15 minutes", "Long calls break off"],
        fix: ["Timer of the firewall for long calls raised, two calls of an hour went through."],
      },
      {
        say: ["Hold music is far too loud", "Customers complain about the hold music"],
        fix: ["Lowered by half, and the piece exchanged."],
      },
      { say: ["Wrong name shown when I call", "Display shows a colleague who left"], fix: ["Directory put right."] },
      {
        say: ["Night announcement runs by day", "Announcement says we are closed, we are not"],
        fix: ["Schedule of the announcements set to your opening hours, bank holidays included."],
      },
      {
        say: ["Transfer to {colleague} goes nowhere", "Transferring drops the call"],
        fix: ["Speed dial pointed at the old extension. Corrected for everybody."],
      },
      {
        say: ["Crackling on the sales lines", "Echo on outgoing calls"],
        more: ["Started after the storm."],
        fix: ["Carrier has changed a line card. Clear again."],
        part: "The carrier measures the line",
      },
      {
        say: ["Missed calls are not in the list", "List of missed calls is empty"],
        fix: ["List is kept for 30 days again, switched off by the update."],
      },
      {
        say: ["Hunt group leaves out {colleague}", "Calls always come to me first"],
        fix: ["Order of ringing set to take turns."],
      },
    ],
  },
  {
    supplier: "agency",
    category: "Telephone",
    kind: "service_request",
    weight: 14,
    effort: 200,
    priority: "low",
    from: ["Office", "Customer service", "Sales"],
    cases: [
      {
        say: ["Announcement for the bank holiday", "Bank holiday text for the phones"],
        more: ["Text is in the mail."],
        fix: ["Recorded and set to start by itself."],
        ask: "Who speaks the text, you or our studio?",
      },
      {
        say: ["New extension for {colleague}", "{colleague} needs a direct number"],
        fix: ["Set up; directory is updated."],
      },
      {
        say: ["Change the order of the hunt group", "{colleague} should ring last in the group"],
        fix: ["Changed, tried with two calls."],
      },
      {
        say: ["Forward Transport to the duty mobile at weekends", "Weekend calls to the duty phone, please"],
        fix: ["In place for Saturday and Sunday, back on Monday at seven."],
      },
      { say: ["Short dial for {customer}", "Please store three new speed dials"], fix: ["Stored on all desk phones."] },
      {
        say: ["Block calls from the survey people", "Can you block a number that rings ten times a day?"],
        fix: ["Number blocked for all extensions."],
      },
      {
        say: ["Recording of the welcome text sounds tinny", "New voice for the welcome text"],
        fix: ["New recording is in use since this morning."],
        part: "The speaker has an appointment at the studio on Wednesday",
      },
    ],
  },
  {
    supplier: "agency",
    category: "Web site",
    weight: 17,
    effort: 120,
    from: ["Marketing", "Sales", "Customer service", "Management"],
    cases: [
      {
        say: ["Order form on the web site gives an error", "Sample request form does not send"],
        more: ["Seen on three different phones.", "The campaign starts on Thursday."],
        fix: ["Faulty plug-in rolled back, form tested with two orders."],
      },
      {
        say: ["Web site very slow today", "Start page takes ten seconds"],
        fix: ["Cache was full; cleaned and given more room.", "One picture had 40 MB. Made small."],
        part: "The hosting firm checks the server",
      },
      {
        say: ["Price list for download is the old one", "Old catalogue still on the site"],
        fix: ["File exchanged, the old address leads to the new one."],
      },
      {
        say: ["Contact form mails do not arrive", "Nobody gets the messages from the contact page"],
        fix: ["Mail address in the form corrected; 6 messages were still there and have been forwarded."],
        ask: "Which address should they go to?",
      },
      {
        say: ["Web shop shows sold-out cheese as available", "Stock in the shop is wrong"],
        fix: ["Stock comes over every 15 minutes again."],
      },
      {
        say: ["Pictures missing on the start page", "Grey boxes instead of pictures"],
        fix: ["Folder had been renamed; pictures are back."],
      },
      {
        say: ["Site not found without www", "Browser warns about our own site"],
        fix: ["Redirect set, certificate covers both names."],
      },
      {
        say: ["Customer login fails for {customer}", "{customer} cannot log in to the shop"],
        fix: ["Account had two addresses; one remains and the password link was sent."],
      },
      {
        say: ["Cookie notice covers the menu on phones", "Menu does not open on the phone"],
        more: ["{customer} sent us a picture of it."],
        fix: ["Layout corrected, tried on four phones."],
      },
    ],
  },
  {
    supplier: "agency",
    category: "Web site",
    kind: "service_request",
    weight: 12,
    effort: 420,
    priority: "low",
    from: ["Marketing", "Sales", "Management"],
    months: [3, 11],
    cases: [
      {
        say: ["New team photos for the web site", "Exchange two portraits on the team page"],
        more: ["Pictures are in the shared folder."],
        fix: ["Online. Have a look on the phone too."],
        ask: "Two of the pictures are too small, do you have bigger ones?",
      },
      {
        say: ["Landing page for the spring range", "Page for the hampers, as last year"],
        more: ["Live by Monday, please."],
        fix: ["Published and linked from the start page."],
        ask: "May we shorten the text by a third?",
      },
      {
        say: ["Change opening hours on the site", "New Friday hours on the contact page"],
        fix: ["Changed in all three places."],
      },
      {
        say: ["Add the organic certificate to the footer", "New certificate for download"],
        fix: ["In the footer and on the quality page."],
      },
      {
        say: [
          "Job advert: driver, full time",
          "Job advert: customer service, part time",
          "Take down the job advert for the warehouse",
        ],
        fix: ["Done; the feed for the job boards follows within the hour."],
      },
      {
        say: ["Newsletter template with the new logo", "Newsletter looks broken in dark mode"],
        fix: ["Template is in the tool, test mail sent to marketing."],
      },
      {
        say: ["Recipe of the month, please publish", "New recipe with pictures"],
        fix: ["Published; the picture of the tart is lovely."],
      },
      {
        say: ["Two new suppliers on the map", "Map of our producers: add three"],
        fix: ["Added with links, in both languages."],
        ask: "Please send the exact addresses",
      },
    ],
  },
];
